// What is understood of conversations, written onto their rows. Who understands lies above the inbox and hands it down: with a
// batch that is being stored (`Understand`), so that each row is written once, or later by `setUnderstanding`.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { ConversationSummary } from '../contract.ts'
import type { PersonalSpan } from './covering.ts'
import type { InboundItem, StoredMessage } from './inbound-items.ts'
import type { InboxTables } from './tables.ts'
import { mirrorLabels } from './threads.ts'

/** Everything that a row repeats; whoever writes one part of it writes all of it. */
export interface Understanding {
  readonly language: string | null
  readonly sentiment: string | null
  readonly intent: string | null
  readonly topic: string | null
  readonly severity: readonly string[]
  readonly needsPerson: boolean
  readonly toxic: boolean
  readonly groupId: string | null
  /** What all this was made of, for whoever understands: JSON that the row keeps and nobody else reads. */
  readonly from: unknown
  /** How far it moves ahead of others that wait as long. */
  readonly minutes: number
  /** The strongest first. */
  readonly reasons: ConversationSummary['priorityReasons']
}

/** A conversation that gets messages, before its row is written. */
export interface TouchedThread {
  readonly conversationId: string
  readonly connectionId: string
  readonly customerId: string
  readonly isNew: boolean
  readonly episode: number
  /** What is stored of it in this batch, both sides. */
  readonly messages: readonly StoredMessage[]
  /** The last word of the other side that this batch brings. */
  readonly lastInboundAt: Date | null
}

/** Called once for a batch, when its messages are stored and the rows of their conversations are not. Must not throw. */
export type Understand = (
  tx: Tx,
  actor: Actor,
  threads: readonly TouchedThread[],
) => Promise<ReadonlyMap<string, Understanding>>

/** What is known of a batch's messages once they were read. */
export interface Heard {
  /** Where personal data stands in a message's texts. */
  readonly personalOf: (message: InboundItem['message']) => readonly PersonalSpan[]
  readonly understand: Understand
}

/** A row's fields as they travel into a statement. */
export const understandingFields = (understanding: Understanding | undefined) =>
  understanding && {
    understood: true,
    language: understanding.language,
    sentiment: understanding.sentiment,
    intent: understanding.intent,
    topic: understanding.topic,
    severity: [...understanding.severity],
    needs_person: understanding.needsPerson,
    toxic: understanding.toxic,
    group_id: understanding.groupId,
    understood_from: understanding.from,
    minutes: understanding.minutes,
    reasons: understanding.reasons,
  }

/** The columns of `understandingFields` in a recordset. */
export const understandingColumns = sql.raw(
  'understood boolean, language text, sentiment text, intent text, topic text, severity text[], needs_person boolean, toxic boolean, group_id uuid, understood_from jsonb, minutes int, reasons jsonb',
)

/** Writes what is understood onto rows, and puts them where their reasons say; answers those that changed. Tells nobody. */
export async function setUnderstanding(
  tx: Tx<Pick<InboxTables, 'conversations' | 'conversationLabels'>>,
  actor: Actor,
  all: ReadonlyMap<string, Understanding>,
): Promise<{ id: string; teamId: string | null; assigneeId: string | null }[]> {
  if (all.size === 0) return []
  const rows = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, understanding]) => ({ id, ...understandingFields(understanding) }))
  const { rows: changed } = await sql<{ id: string; teamId: string | null; assigneeId: string | null }>`
    update conversations c set language = n.language, sentiment = n.sentiment, intent = n.intent, topic = n.topic,
      severity = coalesce(n.severity, '{}'), needs_person = n.needs_person, toxic = n.toxic, group_id = n.group_id, understood_from = n.understood_from,
      priority_at = c.priority_at + make_interval(mins => c.priority_minutes - n.minutes), priority_minutes = n.minutes,
      priority_reasons = n.reasons, version = c.version + 1
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id uuid, ${understandingColumns})
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = n.id
      and (c.language, c.sentiment, c.intent, c.topic, c.severity, c.needs_person, c.toxic, c.group_id, c.understood_from, c.priority_minutes, c.priority_reasons)
        is distinct from (n.language, n.sentiment, n.intent, n.topic, coalesce(n.severity, '{}'), n.needs_person, n.toxic, n.group_id, n.understood_from, n.minutes, n.reasons)
    returning c.id, c.team_id, c.assignee_id
  `.execute(tx)
  await mirrorLabels(
    tx,
    actor,
    changed.map(({ id }) => id),
  )
  return changed
}

/** Locks rows in the order in which a batch that is stored does; what refers to them need not wait. One statement; none for none. */
export async function lockConversations(
  tx: Tx<Pick<InboxTables, 'conversations'>>,
  actor: Actor,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    select from conversations where workspace_id = ${actor.workspaceId}::uuid and id = any (${[...ids]}::uuid[])
    order by connection_id, thread_key for no key update
  `.execute(tx)
}

export interface Grouped {
  readonly changed: readonly {
    readonly id: string
    readonly teamId: string | null
    readonly assigneeId: string | null
  }[]
  /** Those that somebody else writes just now. Whoever waited for them inside a batch could wait for somebody who waits for the batch. */
  readonly left: readonly string[]
}

/** Puts conversations into groups of those that say the same, by the smallest name that was ever found for them. */
export async function setGroups(
  tx: Tx<Pick<InboxTables, 'conversations'>>,
  actor: Actor,
  groups: ReadonlyMap<string, string>,
): Promise<Grouped> {
  if (groups.size === 0) return { changed: [], left: [] }
  const { rows } = await sql<{ id: string; teamId: string | null; assigneeId: string | null; isChanged: boolean }>`
    with wanted as materialized (
      select c.id, c.team_id, c.assignee_id, n.group_id
      from unnest(${[...groups.keys()]}::uuid[], ${[...groups.values()]}::uuid[]) as n (id, group_id)
      join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = n.id
      where c.group_id is null or c.group_id > n.group_id
    ), free as materialized (
      select id from conversations where workspace_id = ${actor.workspaceId}::uuid and id in (select id from wanted)
      for no key update skip locked
    ), changed as (
      update conversations c set group_id = w.group_id, version = c.version + 1
      from wanted w join free using (id)
      where c.workspace_id = ${actor.workspaceId}::uuid and c.id = w.id
      returning c.id
    )
    select w.id, w.team_id, w.assignee_id, changed.id is not null as is_changed from wanted w left join changed using (id)
  `.execute(tx)
  return {
    changed: rows.flatMap(({ isChanged, ...row }) => (isChanged ? [row] : [])),
    left: rows.flatMap(({ isChanged, id }) => (isChanged ? [] : [id])),
  }
}

/** Where a conversation stands that waits since `from` and is moved ahead by so many minutes. */
export const ahead = (from: Date, minutes: number): Date => new Date(from.getTime() - minutes * 60_000)
