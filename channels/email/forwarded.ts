// A mail that somebody passed on: as an attachment, or as words below a line that says so.
import type { Addressee } from '../connector.ts'
import { addressesOf, allOf, firstOf, type MailHeader, wordsOf } from './headers.ts'
import { headerIn, isForwardMark, isHeaderBlock } from './quote-marks.ts'

export interface Forwarded {
  readonly from?: Addressee
  /** As it was written: programs leave out the zone. */
  readonly date?: string
  readonly subject?: string
}

/** What the head of an attached mail says of it. */
export function forwardedHead(headers: readonly MailHeader[]): Forwarded {
  return factsOf(
    addressesOf(allOf(headers, 'from'), 1)[0],
    firstOf(headers, 'date'),
    wordsOf(firstOf(headers, 'subject')),
  )
}

/** What the first forwarded mail in a text says of itself; null where none begins in it. */
export function findForwarded(text: string): Forwarded | null {
  const lines = text.split('\n', 2_000)
  const mark = lines.findIndex(isForwardMark)
  if (mark < 0) return null
  let block = mark + 1
  while (block < lines.length && lines[block]!.trim() === '') block++
  if (block >= lines.length || !isHeaderBlock(lines, block)) return null
  const written = headerIn(lines, block, 'from').replace(/\[mailto:([^\]]*)\]|<mailto:([^<>]*)>/gi, '<$1$2>')
  const [from] = addressesOf([written.replace(/(<[^<>]*>)\s*<[^<>]*>/, '$1')], 1)
  return factsOf(from, headerIn(lines, block, 'date'), headerIn(lines, block, 'subject'))
}

function factsOf(from: Addressee | undefined, date: string, subject: string): Forwarded {
  return {
    ...(from && { from }),
    ...(date && { date: date.slice(0, 100) }),
    ...(subject && { subject: subject.slice(0, 500) }),
  }
}
