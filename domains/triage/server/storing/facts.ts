// What priority and labels of conversations are made of, read for many at once, and the making.
import { sql } from 'kysely'
import type { KnownConnections } from '#connections/server'
import { canReplyIn, type Understanding } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { PriorityPolicy } from '../../contract.ts'
import { LEAST_REACH, priorityOf, type Priority, type PriorityFacts } from '../priority/priority.ts'
import type { TriageReads, TriageTables } from '../tables.ts'
import { gather, nothingSaid, summarise, type Gathered, type Said, type Summary } from './summary.ts'

type Tables = Pick<TriageTables, 'messageAssessments'> & TriageReads

export interface ThreadFacts {
  readonly id: string
  readonly connectionId: string
  readonly visibility: string
  readonly lastInboundAt: Date | null
  readonly threadFacts: unknown
  readonly dueAt: Date | null
  readonly promiseState: string | null
  readonly groupId: string | null
  readonly contacts: number
  readonly tags: readonly string[]
  readonly reach: number | null
  readonly state: string
  readonly waitingSince: Date | null
  /** Topics of the writer's conversations of 90 days, this one too; null where nobody follows them. */
  readonly topics: readonly (string | null)[] | null
  /** What was said in the episode, so far as it was assessed. */
  readonly gathered: Gathered
}

/** Of one conversation that has to be read again, the newest messages that its row speaks of. */
const MOST_SAID = 500
const MOST_CONTACTS = 20
/** A customer of this tag, or of its plain words, is treated as vulnerable whatever they write. */
const VULNERABLE_TAG = 'vulnerable'

/**
 * Where what was said comes from: from the `row`, which keeps what was gathered before; from the `messages`, where one of them
 * changed; or from nowhere, since `nothing` was said yet in a new conversation.
 */
export type SaidFrom = 'row' | 'messages' | 'nothing'

export interface HowRead {
  readonly from: SaidFrom
  /** Where the row's own episode is not up to date yet. */
  readonly episode?: number
}

interface Row extends Omit<ThreadFacts, 'gathered'> {
  readonly episode: number
  readonly kept: Gathered | null
  readonly said: readonly Said[] | null
}

/** One statement, and one probe a conversation; those that are not there are left out. */
export async function readFacts(
  tx: Tx<Tables>,
  actor: Actor,
  ids: readonly string[],
  how: (id: string) => HowRead = () => ({ from: 'row' }),
): Promise<ThreadFacts[]> {
  if (ids.length === 0) return []
  const wanted = ids.map(how)
  const { rows } = await sql<Row>`
    select c.id, c.connection_id, c.visibility, c.last_inbound_at, c.thread_facts, c.due_at, c.promise_state, c.group_id,
      (select count(*)::int from (select from conversations o where o.workspace_id = c.workspace_id and o.customer_id = c.customer_id
        and o.last_activity_at > c.first_message_at - interval '14 days' and o.first_message_at < c.first_message_at and o.id <> c.id
        limit ${MOST_CONTACTS}) before) as contacts,
      array(select t.tag from customer_tags t where t.workspace_id = c.workspace_id and t.customer_id = c.customer_id) as tags,
      c.state, c.waiting_since, r.reach,
      case when r.reach > ${LEAST_REACH} then array(select o.topic from conversations o where o.workspace_id = c.workspace_id
        and o.customer_id = c.customer_id and o.last_activity_at > c.first_message_at - interval '90 days' and o.id <> c.id
        limit ${MOST_CONTACTS}) end as topics,
      c.now_in as episode, c.understood_from as kept,
      case when w.source = 'messages' or (w.source = 'row' and (c.understood_from->>'episode')::int is distinct from c.now_in)
        then coalesce((select json_agg(s) from (
          select m.occurred_at as "occurredAt", a.language, a.sentiment, a.negative, a.intent, a.topic, a.urgency,
            a.severity, a.severity_probabilities as "severityProbabilities", a.needs_person as "needsPerson", a.toxicity, a.corrected
          from messages m join message_assessments a on a.workspace_id = m.workspace_id and a.message_id = m.id
          where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.kind = 'in' and not m.context and m.deleted_at is null
            and m.episode = c.now_in
          order by m.occurred_at desc, m.seq desc limit ${MOST_SAID}) s), '[]') end as said
    from unnest(${[...ids]}::uuid[], ${wanted.map(({ episode }) => episode ?? null)}::int[],
      ${wanted.map(({ from }) => from)}::text[]) as w (id, episode, source)
    cross join lateral (select *, coalesce(w.episode, episode) as now_in from conversations
      where workspace_id = ${actor.workspaceId}::uuid and id = w.id limit 1) c
    left join lateral (select max(i.reach) as reach from identities i
      where i.workspace_id = c.workspace_id and i.customer_id = c.customer_id) r on true
  `.execute(tx)
  return rows.map(({ episode, kept, said, ...row }) => ({
    ...row,
    gathered: said === null ? (kept ?? nothingSaid(episode)) : gather(episode, said),
  }))
}

