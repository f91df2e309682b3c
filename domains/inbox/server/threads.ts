// The conversations behind a batch of messages: found or made, and locked.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboundItem } from './inbound-items.ts'
import { occurredAt } from './occurred-at.ts'
import type { InboxTables } from './tables.ts'

export interface Thread {
  readonly id: string
  readonly connectionId: string
  readonly threadKey: string
  readonly customerId: string
  readonly state: string
  readonly episode: number
  readonly teamId: string | null
  readonly assigneeId: string | null
  readonly isNew: boolean
}

type Tables = Pick<InboxTables, 'conversations' | 'episodes' | 'conversationParticipants' | 'conversationLabels'>

export const threadKeyOf = ({ source, message }: Pick<InboundItem, 'source' | 'message'>): string =>
  `${source.connectionId} ${message.thread.key}`

/** Finds or makes the conversations of new messages and locks them, in one order, so that batches can't block each other. */
export async function openThreads(
  tx: Tx<Tables>,
  actor: Actor,
  items: readonly InboundItem[],
): Promise<Map<string, Thread>> {
  const firsts = [...Map.groupBy(items, threadKeyOf)]
    .map(([key, all]) => [key, firstOf(all)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const threads = await lockThreads(
    tx,
    actor,
    firsts.map(([, item]) => item),
  )
  const missing = firsts.filter(([key]) => !threads.has(key)).map(([, item]) => item)
  if (missing.length === 0) return reopened(threads, items)
  const made = await tx
    .insertInto('conversations')
    .values(missing.map((item) => newConversation(actor, item)))
    .onConflict((conflict) => conflict.columns(['workspaceId', 'connectionId', 'threadKey']).doNothing())
    .returning(['id'])
    .execute()
  const ours = new Set(made.map(({ id }) => id))
  for (const [key, thread] of await lockThreads(tx, actor, missing))
    threads.set(key, { ...thread, isNew: ours.has(thread.id) })
  return reopened(threads, items)
}

/** The message that a conversation is named after: the customer's first, by time and not by arrival. */
function firstOf(items: readonly InboundItem[]): InboundItem {
  const theirs = items.filter(({ message }) => !message.ours)
  const at = ({ message, receivedAt }: InboundItem) => occurredAt(message.at, receivedAt).getTime()
  return (theirs.length > 0 ? theirs : items).reduce((first, item) => (at(item) < at(first) ? item : first))
}

/** A message in a resolved conversation begins its next episode, unless nobody wants to hear from its customer. */
function reopened(threads: Map<string, Thread>, items: readonly InboundItem[]): Map<string, Thread> {
  for (const item of items) {
    const key = threadKeyOf(item)
    const thread = threads.get(key)!
    if (opensEpisode(thread, item)) threads.set(key, { ...thread, episode: thread.episode + 1, state: 'reopened' })
  }
  return threads
}

const opensEpisode = (thread: Thread, { message, speaker }: InboundItem): boolean =>
  thread.state === 'resolved' && !thread.isNew && !message.ours && !speaker.blocked

async function lockThreads(tx: Tx<Tables>, actor: Actor, items: readonly InboundItem[]): Promise<Map<string, Thread>> {
  const { rows } = await sql<Omit<Thread, 'isNew'>>`
    select c.id, c.connection_id, c.thread_key, c.customer_id, c.state, c.episode, c.team_id, c.assignee_id
    from unnest(${items.map(({ source }) => source.connectionId)}::uuid[], ${items.map(({ message }) => message.thread.key)}::text[])
      as wanted (connection_id, thread_key)
    join conversations c on c.workspace_id = ${actor.workspaceId}::uuid
      and c.connection_id = wanted.connection_id and c.thread_key = wanted.thread_key
    order by c.connection_id, c.thread_key
    for update of c
  `.execute(tx)
  return new Map(rows.map((row) => [`${row.connectionId} ${row.threadKey}`, { ...row, isNew: false }]))
}

function newConversation(actor: Actor, { source, message, speaker, receivedAt }: InboundItem) {
  const at = occurredAt(message.at, receivedAt)
  return {
    workspaceId: actor.workspaceId,
    id: randomUUIDv7(),
    connectionId: source.connectionId,
    channel: source.channel,
    threadKey: message.thread.key,
    customerId: speaker.customerId,
    customerName: speaker.customerName,
    subject: message.thread.subject ?? message.subject ?? null,
    visibility: message.thread.visibility,
    shape: message.thread.shape,
    state: speaker.blocked ? 'resolved' : 'open',
    resolvedAt: speaker.blocked ? at : null,
    teamId: source.teamId,
    firstMessageAt: at,
    lastActivityAt: at,
    priorityAt: at,
    threadFacts: JSON.stringify(message.thread.facts ?? {}),
    isSample: source.isSample ?? false,
  }
}

/** Repeats state and order of conversations on their label rows, where a label's list reads them. */
export async function mirrorLabels(
  tx: Tx<Pick<InboxTables, 'conversations' | 'conversationLabels'>>,
  actor: Actor,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update conversation_labels l set state = c.state, last_activity_at = c.last_activity_at, priority_at = c.priority_at
    from conversations c
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = any (${[...ids]}::uuid[]) and c.label_ids <> '{}'
      and l.workspace_id = c.workspace_id and l.conversation_id = c.id
  `.execute(tx)
}

/** Closes the present episode on record. */
export async function closeEpisode(
  tx: Tx<Pick<InboxTables, 'episodes'>>,
  actor: Actor,
  conversation: { readonly id: string; readonly episode: number },
): Promise<void> {
  await tx
    .updateTable('episodes')
    .set({ resolvedAt: actor.at, resolvedBy: memberOf(actor) })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('episode', '=', conversation.episode)
    .execute()
}

/** Opens the closed episode again, on record too: closing it was a slip. */
export async function reopenEpisode(
  tx: Tx<Pick<InboxTables, 'episodes'>>,
  actor: Actor,
  conversation: { readonly id: string; readonly episode: number },
): Promise<void> {
  await tx
    .updateTable('episodes')
    .set({ resolvedAt: null, resolvedBy: null })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('episode', '=', conversation.episode)
    .execute()
}
