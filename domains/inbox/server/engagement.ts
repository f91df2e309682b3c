// What others did with messages that are here: the platform's counts, newest word, and single deeds, each once by its own name.
// A batch of any size takes a fixed number of statements: a post that everybody likes at once must not hold up what people say.
import { sql } from 'kysely'
import type { InboundEngagement } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emit } from './emit.ts'
import { countsOf } from './posts.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'messagePosts' | 'messageDeeds' | 'messages' | 'conversations'>

export interface Engaged {
  readonly connectionId: string
  readonly messageId: string
  readonly event: InboundEngagement
}

/** Applies them in any order, doubled or not. Answers how many messages show something new. */
export async function applyEngagements(tx: Tx<Tables>, actor: Actor, given: readonly Engaged[]): Promise<number> {
  if (given.length === 0) return 0
  const touched = new Set([...(await keepCounts(tx, actor, given)), ...(await keepDeeds(tx, actor, given))])
  await tellEngaged(tx, actor, [...touched])
  return touched.size
}

async function keepCounts(tx: Tx<Tables>, actor: Actor, given: readonly Engaged[]): Promise<string[]> {
  const newest = new Map<string, Engaged>()
  for (const one of given) {
    if (!one.event.counts) continue
    const before = newest.get(one.messageId)
    if (!before || before.event.at <= one.event.at) newest.set(one.messageId, one)
  }
  const rows = [...newest.values()].sort(byMessage)
  if (rows.length === 0) return []
  const { rows: kept } = await sql<{ messageId: string }>`
    insert into message_posts as p (workspace_id, message_id, counts, counts_at)
    select ${actor.workspaceId}::uuid, * from unnest(${rows.map(({ messageId }) => messageId)}::uuid[],
      ${rows.map(({ event }) => JSON.stringify(countsOf(event.counts)))}::jsonb[], ${rows.map(({ event }) => event.at)}::timestamptz[])
    on conflict (workspace_id, message_id) do update set counts = excluded.counts, counts_at = excluded.counts_at
      where (p.counts_at is null or p.counts_at <= excluded.counts_at) and p.counts <> excluded.counts
    returning message_id
  `.execute(tx)
  return kept.map(({ messageId }) => messageId)
}

/** One deed a name, its last word; what was undone at the moment at which it was done is undone. */
async function keepDeeds(tx: Tx<Tables>, actor: Actor, given: readonly Engaged[]): Promise<string[]> {
  const last = new Map<string, Engaged & { readonly deed: NonNullable<InboundEngagement['deed']> }>()
  for (const one of given) {
    const { deed } = one.event
    if (!deed) continue
    const key = `${one.connectionId} ${deed.externalId}`
    const before = last.get(key)
    const older =
      before && (before.event.at > one.event.at || (+before.event.at === +one.event.at && before.deed.undone))
    if (!older) last.set(key, { ...one, deed })
  }
  const rows = [...last.values()].sort(byMessage)
  if (rows.length === 0) return []
  const { rows: counted } = await sql<{ messageId: string }>`
    with kept as (
      insert into message_deeds as d (workspace_id, connection_id, external_id, message_id, kind, by_external_id, by_name, at, undone)
      select ${actor.workspaceId}::uuid, * from unnest(${rows.map(({ connectionId }) => connectionId)}::uuid[],
        ${rows.map(({ deed }) => deed.externalId.slice(0, 512))}::text[], ${rows.map(({ messageId }) => messageId)}::uuid[],
        ${rows.map(({ deed }) => deed.kind)}::text[], ${rows.map(({ deed }) => deed.by.externalId.slice(0, 512))}::text[],
        ${rows.map(({ deed }) => (deed.by.name ?? deed.by.handle ?? null)?.slice(0, 200) ?? null)}::text[],
        ${rows.map(({ event }) => event.at)}::timestamptz[], ${rows.map(({ deed }) => deed.undone ?? false)}::boolean[])
      on conflict (workspace_id, connection_id, external_id) do update set at = excluded.at, undone = excluded.undone
        where d.at < excluded.at or (d.at = excluded.at and excluded.undone)
      returning new.message_id, new.kind, (not new.undone)::int - (not coalesce(old.undone, true))::int as more
    ), sums as (
      select message_id, kind, sum(more)::int as more from kept group by message_id, kind having sum(more) <> 0
    )
    insert into message_posts as p (workspace_id, message_id, deeds)
    select ${actor.workspaceId}::uuid, message_id, jsonb_object_agg(kind, more) from sums group by message_id
    on conflict (workspace_id, message_id) do update set deeds = (
      select jsonb_object_agg(kind, greatest(0, coalesce((p.deeds ->> kind)::int, 0) + coalesce((excluded.deeds ->> kind)::int, 0)))
      from unnest(array['like', 'repost', 'quote']) as kind)
    returning message_id
  `.execute(tx)
  return counted.map(({ messageId }) => messageId)
}

// Locked in one order, so that two batches never wait for each other in a circle.
const byMessage = (a: Engaged, b: Engaged): number => (a.messageId < b.messageId ? -1 : 1)

async function tellEngaged(tx: Tx<Tables>, actor: Actor, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return
  const rows = await tx
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.workspaceId', '=', 'm.workspaceId').onRef('c.id', '=', 'm.conversationId'),
    )
    .select(['m.id', 'm.conversationId', 'c.teamId', 'c.assigneeId'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.id', 'in', messageIds)
    .execute()
  await emit(
    tx,
    actor,
    'inbox.message_engaged',
    ...rows.map(({ id, conversationId, teamId, assigneeId }) => ({
      subjectId: conversationId,
      data: { conversationId, messageId: id },
      visibility: { teamId, assigneeId },
    })),
  )
}

/** What is shown: the platform's counts, or what was told deed by deed where that is more. */
export function engagementOf(counts: unknown, deeds: unknown): Record<string, number> {
  const told = (counts ?? {}) as Record<string, number>
  const done = (deeds ?? {}) as Record<string, number>
  const shown = { ...told }
  for (const [kind, name] of [
    ['like', 'likes'],
    ['repost', 'reposts'],
    ['quote', 'quotes'],
  ] as const)
    shown[name] = Math.max(told[name] ?? 0, done[kind] ?? 0)
  return Object.fromEntries(Object.entries(shown).filter(([, count]) => count > 0))
}
