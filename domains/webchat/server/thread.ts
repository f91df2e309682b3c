// What a visitor may see of the product: their own line, and of it only what was said between them and the desk.
import { sql, type Selectable } from 'kysely'
import { Problem } from '#platform/contract/problem'
import type { Page } from '#platform/contract/kernel'
import type { Tx } from '#platform/db/database'
import type { VisitFile, VisitLine, VisitMessage } from '../contract.ts'
import type { ReadTables } from './tables.ts'
import type { VisitorRow } from './visitors.ts'

export const PAGE = 40
const TRANSCRIPT_MOST = 2000
/** States in which an answer has left the desk; before that it may still be taken back. */
const OUT = ['sent', 'delivered', 'read'] as const

export interface Line {
  readonly conversationId: string | null
  readonly line: VisitLine
}

type LineOwner = Pick<VisitorRow, 'workspaceId' | 'connectionId' | 'threadKey'>

/** Where the visitor's present line stands. */
export async function readLine(tx: Tx<ReadTables>, { workspaceId, connectionId, threadKey }: LineOwner): Promise<Line> {
  const row = await tx
    .selectFrom('conversations as c')
    .select((eb) => [
      'c.id',
      'c.state',
      eb
        .selectFrom('conversationReads as r')
        .select(({ fn }) => fn.max('r.readSeq').as('seq'))
        .whereRef('r.workspaceId', '=', 'c.workspaceId')
        .whereRef('r.conversationId', '=', 'c.id')
        .as('deskReadSeq'),
    ])
    .where('c.workspaceId', '=', workspaceId)
    .where('c.connectionId', '=', connectionId)
    .where('c.threadKey', '=', threadKey)
    .executeTakeFirst()
  if (!row) return { conversationId: null, line: { state: 'none', deskReadSeq: 0 } }
  const state = row.state === 'resolved' ? 'resolved' : 'open'
  return { conversationId: row.id, line: { state, deskReadSeq: Number(row.deskReadSeq ?? 0) } }
}

function visible(tx: Tx<ReadTables>, workspaceId: string, conversationId: string) {
  return (
    tx
      .selectFrom('messages')
      .select((eb) => [
        'id',
        'seq',
        'kind',
        'authorName',
        'externalId',
        'body',
        'occurredAt',
        'deletedAt',
        'state',
        'attachmentCount',
        'placedBy',
        eb
          .exists(
            eb
              .selectFrom('messages as line')
              .select('line.id')
              .whereRef('line.workspaceId', '=', 'messages.workspaceId')
              .whereRef('line.id', '=', 'messages.carriedBy')
              .where('line.state', 'in', [...OUT]),
          )
          .as('carried'),
      ])
      .where('workspaceId', '=', workspaceId)
      .where('conversationId', '=', conversationId)
      // What a program of their mailbox wrote (an absence note) is for the desk to know.
      .where('automatic', 'is', null)
      .where((eb) => eb.or([eb('kind', '=', 'in'), eb.and([eb('kind', '=', 'out'), eb('state', 'in', [...OUT])])]))
  )
}
type Row = Awaited<ReturnType<ReturnType<typeof visible>['executeTakeFirstOrThrow']>>

