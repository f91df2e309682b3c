// A thread as it is read: pages from its end, notes, search hits.
import { sql, type Selectable } from 'kysely'
import type { Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import { Problem } from '#platform/contract/problem'
import type { DB, Tx } from '#platform/db/database'
import type { Page } from '#platform/contract/kernel'
import type { Message } from '../contract.ts'
import { attachmentsOf, toAttachment, type AttachmentRow } from './attachment-rows.ts'
import { bodiesOf, type BodyRow } from './bodies.ts'
import { emit } from './emit.ts'
import { indexWords } from './search.ts'
import { authorName, UNDO_MS } from './sending.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { previewOf } from './previews.ts'
import { mirrorLabels } from './threads.ts'
import { attachToMessage, requireOwnUploads } from './uploads.ts'
import { findConversation, visibilityOf, visibleTo } from './visibility.ts'

type Tables = InboxTables & InboxReads
type MessageRow = Selectable<DB['messages']>

const PAGE = 50

/** The thread from its end: newest first, `next` leads to older ones. */
export async function listMessages(
  tx: Tx<Tables>,
  actor: Actor,
  {
    conversationId,
    after,
    limit = PAGE,
  }: { conversationId: string; after?: string | undefined; limit?: number | undefined },
): Promise<Page<Message>> {
  await findConversation(tx, actor, conversationId)
  let query = tx
    .selectFrom('messages')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where((where) => where.or([where('state', 'is', null), where('state', '<>', 'cancelled')]))
    .orderBy('occurredAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit + 1)
  if (after !== undefined) {
    const [at, seq] = decodeCursor(after, ['moment', 'number'])
    query = query.where(sql<boolean>`(occurred_at, seq) < (${at}::timestamptz, ${seq})`)
  }
  const rows = await query.execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: await toMessages(tx, actor, page),
    next: rows.length > limit && last ? encodeCursor(last.occurredAt, last.seq) : null,
  }
}

/** Messages by id, of conversations the actor may see; missing ones are left out. */
export async function getMessages(tx: Tx<Tables>, actor: Actor, ids: readonly string[]): Promise<Message[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('messages')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', 'in', [...ids])
    .execute()
  return toMessages(tx, actor, rows)
}

async function toMessages(tx: Tx<Tables>, actor: Actor, rows: readonly MessageRow[]): Promise<Message[]> {
  const withFiles = rows.filter(({ attachmentCount }) => attachmentCount > 0).map(({ id }) => id)
  const files = Map.groupBy(await attachmentsOf(tx, actor, { messageIds: withFiles }), ({ messageId }) => messageId!)
  const bodies = await bodiesOf(
    tx,
    actor,
    rows.map(({ id }) => id),
  )
  const ancestors = await ancestorsOf(
    tx,
    actor,
    rows.flatMap(({ parentId }) => parentId ?? []),
  )
  return rows.map((row) =>
    toMessage(row, {
      files: files.get(row.id) ?? [],
      body: bodies.get(row.id) ?? null,
      ancestor: (row.parentId && ancestors.get(row.parentId)) || null,
    }),
  )
}

/** Where the answered messages stand, of those that the actor may see. One statement. */
async function ancestorsOf(
  tx: Tx<Tables>,
  actor: Actor,
  ids: readonly string[],
): Promise<Map<string, NonNullable<Message['ancestor']>>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<NonNullable<Message['ancestor']>>`
    select m.id as message_id, m.conversation_id from messages m
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = any (${[...new Set(ids)]}::uuid[]) and ${visibleTo(actor)}
  `.execute(tx)
  return new Map(rows.map((row) => [row.messageId, row]))
}

interface MessageParts {
  readonly files: readonly AttachmentRow[]
  readonly body: BodyRow | null
  readonly ancestor: Message['ancestor']
}

function toMessage(row: MessageRow, { files, body, ancestor }: MessageParts): Message {
  return {
    id: row.id,
    conversationId: row.conversationId,
    seq: row.seq,
    episode: row.episode,
    kind: row.kind as Message['kind'],
    visibility: row.visibility as Message['visibility'],
    parentId: ancestor?.conversationId === row.conversationId ? ancestor.messageId : null,
    identityId: row.identityId,
    memberId: row.memberId,
    authorName: row.authorName,
    subject: row.subject,
    body: row.body,
    attachments: files.map(toAttachment),
    occurredAt: row.occurredAt.toISOString(),
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    state: row.state as Message['state'],
    stateReason: row.stateReason,
    stateAt: row.stateAt?.toISOString() ?? null,
    undoUntil: row.state === 'held' ? new Date(row.occurredAt.getTime() + UNDO_MS).toISOString() : null,
    placedBy: row.placedBy as Message['placedBy'],
    ancestor,
    addressees: body?.addressees ?? null,
    automatic: row.automatic as Message['automatic'],
    hasHtml: row.hasHtml,
    quoted: body?.quoted ?? null,
    raw: row.deliveryId !== null,
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
