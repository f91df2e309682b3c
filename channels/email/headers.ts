// The head of a mail or of one of its parts, read so that nothing a sender writes can stop it: bounded, unfolded, in the
// charset that the bytes show. Encoded words and addresses are the library's work.
import { addressParser, decodeWords } from 'postal-mime'
import type { Addressee } from '../connector.ts'
import { decodeText } from './charset.ts'

export interface MailHeader {
  /** Lower case. */
  readonly name: string
  /** Unfolded; encoded words as they came. */
  readonly value: string
}

export interface Head {
  readonly headers: readonly MailHeader[]
  /** Where the body begins. */
  readonly bodyAt: number
  /** Some of it was over a limit and is not here. */
  readonly cut: boolean
}

const MOST_BYTES = 1024 * 1024
const MOST_HEADERS = 2_000
const LONGEST_VALUE = 128 * 1024
const LF = 10
const CR = 13

/** Reads lines from `start` to the first empty one. Lines that are no headers are passed over. */
export function readHead(raw: Buffer, start = 0, end = raw.length): Head {
  const headers: MailHeader[] = []
  let parts: Buffer[] = []
  let length = 0
  let cut = false
  let at = start
  let endsEmpty: boolean | undefined
  const finish = () => {
    const header = headerOf(parts)
    if (header && headers.length < MOST_HEADERS) headers.push(header)
    else if (header) cut = true
    parts = []
    length = 0
  }
  while (at < end) {
    const feed = raw.indexOf(LF, at)
    const next = feed < 0 || feed >= end ? end : feed + 1
    let stop = next
    while (stop > at && (raw[stop - 1] === LF || raw[stop - 1] === CR)) stop--
    if (stop === at) {
      finish()
      return { headers, bodyAt: next, cut }
    }
    const isMore = raw[at] === 0x20 || raw[at] === 0x09
    if (!isMore && headers.length + parts.length > 0 && isBodyLine(raw, at, stop)) {
      // Without an empty line anywhere the body begins where the headers end.
      endsEmpty ??= hasEmptyLine(raw, at, end)
      if (!endsEmpty) {
        finish()
        return { headers, bodyAt: at, cut }
      }
    }
    if (!isMore) finish()
    const room = at - start > MOST_BYTES ? 0 : LONGEST_VALUE - length
    if (stop - at > room) cut = true
    if (room > 0) {
      const part = raw.subarray(at, Math.min(stop, at + room))
      parts.push(part)
      length += part.length
    }
    at = next
  }
  finish()
  return { headers, bodyAt: end, cut }
}

/** Nothing that could be a header: no colon, or blanks before it. */
function isBodyLine(raw: Buffer, at: number, stop: number): boolean {
  for (let index = at; index < Math.min(stop, at + 200); index++) {
    if (raw[index] === 0x3a) return index === at
    if (raw[index]! <= 0x20) return !/^>?From /.test(raw.toString('latin1', at, Math.min(stop, at + 6)))
  }
  return true
}

function hasEmptyLine(raw: Buffer, at: number, end: number): boolean {
  const within = raw.subarray(at, Math.min(end, at + MOST_BYTES))
  return within.includes('\n\n') || within.includes('\n\r\n')
}

function headerOf(parts: readonly Buffer[]): MailHeader | null {
  if (parts.length === 0) return null
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  const colon = bytes.indexOf(0x3a)
  if (colon < 1) return null
  const name = bytes.toString('latin1', 0, colon).trim().toLowerCase()
  if (!/^[\x21-\x7e]+$/.test(name)) return null
  return {
    name,
    value: decodeText(bytes.subarray(colon + 1))
      .replace(/[\r\n]+/g, ' ')
      .trim(),
  }
}

/** The first of its name, or an empty string. */
export function firstOf(headers: readonly MailHeader[], name: string): string {
  return headers.find((header) => header.name === name)?.value ?? ''
}

export function allOf(headers: readonly MailHeader[], name: string): readonly string[] {
  return headers.flatMap((header) => (header.name === name ? [header.value] : []))
}

/** Encoded words as words; on one line, without what can't be seen or stored. */
export function wordsOf(value: string): string {
  const short = value.slice(0, 20_000)
  const decoded = short.includes('=?') ? decodeWords(short) : short
  return decoded
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** All mailboxes of a header, groups opened; what is no address has none. */
export function addressesOf(values: readonly string[], most = 200): readonly Addressee[] {
  const found: Addressee[] = []
  for (const value of values) {
    for (const { address, name } of addressParser(value.slice(0, 40_000), { flatten: true }) as readonly Mailbox[]) {
      if (found.length >= most) return found
      const plain = plainAddress(address ?? '')
      const shown = wordsOf(name ?? '')
      if (plain !== null) found.push({ address: plain, ...(shown && shown !== plain && { name: shown.slice(0, 200) }) })
    }
  }
  return found
}

interface Mailbox {
  readonly name?: string
  readonly address?: string
}

/** An address without what does not belong to it, or null for what is none. */
export function plainAddress(written: string): string | null {
  const address = written.replace(/[\s<>]+/g, '').replace(/^mailto:/i, '')
  return address.length <= 320 && /^[^@\u0000-\u001f]+@[^@\s\u0000-\u001f]+$/.test(address) ? address : null
}

/** How addresses are compared: case means nothing to people, and next to nothing to servers. */
export function foldedAddress(address: string): string {
  return address.normalize('NFC').toLowerCase()
}

export function domainOf(address: string): string {
  return foldedAddress(address.slice(address.lastIndexOf('@') + 1))
}
