// What servers say of a mail of ours: delivery reports (RFC 3464), reading notices (RFC 8098), and the bounces of programs
// that keep to neither. Only what is final becomes a receipt: a mail that is late is not lost.
import { decodeText } from './charset.ts'
import { allOf, firstOf, foldedAddress, type MailHeader, readHead, wordsOf } from './headers.ts'
import { messageIdOf, parseIds } from './message-ids.ts'
import { contentOf, leavesOf, type MimePart } from './mime.ts'

export interface MailReport {
  /** The mail that it is about; null where it can't be told. */
  readonly originalId: string | null
  /** Absent for what is not final: delays, and notices that say nothing. */
  readonly state?: 'failed' | 'delivered' | 'read'
  /** In plain words, with the status and the server's own sentence. */
  readonly reason?: string
  readonly recipients: readonly string[]
  /** As the server classed it: `5.1.1`. */
  readonly status?: string
}

/** Says once more what Message-ID a mail of ours left with. */
export const OWN_ID = 'x-rapport-id'

const MOST_TEXT = 64 * 1024

/** @param text what the mail says in plain words. @param from the author's address. */
export function reportOf(root: MimePart, text: string, from: string, isFromNobody: boolean): MailReport | null {
  const leaves = leavesOf(root)
  const part = (pattern: RegExp) => leaves.find(({ type }) => pattern.test(type.value))
  const status = part(/^message\/(?:global-)?delivery-status$/)
  const notice = part(/^message\/(?:global-)?disposition-notification$/)
  const original = part(/^(?:message\/(?:rfc822|global)|text\/rfc822-headers)$/)
  const originalId = (original && idWithin(original)) ?? null
  if (status) return deliveryReport(status, originalId ?? idBeside(root.headers, text))
  if (notice) return readingNotice(notice, originalId ?? idBeside(root.headers, ''))
  return looseBounce(root, text.slice(0, MOST_TEXT), from, isFromNobody, originalId)
}

function idWithin(part: MimePart): string | null {
  const { headers } = readHead(contentOf(part))
  // Some relays give every mail a Message-ID of their own.
  return allOf(headers, OWN_ID).flatMap(parseIds)[0] ?? messageIdOf(headers)
}

/** An id that stands in the words of the report, or that the report answers. */
function idBeside(headers: readonly MailHeader[], text: string): string | null {
  const written = /^[>\s]*message-id\s*:\s*(<[^<>\n]{3,400}>)/im.exec(text)?.[1]
  const ids = [...parseIds(written ?? ''), ...allOf(headers, 'in-reply-to').flatMap(parseIds)]
  return ids[0] ?? allOf(headers, 'references').flatMap(parseIds).at(-1) ?? null
}

function fieldsOf(part: MimePart): readonly (readonly MailHeader[])[] {
  const text = decodeText(contentOf(part).subarray(0, MOST_TEXT))
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .slice(0, 200)
    .map((group) => readHead(Buffer.from(group.trim())).headers)
}

/** What follows `type;` in a field. */
const valueOf = (field: string) => wordsOf(field.replace(/^\s*[\w-]+\s*;\s*/, ''))

function deliveryReport(part: MimePart, originalId: string | null): MailReport {
  const groups = fieldsOf(part).filter((fields) => fields.some(({ name }) => name === 'action' || name === 'status'))
  const recipients = groups.map((fields) => ({
    action: firstOf(fields, 'action').trim().toLowerCase(),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(firstOf(fields, 'status'))?.[0],
    address: foldedAddress(valueOf(firstOf(fields, 'original-recipient') || firstOf(fields, 'final-recipient'))).slice(
      0,
      320,
    ),
    diagnostic: valueOf(firstOf(fields, 'diagnostic-code')),
  }))
  // Some servers write no action: then the class of the status says it.
  const failed = recipients.filter(
    ({ action, status }) => action === 'failed' || (action === '' && status?.startsWith('5')),
  )
  const delivered = recipients.filter(({ action }) => action === 'delivered')
  const [first] = failed.length > 0 ? failed : delivered.length > 0 ? delivered : recipients
  const state = failed.length > 0 ? 'failed' : delivered.length > 0 ? 'delivered' : undefined
  return {
    originalId,
    ...(state && { state }),
    ...(state === 'failed' && {
      reason: reasonOf(
        first!.status,
        first!.diagnostic,
        failed.map(({ address }) => address),
      ),
    }),
    recipients: (failed.length > 0 ? failed : recipients)
      .map(({ address }) => address)
      .filter(Boolean)
      .slice(0, 100),
    ...(first?.status && { status: first.status }),
  }
}

