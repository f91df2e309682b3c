// Reasons that change by the clock do so in steps: each conversation's next one is remembered, and one job a workspace comes at
// the earliest of them.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import type { TriageTables } from '../tables.ts'

export const STEP_TASK = 'triage.step'
/** What came due is worked off so many at a time, so that no transaction grows long. */
const MOST_DUE = 200

type Tables = Pick<TriageTables, 'prioritySteps'>

/** Remembers next steps; a conversation without one keeps an old one, which will find nothing to do. None: no statement. */
export async function rememberSteps(tx: Tx<Tables>, actor: Actor, steps: ReadonlyMap<string, Date>): Promise<void> {
  if (steps.size === 0) return
  const all = [...steps].sort(([a], [b]) => (a < b ? -1 : 1))
  await sql`
    insert into priority_steps as s (workspace_id, conversation_id, at)
    select ${actor.workspaceId}::uuid, n.id, n.at from unnest(${all.map(([id]) => id)}::uuid[], ${all.map(([, at]) => at)}::timestamptz[]) as n (id, at)
    on conflict (workspace_id, conversation_id) do update set at = excluded.at
  `.execute(tx)
  await scheduleNextStep(tx, actor)
}

/** Takes out what is due. */
export async function takeDueSteps(tx: Tx<Tables>, actor: Actor): Promise<string[]> {
  const { rows } = await sql<{ conversationId: string }>`
    delete from priority_steps where workspace_id = ${actor.workspaceId}::uuid and conversation_id in (
      select conversation_id from priority_steps where workspace_id = ${actor.workspaceId}::uuid and at <= ${actor.at}
      order by at limit ${MOST_DUE} for update skip locked)
    returning conversation_id
  `.execute(tx)
  return rows.map(({ conversationId }) => conversationId)
}

/** One job a workspace, at the earliest step; a job that waits for a later one is moved. */
export async function scheduleNextStep(tx: Tx<Tables>, actor: Actor): Promise<void> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(at) as at from priority_steps where workspace_id = ${actor.workspaceId}::uuid
  `.execute(tx)
  const at = rows[0]?.at
  if (at) await enqueue(tx, STEP_TASK, {}, { key: `${STEP_TASK}:${actor.workspaceId}`, runAt: at })
}
