// A message as it came: its HTML as a document for a sandboxed frame, its delivery byte for byte, its header lines. What was
// delivered was written by strangers, so nothing here is ever given to a browser as something that runs.
import type { Actor } from '#platform/actor'
import { logAccess } from '#platform/access-log'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { readFile } from '#platform/files/keep'
import type { FileStore } from '#platform/files/store'
import { mailDocument } from '#platform/http/mail-html'
import { coverInHtml, spansOf } from './covering.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findMessage } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** Inline pictures are put into the document, for its frame has no session to fetch them with. */
const MOST_INLINE_BYTES = 10 * 1024 * 1024

export interface StoredHtml {
  readonly html: string
  readonly inline: readonly {
    readonly id: string
    readonly contentId: string
    readonly mediaType: string
    readonly sha256: string
    readonly size: number
  }[]
}

/** The HTML of a message and the pictures that it shows by content id, as they lie in the store. */
export async function findHtml(tx: Tx<Tables>, actor: Actor, id: string): Promise<StoredHtml> {
  await findMessage(tx, actor, id)
  const body = await tx
    .selectFrom('messageBodies as b')
    .innerJoin('messages as m', (join) =>
      join.onRef('m.workspaceId', '=', 'b.workspaceId').onRef('m.id', '=', 'b.messageId'),
    )
    .select(['b.html', 'm.body as words', 'm.personal'])
    .where('b.workspaceId', '=', actor.workspaceId)
    .where('b.messageId', '=', id)
    .executeTakeFirst()
  if (!body?.html) throw new Problem(404, 'inbox.no_html', 'This message has no HTML.')
  const inline = await tx
    .selectFrom('attachments')
    .select(['id', 'contentId', 'mediaType', 'sha256', 'size'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', id)
    .where('contentId', 'is not', null)
    // Only what our own encoder wrote.
    .where('kind', '=', 'image')
    .where('state', '=', 'stored')
    .orderBy('position')
    .execute()
  return {
    html: coverInHtml(body.html, body.words, spansOf(body.personal)),
    inline: inline.map((one) => ({ ...one, contentId: one.contentId!, sha256: one.sha256! })),
  }
}

/** The document, and the headers it must be served with. `shown` lets pictures be fetched from where they lie. */
export async function htmlDocument(
  files: FileStore,
  { html, inline }: StoredHtml,
  images: 'blocked' | 'shown',
): Promise<{ readonly html: string; readonly headers: Readonly<Record<string, string>> }> {
  const cid = new Map<string, string>()
  let bytes = 0
  for (const { contentId, mediaType, sha256, size } of inline) {
    bytes += size
    if (bytes > MOST_INLINE_BYTES || cid.has(contentId) || !(await files.has(sha256))) continue
    cid.set(contentId, `data:${mediaType};base64,${(await readFile(files, sha256)).toString('base64')}`)
  }
  const document = mailDocument(html, { images, cid })
  const sources = images === 'shown' ? "'self' data: https:" : "'self' data:"
  return {
    html: document.html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        `sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src ${sources}; ` +
        `style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`,
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'x-blocked-images': String(document.blockedImages),
      'x-designed-width': String(document.width),
      'x-inline-attachments': inline
        .filter(({ contentId }) => document.inlined.has(contentId))
        .map(({ id }) => id)
        .join(','),
    },
  }
}

export interface RawMessage {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** Whether it is a mail, or at least begins like one. */
  readonly isMail: boolean
}

/** The delivery that was this message and nothing else, written down as read. 404 `inbox.no_raw` where there is none any more. */
export async function readRaw(tx: Tx, actor: Actor, id: string): Promise<RawMessage> {
  const { deliveryId, receivedAt } = await findMessage(tx, actor, id)
  const delivery =
    deliveryId === null
      ? undefined
      : await tx
          .selectFrom('deliveries')
          .select(['headers', 'body'])
          .where('workspaceId', '=', actor.workspaceId)
          .where('id', '=', deliveryId)
          .where('receivedAt', '=', receivedAt)
          .executeTakeFirst()
  if (!delivery) throw new Problem(404, 'inbox.no_raw', 'What this message came as is not kept, or not kept any more.')
  await logAccess(tx, [
    {
      workspaceId: actor.workspaceId,
      at: actor.at,
      actorKind: actor.kind,
      actorId: actor.id,
      action: 'inbox.raw_read',
      subjectId: id,
    },
  ])
  return {
    body: delivery.body,
    headers: delivery.headers as Record<string, string>,
    isMail: beginsLikeMail(delivery.body),
  }
}

const MOST_HEAD = 512 * 1024
const MOST_LINES = 1000
const MOST_VALUE = 16_000

const beginsLikeMail = (body: Buffer): boolean =>
  /^(?:From [^\r\n]*\r?\n)?[A-Za-z0-9][A-Za-z0-9_.-]{0,99}[ \t]*:/.test(body.subarray(0, 300).toString('latin1'))

/** Header lines in their order: of the mail itself, or those that the delivery came with. Unfolded; words as they were written. */
export function headerLines({ body, headers, isMail }: RawMessage): { name: string; value: string }[] {
  if (!isMail) return Object.entries(headers).map(([name, value]) => ({ name, value: String(value) }))
  const lines: { name: string; value: string }[] = []
  for (const line of body
    .subarray(0, MOST_HEAD)
    .toString('utf8')
    .split(/\r\n|\r|\n/)) {
    if (line === '' || lines.length >= MOST_LINES) break
    const last = lines.at(-1)
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line)
    if (/^[ \t]/.test(line) && last) last.value = `${last.value} ${line.trim()}`.slice(0, MOST_VALUE)
    else if (field) lines.push({ name: field[1]!, value: field[2]!.trim().slice(0, MOST_VALUE) })
  }
  return lines.map(({ name, value }) => ({ name, value: value.replaceAll('\u0000', '\uFFFD').toWellFormed() }))
}