function readingNotice(part: MimePart, besides: string | null): MailReport {
  const fields = fieldsOf(part).flat()
  const disposition = firstOf(fields, 'disposition').toLowerCase()
  const [named] = parseIds(firstOf(fields, 'original-message-id'))
  const recipient = foldedAddress(valueOf(firstOf(fields, 'final-recipient'))).slice(0, 320)
  return {
    originalId: named ?? besides,
    ...(/;\s*displayed\b/.test(disposition) && { state: 'read' as const }),
    recipients: recipient ? [recipient] : [],
  }
}

const sender = /^(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|microsoftexchange\w*|mail\.?delivery\w*)@/
/** Exim, qmail, Postfix, Exchange, Gmail, and what others made of their sentences. */
const failure =
  /could not be delivered to (?:one or more|all)|message (?:that you sent )?could not be delivered|permanent (?:fatal )?errors?|failed permanently|wasn['’]t able to deliver|unable to deliver|undeliverable|delivery has failed|did not reach (?:some or all|the following)|delivery to the following recipients? failed|address (?:not found|couldn['’]t be found)|user unknown|no such user|mailbox unavailable|unzustellbar|konnte nicht zugestellt werden|n['’]a pas pu être remis|no se (?:ha podido|pudo) entregar|non è stato possibile recapitare|impossibile recapitare|não (?:foi|pôde ser) entregue|не удалось доставить/i
const delay =
  /delivery status notification \(delay\)|warning: (?:message|could not send)|(?:has been|is) delayed|this is a warning message only|still (?:being )?(?:retried|trying)|will (?:be retried|retry|keep trying)|delivery (?:is )?(?:incomplete|delayed)|temporary (?:failure|problem) delivering/i
const bounceSubject =
  /undeliver|delivery (?:status notification|failure|failed|problem)|returned (?:mail|to sender)|failure notice|mail delivery (?:failed|system)|delivery report|unzustellbar|nicht zugestellt|non remis|rejected/i

function looseBounce(
  root: MimePart,
  text: string,
  from: string,
  isFromNobody: boolean,
  attachedId: string | null,
): MailReport | null {
  const { headers } = root
  const failedRecipients = firstOf(headers, 'x-failed-recipients')
  const isFromServer = sender.test(foldedAddress(from)) || isFromNobody
  const subject = wordsOf(firstOf(headers, 'subject'))
  if (!isFromServer || !(failedRecipients || failure.test(text) || delay.test(text) || bounceSubject.test(subject)))
    return null
  const originalId = attachedId ?? idBeside(headers, text)
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(text)?.[0]
  const diagnostic = /^.{0,200}?\b([45]\d\d[ -](?:\d\.\d{1,3}\.\d{1,3} )?.{3,300})$/m.exec(text)?.[1]
  const named = failedRecipients || /<([^\s<>@]{1,64}@[^\s<>@]{1,255})>:?/.exec(text)?.[1] || ''
  const recipients = named
    .split(/[\s,;]+/)
    .filter((one) => one.includes('@'))
    .map(foldedAddress)
    .slice(0, 100)
  const isLate = delay.test(`${subject}\n${text.slice(0, 4_000)}`) && !/failed permanently|giving up/i.test(text)
  const isFinal = !isLate && (failure.test(text) || failedRecipients !== '' || status?.startsWith('5') === true)
  return {
    originalId,
    ...(isFinal && { state: 'failed' as const, reason: reasonOf(status, diagnostic ?? '', recipients) }),
    recipients,
    ...(status && { status }),
  }
}

/** What the classes of RFC 3463 mean for whoever wrote the mail. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^\d\.1\.[0136]$/, 'The address does not exist'],
  [/^\d\.1\.2$|^\d\.4\.4$/, 'The domain of the address can’t be reached'],
  [/^\d\.1\.[78]$/, 'The other side does not accept our sender address'],
  [/^\d\.2\.1$/, 'The mailbox is switched off'],
  [/^\d\.2\.2$/, 'The mailbox is full'],
  [/^\d\.(?:2\.3|3\.4)$/, 'The message is too large for the other side'],
  [/^\d\.4\.7$/, 'The other side did not take the message for too long'],
  [/^\d\.[67]\.\d+$/, 'The other side refuses the message'],
]

function reasonOf(status: string | undefined, diagnostic: string, recipients: readonly string[]): string {
  const meaning = meanings.find(([pattern]) => status && pattern.test(status))?.[1] ?? 'It could not be delivered'
  const who = recipients.filter(Boolean).slice(0, 3).join(', ')
  const more = recipients.length > 3 ? ` and ${recipients.length - 3} more` : ''
  const facts = [status, diagnostic.trim().slice(0, 300)].filter(Boolean).join(', ')
  return `${meaning}${who && `: ${who}${more}`}${facts && ` (${facts})`}`
}
