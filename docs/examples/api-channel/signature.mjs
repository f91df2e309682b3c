// Standard Webhooks, symmetric: what Rapport's API channel signs with, both ways. Copy this file into your program.
import { createHmac, timingSafeEqual } from 'node:crypto'

const WINDOW_SECONDS = 300

/**
 * The headers that vouch for `body`.
 * @param {string} secret `whsec_…`, the one for what you send
 * @param {string} id your name for this delivery, the same on every try, without a full stop
 * @param {string} body exactly what you send
 * @param {Date} at the time of this try
 */
export function sign(secret, id, body, at = new Date()) {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatureOf(secret, id, timestamp, body),
  }
}

/**
 * Whether Rapport sent these bytes within the last five minutes.
 * @param {string} secret `whsec_…`, the one for what you receive
 * @param {Record<string, string | string[] | undefined>} headers with names in lower case
 * @param {Buffer | string} body the bytes as they came, before anything parsed them
 * @param {Date} now
 */
export function verify(secret, headers, body, now = new Date()) {
  const id = String(headers['webhook-id'] ?? '')
  const timestamp = String(headers['webhook-timestamp'] ?? '')
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_SECONDS) return false
  const expected = Buffer.from(signatureOf(secret, id, timestamp, body))
  const given = String(headers['webhook-signature'] ?? '').split(' ')
  return given
    .map((one) => Buffer.from(one))
    .some((one) => one.length === expected.length && timingSafeEqual(one, expected))
}

/**
 * @param {string} secret
 * @param {string} id
 * @param {string} timestamp
 * @param {Buffer | string} body
 */
function signatureOf(secret, id, timestamp, body) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
}
