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

/**
 * A delivery may hold hundreds of messages: its bytes tell better what a transaction will take than that it is one. A batch has to
 * stay far from the time limits of the database, or the same one would be begun again for ever.
 */
const MOST_BYTES = 128 * 1024

/** The oldest deliveries of a lane and workspace, at least one and no more than are done in good time; `only` narrows to some. */
export async function takePending(
  tx: Tx<Tables>,
  actor: Actor,
  lane: number,
  size: number,
  only: readonly string[] | null,
): Promise<PendingDelivery[]> {
  const { rows } = await sql<PendingDelivery & { headers: unknown }>`
    with first as (
      select id, received_at, seq, octet_length(body) as bytes from deliveries
      where workspace_id = ${actor.workspaceId}::uuid and state = 'pending' and lane = ${lane}
        and ${only === null ? sql`true` : sql`id = any (${[...only]}::uuid[])`}
      order by seq limit ${size}
    ), fitting as (
      select id, received_at, sum(bytes) over (order by seq) - bytes as before from first
    )
    select d.id, d.connection_id, d.received_at, d.headers, d.body from fitting f
    join deliveries d on d.workspace_id = ${actor.workspaceId}::uuid and d.id = f.id and d.received_at = f.received_at
    where f.before < ${MOST_BYTES}
    order by d.seq
  `.execute(tx)
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
