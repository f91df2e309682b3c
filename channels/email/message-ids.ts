// Names of mails: the Message-ID, and what a mail says that it follows. The same name is written the same here whichever
// header it stood in, so that the two can be compared.
import { createHash } from 'node:crypto'
import { allOf, type MailHeader, wordsOf } from './headers.ts'

const LONGEST = 400
const MOST = 200

/** All ids in a header, in their order: with and without brackets, commas and comments between them, folded inside. */
export function parseIds(value: string): readonly string[] {
  const text = value.includes('=?') ? wordsOf(value) : value
  const ids: string[] = []
  const bracketed = text.slice(0, 100_000).replace(/<([^<>]{1,2000})>?/g, (_, inside: string) => {
    const id = foldedId(inside)
    if (id !== null) ids.push(id)
    return ' '
  })
  // Brackets are often missing, and never on some of them only.
  if (ids.length > 0) return ids
  for (const word of bracketed.replace(/\([^()]{0,500}\)/g, ' ').split(/[\s,;"<>]+/)) {
    const id = /^[^@]+@[^@]+$/.test(word) ? foldedId(word) : null
    if (id !== null) ids.push(id)
  }
  return ids
}

/** An id as it is kept and compared: without blanks and brackets, long ones by their fingerprint. */
function foldedId(written: string): string | null {
  const id = written.replace(/[\s\u0000-\u001f\u007f<>]+/g, '')
  if (id === '') return null
  return id.length <= LONGEST ? id : `long:${createHash('sha256').update(id).digest('hex')}`
}

/** The mail's own id, or null where it has none that could be told from others. */
export function messageIdOf(headers: readonly MailHeader[]): string | null {
  for (const value of allOf(headers, 'message-id')) {
    const [first] = parseIds(value)
    if (first !== undefined) return first
    const bare = foldedId(value.replace(/\([^()]*\)/g, ''))
    if (bare !== null) return bare
  }
  return null
}

/** What it follows, nearest first: In-Reply-To, then References from last to first; each once, never itself. */
export function followedIds(headers: readonly MailHeader[], own: string | null): readonly string[] {
  const nearest = allOf(headers, 'in-reply-to').flatMap(parseIds)
  const older = allOf(headers, 'references').flatMap(parseIds).toReversed()
  const all = new Set([...nearest, ...older])
  if (own !== null) all.delete(own)
  return [...all].slice(0, MOST)
}

const said = [
  'from',
  'sender',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'content-type',
  'content-transfer-encoding',
]

/**
 * A fingerprint of what a mail says, whatever was written on it on the way: the headers its author wrote and the body,
 * line ends and blanks at the end aside. Two mails with the same id and different fingerprints are two mails.
 */
export function contentHash(headers: readonly MailHeader[], body: Buffer): string {
  const hash = createHash('sha256')
  for (const name of said) {
    for (const value of allOf(headers, name)) hash.update(`${name}:${value.replace(/\s+/g, ' ').trim()}\n`)
  }
  hash.update('\n')
  const plain = Buffer.allocUnsafe(body.length)
  let length = 0
  for (let at = 0; at < body.length; at++) if (body[at] !== 13) plain[length++] = body[at]!
  while (length > 0 && (plain[length - 1] === 10 || plain[length - 1] === 32)) length--
  return hash.update(plain.subarray(0, length)).digest('hex')
}
