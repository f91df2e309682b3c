// A thread as it is read: pages from its end, notes, search hits.
import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Page } from '#platform/contract/kernel'
import type { Message } from '../contract.ts'
import { attachmentsOf, toAttachment, type AttachmentRow } from './attachment-rows.ts'
import { emit } from './emit.ts'
import { openingTo } from './limits.ts'
import { postColumn, postFactsOf, type OpeningTo } from './post-rows.ts'
import { indexWords } from './search.ts'
import { authorName, UNDO_MS } from './sending.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { cover, spansOf } from './covering.ts'
import { previewOf } from './previews.ts'
import { mirrorLabels } from './threads.ts'
import { attachToMessage, requireOwnUploads } from './uploads.ts'
import { findConversation, visibilityOf, visibleTo } from './visibility.ts'

type Tables = InboxTables & InboxReads

const PAGE = 50

/** The thread from its end: newest first, `next` leads to older ones. `connection`: through which they would be answered. */
export async function listMessages(
  tx: Tx<Tables>,
  actor: Actor,
  {
    conversationId,
    after,
    limit = PAGE,
  }: { conversationId: string; after?: string | undefined; limit?: number | undefined },
  connection: KnownConnection | null = null,
): Promise<Page<Message>> {
  await findConversation(tx, actor, conversationId)
  let query = messageRows(tx, actor)
    .where('m.conversationId', '=', conversationId)
    .where((where) => where.or([where('m.state', 'is', null), where('m.state', '<>', 'cancelled')]))
    .orderBy('m.occurredAt', 'desc')
    .orderBy('m.seq', 'desc')
    .limit(limit + 1)
  if (after !== undefined) {
    const [at, seq] = decodeCursor(after, ['moment', 'number'])
    query = query.where(sql<boolean>`(m.occurred_at, m.seq) < (${at}::timestamptz, ${seq})`)
  }
  const rows = await query.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: await toMessages(tx, actor, page, connection),
    next: rows.length > limit && last ? encodeCursor(last.occurredAt, last.seq) : null,
  }
}

/** Messages by id, of conversations the actor may see; missing ones are left out. */
export async function getMessages(tx: Tx<Tables>, actor: Actor, ids: readonly string[]): Promise<Message[]> {
  if (ids.length === 0) return []
  const rows = await messageRows(tx, actor)
    .where('m.id', 'in', [...ids])
    .execute()
  return toMessages(tx, actor, rows)
}

/** More than a person folds open; the whole stands in the delivery. */
const MOST_QUOTED = 50_000

/** Messages with what they are beside their words, and where what they answer stands, if the actor may see that. */
function messageRows(tx: Tx<Tables>, actor: Actor) {
  return tx
    .selectFrom('messages as m')
    .leftJoin('messageBodies as b', (join) =>
      join.onRef('b.workspaceId', '=', 'm.workspaceId').onRef('b.messageId', '=', 'm.id'),
    )
    .leftJoin('messages as p', (join) =>
      join.onRef('p.workspaceId', '=', 'm.workspaceId').onRef('p.id', '=', 'm.parentId'),
    )
    .leftJoin('conversations as c', (join) =>
      join.onRef('c.workspaceId', '=', 'p.workspaceId').onRef('c.id', '=', 'p.conversationId').on(visibleTo(actor)),
    )
    .selectAll('m')
    .select(['b.addressees', 'c.id as ancestorConversationId'])
    .select(sql<string | null>`left(b.quoted, ${MOST_QUOTED})`.as('quoted'))
    .select(postColumn.as('post'))
    .where('m.workspaceId', '=', actor.workspaceId)
}
type FullRow = Awaited<ReturnType<ReturnType<typeof messageRows>['execute']>>[number]

async function toMessages(
  tx: Tx<Tables>,
  actor: Actor,
  rows: readonly FullRow[],
  connection: KnownConnection | null = null,
): Promise<Message[]> {
  const openingOf: OpeningTo = (person) => (connection ? openingTo(connection, person) : '')
  const withFiles = rows.filter(({ attachmentCount }) => attachmentCount > 0).map(({ id }) => id)
  const files = Map.groupBy(await attachmentsOf(tx, actor, { messageIds: withFiles }), ({ messageId }) => messageId!)
  return rows.map((row) => toMessage(row, files.get(row.id) ?? [], openingOf))
}

