// The key that signs what leaves, and the line that the world checks it by.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'

/** A new RSA key of 2,048 bits as PEM: the size that every checker takes and that fits a DNS record. */
export function makeDkimKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  }).privateKey
}

/** The value of the TXT record at `selector._domainkey.domain`; null when the key can't be read. */
export function dkimRecord(privateKey: string): string | null {
  const key = publicHalf(privateKey)
  return key === null ? null : `v=DKIM1; k=rsa; p=${key}`
}

/** Whether a record found in DNS carries the public half of this key, whatever else it says and however it was split. */
export function holdsKey(record: string, privateKey: string): boolean {
  const found = /(?:^|;)\s*p=([A-Za-z0-9+/=\s]*)/.exec(record)?.[1]?.replaceAll(/\s/g, '')
  return found !== undefined && found !== '' && found === publicHalf(privateKey)
}

function publicHalf(privateKey: string): string | null {
  try {
    return createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' }).toString('base64')
  } catch {
    return null
  }
}
