// What happens to messages after they came or left: edits and deletions where they were written, receipts of ours, changes of
// a thread. Deliveries arrive late, doubled and out of order, so every one of these may be applied again without effect.
import { sql } from 'kysely'
import type {
  InboundDeletion,
  InboundEdit,
  InboundEngagement,
  InboundReceipt,
  InboundThreadChange,
} from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { forgetBody } from './bodies.ts'
import { afterPart } from './chains.ts'
import { keepEarly, takeEarly } from './early-changes.ts'
import { emit } from './emit.ts'
import { applyEngagements } from './engagement.ts'
import { countFailure } from './failures.ts'
import { findKeys, findOurKeys, keyOf, type KnownKey } from './message-keys.ts'
import { editPost, forgetPost } from './posts.ts'
import { refreshPreview } from './previews.ts'
import type { PersonalSpan } from './covering.ts'
import { forgetWords, indexWords } from './search.ts'
import { changeBeside } from './threads-beside.ts'
import type { InboxTables } from './tables.ts'
import type { InboxVisibility } from '../contract.ts'

/** An edit with the personal data that stands in its new text. */
export type KnownEdit = InboundEdit & { readonly personal?: readonly PersonalSpan[] }

export interface Change {
  readonly connectionId: string
  readonly event: KnownEdit | InboundDeletion | InboundReceipt | InboundThreadChange | InboundEngagement
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

/** Applies changes in the order given; one whose message has not come yet waits for it. Answers how many had an effect. */
export async function applyChanges(tx: Tx<InboxTables>, actor: Actor, changes: readonly Change[]): Promise<number> {
  let applied = 0
  const named = changes.flatMap(({ connectionId, event }) =>
    event.type === 'thread' ? [] : [[connectionId, event.externalId] as const],
  )
  const keys = await findKeys(tx, actor, named)
  const elsewhere = await findOurKeys(
    tx,
    actor,
    changes.flatMap(({ connectionId, event }) =>
      event.type === 'receipt' && event.anywhere && !keys.has(keyOf(connectionId, event.externalId))
        ? [event.externalId]
        : [],
    ),
  )
  for (const { connectionId, event } of changes) {
    if (event.type === 'engagement') continue
    const key =
      event.type === 'thread'
        ? undefined
        : (keys.get(keyOf(connectionId, event.externalId)) ??
          (event.type === 'receipt' && event.anywhere ? elsewhere.get(event.externalId) : undefined))
    if (event.type === 'thread') applied += await changeThread(tx, actor, connectionId, event)
    else if (event.type === 'deletion') applied += await deleteMessage(tx, actor, connectionId, event, key)
    else if (!key) await keepEarly(tx, actor, { connectionId, event })
    else if (key.messageId)
      applied += await (event.type === 'edit' ? editMessage : settleReceipt)(tx, actor, key.messageId, event as never)
  }
  const engaged = changes.flatMap((change) => (isEngagement(change) ? [change] : []))
  const keyFor = ({ connectionId, event }: (typeof engaged)[number]) => keys.get(keyOf(connectionId, event.externalId))
  await keepEarly(tx, actor, ...engaged.filter((one) => keyFor(one) === undefined))
  const known = engaged.flatMap((one) => {
    const messageId = keyFor(one)?.deletedAt ? null : keyFor(one)?.messageId
    return messageId ? [{ ...one, messageId }] : []
  })
  return applied + (await applyEngagements(tx, actor, known))
}

const isEngagement = (change: Change): change is Change & { readonly event: InboundEngagement } =>
  change.event.type === 'engagement'

/** Applies what came before these messages and threads did. */
export async function applyEarly(
  tx: Tx<InboxTables>,
  actor: Actor,
  messages: Parameters<typeof takeEarly>[2],
  threads: Parameters<typeof takeEarly>[3],
): Promise<void> {
  const early = await takeEarly(tx, actor, messages, threads)
  if (early.length > 0) await applyChanges(tx, actor, early)
}

async function visibilityOfConversation(tx: Tx<InboxTables>, actor: Actor, id: string): Promise<InboxVisibility> {
  return tx
    .selectFrom('conversations')
    .select(['teamId', 'assigneeId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

async function editMessage(tx: Tx<InboxTables>, actor: Actor, messageId: string, event: KnownEdit): Promise<number> {
  const row = await tx
    .updateTable('messages')
    .set({
      body: event.text,
      // What our own side wrote is not covered.
      personal: event.personal?.length
        ? sql`case when kind = 'in' then ${JSON.stringify(event.personal)}::jsonb end`
        : null,
      editedAt: event.at,
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', messageId)
    // What came in, or was written by us elsewhere; an answer written here is nobody else's to change.
    .where('identityId', 'is not', null)
    .where('deletedAt', 'is', null)
    // An edit back to the first words counts too, or an older one that comes later would win over it.
    .where((where) =>
      where.or([
        where('editedAt', 'is', null),
        where('editedAt', '<', event.at),
        where.and([where('editedAt', '=', event.at), where('body', '<>', event.text)]),
      ]),
    )
    .returning(['conversationId', 'occurredAt'])
    .executeTakeFirst()
  if (!row) return 0
  await editPost(tx, actor, messageId, event)
  await indexWords(tx, actor, [
    { messageId, conversationId: row.conversationId, occurredAt: row.occurredAt, words: event.text },
  ])
  await refreshPreview(tx, actor, row.conversationId)
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
  // Also when the message has not come yet: its key knows that it is gone.
  await sql`
    insert into message_keys as k (workspace_id, connection_id, external_id, deleted_at)
    values (${actor.workspaceId}::uuid, ${connectionId}::uuid, ${event.externalId}, ${event.at})
    on conflict (workspace_id, connection_id, external_id) do update set deleted_at = coalesce(k.deleted_at, excluded.deleted_at)
  `.execute(tx)
  return key?.messageId ? removeMessage(tx, actor, key.messageId, event.at) : 0
}

/** Words and files go: who deletes a message wants it gone. That there was one stays. */
async function removeMessage(tx: Tx<InboxTables>, actor: Actor, messageId: string, at: Date): Promise<number> {
  const row = await tx
    .updateTable('messages')
    .set({
      deletedAt: at,
      editedAt: null,
      body: '',
      personal: null,
      subject: null,
      data: '{}',
      attachmentCount: 0,
      hasHtml: false,
      deliveryId: null,
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', messageId)
    .where('deletedAt', 'is', null)
    .returning('conversationId')
    .executeTakeFirst()
  if (!row) return 0
  await tx
    .deleteFrom('attachments')
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .execute()
  await forgetWords(tx, actor, messageId)
  await forgetBody(tx, actor, messageId)
  await forgetPost(tx, actor, messageId)
  await refreshPreview(tx, actor, row.conversationId)
  await emit(tx, actor, 'inbox.message_deleted', {
    subjectId: row.conversationId,
    data: { conversationId: row.conversationId, messageId },
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
    .where('state', 'is not', null)
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
  await afterPart(tx, actor, messageId, event.state !== 'failed')
  await countFailure(tx, actor, conversationId, message.state, event.state)
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversationId,
    data: { conversationId, messageId, state: event.state },
    visibility: await visibilityOfConversation(tx, actor, conversationId),
  })
  return 1
}

async function changeThread(
  tx: Tx<InboxTables>,
  actor: Actor,
  connectionId: string,
  event: InboundThreadChange,
): Promise<number> {
  const facts = JSON.stringify(event.thread.facts ?? {})
  const { rows } = await sql<{ id: string; teamId: string | null; assigneeId: string | null; changed: boolean }>`
    with present as (
      select id, facts_at is null or facts_at <= ${event.at} as newer, thread_facts, subject from conversations
      where workspace_id = ${actor.workspaceId}::uuid and connection_id = ${connectionId}::uuid and thread_key = ${event.thread.key}
      for no key update
    ), wanted as (
      select id, case when newer then thread_facts || ${facts}::jsonb else ${facts}::jsonb || thread_facts end as facts,
        case when newer then coalesce(${event.thread.subject ?? null}, subject) else subject end as subject
      from present
    )
    update conversations c set thread_facts = w.facts, subject = w.subject, facts_at = greatest(c.facts_at, ${event.at}),
      version = c.version + (c.thread_facts <> w.facts or c.subject is distinct from w.subject)::int
    from wanted w, present p where c.workspace_id = ${actor.workspaceId}::uuid and c.id = w.id and p.id = w.id
    returning c.id, c.team_id, c.assignee_id, p.thread_facts <> w.facts or p.subject is distinct from w.subject as changed
  `.execute(tx)
  const beside = await changeBeside(tx, actor, connectionId, event)
  const row = beside ?? rows[0]
  if (!row) await keepEarly(tx, actor, { connectionId, event })
  if (!row?.changed) return 0
  await emit(tx, actor, 'inbox.conversation_changed', {
    subjectId: row.id,
    data: { conversationId: row.id, changed: ['threadFacts'] },
    visibility: { teamId: row.teamId, assigneeId: row.assigneeId },
  })
  return 1
}
