// The conversation rows behind a batch of messages, brought up to date once at its end.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { rowSource } from '#platform/db/row-source'
import { effectOf, isNews } from './hearing.ts'
import type { StoredMessage } from './inbound-items.ts'
import { occurredAt } from './occurred-at.ts'
import { cover } from './covering.ts'
import { isReport } from './placing.ts'
import { previewOf } from './previews.ts'
import type { InboxTables } from './tables.ts'
import { threadKeyOf, touchBeside } from './threads-beside.ts'
import { coveredTitleOf, mirrorLabels, type Thread } from './threads.ts'
import {
  understandingColumns,
  understandingFields,
  type TouchedThread,
  type Understand,
  type Understanding,
} from './understanding.ts'

type Tables = Pick<
  InboxTables,
  'conversations' | 'conversationThreads' | 'episodes' | 'conversationParticipants' | 'conversationLabels'
>

const episodeRows = rowSource<InboxTables['episodes']>()({
  workspaceId: 'uuid',
  conversationId: 'uuid',
  episode: 'integer',
  openedAt: 'timestamptz',
  openedBy: 'text',
})
const participantRows = rowSource<InboxTables['conversationParticipants']>()({
  workspaceId: 'uuid',
  conversationId: 'uuid',
  identityId: 'uuid',
  joinedAt: 'timestamptz',
})

export interface ThreadChange {
  readonly thread: Thread
  /** A new conversation, or a new episode of one. */
  readonly opened: boolean
}

interface Summary {
  thread: Thread
  /** Whether any of it was said to us or by us; what stands around it moves nothing. */
  spoken: boolean
  count: number
  lastSeq: number
  lastInboundSeq: number | null
  /** The last that somebody has to read. */
  unreadSeq: number
  first: StoredMessage
  firstAt: Date
  last: StoredMessage
  lastAt: Date
  lastInboundAt: Date | null
  /** The first message from the other side, and from somebody there who is listened to. */
  firstInbound: StoredMessage | null
  firstInboundAt: Date | null
  /** Since when somebody waits for us, and from when on it has to be looked at: a list's mail is news, and nobody waits. */
  heardAt: Date | null
  opensAt: Date | null
  facts: Record<string, unknown>
  factsAt: Date | null
}

/** Brings the rows up to date with what was stored: one statement for all, whatever the batch. */
export async function touchThreads(
  tx: Tx<Tables>,
  actor: Actor,
  threads: ReadonlyMap<string, Thread>,
  stored: readonly StoredMessage[],
  seqs: ReadonlyMap<string, number>,
  understand?: Understand,
): Promise<ThreadChange[]> {
  const summaries = summarise(threads, stored, seqs)
  const understood = (await understand?.(tx as unknown as Tx, actor, summaries.map(touched(stored)))) ?? new Map()
  await updateRows(tx, actor, summaries, understood)
  const opened = summaries.filter(
    ({ thread, spoken, opensAt, lastInboundSeq }) =>
      (thread.isNew && spoken && (opensAt !== null || lastInboundSeq === null)) || thread.state === 'reopened',
  )
  await insertEpisodes(tx, actor, opened)
  await touchBeside(tx, actor, threads, stored)
  await joinParticipants(
    tx,
    actor,
    // A server that reports on an answer takes no part for it: its next mail may be forged, and no answer goes there.
    stored.filter(({ item, placedBy }) => !item.message.context && !(isReport(item) && !begins(placedBy))),
  )
  await mirrorLabels(
    tx,
    actor,
    summaries.filter(({ thread }) => !thread.isNew).map(({ thread }) => thread.id),
  )
  const ids = new Set(opened.map(({ thread }) => thread.id))
  return summaries.map(({ thread }) => ({ thread, opened: ids.has(thread.id) }))
}

