// Personal data found in messages after they came.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { PersonalSpan } from './covering.ts'
import { refreshPreview } from './previews.ts'
import type { InboxTables } from './tables.ts'

/** Remembers what was found in messages after they came, and covers it on their conversations' rows too. */
export async function setPersonal(
  tx: Tx<Pick<InboxTables, 'conversations' | 'messages'>>,
  actor: Actor,
  all: ReadonlyMap<string, readonly PersonalSpan[]>,
): Promise<void> {
  const rows = [...all].filter(([, spans]) => spans.length > 0).map(([id, personal]) => ({ id, personal }))
  if (rows.length === 0) return
  const { rows: changed } = await sql<{ conversationId: string }>`
    update messages m set personal = n.personal from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id uuid, personal jsonb)
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = n.id and m.personal is distinct from n.personal
    returning m.conversation_id
  `.execute(tx)
  for (const id of new Set(changed.map(({ conversationId }) => conversationId))) await refreshPreview(tx, actor, id)
}

/** Messages that one step looks at. */
const STEP = 2_000

/**
 * Covers these kinds and no others in the next messages after `after`, by their ids; what is a writer's own stays open. Answers
 * where to go on, or null at the end.
 */
export async function coverKinds(
  tx: Tx<Pick<InboxTables, 'conversations' | 'messages'>>,
  actor: Actor,
  kinds: readonly string[],
  after: string | null,
): Promise<{ readonly next: string | null; readonly conversationIds: string[] }> {
  const { rows } = await sql<{ last: string | null; count: number; conversations: string[] | null }>`
    with step as (
      select id, personal from messages where workspace_id = ${actor.workspaceId}::uuid and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${STEP}
    ), marked as (
      select s.id, (select jsonb_agg(case when p.span ->> 'open' = 'own' then p.span
          when p.span ->> 'kind' = any (${[...kinds]}::text[]) then p.span - 'open'
          else p.span || '{"open": "chosen"}' end order by p.place)
        from jsonb_array_elements(s.personal) with ordinality as p (span, place)) as personal
      from step s where s.personal is not null
    ), changed as (
      update messages m set personal = n.personal from marked n
      where m.workspace_id = ${actor.workspaceId}::uuid and m.id = n.id and m.personal is distinct from n.personal
      returning m.conversation_id
    )
    select (select id from step order by id desc limit 1) as last, (select count(*)::int from step) as count,
      (select array_agg(distinct conversation_id) from changed) as conversations
  `.execute(tx)
  const { last, count, conversations } = rows[0]!
  for (const id of conversations ?? []) await refreshPreview(tx, actor, id)
  return { next: count === STEP ? last : null, conversationIds: conversations ?? [] }
}
