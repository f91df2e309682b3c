// Standard Webhooks (https://www.standardwebhooks.com, version 1.0.0), symmetric: `v1,` and base64 of the HMAC-SHA256 over
// `id.timestamp.body`, with a key written as `whsec_` and base64. The same scheme signs what we send and checks what comes.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { RawDelivery, Verification } from '../connector.ts'

/** How far a delivery's own time may lie from its arrival, both ways. */
export const WINDOW_SECONDS = 300
/** The specification asks for 24 to 64 bytes. */
const KEY_BYTES = { made: 32, least: 24, most: 64 }
/** A sender that changes its key signs with both; more than this is no such thing. */
const MOST_SIGNATURES = 10

/** A new secret as a person copies it. */
export function makeSecret(): string {
  return `whsec_${randomBytes(KEY_BYTES.made).toString('base64')}`
}

/**
 * The keys in a credential: one secret, or several with spaces between while one replaces another.
 * Empty when any of them is not `whsec_` and base64 of 24 to 64 bytes.
 */
export function keysOf(secrets: string | undefined): readonly Buffer[] {
  const keys = (secrets ?? '').split(/\s+/).filter(Boolean).map(keyOf)
  return keys.every((key) => key !== null) ? keys : []
}

function keyOf(secret: string): Buffer | null {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const key = encoded === undefined ? null : Buffer.from(encoded, 'base64')
  return key !== null && key.length >= KEY_BYTES.least && key.length <= KEY_BYTES.most ? key : null
}

/** The three headers that vouch for `body`, one signature a key. `id` must be free of full stops. */
export function signatureHeaders(
  keys: readonly Buffer[],
  id: string,
  at: Date,
  body: Buffer | string,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => signatureOf(key, id, timestamp, body)).join(' '),
  }
}

function signatureOf(key: Buffer, id: string, timestamp: string, body: Buffer | string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
}

/**
 * Whether the holder of the secret sent these bytes just now. `stale` is only said of what is truly signed, so that it
 * counts replays and wrong clocks, not noise.
 */
export function verify(delivery: RawDelivery, credentials: Readonly<Record<string, string>>): Verification {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = delivery.headers
  // A full stop in the id would let one signed text be cut in two ways.
  if (id === undefined || !/^[\x21-\x2d\x2f-\x7e]{1,256}$/.test(id)) return { ok: false, reason: 'malformed' }
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'malformed' }
  const given = (signatures ?? '').split(' ').filter(Boolean)
  if (given.length === 0 || given.length > MOST_SIGNATURES) return { ok: false, reason: 'malformed' }

  // As text: decoders of base64 forgive too much. Signatures of other kinds (`v1a,`) simply fit nothing.
  const claimed = given.map((one) => Buffer.from(one))
  const keys = keysOf(credentials['signingSecret'])
  const expected = keys.map((key) => Buffer.from(signatureOf(key, id, timestamp, delivery.body)))
  // Every pair is compared, so that the time tells nothing about which one fitted.
  let fits = false
  for (const right of expected) {
    for (const one of claimed) fits = (one.length === right.length && timingSafeEqual(one, right)) || fits
  }
  if (!fits) return { ok: false, reason: 'bad_signature' }
  const off = Math.abs(delivery.receivedAt.getTime() / 1000 - Number(timestamp))
  return off <= WINDOW_SECONDS ? { ok: true, once: id } : { ok: false, reason: 'stale' }
}
