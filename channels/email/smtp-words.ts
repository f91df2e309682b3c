// What an SMTP server means, in words for somebody who never saw one. Codes: RFC 5321 4.2, RFC 3463.
import type { Refusal } from './smtp-pool.ts'

const ENHANCED: readonly (readonly [RegExp, string])[] = [
  [/^5\.1\.(?:1|0|6)$/, 'There is no such mailbox'],
  [/^5\.1\.(?:2|3)$/, 'The address is wrong'],
  [/^5\.1\.10$/, 'That domain takes no mail'],
  [/^[45]\.2\.2$/, 'The mailbox is full'],
  [/^5\.2\.1$/, 'The mailbox is closed'],
  [/^5\.(?:2\.3|3\.4)$/, 'The mail is too large for them'],
  [/^5\.7\.(?:2[0-9]|30)$/, 'Their server found our SPF, DKIM or DMARC wanting'],
  [/^5\.7\.\d+$/, 'Their server does not want this mail'],
  [/^5\.6\.\d+$/, 'Their server could not read the mail'],
  [/^4\.2\.1$/, 'The mailbox is closed for now'],
]

/** One sentence, with the server's own words behind it. */
export function refusalWords({ address, code, response }: Refusal): string {
  const enhanced = /\b([45]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
  const known = ENHANCED.find(([pattern]) => enhanced !== undefined && pattern.test(enhanced))?.[1]
  const plain = known ?? plainCode(code)
  return `${plain}${address === '' ? '' : ` (${address})`}: ${response}`.slice(0, 450).toWellFormed()
}

function plainCode(code: number | null): string {
  if (code === 550 || code === 551 || code === 553) return 'There is no such mailbox, or it takes no mail from us'
  if (code === 552) return 'The mail is too large for them'
  if (code !== null && code < 500) return 'Not taken for now'
  return 'Their server refused the mail'
}

/** How long a server asks us to wait, in milliseconds, at most an hour; null when it does not say. */
export function waitIn(response: string): number | null {
  const found = /\b(\d{1,5})\s?(s|sec|seconds?|min|minutes?)\b/i.exec(response)
  if (!found) return null
  const ms = Number(found[1]) * (found[2]!.toLowerCase().startsWith('m') ? 60_000 : 1000)
  return ms > 0 ? Math.min(ms, 3_600_000) : null
}
