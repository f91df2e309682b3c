// Addresses that replies come back to: `support+c<conversation><signature>@acme.example`. Whoever holds one was written to in
// that conversation; nobody can make one without the secret. Mail systems change the case of addresses, so nothing in it
// depends on case, and a local part has 64 characters, which is why only 80 bits of the signature are kept.
//
// An answer that carries another channel's conversation on bears an address of the second kind (`+d…`): its signature covers
// whom it went to as well, so that it is good for a reply from there and, passed on, for nobody else's.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { domainToASCII } from 'node:url'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const UUID_BYTES = 16
const SIGNATURE_BYTES = 10
/** 26 characters for the conversation and 16 for the signature. */
const TOKEN = /^([cd])([a-z2-7]{26})([a-z2-7]{16})$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const MOST_LOCAL = 64

/**
 * The address for one conversation; null when the local part leaves no room (more than 20 characters) or the id is no UUID.
 * `onlyFrom`: whom it is good for; left out: whoever holds it.
 */
export function replyAddress(
  address: string,
  conversationId: string,
  secret: string,
  onlyFrom: string | null = null,
): string | null {
  const at = address.lastIndexOf('@')
  const id = conversationId.toLowerCase()
  if (at < 1 || secret === '' || !UUID.test(id)) return null
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  const token = `${onlyFrom === null ? 'c' : 'd'}${toBase32(bytes)}${toBase32(sign(bytes, address, secret, onlyFrom))}`
  const local = `${address.slice(0, at)}+${token}`
  return local.length > MOST_LOCAL ? null : `${local}${address.slice(at)}`
}

/**
 * The conversation that an address names, if `secret` signed it for this mailbox; else null. `from` is the address that wrote,
 * null where that is not one and the same: then an address that is good for one person proves nothing.
 */
export function provenConversation(recipient: string, secret: string, from: string | null = null): string | null {
  const { base, detail } = splitAddress(recipient)
  const [, kind, named, signed] = (detail === null ? null : TOKEN.exec(detail)) ?? []
  if (named === undefined || signed === undefined || secret === '' || (kind === 'd' && from === null)) return null
  const bytes = fromBase32(named, UUID_BYTES)
  const given = fromBase32(signed, SIGNATURE_BYTES)
  const wanted = bytes && sign(bytes, base, secret, kind === 'd' ? from : null)
  if (bytes === null || wanted === null || given === null || !timingSafeEqual(given, wanted)) return null
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** `local+detail@domain` in lower case, taken apart at the first plus; `detail` is null without one. */
export function splitAddress(address: string): { readonly base: string; readonly detail: string | null } {
  const lower = address.trim().toLowerCase()
  const at = lower.lastIndexOf('@')
  const plus = lower.indexOf('+')
  if (at < 1 || plus < 1 || plus > at) return { base: lower, detail: null }
  return { base: lower.slice(0, plus) + lower.slice(at), detail: lower.slice(plus + 1, at) }
}

function sign(conversation: Buffer, address: string, secret: string, onlyFrom: string | null): Buffer {
  const mac = createHmac('sha256', secret).update('rapport reply address\0').update(address.toLowerCase()).update('\0')
  mac.update(conversation)
  // Whoever left `ana+shop@…` writes from `ana@…`: it is one mailbox.
  if (onlyFrom !== null) {
    const { base } = splitAddress(onlyFrom)
    const at = base.lastIndexOf('@') + 1
    mac.update('\0').update(base.slice(0, at) + (domainToASCII(base.slice(at)) || base.slice(at)))
  }
  return mac.digest().subarray(0, SIGNATURE_BYTES)
}

function toBase32(bytes: Buffer): string {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += ALPHABET[(value >>> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text
}

/** Null when bits are left over that are not zero: one value has one spelling. */
function fromBase32(text: string, length: number): Buffer | null {
  const bytes = Buffer.alloc(length)
  let bits = 0
  let value = 0
  let index = 0
  for (const character of text) {
    value = (value << 5) | ALPHABET.indexOf(character)
    bits += 5
    if (bits >= 8 && index < length) {
      bits -= 8
      bytes[index++] = (value >>> bits) & 255
      value &= (1 << bits) - 1
    }
  }
  return index === length && value === 0 ? bytes : null
}
