// Messages carried from one conversation into another, with everything that repeats where they stand, and what a conversation's
// row says of its thread, found again from the thread.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { refreshPreview } from './previews.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { closeEpisode, mirrorLabels, reopenEpisode } from './threads.ts'
import type { ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

export interface Moved {
  readonly id: string
  readonly kind: string
  readonly subject: string | null
  readonly personal: unknown
  readonly identityId: string | null
  readonly occurredAt: Date
  readonly seq: number
}

/** Whether an answer of one of these conversations is about to leave. */
export async function underWay(tx: Tx<Tables>, actor: Actor, ids: readonly string[]): Promise<boolean> {
  const row = await tx
    .selectFrom('outbound')
    .select('messageId')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', 'in', [...ids])
    .where('state', 'in', ['held', 'queued', 'sending'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * A message alone or with all that came after it, and how many messages that others wrote or got would be left. `placedOnly`: of
 * what came after, only what was placed by what it answers; the rest stands where its platform has it.
 */
export async function movedMessages(
  tx: Tx<Tables>,
  actor: Actor,
  conversationId: string,
  from: Moved,
  { following, placedOnly }: { readonly following: boolean; readonly placedOnly: boolean },
): Promise<{ readonly moving: readonly Moved[]; readonly staying: number }> {
  const { rows } = await sql<Moved & { moves: boolean }>`
    select id, kind, subject, personal, identity_id, occurred_at, seq,
      id = ${from.id}::uuid or (${following} and (occurred_at, seq) > (m.at, m.place)
        and not (${placedOnly} and (kind <> 'in' or placed_by = 'thread'))) as moves
    from messages, (select occurred_at as at, seq as place from messages where workspace_id = ${actor.workspaceId}::uuid and id = ${from.id}::uuid) m
    where workspace_id = ${actor.workspaceId}::uuid and conversation_id = ${conversationId}::uuid
      and kind <> 'system' and state is distinct from 'cancelled'
    order by occurred_at, seq
  `.execute(tx)
  return {
    moving: rows.filter(({ moves }) => moves),
    staying: rows.filter(({ moves, kind }) => !moves && kind !== 'note').length,
  }
}

/** Carries messages over, with files, words, keys, gates and who takes part. */
export async function carryMessages(
  tx: Tx<Tables>,
  actor: Actor,
  messages: readonly Moved[],
  target: Pick<ConversationRow, 'id' | 'episode'>,
  placedBy: 'moved' | 'split',
): Promise<void> {
  const ids = messages.map(({ id }) => id)
  const here = sql`workspace_id = ${actor.workspaceId}::uuid and message_id = any (${ids}::uuid[])`
  const { rows } = await sql<{ source: string }>`
    with before as (select id, conversation_id from messages where workspace_id = ${actor.workspaceId}::uuid and id = any (${ids}::uuid[]))
    update messages m set conversation_id = ${target.id}::uuid, episode = ${target.episode}, placed_by = ${placedBy}, thread_key = null from before b
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = b.id returning b.conversation_id as source
  `.execute(tx)
  for (const table of ['attachments', 'message_search', 'outbound', 'send_gates'])
    await sql`update ${sql.table(table)} set conversation_id = ${target.id}::uuid where ${here}`.execute(tx)
  // By their names, which is what the keys are found by.
  await sql`
    update message_keys k set conversation_id = ${target.id}::uuid
    from (
      select m.id, unnest(array[m.external_id, o.platform_identity]) as name from messages m
      left join outbound o on o.workspace_id = m.workspace_id and o.message_id = m.id
      where m.workspace_id = ${actor.workspaceId}::uuid and m.id = any (${ids}::uuid[])
    ) n, connections c
    where c.workspace_id = ${actor.workspaceId}::uuid and k.workspace_id = c.workspace_id and k.connection_id = c.id
      and k.external_id = n.name and k.message_id = n.id
  `.execute(tx)
  await carryParts(tx, actor, [...new Set(rows.map(({ source }) => source))], target.id, ids)
}

// Who wrote what was carried takes part there now; who wrote nothing that stayed takes no part here any more.
async function carryParts(
  tx: Tx<Tables>,
  actor: Actor,
  sources: readonly string[],
  targetId: string,
  ids: readonly string[],
): Promise<void> {
  await sql`
    insert into conversation_participants (workspace_id, conversation_id, identity_id, joined_at)
    select workspace_id, conversation_id, identity_id, min(received_at) from messages
    where workspace_id = ${actor.workspaceId}::uuid and id = any (${[...ids]}::uuid[]) and identity_id is not null
      and coalesce(automatic not in ('report', 'receipt'), true)
    group by workspace_id, conversation_id, identity_id
    on conflict do nothing
  `.execute(tx)
  await sql`
    delete from conversation_participants p
    where p.workspace_id = ${actor.workspaceId}::uuid and p.conversation_id = any (${[...sources]}::uuid[])
      and p.identity_id in (select identity_id from messages where workspace_id = p.workspace_id and id = any (${[...ids]}::uuid[]))
      and not exists (select from messages m where m.workspace_id = p.workspace_id and m.conversation_id = p.conversation_id
        and m.identity_id = p.identity_id)
  `.execute(tx)
  await sql`
    insert into conversation_addresses as a (workspace_id, conversation_id, address, by_us)
    select ${actor.workspaceId}::uuid, ${targetId}::uuid, lower(one ->> 'address'), bool_or(m.kind = 'out')
    from messages m join message_bodies b on b.workspace_id = m.workspace_id and b.message_id = m.id,
      jsonb_array_elements(coalesce(b.addressees -> 'to', '[]') || coalesce(b.addressees -> 'cc', '[]') || coalesce(b.addressees -> 'bcc', '[]')) one
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = any (${[...ids]}::uuid[])
    group by lower(one ->> 'address')
    on conflict (workspace_id, conversation_id, address) do update set by_us = true where excluded.by_us and not a.by_us
  `.execute(tx)
}

/** Writes everything anew that a row repeats of its thread. An empty conversation is over; one in which somebody waits is open. */
export async function recountConversation(tx: Tx<Tables>, actor: Actor, row: ConversationRow): Promise<void> {
  const { rows } = await sql<{ state: string; waits: boolean; count: number }>`
    with thread as (
      select case when context then 'context' else kind end as kind, seq, occurred_at, state, automatic, kind in ('in', 'out', 'note') and state is distinct from 'cancelled' as counts
      from messages where workspace_id = ${actor.workspaceId}::uuid and conversation_id = ${row.id}::uuid
    ), found as (
      select count(*) filter (where counts)::int as count, coalesce(max(seq), 0) as last_seq,
        coalesce(max(seq) filter (where kind = 'in' and automatic is distinct from 'receipt'), 0) as last_inbound_seq,
        min(occurred_at) filter (where counts and kind <> 'note') as first_at,
        max(occurred_at) filter (where counts) as last_at, max(occurred_at) filter (where kind = 'in') as last_inbound_at,
        count(*) filter (where state in ('failed', 'unknown'))::int as failed,
        (select min(occurred_at) from thread where kind = 'in' and (automatic is null or automatic = 'report')
          and occurred_at > (select coalesce(max(occurred_at), '-infinity') from thread where kind = 'out' and counts)) as unanswered
      from thread
    ), wanted as (
      select *, case when count = 0 then 'resolved' when unanswered is not null and c.state = 'snoozed' then 'snoozed'
        when unanswered is not null then 'open' else c.state end as new_state
      from found, (select state from conversations where workspace_id = ${actor.workspaceId}::uuid and id = ${row.id}::uuid) c
    )
    update conversations c set message_count = w.count, last_seq = w.last_seq, last_inbound_seq = w.last_inbound_seq,
      first_message_at = coalesce(w.first_at, c.first_message_at), last_activity_at = coalesce(w.last_at, c.last_activity_at),
      last_inbound_at = w.last_inbound_at, failed_count = w.failed, state = w.new_state,
      resolved_at = case when w.new_state = 'resolved' then coalesce(c.resolved_at, ${actor.at}) end,
      waiting_since = case when w.new_state in ('open', 'snoozed') then w.unanswered end,
      priority_at = coalesce(case when w.new_state in ('open', 'snoozed') then w.unanswered end, w.last_at, c.last_activity_at) - make_interval(mins => c.priority_minutes)
    from wanted w where c.workspace_id = ${actor.workspaceId}::uuid and c.id = ${row.id}::uuid
    returning c.state, w.unanswered is not null as waits, w.count
  `.execute(tx)
  const { state } = rows[0]!
  await refreshPreview(tx, actor, row.id)
  if (state === 'resolved' && row.state !== 'resolved') await closeEpisode(tx, actor, row)
  if (state !== 'resolved' && row.state === 'resolved') await reopenEpisode(tx, actor, row)
  await mirrorLabels(tx, actor, [row.id])
}