export interface Understood {
  readonly understanding: Understanding
  readonly priority: Priority
}

/** Labels and place of one conversation. `groupId`: where it stands in another group than its row says; `asIfWaiting`: where an
 *  answer is due that its row does not know of yet, or would have been. */
export async function understandThread(
  known: KnownConnections,
  actor: Actor,
  facts: ThreadFacts,
  policy: PriorityPolicy,
  { groupId = facts.groupId, asIfWaiting = false }: { groupId?: string | null; asIfWaiting?: boolean } = {},
): Promise<Understood> {
  const summary = summarise(facts.gathered)
  const windowEndsAt = await windowOf(known, actor, facts)
  const asItStands = priorityFacts(facts, summary, windowEndsAt)
  const standing = asIfWaiting ? { ...asItStands, waits: true, resolved: false } : asItStands
  const priority = priorityOf(standing, policy, actor.at)
  const { language, sentiment, intent, topic, needsPerson, toxic } = summary
  return {
    priority,
    understanding: {
      language,
      sentiment,
      intent,
      topic,
      severity: summary.severity.map(({ kind }) => kind),
      needsPerson,
      toxic,
      groupId,
      from: facts.gathered,
      minutes: priority.minutes,
      reasons: [...priority.reasons],
    },
  }
}

export const priorityFacts = (facts: ThreadFacts, summary: Summary, windowEndsAt: Date | null): PriorityFacts => ({
  severity: summary.severity,
  urgency: summary.urgency,
  dueAt: facts.dueAt,
  windowEndsAt,
  contacts: facts.contacts,
  brokenPromise: facts.promiseState === 'broken',
  vulnerable: facts.tags.includes(VULNERABLE_TAG) || summary.severity.some(({ kind }) => kind === 'vulnerable'),
  reach: facts.reach,
  saidAt: summary.saidAt,
  negative: summary.negative,
  tags: facts.tags,
  topical: topicalShare(summary.topic, facts.topics),
  waits: facts.waitingSince !== null,
  resolved: facts.state === 'resolved',
})

/** How much of what somebody writes of is this: of this conversation and those before it. Without a topic nothing is known. */
export function topicalShare(topic: string | null, others: ThreadFacts['topics']): number {
  const told = (others ?? []).filter((one) => one !== null)
  if (topic === null) return told.length === 0 ? 1 : 0.5
  return (told.filter((one) => one === topic).length + 1) / (told.length + 1)
}

/** When the channel stops taking an answer; null where it does not, or did already. */
async function windowOf(known: KnownConnections, actor: Actor, facts: ThreadFacts): Promise<Date | null> {
  const connection = await known.byId(actor.workspaceId, facts.connectionId)
  if (!connection) return null
  const can = canReplyIn(
    { visibility: facts.visibility, lastInboundAt: facts.lastInboundAt, threadFacts: facts.threadFacts as never },
    connection,
    actor.at,
  )
  return can.ok ? (can.until ?? null) : null
}