const touched = (stored: readonly StoredMessage[]) => {
  const messages = Map.groupBy(stored, ({ conversationId }) => conversationId)
  return ({ thread, lastInboundAt, firstInbound }: Summary): TouchedThread => ({
    conversationId: thread.id,
    connectionId: thread.connectionId,
    customerId: joins(firstInbound) ? thread.customerId : (firstInbound?.item.speaker.customerId ?? thread.customerId),
    isNew: thread.isNew,
    episode: thread.episode,
    messages: messages.get(thread.id) ?? [],
    lastInboundAt,
  })
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
    const summary: Summary = summaries.get(conversationId) ?? {
      thread: threads.get(conversationId)!,
      spoken: false,
      count: 0,
      lastSeq: 0,
      lastInboundSeq: null,
      unreadSeq: 0,
      first: message,
      firstAt: at,
      last: message,
      lastAt: at,
      lastInboundAt: null,
      firstInbound: null,
      firstInboundAt: null,
      heardAt: null,
      opensAt: null,
      facts: {},
      factsAt: null,
    }
    const spoken = !item.message.context
    if (!message.promoted) summary.count += 1
    summary.lastSeq = Math.max(summary.lastSeq, seq)
    const counts = spoken || !summary.spoken
    const first = spoken && !summary.spoken
    if (first || (counts && at < summary.firstAt)) Object.assign(summary, { first: message, firstAt: at })
    if (first || (counts && at >= summary.lastAt)) Object.assign(summary, { last: message, lastAt: at })
    summary.spoken ||= spoken
    const beside = threadKeyOf(summary.thread, item)
    if (!item.message.ours && spoken) {
      summary.lastInboundSeq = Math.max(summary.lastInboundSeq ?? 0, seq)
      if (isNews(message)) summary.unreadSeq = Math.max(summary.unreadSeq, seq)
      // Windows of the first thread are its own: what was said beside it has its own.
      if (beside === null && (summary.lastInboundAt === null || at > summary.lastInboundAt)) summary.lastInboundAt = at
      if (summary.firstInboundAt === null || at < summary.firstInboundAt)
        Object.assign(summary, { firstInbound: message, firstInboundAt: at })
      const { opens, waits } = effectOf(item, { joins: !summary.thread.isNew, quiet: message.quiet })
      if (opens && (summary.opensAt === null || at < summary.opensAt)) summary.opensAt = at
      if (waits && (summary.heardAt === null || at < summary.heardAt)) summary.heardAt = at
    }
    const { facts } = item.message.thread
    if (facts && beside === null) {
      const newer = summary.factsAt === null || at >= summary.factsAt
      summary.facts = newer ? { ...summary.facts, ...facts } : { ...facts, ...summary.facts }
      if (newer) summary.factsAt = at
    }
    summaries.set(conversationId, summary)
  }
  return [...summaries.values()]
}

