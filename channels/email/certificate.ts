// A certificate of our own making for a server that was given none: good for encryption, no proof of who we are, which is what
// most mail servers among themselves expect. Written as DER by hand, because Node can check certificates and not make them.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const YEARS = 10

/** Key and certificate as PEM, for an elliptic key; `name` becomes the common name and the only subject alternative name. */
export function makeCertificate(name: string, now: Date): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2))
  const commonName = sequence(set(sequence(oid(2, 5, 4, 3), tlv(0x0c, Buffer.from(name.slice(0, 64))))))
  const until = new Date(now)
  until.setUTCFullYear(now.getUTCFullYear() + YEARS)
  const alternatives = sequence(
    oid(2, 5, 29, 17),
    tlv(0x04, sequence(tlv(0x82, Buffer.from(name, 'latin1')))),
  )
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    // Positive and never empty: its first bit is off, its second on.
    tlv(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    commonName,
    sequence(time(now), time(until)),
    commonName,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(alternatives)),
  )
  const signature = sign('sha256', body, privateKey)
  const der = sequence(body, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`,
  }
}

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), value])
  const bytes = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...bytes]), value])
}

const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, Buffer.concat(parts))
const set = (...parts: Buffer[]): Buffer => tlv(0x31, Buffer.concat(parts))

function oid(first: number, second: number, ...rest: number[]): Buffer {
  const bytes = [first * 40 + second]
  for (const number of rest) {
    const septets = [number & 127]
    for (let left = number >> 7; left > 0; left >>= 7) septets.unshift((left & 127) | 128)
    bytes.push(...septets)
  }
  return tlv(0x06, Buffer.from(bytes))
}

/** Two-digit years until 2049, four digits from then on (RFC 5280 4.1.2.5). */
function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits))
}
