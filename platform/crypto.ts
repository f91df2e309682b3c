// Secrets at rest: envelope encryption with AES-256-GCM. Every value has a data key of its own, wrapped by a key of the
// keyring, so that rotation rewraps 60 bytes a value and never touches the text. The caller's context ("whose secret is
// this, in which row") is authenticated along, so that a sealed value copied to another row does not open there.
//
//   v1 . key id . base64url(iv, wrapped data key, tag) . base64url(iv, ciphertext, tag)
import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

const ivBytes = 12
const tagBytes = 16
const keyBytes = 32

/** Opened by `openKeyring` in keyring.ts. Keys are KeyObjects, which print and serialise as nothing. */
export interface Keyring {
  /** The key that seals; the others only open. */
  readonly currentId: string
  readonly keys: ReadonlyMap<string, KeyObject>
  /** Never changes, whatever is rotated: `derive` hangs on it. */
  readonly root: KeyObject
}

/** The part that seals and opens; the root itself is sealed with it. */
export type SealingKeys = Pick<Keyring, 'currentId' | 'keys'>

export type SealErrorCode = 'malformed' | 'unknown_key' | 'tampered'

/**
 * A sealed value does not open. `malformed`: not something that `seal` made. `unknown_key`: its key is not on the
 * keyring (an old key was removed too early). `tampered`: changed, or sealed for another context.
 */
export class SealError extends Error {
  override name = 'SealError'
  readonly code: SealErrorCode
  constructor(code: SealErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Encrypts a secret. The context names the place where it will be kept, for example
 * `connections.credentials:<workspace>:<connection>`, and must be given again to open it.
 */
export function seal(keyring: SealingKeys, plaintext: string | Uint8Array, context: string): string {
  requireContext(context)
  const dataKey = randomBytes(keyBytes)
  const wrapped = encrypt(currentKey(keyring), dataKey, wrapLabel(keyring.currentId))
  const text = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext
  const body = encrypt(dataKey, text, bodyLabel(context))
  dataKey.fill(0)
  return format(keyring.currentId, wrapped, body)
}

/** The sealed text. Throws SealError. Use `openBytes` for what was sealed as bytes. */
export function open(keyring: SealingKeys, sealed: string, context: string): string {
  return openBytes(keyring, sealed, context).toString('utf8')
}

/** The sealed bytes. Throws SealError. */
export function openBytes(keyring: SealingKeys, sealed: string, context: string): Buffer {
  requireContext(context)
  const { body, dataKey } = unwrap(keyring, sealed)
  try {
    return decrypt(dataKey, body, bodyLabel(context))
  } finally {
    dataKey.fill(0)
  }
}

/** Whether a value is sealed by a key that is no longer the current one. Throws SealError `malformed`. */
export function needsRewrap(keyring: SealingKeys, sealed: string): boolean {
  return parse(sealed).keyId !== keyring.currentId
}

/** The same secret under the current key; the text is not opened and the context not needed. Throws SealError. */
export function rewrap(keyring: SealingKeys, sealed: string): string {
  if (!needsRewrap(keyring, sealed)) return sealed
  const { body, dataKey } = unwrap(keyring, sealed)
  const wrapped = encrypt(currentKey(keyring), dataKey, wrapLabel(keyring.currentId))
  dataKey.fill(0)
  return format(keyring.currentId, wrapped, body)
}

/**
 * A key for one purpose (`webchat.visitor-token`), the same for as long as the installation lives: it survives the
 * rotation of keys. HKDF-SHA256; length in bytes, at most 8160.
 */
export function derive(keyring: Pick<Keyring, 'root'>, purpose: string, length: number): Buffer {
  if (purpose === '') throw new TypeError('A derived key needs a purpose')
  return Buffer.from(hkdfSync('sha256', keyring.root, '', `rapport:${purpose}`, length))
}

/** Compares without telling by its time where, or whether by length, the two differ. */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

/** An unguessable token in base64url: 32 bytes make 43 characters. */
export function randomToken(bytes = 32): string {
  if (bytes < 16) throw new RangeError('A token of less than 16 bytes can be guessed')
  return randomBytes(bytes).toString('base64url')
}

/**
 * SHA-256 in hex: what is stored instead of a token. Only for random tokens; what people choose (passwords) needs a slow hash.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function unwrap(keyring: SealingKeys, sealed: string): { body: Buffer; dataKey: Buffer } {
  const { keyId, wrapped, body } = parse(sealed)
  const key = keyring.keys.get(keyId)
  if (!key) throw new SealError('unknown_key', `Sealed with the key ${keyId}, which is not on the keyring`)
  return { body, dataKey: decrypt(key, wrapped, wrapLabel(keyId)) }
}

function format(keyId: string, wrapped: Buffer, body: Buffer): string {
  return `v1.${keyId}.${wrapped.toString('base64url')}.${body.toString('base64url')}`
}

function parse(sealed: string): { keyId: string; wrapped: Buffer; body: Buffer } {
  const match = /^v1\.([0-9a-f]{16})\.([\w-]{80})\.([\w-]{38,})$/.exec(sealed)
  if (!match) throw new SealError('malformed', 'Not a sealed value')
  const [, keyId = '', wrapped = '', body = ''] = match
  return { keyId, wrapped: Buffer.from(wrapped, 'base64url'), body: Buffer.from(body, 'base64url') }
}

function encrypt(key: KeyObject | Buffer, plaintext: Uint8Array, label: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(label, 'utf8'))
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: KeyObject | Buffer, box: Buffer, label: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, ivBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(label, 'utf8'))
  decipher.setAuthTag(box.subarray(-tagBytes))
  const plaintext = decipher.update(box.subarray(ivBytes, -tagBytes))
  try {
    return Buffer.concat([plaintext, decipher.final()])
  } catch {
    throw new SealError('tampered', 'The sealed value was changed, or belongs to another context')
  }
}

function currentKey(keyring: SealingKeys): KeyObject {
  const key = keyring.keys.get(keyring.currentId)
  if (!key) throw new TypeError('The current key is not on the keyring')
  return key
}

function wrapLabel(keyId: string): string {
  return `rapport seal v1 key ${keyId}`
}

function bodyLabel(context: string): string {
  return `rapport seal v1 value ${context}`
}

function requireContext(context: string): void {
  if (context === '') throw new TypeError('A sealed value needs a context')
}
