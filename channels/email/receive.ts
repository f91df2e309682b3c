// A raw mail as events. Whatever stands in it, one message comes out; what it says of a mail of ours (a bounce, a reading
// notice) comes out beside it. Headers of the delivery are our own program's word, never the mail's.
import {
  type InboundEvent,
  type InboundMessage,
  NotUnderstood,
  type ReceiveContext,
  type StoredDelivery,
} from '../connector.ts'
import { automaticKind, isLoop } from './automatic.ts'
import { type Invitation, parseInvitation } from './calendar.ts'
import { decodeText } from './charset.ts'
import { parseDate } from './date.ts'
import { isCalendar, mediaOf } from './files.ts'
import { type Forwarded, findForwarded, forwardedHead } from './forwarded.ts'
import { addressesOf, allOf, firstOf, foldedAddress, type Head, readHead, wordsOf } from './headers.ts'
import { contentHash, followedIds, messageIdOf } from './message-ids.ts'
import { contentOf, leavesOf, type MimePart, parseMime } from './mime.ts'
import { foldQuoted } from './quoted.ts'
import { type MailReport, reportOf } from './report.ts'
import { storable } from './storable.ts'
import { cleanSubject } from './subject.ts'
import { bodyOf, type MailBody, MOST_TEXT } from './text.ts'
import { ownAddresses, parseProof, type Proof, type Sender, senderOf } from './trust.ts'

/**
 * Pure. `externalId` is the Message-ID, or `hash:…` of what the mail says where it has none; `data.contentHash` tells two
 * mails apart that go by the same id.
 * @throws NotUnderstood for a delivery without anything in it, and for nothing else.
 */
export async function receiveMail(delivery: StoredDelivery, context: ReceiveContext): Promise<readonly InboundEvent[]> {
  const { body: raw } = delivery
  if (!hasAnything(raw)) throw new NotUnderstood('The mail is empty')
  const head = readHead(raw)
  const { root, body, cut } = understood(raw, head)
  const own = ownAddresses(context.settings)
  const proof = parseProof(delivery.headers['x-rapport-auth'])
  const envelopeFrom = delivery.headers['x-rapport-envelope-from']
  const hash = contentHash(head.headers, raw.subarray(head.bodyAt))
  const externalId = messageIdOf(head.headers) ?? `hash:${hash}`
  const sender = senderOf(head.headers, proof, envelopeFrom ?? '', own, externalId)
  const from = sender.author.handle ?? ''
  const report = reportOf(root, body.text, from, isNullPath(envelopeFrom))
  const isSent = delivery.headers['x-rapport-folder'] === 'sent'
  const loops = !isSent && isLoop(head.headers, own)
  const automatic = loops ? 'reply' : automaticOf(head, from, envelopeFrom, report)
  const passedOn = passedOnIn(root, body)
  // Only who is proven to be one of us may say that somebody else is the author.
  const isByUs = sender.isOwn && sender.isProven && !isSent
  const unpacked = isByUs ? passedOn : null
  const shown = passedOn?.inside && (isByUs || body.text.trim() === '') ? withInside(body, passedOn.inside) : body
  const files = mediaOf(shown.files)
  const message: InboundMessage = {
    type: 'message',
    externalId,
    ...headed(head, externalId, report, delivery, unpacked?.facts),
    author: authorOf(sender, unpacked?.facts),
    ...((isSent || (isByUs && !unpacked?.facts.from)) && { ours: true }),
    ...(passedOn ? { text: shown.text.trim() } : foldQuoted(shown.text, shown.quotesAt)),
    ...(shown.html !== undefined && { html: shown.html }),
    ...(files.media.length > 0 && { media: files.media }),
    ...(automatic && { automatic }),
    data: {
      contentHash: hash,
      mail: headersForScreen(head, externalId, proof),
      ...((cut || shown.cut || files.cut) && { cut: true }),
      ...(loops && { loop: true }),
      ...optional('replyTo', replyAddress(head, sender)),
      ...optional('calendar', invitationIn(root)),
      ...optional('forwarded', passedOn?.inside || isByUs ? passedOn?.facts : null),
      ...optional('report', report),
    },
    at: dateOf(head, delivery),
  }
  return [message, ...receiptsOf(report, message.at)].map(storable)
}

interface Understood {
  readonly root: MimePart
  readonly body: MailBody
  readonly cut: boolean
}

/** What the parts say; if reading them should fail after all, the mail as it came. */
function understood(raw: Buffer, head: Head): Understood {
  try {
    const { root, cut } = parseMime(raw)
    return { root, body: bodyOf(root), cut: cut || head.cut }
  } catch {
    const nothing = { value: '', parameters: new Map<string, string>() }
    const body = raw.subarray(head.bodyAt)
    const root = { headers: head.headers, type: nothing, disposition: nothing, body, children: [] }
    return {
      root,
      body: { text: decodeText(body.subarray(0, MOST_TEXT)), quotesAt: [], files: [], cut: true },
      cut: true,
    }
  }
}

function hasAnything(raw: Buffer): boolean {
  for (const byte of raw) if (byte > 0x20) return true
  return false
}

