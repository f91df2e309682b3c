// An answer as the bytes of a mail, the same on every try: its Message-ID, date and boundaries come from the message, not from
// the moment. Plain text and HTML are made of one source.
import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import DKIM from 'nodemailer/lib/dkim'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Addressee, Outbound } from '../connector.ts'
import { markdownToHtml } from './markdown.ts'
import { replyAddress } from './reply-address.ts'
import type { Mailbox } from './settings.ts'

export const MOST_FILES = 20
export const MOST_FILE_BYTES = 25 * 1024 * 1024
export const MOST_TEXT = 200_000
const MOST_RECIPIENTS = 100
const MOST_FOLLOWED = 20

export interface ComposedMail {
  /** `from` is empty for what a program wrote: nobody reports back on that. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly raw: Buffer
}

export type Composition =
  | { readonly ok: true; readonly mail: ComposedMail }
  /** `passing`: a file could not be read now. */
  | { readonly ok: false; readonly passing: boolean; readonly reason: string }

/** Our Message-ID, without its brackets as all ids of mail are kept, from what never changes about a message. */
export function messageIdOf(messageId: string, at: Date, domain: string): string {
  const right = domainToASCII(domain).slice(0, 200) || 'rapport.invalid'
  return `${messageId}.${at.getTime().toString(36)}@${right}`
}

/**
 * Never throws for what the outbound message holds. `formerKey` signs beside the present one: receivers take whichever signature
 * the DNS knows, so that a new key may be published days after it was made.
 */
export async function composeMail(
  outbound: Outbound,
  mailbox: Mailbox,
  formerKey: string | null = null,
): Promise<Composition> {
  const no = (reason: string, passing = false): Composition => ({ ok: false, passing, reason })
  const people = peopleOf(outbound)
  if (people.all.length === 0) return no('Nobody is named to send it to')
  if (people.all.length > MOST_RECIPIENTS) return no(`A mail goes to at most ${MOST_RECIPIENTS} addresses`)
  const bad = people.all.find(({ address }) => !isAddress(address))
  if (bad) return no(`${bad.address.slice(0, 100)} is no mail address`)
  if (outbound.text.length > MOST_TEXT) return no(`The text is longer than ${MOST_TEXT} characters`)
  if (outbound.media.length > MOST_FILES) return no(`A mail carries at most ${MOST_FILES} files`)
  const heavy = () => no('The files together are larger than 25 MB, more than most mail servers take')
  if (outbound.media.reduce((sum, { size }) => sum + size, 0) > MOST_FILE_BYTES) return heavy()

  const files: { filename: string; content: Buffer; contentType: string; contentDisposition: 'attachment' }[] = []
  for (const file of outbound.media) {
    let content
    try {
      content = await file.read()
    } catch {
      return no(`The file ${file.name} could not be read`, true)
    }
    files.push({
      filename: oneLine(file.name) || 'file',
      content,
      contentType: /^[\w.+-]+\/[\w.+-]+$/.test(file.mediaType) ? file.mediaType : 'application/octet-stream',
      contentDisposition: 'attachment',
    })
  }
  if (files.reduce((sum, { content }) => sum + content.length, 0) > MOST_FILE_BYTES) return heavy()

  const follows = followsOf(outbound)
  const subject = subjectOf(outbound.subject, follows.length > 0)
  const replyTo =
    mailbox.signedReplies && mailbox.replySecret
      ? replyAddress(
          mailbox.address,
          outbound.conversationId,
          mailbox.replySecret,
          outbound.carriesOn ? (people.all[0]?.address ?? null) : null,
        )
      : null
  const { text, html } = bodiesOf(outbound.text, mailbox.signature, outbound.authorName)
  const message = new MailComposer({
    from: { name: oneLine(mailbox.displayName), address: mailbox.address },
    ...(replyTo && { replyTo: { name: oneLine(mailbox.displayName), address: replyTo } }),
    to: people.to.map(nodemailerAddress),
    cc: people.cc.map(nodemailerAddress),
    ...(subject !== null && { subject }),
    messageId: `<${outbound.platformIdentity}>`,
    ...(follows.length > 0 && { inReplyTo: follows.at(-1)!, references: follows.join(' ') }),
    date: outbound.at,
    text,
    html,
    attachments: files,
    headers: headersOf(outbound, mailbox, follows.length > 0),
    baseBoundary: createHash('sha256').update(outbound.platformIdentity).digest('hex').slice(0, 24),
    // A text is a text: nothing in it may make the library read files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
    // What is long folds; words of any language are kept whole.
    textEncoding: 'quoted-printable',
  }).compile()
  const unsigned = await message.build()
  const keys = mailbox.dkim.sign && mailbox.dkim.key ? [formerKey, mailbox.dkim.key] : []
  let raw: Buffer = unsigned
  for (const key of keys) if (key !== null) raw = await sign(raw, mailbox, key)
  return {
    ok: true,
    mail: {
      envelope: {
        from: outbound.automatic ? '' : mailbox.address,
        to: [...new Set(people.all.map(({ address }) => asciiDomain(address)))],
      },
      raw,
    },
  }
}

function peopleOf({ addressees, recipient }: Outbound) {
  const single = [recipient?.handle, recipient?.externalId].find((one) => one?.includes('@'))
  const to = addressees?.to ?? (single ? [{ address: single }] : [])
  const cc = addressees?.cc ?? []
  return { to, cc, all: [...to, ...cc, ...(addressees?.bcc ?? [])].map(trimmed) }
}

function trimmed({ address, name }: Addressee): Addressee {
  return { address: address.trim(), ...(name !== undefined && { name }) }
}

/** Stricter than RFC 5322: no quoted parts, comments or control characters, which is what injections are made of. */
function isAddress(address: string): boolean {
  return /^[^\s\p{C}<>()[\]\\,;:"@]{1,64}@[^\s\p{C}<>()[\]\\,;:"@]{1,253}$/u.test(address)
}

function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`
}

function nodemailerAddress({ address, name }: Addressee) {
  return { name: oneLine(name ?? ''), address: address.trim() }
}

/** The ids that it follows as mail knows them; what mail does not know (a name that was made up for lack of one) is left out. */
function followsOf({ follows, parentExternalId }: Outbound): string[] {
  const ids = [...follows, ...(parentExternalId !== null ? [parentExternalId] : [])]
  const known = ids.flatMap((id) => {
    const bare = id.trim().replace(/^<(.*)>$/, '$1')
    return /^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$/.test(bare) && bare.includes('@') ? [`<${bare}>`] : []
  })
  // The last place counts: it is what the mail answers.
  return known.filter((id, at) => known.lastIndexOf(id) === at).slice(-MOST_FOLLOWED)
}

function subjectOf(subject: string | null, isAnswer: boolean): string | null {
  const plain = oneLine(subject ?? '')
  if (plain === '') return null
  return isAnswer && !/^(?:re|aw|antw|sv|rv|vs|odp|ynt)(?:\[\d+\])?\s*:/i.test(plain) ? `Re: ${plain}` : plain
}

function headersOf(
  { automatic, platformIdentity }: Outbound,
  mailbox: Mailbox,
  isAnswer: boolean,
): Record<string, string> {
  return {
    // On mail that comes in it says that a desk is talking to a desk.
    'X-Rapport-Loop': mailbox.address,
    // Known again in a report where a relay gave the mail another Message-ID.
    'X-Rapport-Id': `<${platformIdentity}>`,
    ...(automatic && {
      'Auto-Submitted': isAnswer ? 'auto-replied' : 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // A program that writes first writes to many.
      ...(!isAnswer && { 'List-Unsubscribe': `<mailto:${mailbox.address}?subject=unsubscribe>` }),
    }),
  }
}

function bodiesOf(source: string, signature: string, agent: string): { readonly text: string; readonly html: string } {
  const words = clean(source)
  const below = clean(signature.replaceAll('{agent}', agent)).trim()
  const text = below === '' ? words : `${words}\n\n-- \n${below}`
  const signed = below === '' ? '' : `\n<div style="color:#555">-- <br>\n${markdownToHtml(below)}</div>`
  return {
    text,
    html: `<!doctype html>\n<html><body style="font-family:sans-serif">\n${markdownToHtml(words)}${signed}\n</body></html>`,
  }
}

/** Control characters have no place in mail, save line breaks and tabs. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 900)
    .toWellFormed()
}

async function sign(raw: Buffer, { dkim }: Mailbox, privateKey: string): Promise<Buffer> {
  const signer = new DKIM({ domainName: domainToASCII(dkim.domain), keySelector: dkim.selector, privateKey })
  const chunks: Buffer[] = []
  for await (const chunk of signer.sign(raw)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