/** A page of the thread, newest first. */
export async function listMessages(
  tx: Tx<ReadTables>,
  workspaceId: string,
  conversationId: string | null,
  { after, limit = PAGE }: { readonly after?: string; readonly limit?: number } = {},
): Promise<Page<VisitMessage>> {
  if (conversationId === null) return { items: [], next: null }
  let query = visible(tx, workspaceId, conversationId)
  if (after !== undefined) {
    const { at, seq } = parseCursor(after)
    query = query.where(sql<boolean>`(occurred_at, seq) < (${at}::timestamptz, ${seq}::bigint)`)
  }
  const rows = await query
    .orderBy('occurredAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? cursorOf(last) : null
  return { items: await render(tx, workspaceId, page), next }
}

/** Those of the named messages that the visitor may see, in the thread's order. */
export async function readMessages(
  tx: Tx<ReadTables>,
  workspaceId: string,
  conversationId: string,
  ids: readonly string[],
): Promise<VisitMessage[]> {
  if (ids.length === 0) return []
  const rows = await visible(tx, workspaceId, conversationId)
    .where('id', 'in', [...ids])
    .orderBy('occurredAt')
    .orderBy('seq')
    .execute()
  return render(tx, workspaceId, rows)
}

async function render(tx: Tx<ReadTables>, workspaceId: string, rows: readonly Row[]): Promise<VisitMessage[]> {
  const withFiles = rows.filter((row) => row.attachmentCount > 0 && row.deletedAt === null)
  const files = await filesOf(
    tx,
    workspaceId,
    withFiles.map(({ id }) => id),
  )
  return rows.map((row) => ({
    id: row.id,
    clientId: row.kind === 'in' ? clientIdOf(row.externalId) : null,
    from: row.kind === 'in' ? 'visitor' : 'desk',
    author: row.kind === 'in' ? null : row.authorName,
    text: row.deletedAt ? '' : row.body,
    at: row.occurredAt.toISOString(),
    seq: row.seq,
    deleted: row.deletedAt !== null,
    state: row.kind === 'in' ? 'received' : (row.state as (typeof OUT)[number]),
    files: files.get(row.id) ?? [],
    // A line's own messages name it; what was placed there otherwise came by mail.
    byMail: row.kind === 'in' ? row.placedBy !== 'thread' : Boolean(row.carried),
  }))
}

async function filesOf(
  tx: Tx<ReadTables>,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, VisitFile[]>> {
  const found = new Map<string, VisitFile[]>()
  if (ids.length === 0) return found
  const rows = await tx
    .selectFrom('attachments')
    .select(['id', 'messageId', 'name', 'mediaType', 'kind', 'size', 'width', 'height'])
    .where('workspaceId', '=', workspaceId)
    .where('messageId', 'in', [...ids])
    .where('state', '=', 'stored')
    .orderBy('position')
    .execute()
  for (const { messageId, kind, ...file } of rows) {
    const list = found.get(messageId!) ?? []
    list.push({ ...file, kind: kind as VisitFile['kind'] })
    found.set(messageId!, list)
  }
  return found
}

/** A file of a message that the visitor sees, or null. */
export async function findFile(
  tx: Tx<ReadTables>,
  workspaceId: string,
  conversationId: string | null,
  id: string,
): Promise<Pick<Selectable<ReadTables['attachments']>, 'name' | 'mediaType' | 'sha256' | 'size' | 'kind'> | null> {
  if (conversationId === null) return null
  const file = await tx
    .selectFrom('attachments')
    .select(['name', 'mediaType', 'sha256', 'size', 'kind', 'messageId'])
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'stored')
    .executeTakeFirst()
  if (!file?.messageId) return null
  const message = await visible(tx, workspaceId, conversationId)
    .where('id', '=', file.messageId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  return message ? file : null
}

/** Of the named messages, the desk's own whose state a browser may still move on to `state`. */
export async function confirmable(
  tx: Tx<ReadTables>,
  workspaceId: string,
  conversationId: string | null,
  ids: readonly string[],
  state: 'delivered' | 'read',
): Promise<string[]> {
  if (conversationId === null) return []
  const rows = await visible(tx, workspaceId, conversationId)
    .where('id', 'in', [...ids])
    .where('kind', '=', 'out')
    .where('state', 'in', state === 'delivered' ? ['sent'] : ['sent', 'delivered'])
    .execute()
  return rows.map(({ id }) => id)
}

/** The thread as text, oldest first; at most its newest 2,000 messages. */
export async function writeTranscript(
  tx: Tx<ReadTables>,
  visitor: VisitorRow,
  { deskName, timeZone }: { readonly deskName: string; readonly timeZone: string },
): Promise<string> {
  const { conversationId } = await readLine(tx, visitor)
  const { items } = await listMessages(tx, visitor.workspaceId, conversationId, { limit: TRANSCRIPT_MOST })
  const when = momentIn(timeZone)
  const lines = items.toReversed().map(({ at, from, author, text, deleted, files }) => {
    const who = from === 'visitor' ? (visitor.name ?? 'Visitor') : (author ?? deskName)
    const said = deleted ? '(deleted)' : [text, ...files.map(({ name }) => `[${name}]`)].filter(Boolean).join('\n')
    return `${when(at)}  ${who}:\n${said.replace(/^/gm, '    ')}\n`
  })
  return [`${deskName} (${timeZone})`, '', ...lines].join('\n')
}

function momentIn(timeZone: string): (at: string) => string {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    return (at) => format.format(new Date(at))
  } catch {
    throw new Problem(400, 'invalid', 'That is no time zone.', {
      fields: [{ path: 'timeZone', message: 'is not known' }],
    })
  }
}

const POSTED = /^[0-9a-f-]{36}:([0-9a-f-]{36})$/i

/** Posted messages are named `<visitor>:<clientId>`, so that nobody can name another's. */
export const externalIdOf = (visitorId: string, clientId: string): string => `${visitorId}:${clientId}`
const clientIdOf = (externalId: string | null): string | null => POSTED.exec(externalId ?? '')?.[1] ?? null

const cursorOf = ({ occurredAt, seq }: Pick<Row, 'occurredAt' | 'seq'>): string => `${occurredAt.getTime()}.${seq}`

function parseCursor(text: string): { at: Date; seq: number } {
  const match = /^(\d{1,15})\.(\d{1,16})$/.exec(text)
  if (!match)
    throw new Problem(400, 'invalid', 'That is no place in the thread.', {
      fields: [{ path: 'after', message: 'is no cursor' }],
    })
  return { at: new Date(Number(match[1])), seq: Number(match[2]) }
}