function toMessage(row: FullRow, files: readonly AttachmentRow[], openingOf: OpeningTo): Message {
  const { parentId, ancestorConversationId: ancestor } = row
  const spans = spansOf(row.personal)
  const inBody = spans.filter(({ part, open }) => part === undefined && !open)
  return {
    id: row.id,
    conversationId: row.conversationId,
    seq: row.seq,
    episode: row.episode,
    kind: row.kind as Message['kind'],
    visibility: row.visibility as Message['visibility'],
    parentId: ancestor === row.conversationId ? parentId : null,
    identityId: row.identityId,
    memberId: row.memberId,
    authorName: row.authorName,
    subject: row.subject && cover(row.subject, spans, 'subject'),
    body: cover(row.body, spans),
    ...(inBody.length > 0 && { personal: inBody.map(({ kind, start, end }) => ({ kind, start, end })) }),
    attachments: files.map(toAttachment),
    occurredAt: row.occurredAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    state: row.state as Message['state'],
    stateReason: row.stateReason,
    stateAt: row.stateAt?.toISOString() ?? null,
    undoUntil: row.state === 'held' ? new Date(row.occurredAt.getTime() + UNDO_MS).toISOString() : null,
    placedBy: row.placedBy as Message['placedBy'],
    ancestor: parentId && ancestor ? { messageId: parentId, conversationId: ancestor } : null,
    addressees: row.addressees as Message['addressees'],
    // For people a report is a report, whatever it says.
    automatic: (row.automatic === 'receipt' ? 'report' : row.automatic) as Message['automatic'],
    hasHtml: row.hasHtml,
    quoted: row.quoted && cover(row.quoted, spans, 'quoted'),
    raw: row.deliveryId !== null,
    ...postFactsOf(row.post, openingOf),
    context: row.context,
    chain: row.chainId === null ? null : { id: row.chainId, index: row.chainIndex ?? 0 },
    data: row.data as Record<string, unknown>,
  }
}

export interface NoteInput {
  readonly conversationId: string
  readonly body: string
  readonly clientId: string
  readonly attachmentIds?: readonly string[] | undefined
}

/** Writes an internal note; the same `clientId` twice writes it once. */
export async function writeNote(tx: Tx<Tables>, actor: Actor, input: NoteInput): Promise<void> {
  const conversation = await findConversation(tx, actor, input.conversationId, true)
  const taken = await tx
    .selectFrom('messages')
    .select(['conversationId', 'kind'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', input.clientId)
    .executeTakeFirst()
  if (taken && (taken.conversationId !== conversation.id || taken.kind !== 'note'))
    throw new Problem(409, 'inbox.id_taken', 'This clientId belongs to another message. Make a new one.')
  if (taken) return
  const attachmentIds = await requireOwnUploads(tx, actor, input.attachmentIds ?? [])
  const made = await tx
    .insertInto('messages')
    .values({
      workspaceId: actor.workspaceId,
      id: input.clientId,
      conversationId: conversation.id,
      episode: conversation.episode,
      kind: 'note',
      visibility: 'private',
      memberId: actor.kind === 'member' ? actor.id : null,
      authorName: await authorName(tx, actor),
      body: input.body.replaceAll('\u0000', ''),
      attachmentCount: attachmentIds.length,
      occurredAt: actor.at,
      receivedAt: actor.at,
    })
    .returning(['seq'])
    .executeTakeFirstOrThrow()
  await attachToMessage(tx, actor, conversation.id, input.clientId, attachmentIds)
  await indexWords(tx, actor, [
    { messageId: input.clientId, conversationId: conversation.id, occurredAt: actor.at, words: input.body },
  ])
  await sql`
    update conversations set message_count = message_count + 1, last_seq = ${made.seq}, last_activity_at = greatest(last_activity_at, ${actor.at}),
      preview = ${previewOf(input.body)}, preview_kind = 'note', version = version + 1
    where workspace_id = ${actor.workspaceId}::uuid and id = ${conversation.id}::uuid
  `.execute(tx)
  await mirrorLabels(tx, actor, [conversation.id])
  await emit(tx, actor, 'inbox.note_written', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId: input.clientId },
    visibility: visibilityOf(conversation),
  })
}