/** What its headers say of its place, its subject and whom it went to. */
function headed(
  { headers }: Head,
  externalId: string,
  report: MailReport | null,
  delivery: StoredDelivery,
  forwarded: Forwarded | undefined,
) {
  const raw = wordsOf(firstOf(headers, 'subject')).slice(0, 998)
  const subject = cleanSubject(forwarded?.subject ?? raw)
  const follows = followedIds(headers, externalId)
  const original = report?.originalId
  const conversationId = delivery.headers['x-rapport-conversation']
  const to = addressesOf(allOf(headers, 'to'))
  const cc = addressesOf(allOf(headers, 'cc'))
  return {
    thread: {
      key: externalId,
      shape: 'line' as const,
      visibility: 'private' as const,
      ...(subject && { subject }),
    },
    ...(raw && { subject: raw }),
    placing: {
      follows: original ? [original, ...follows.filter((id) => id !== original)] : follows,
      ...(conversationId && { conversationId }),
    },
    addressees: { to, cc },
  }
}

function authorOf({ author }: Sender, forwarded: Forwarded | undefined): InboundMessage['author'] {
  const original = forwarded?.from
  if (!original) return author
  const address = foldedAddress(original.address)
  // Somebody of ours says so; the person has proven nothing.
  return {
    externalId: address,
    handle: address,
    email: original.address,
    ...(original.name && { name: original.name }),
  }
}

interface PassedOn {
  readonly facts: Forwarded
  /** What an attached mail says; absent for one that was written into the text. */
  readonly inside?: MailBody
}

function passedOnIn(root: MimePart, body: MailBody): PassedOn | null {
  const inline = findForwarded(body.text)
  if (inline) return { facts: inline }
  if (root.type.value === 'multipart/report') return null
  const attached = body.files.filter(({ type }) => type.value === 'message/rfc822')
  // One mail attached is passed on; several are a collection.
  if (attached.length !== 1) return null
  const inner = parseMime(contentOf(attached[0]!))
  return { facts: forwardedHead(inner.root.headers), inside: bodyOf(inner.root) }
}

/** The words of an attached mail below those of the one that brought it, its files beside the others. */
function withInside(body: MailBody, inside: MailBody): MailBody {
  const hasNote = body.text.trim() !== ''
  const text = hasNote ? `${body.text.trim()}\n\n${inside.text}` : inside.text
  return {
    text: text.slice(0, MOST_TEXT),
    ...(!hasNote && inside.html !== undefined && { html: inside.html }),
    quotesAt: hasNote ? [] : inside.quotesAt,
    files: [...body.files, ...inside.files],
    cut: body.cut || inside.cut || text.length > MOST_TEXT,
  }
}

function automaticOf({ headers }: Head, from: string, envelopeFrom: string | undefined, report: MailReport | null) {
  return automaticKind({
    headers,
    from,
    envelopeFrom: envelopeFrom === undefined ? null : isNullPath(envelopeFrom) ? '' : envelopeFrom,
    subject: wordsOf(firstOf(headers, 'subject')),
    report: report && (report.state === 'delivered' || report.state === 'read' ? 'receipt' : 'report'),
  })
}

function isNullPath(envelopeFrom: string | undefined): boolean {
  return envelopeFrom !== undefined && /^\s*(?:<\s*>)?\s*$/.test(envelopeFrom)
}

/** Where an answer should go, if not to the author. A mail that proves nothing may not lead answers elsewhere. */
function replyAddress({ headers }: Head, { author }: Sender): string | undefined {
  const [first] = addressesOf(allOf(headers, 'reply-to'), 1)
  if (!first || author.scope === 'unproven') return undefined
  return foldedAddress(first.address) === author.handle ? undefined : first.address
}

function invitationIn(root: MimePart): Invitation | undefined {
  const part = leavesOf(root).find(({ type }) => isCalendar(type.value))
  if (!part) return undefined
  const invitation = parseInvitation(decodeText(contentOf(part), part.type.parameters.get('charset') ?? 'utf-8'))
  const method = part.type.parameters.get('method')?.toUpperCase().slice(0, 20)
  return invitation ? { ...(method && { method }), ...invitation } : undefined
}

/** The few that a screen shows above a mail; all of them are read from the raw mail when somebody asks. */
function headersForScreen({ headers }: Head, externalId: string, proof: Proof) {
  const words = (name: string) => wordsOf(firstOf(headers, name)).slice(0, 1_000)
  const shown = {
    from: words('from'),
    to: words('to'),
    cc: words('cc'),
    replyTo: words('reply-to'),
    date: words('date'),
    listId: words('list-id'),
    unsubscribe: words('list-unsubscribe'),
  }
  return {
    messageId: externalId,
    ...Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== '')),
    auth: proof,
  }
}

/** By its own word; whether that can be is the inbox's to judge. Without a word it happened when it came. */
function dateOf({ headers }: Head, delivery: StoredDelivery): Date {
  return parseDate(firstOf(headers, 'date')) ?? delivery.receivedAt
}

function receiptsOf(report: MailReport | null, at: Date): readonly InboundEvent[] {
  if (!report?.state || report.originalId === null) return []
  const { originalId, state, reason } = report
  return [{ type: 'receipt', externalId: originalId, anywhere: true, state, ...(reason && { reason }), at }]
}

function optional<K extends string, V>(name: K, value: V | null | undefined): { readonly [key in K]?: V } {
  return value === undefined || value === null ? {} : ({ [name]: value } as { [key in K]: V })
}
