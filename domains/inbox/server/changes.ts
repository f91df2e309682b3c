// What happens to messages after they came or left: edits and deletions where they were written, receipts of ours, changes of
// a thread. Deliveries arrive late, doubled and out of order, so every one of these may be applied again without effect.
import { sql } from 'kysely'
import type { InboundDeletion, InboundEdit, InboundReceipt, InboundThreadChange } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emit } from './emit.ts'
import { findKeys, keyOf, type KnownKey } from './message-keys.ts'
import { indexWords } from './search.ts'
import type { InboxTables } from './tables.ts'
import type { InboxVisibility } from '../contract.ts'

export interface Change {
  readonly connectionId: string
  readonly event: InboundEdit | InboundDeletion | InboundReceipt | InboundThreadChange
}

/** How far a message of ours has come; a receipt that would take it back is an old one. */
const PROGRESS: Readonly<Record<string, number>> = {
  held: 0,
  queued: 0,
  sending: 1,
  unknown: 1,
  sent: 2,
  failed: 2,
  delivered: 3,
  read: 4,
}

/** Applies changes in the order given. Answers how many had an effect. */
export async function applyChanges(tx: Tx<InboxTables>, actor: Actor, changes: readonly Change[]): Promise<number> {
  let applied = 0
  const named = changes.flatMap(({ connectionId, event }) =>
    event.type === 'thread' ? [] : [[connectionId, event.externalId] as const],
  )
  const keys = await findKeys(tx, actor, named)
  for (const { connectionId, event } of changes) {
    if (event.type === 'thread') {
      applied += await changeThread(tx, actor, connectionId, event)
      continue
    }
    const key = keys.get(keyOf(connectionId, event.externalId))
    if (event.type === 'deletion') applied += await deleteMessage(tx, actor, connectionId, event, key)
    else if (key?.messageId && !key.deletedAt)
      applied += await (event.type === 'edit' ? editMessage : settleReceipt)(tx, actor, key.messageId, event as never)
  }
  return applied
}

async function visibilityOfConversation(tx: Tx<InboxTables>, actor: Actor, id: string): Promise<InboxVisibility> {
  return tx
    .selectFrom('conversations')
    .select(['teamId', 'assigneeId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

async function editMessage(tx: Tx<InboxTables>, actor: Actor, messageId: string, event: InboundEdit): Promise<number> {
  const row = await tx
    .updateTable('messages')
    .set({ body: event.text.replaceAll('\u0000', '\uFFFD'), editedAt: event.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', messageId)
    .where('kind', '=', 'in')
    .where('body', '<>', event.text)
    .where((where) => where.or([where('editedAt', 'is', null), where('editedAt', '<=', event.at)]))
    .returning(['conversationId', 'occurredAt'])
    .executeTakeFirst()
  if (!row) return 0
  await indexWords(tx, actor, [
    { messageId, conversationId: row.conversationId, occurredAt: row.occurredAt, words: event.text },
  ])
  await emit(tx, actor, 'inbox.message_edited', {
    subjectId: row.conversationId,
    data: { conversationId: row.conversationId, messageId },
    visibility: await visibilityOfConversation(tx, actor, row.conversationId),
  })
  return 1
}

async function deleteMessage(
  tx: Tx<InboxTables>,
  actor: Actor,
  connectionId: string,
  event: InboundDeletion,
  key: KnownKey | undefined,
): Promise<number> {
  if (key?.deletedAt) return 0
  // Also when the message has not come yet: its key keeps it from coming later.
  await sql`
    insert into message_keys (workspace_id, connection_id, external_id, deleted_at)
    values (${actor.workspaceId}::uuid, ${connectionId}::uuid, ${event.externalId}, ${event.at})
    on conflict (workspace_id, connection_id, external_id) do update set deleted_at = excluded.deleted_at
  `.execute(tx)
  if (!key?.messageId) return 0
  const row = await tx
    .updateTable('messages')
    // The words go: who deletes a message wants it gone. That there was one stays.
    .set({ deletedAt: event.at, body: '' })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', key.messageId)
    .returning('conversationId')
    .executeTakeFirst()
  if (!row) return 0
  await tx
    .deleteFrom('messageSearch')
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', key.messageId)
    .execute()
  await tx
    .updateTable('conversations')
    .set((eb) => ({ preview: '', version: eb('version', '+', 1) }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', row.conversationId)
    .where(
      sql<boolean>`last_seq = (select seq from messages m where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${key.messageId}::uuid)`,
    )
    .execute()
  await emit(tx, actor, 'inbox.message_deleted', {
    subjectId: row.conversationId,
    data: { conversationId: row.conversationId, messageId: key.messageId },
    visibility: await visibilityOfConversation(tx, actor, row.conversationId),
  })
  return 1
}

async function settleReceipt(
  tx: Tx<InboxTables>,
  actor: Actor,
  messageId: string,
  event: InboundReceipt,
): Promise<number> {
  const message = await tx
    .selectFrom('messages')
    .select(['state', 'conversationId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', messageId)
    .where('kind', '=', 'out')
    .forUpdate()
    .executeTakeFirst()
  const before = PROGRESS[message?.state ?? '']
  if (!message || before === undefined) return 0
  const late = event.state === 'failed' ? before > 2 || message.state === 'failed' : PROGRESS[event.state]! <= before
  if (late) return 0
  const { conversationId } = message
  await tx
    .updateTable('messages')
    .set({ state: event.state, stateReason: event.reason?.slice(0, 500) ?? null, stateAt: event.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', messageId)
    .execute()
  // A receipt is also the answer to doubt: what was delivered did arrive.
  await tx
    .updateTable('outbound')
    .set({ state: 'settled' })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .where('state', 'in', ['sending', 'unknown', 'queued'])
    .execute()
  if (event.state === 'failed') await countFailure(tx, actor, conversationId, 1)
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversationId,
    data: { conversationId, messageId, state: event.state },
    visibility: await visibilityOfConversation(tx, actor, conversationId),
  })
  return 1
}

/** Keeps the number of failed and doubtful answers on the row, where the list shows it. */
export async function countFailure(
  tx: Tx<Pick<InboxTables, 'conversations'>>,
  actor: Actor,
  conversationId: string,
  by: 1 | -1,
): Promise<void> {
  await sql`
    update conversations set failed_count = greatest(0, failed_count + ${by}), version = version + 1
    where workspace_id = ${actor.workspaceId}::uuid and id = ${conversationId}::uuid
  `.execute(tx)
}

async function changeThread(
  tx: Tx<InboxTables>,
  actor: Actor,
  connectionId: string,
  event: InboundThreadChange,
): Promise<number> {
  const row = await tx
    .updateTable('conversations')
    .set((eb) => ({
      threadFacts: sql`thread_facts || ${JSON.stringify(event.thread.facts ?? {})}::jsonb`,
      subject: sql<string | null>`coalesce(${event.thread.subject ?? null}, subject)`,
      version: eb('version', '+', 1),
    }))
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connectionId)
    .where('threadKey', '=', event.thread.key)
    .returning(['id', 'teamId', 'assigneeId'])
    .executeTakeFirst()
  if (!row) return 0
  await emit(tx, actor, 'inbox.conversation_changed', {
    subjectId: row.id,
    data: { conversationId: row.id, changed: ['threadFacts'] },
    visibility: { teamId: row.teamId, assigneeId: row.assigneeId },
  })
  return 1
}