// By the times of what happened, not by arrival: late and reordered deliveries leave the same row as timely ones.
async function updateRows(
  tx: Tx<Tables>,
  actor: Actor,
  all: readonly Summary[],
  understood: ReadonlyMap<string, Understanding>,
): Promise<void> {
  const rows = all.map((summary) => ({
    id: summary.thread.id,
    is_new: summary.thread.isNew,
    spoken: summary.spoken,
    count: summary.count,
    last_seq: summary.lastSeq,
    last_inbound_seq: summary.unreadSeq,
    preview: previewOf(
      cover(summary.last.item.message.text, summary.last.item.personal),
      summary.last.item.message.media?.length,
    ),
    preview_kind: summary.last.item.message.ours ? 'out' : 'in',
    first_at: summary.firstAt,
    last_at: summary.lastAt,
    last_inbound_at: summary.lastInboundAt,
    first_inbound_at: summary.firstInboundAt,
    heard_at: summary.heardAt,
    opens: summary.opensAt !== null,
    episode: summary.thread.episode,
    subject: summary.spoken ? coveredTitleOf(summary.first.item) : null,
    // Who joins a conversation by answering in it does not make it theirs.
    customer_id: joins(summary.firstInbound) ? null : (summary.firstInbound?.item.speaker.customerId ?? null),
    customer_name: joins(summary.firstInbound) ? null : (summary.firstInbound?.item.speaker.customerName ?? null),
    facts: summary.facts,
    facts_at: summary.factsAt,
    ...understandingFields(understood.get(summary.thread.id)),
  }))
  const beginning = sql`(n.spoken and c.episode = 0)`
  const showing = sql`(n.spoken or c.episode = 0)`
  await sql`
    update conversations c set
      message_count = c.message_count + n.count,
      last_seq = greatest(c.last_seq, n.last_seq),
      last_inbound_seq = greatest(c.last_inbound_seq, coalesce(n.last_inbound_seq, 0)),
      -- What stands around a conversation moves its row only while nothing was said in it (episode 0); its first words begin it.
      preview = case when ${beginning} or (${showing} and n.last_at >= c.last_activity_at) then n.preview else c.preview end,
      preview_kind = case when ${beginning} or (${showing} and n.last_at >= c.last_activity_at) then n.preview_kind else c.preview_kind end,
      first_message_at = case when ${beginning} then n.first_at when ${showing} then least(c.first_message_at, n.first_at) else c.first_message_at end,
      last_activity_at = case when ${beginning} then n.last_at when ${showing} then greatest(c.last_activity_at, n.last_at) else c.last_activity_at end,
      last_inbound_at = greatest(c.last_inbound_at, n.last_inbound_at),
      -- A row that this batch made carries its title as it was written: what is personal in it was not known then.
      subject = case when n.is_new or ${beginning} or n.first_at < c.first_message_at then coalesce(n.subject, c.subject) else coalesce(c.subject, n.subject) end,
      -- Who the thread is with: who spoke first on the other side, also where our own words came before theirs.
      customer_id = case when n.customer_id is not null and (c.last_inbound_seq = 0 or n.first_inbound_at < c.first_message_at)
        then n.customer_id else c.customer_id end,
      customer_name = case when n.customer_id is not null and (c.last_inbound_seq = 0 or n.first_inbound_at < c.first_message_at)
        then n.customer_name else c.customer_name end,
      state = case when n.opens then 'open' else c.state end,
      snoozed_until = case when n.opens then null else c.snoozed_until end,
      resolved_at = case when n.opens then null else c.resolved_at end,
      episode = n.episode,
      waiting_since = case when n.heard_at is null then c.waiting_since else least(c.waiting_since, n.heard_at) end,
      priority_at = case when n.heard_at is not null then least(c.waiting_since, n.heard_at)
        when n.opens and c.waiting_since is null then greatest(c.last_activity_at, n.last_at)
        else c.priority_at + make_interval(mins => c.priority_minutes) end - make_interval(mins => coalesce(n.minutes, c.priority_minutes)),
      language = case when n.understood then n.language else c.language end,
      sentiment = case when n.understood then n.sentiment else c.sentiment end,
      intent = case when n.understood then n.intent else c.intent end,
      topic = case when n.understood then n.topic else c.topic end,
      severity = coalesce(n.severity, c.severity),
      needs_person = coalesce(n.needs_person, c.needs_person),
      toxic = coalesce(n.toxic, c.toxic),
      group_id = case when n.understood then n.group_id else c.group_id end,
      understood_from = coalesce(n.understood_from, c.understood_from),
      priority_minutes = coalesce(n.minutes, c.priority_minutes),
      priority_reasons = coalesce(n.reasons, c.priority_reasons),
      thread_facts = case when c.facts_at is null or n.facts_at >= c.facts_at then c.thread_facts || n.facts else n.facts || c.thread_facts end,
      facts_at = greatest(c.facts_at, n.facts_at),
      version = c.version + 1
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (
      id uuid, is_new boolean, spoken boolean, count int, last_seq bigint, last_inbound_seq bigint, preview text, preview_kind text, first_at timestamptz,
      last_at timestamptz, last_inbound_at timestamptz, first_inbound_at timestamptz, heard_at timestamptz, opens boolean, episode int,
      subject text, customer_id uuid, customer_name text, facts jsonb, facts_at timestamptz, ${understandingColumns})
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = n.id
  `.execute(tx)
}

const begins = (placedBy: StoredMessage['placedBy']): boolean => placedBy === 'new' || placedBy === 'stranger'

const joins = (message: StoredMessage | null): boolean =>
  message?.placedBy === 'follows' || message?.placedBy === 'reply_address' || message?.placedBy === 'report'

async function insertEpisodes(tx: Tx<Tables>, actor: Actor, opened: readonly Summary[]): Promise<void> {
  if (opened.length === 0) return
  const given = episodeRows(
    opened.map(({ thread, firstInboundAt, lastAt }) => ({
      workspaceId: actor.workspaceId,
      conversationId: thread.id,
      episode: thread.episode,
      openedAt: firstInboundAt ?? lastAt,
      openedBy: 'customer',
    })),
  )
  await tx
    .insertInto('episodes')
    .$call(given)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function joinParticipants(tx: Tx<Tables>, actor: Actor, stored: readonly StoredMessage[]): Promise<void> {
  if (stored.length === 0) return
  const pairs = new Map(
    stored.map(({ conversationId, item }) => [
      `${conversationId} ${item.speaker.identityId}`,
      { conversationId, item },
    ]),
  )
  const given = participantRows(
    [...pairs.values()].map(({ conversationId, item }) => ({
      workspaceId: actor.workspaceId,
      conversationId,
      identityId: item.speaker.identityId,
      joinedAt: item.receivedAt,
    })),
  )
  await tx
    .insertInto('conversationParticipants')
    .$call(given)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
