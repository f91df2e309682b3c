// Deliveries that wait to be taken in, as intake's worker sees them: by lane, oldest first, held while they are worked on.
import { sql } from 'kysely'
import type { StoredDelivery } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { LANES } from './accept.ts'
import type { ConnectionTables } from './tables.ts'

type Tables = Pick<ConnectionTables, 'deliveries'>

export interface PendingDelivery extends StoredDelivery {
  readonly connectionId: string
}

/** Lanes in which deliveries wait, the longest waiting first. */
export async function lanesWithWork(db: Database): Promise<number[]> {
  return db.system(async (tx) => {
    const { rows } = await sql<{ lane: number }>`
      select lane.n as lane from generate_series(0, ${LANES - 1}) as lane (n)
      cross join lateral (select seq from deliveries where state = 'pending' and lane = lane.n order by seq limit 1) first
      order by first.seq
    `.execute(tx)
    return rows.map(({ lane }) => lane)
  })
}

/** The workspace of the oldest delivery of a lane; a batch never spans two. As system. */
export async function firstPendingWorkspace(tx: Tx<Tables>, lane: number): Promise<string | null> {
  const row = await tx
    .selectFrom('deliveries')
    .select('workspaceId')
    .where('state', '=', 'pending')
    .where('lane', '=', lane)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  return row?.workspaceId ?? null
}

/** Whether the lane is ours until the transaction ends; false when another worker has it. */
export async function holdLane(tx: Tx<Tables>, lane: number): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(7305191, ${lane}) as held`.execute(tx)
  return rows[0]!.held
}

/** The oldest deliveries of a lane and workspace; `only` narrows to some of them. */
export async function takePending(
  tx: Tx<Tables>,
  actor: Actor,
  lane: number,
  size: number,
  only: readonly string[] | null,
): Promise<PendingDelivery[]> {
  let query = tx
    .selectFrom('deliveries')
    .select(['id', 'connectionId', 'receivedAt', 'headers', 'body'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('state', '=', 'pending')
    .where('lane', '=', lane)
    .orderBy('seq')
    .limit(size)
  if (only !== null) query = query.where('id', 'in', [...only])
  const rows = await query.execute()
  return rows.map(({ headers, ...row }) => ({ ...row, headers: headers as Record<string, string> }))
}

/** Marks deliveries as taken in. */
export async function finishDeliveries(tx: Tx, actor: Actor, deliveries: readonly PendingDelivery[]): Promise<void> {
  await sql`
    update deliveries d set state = 'done', settled_at = ${actor.at}
    from unnest(${deliveries.map(({ id }) => id)}::uuid[], ${deliveries.map(({ receivedAt }) => receivedAt)}::timestamptz[]) as n (id, received_at)
    where d.workspace_id = ${actor.workspaceId}::uuid and d.id = n.id and d.received_at = n.received_at
  `.execute(tx)
}
