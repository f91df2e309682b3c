// The conversation rows behind a batch of messages: found or made, locked, and brought up to date once at the end.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { occurredAt, type InboundItem, type StoredMessage } from './inbound-items.ts'
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

export const PREVIEW_LENGTH = 160

/** First words of a text, on one line. */
export function previewOf(text: string, attachments = 0): string {
  const line = text.slice(0, 600).replaceAll('\u0000', '').replace(/\s+/g, ' ').trim()
  if (line === '' && attachments > 0) return attachments === 1 ? '1 file' : `${attachments} files`
  return line.length <= PREVIEW_LENGTH ? line : `${[...line].slice(0, PREVIEW_LENGTH - 1).join('')}…`
}

/** Finds or makes the conversations of new messages and locks them, in one order, so that batches can't block each other. */
export async function openThreads(
  tx: Tx<Tables>,
  actor: Actor,
  items: readonly InboundItem[],
): Promise<Map<string, Thread>> {
  const firsts = [...new Map(items.toReversed().map((item) => [threadKeyOf(item), item])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
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

export interface ThreadChange {
  readonly thread: Thread
  /** A new conversation, or a new episode of one. */
  readonly opened: boolean
}

interface Summary {
  thread: Thread
  count: number
  lastSeq: number
  lastInboundSeq: number | null
  last: StoredMessage
  lastAt: Date
  lastInboundAt: Date | null
  firstInboundAt: Date | null
  blocked: boolean
  facts: Record<string, unknown>
}

/** Brings the rows up to date with what was stored: one statement for all, whatever the batch. */
export async function touchThreads(
  tx: Tx<Tables>,
  actor: Actor,
  threads: ReadonlyMap<string, Thread>,
  stored: readonly StoredMessage[],
  seqs: ReadonlyMap<string, number>,
): Promise<ThreadChange[]> {
  const summaries = summarise(threads, stored, seqs)
  await updateRows(tx, actor, summaries)
  const opened = summaries.filter(({ thread, blocked }) => (thread.isNew && !blocked) || thread.state === 'reopened')
  await insertEpisodes(tx, actor, opened)
  await joinParticipants(tx, actor, stored)
  await mirrorLabels(
    tx,
    actor,
    summaries.filter(({ thread }) => !thread.isNew).map(({ thread }) => thread.id),
  )
  const ids = new Set(opened.map(({ thread }) => thread.id))
  return summaries.map(({ thread }) => ({ thread, opened: ids.has(thread.id) }))
}

function summarise(
  threads: ReadonlyMap<string, Thread>,
  stored: readonly StoredMessage[],
  seqs: ReadonlyMap<string, number>,
): Summary[] {
  const summaries = new Map<string, Summary>()
  for (const message of stored) {
    const { item, conversationId, messageId } = message
    const at = occurredAt(item.message.at, item.receivedAt)
    const seq = seqs.get(messageId)!
    const summary = summaries.get(conversationId) ?? {
      thread: threads.get(threadKeyOf(item))!,
      count: 0,
      lastSeq: 0,
      lastInboundSeq: null,
      last: message,
      lastAt: at,
      lastInboundAt: null,
      firstInboundAt: null,
      blocked: item.speaker.blocked,
      facts: {},
    }
    summary.count += 1
    summary.lastSeq = Math.max(summary.lastSeq, seq)
    if (at >= summary.lastAt) Object.assign(summary, { last: message, lastAt: at })
    if (!item.message.ours) {
      summary.lastInboundSeq = Math.max(summary.lastInboundSeq ?? 0, seq)
      if (summary.lastInboundAt === null || at > summary.lastInboundAt) summary.lastInboundAt = at
      if (summary.firstInboundAt === null || at < summary.firstInboundAt) summary.firstInboundAt = at
    }
    Object.assign(summary.facts, item.message.thread.facts)
    summaries.set(conversationId, summary)
  }
  return [...summaries.values()]
}

async function updateRows(tx: Tx<Tables>, actor: Actor, all: readonly Summary[]): Promise<void> {
  await sql`
    update conversations c set
      message_count = c.message_count + n.count,
      last_seq = greatest(c.last_seq, n.last_seq),
      last_inbound_seq = greatest(c.last_inbound_seq, coalesce(n.last_inbound_seq, 0)),
      preview = case when n.last_at >= c.last_activity_at then n.preview else c.preview end,
      preview_kind = case when n.last_at >= c.last_activity_at then n.preview_kind else c.preview_kind end,
      first_message_at = least(c.first_message_at, n.last_at),
      last_activity_at = greatest(c.last_activity_at, n.last_at),
      last_inbound_at = greatest(c.last_inbound_at, n.last_inbound_at),
      state = case when n.last_inbound_seq is null or n.blocked then c.state else 'open' end,
      snoozed_until = case when n.last_inbound_seq is null or n.blocked then c.snoozed_until end,
      resolved_at = case when n.last_inbound_seq is null or n.blocked then c.resolved_at end,
      episode = n.episode,
      waiting_since = case when n.blocked then c.waiting_since else coalesce(c.waiting_since, n.first_inbound_at) end,
      priority_at = case when n.blocked then c.priority_at else coalesce(c.waiting_since, n.first_inbound_at, c.priority_at) end,
      thread_facts = c.thread_facts || n.facts,
      version = c.version + 1
    from unnest(
      ${all.map(({ thread }) => thread.id)}::uuid[], ${all.map(({ count }) => count)}::int[],
      ${all.map(({ lastSeq }) => lastSeq)}::bigint[], ${all.map(({ lastInboundSeq }) => lastInboundSeq)}::bigint[],
      ${all.map(({ last }) => previewOf(last.item.message.text, last.item.message.media?.length))}::text[],
      ${all.map(({ last }) => (last.item.message.ours ? 'out' : 'in'))}::text[],
      ${all.map(({ lastAt }) => lastAt)}::timestamptz[], ${all.map(({ lastInboundAt }) => lastInboundAt)}::timestamptz[],
      ${all.map(({ firstInboundAt }) => firstInboundAt)}::timestamptz[], ${all.map(({ thread }) => thread.episode)}::int[],
      ${all.map(({ blocked }) => blocked)}::boolean[], ${all.map(({ facts }) => JSON.stringify(facts))}::jsonb[]
    ) as n (id, count, last_seq, last_inbound_seq, preview, preview_kind, last_at, last_inbound_at, first_inbound_at, episode, blocked, facts)
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = n.id
  `.execute(tx)
}

async function insertEpisodes(tx: Tx<Tables>, actor: Actor, opened: readonly Summary[]): Promise<void> {
  if (opened.length === 0) return
  await tx
    .insertInto('episodes')
    .values(
      opened.map(({ thread, firstInboundAt, lastAt }) => ({
        workspaceId: actor.workspaceId,
        conversationId: thread.id,
        episode: thread.episode,
        openedAt: firstInboundAt ?? lastAt,
        openedBy: 'customer',
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function joinParticipants(tx: Tx<Tables>, actor: Actor, stored: readonly StoredMessage[]): Promise<void> {
  const pairs = new Map(
    stored.map(({ conversationId, item }) => [
      `${conversationId} ${item.speaker.identityId}`,
      { conversationId, item },
    ]),
  )
  await tx
    .insertInto('conversationParticipants')
    .values(
      [...pairs.values()].map(({ conversationId, item }) => ({
        workspaceId: actor.workspaceId,
        conversationId,
        identityId: item.speaker.identityId,
        joinedAt: item.receivedAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
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
