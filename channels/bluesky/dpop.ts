// Proof that whoever shows a token also holds the key that it was made for (RFC 9449), and the nonces that servers hand out.
import { createHash, createPrivateKey, generateKeyPairSync, type JsonWebKey, randomUUID, sign } from 'node:crypto'

const MOST_NONCES = 1000
/** Per server, the last one it gave; for all sessions, as servers may use one nonce for all. */
const nonces = new Map<string, string>()

/** A new ES256 key, as a private JWK. */
export function makeDpopKey(): JsonWebKey {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
}

interface Proof {
  readonly method: string
  /** The address asked; query and fragment are left out. */
  readonly url: string
  readonly now: Date
  /** The access token that goes with it. */
  readonly token?: string
}

/** Throws where the key is none. */
export function dpopProof(key: JsonWebKey, { method, url, now, token }: Proof): string {
  const { origin, pathname } = new URL(url)
  const nonce = nonces.get(origin)
  const { kty, crv, x, y } = key
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const claims = {
    jti: randomUUID(),
    htm: method,
    htu: `${origin}${pathname}`,
    iat: Math.floor(now.getTime() / 1000),
    ...(nonce !== undefined && { nonce }),
    ...(token !== undefined && { ath: createHash('sha256').update(token).digest('base64url') }),
  }
  return signJwt(key, header, claims)
}

export function signJwt(key: JsonWebKey, header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(text), {
    key: createPrivateKey({ key, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  })
  return `${text}.${signature.toString('base64url')}`
}

/** Keeps the nonce of an answer; true when it is another than the one before. */
export function keepNonce(url: string, headers: Readonly<Record<string, string>>): boolean {
  const nonce = headers['dpop-nonce']
  if (nonce === undefined || !/^[\x21-\x7e]{1,1000}$/.test(nonce)) return false
  const { origin } = new URL(url)
  if (nonces.get(origin) === nonce) return false
  if (nonces.size >= MOST_NONCES) nonces.clear()
  nonces.set(origin, nonce)
  return true
}

/** Whether an answer only says that a newer nonce is wanted: then nothing was done, and the request is made again at once. */
export function wantsNonce(status: number, error: string, headers: Readonly<Record<string, string>>): boolean {
  if (status !== 400 && status !== 401) return false
  return error === 'use_dpop_nonce' || /\bDPoP\b.*\berror="use_dpop_nonce"/i.test(headers['www-authenticate'] ?? '')
}
