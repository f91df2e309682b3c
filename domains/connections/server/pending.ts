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
  readonly lane: number
}

export interface WaitingLane {
  readonly lane: number
  /** Whose delivery has waited longest in it. */
  readonly workspaceId: string
}

/** Lanes in which deliveries wait, the longest waiting first. */
export async function lanesWithWork(db: Database): Promise<WaitingLane[]> {
  return db.system(async (tx) => {
    const { rows } = await sql<WaitingLane>`
      select lane.n as lane, first.workspace_id from generate_series(0, ${LANES - 1}) as lane (n)
      cross join lateral (
        select seq, workspace_id from deliveries where state = 'pending' and lane = lane.n order by seq limit 1
      ) first
      order by first.seq
    `.execute(tx)
    return rows
  })
}

/** Those of the lanes that are ours until the transaction ends; the others are another worker's. */
export async function holdLanes(tx: Tx<Tables>, lanes: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ lane: number }>`
    select lane from unnest(${[...lanes].sort((a, b) => a - b)}::int[]) as lane where pg_try_advisory_xact_lock(7305191, lane)
  `.execute(tx)
  return rows.map(({ lane }) => lane)
}

/**
 * A delivery may hold hundreds of messages: its bytes tell better what a transaction will take than that it is one. A batch has to
 * stay far from the time limits of the database, or the same one would be begun again for ever.
 */
const MOST_BYTES = 128 * 1024

/** The oldest deliveries of a workspace in these lanes, at least one and no more than are done in good time; `only` narrows to some. */
export async function takePending(
  tx: Tx<Tables>,
  actor: Actor,
  lanes: readonly number[],
  size: number,
  only: readonly string[] | null,
): Promise<PendingDelivery[]> {
  const narrowed = only === null ? sql<boolean>`true` : sql<boolean>`d.id = any (${[...only]}::uuid[])`
  const { rows } = await sql<PendingDelivery>`
    with first as (
      select oldest.* from unnest(${[...lanes]}::smallint[]) as wanted (lane)
      cross join lateral (
        select d.id, d.received_at, d.seq, octet_length(d.body) as bytes from deliveries d
        where d.workspace_id = ${actor.workspaceId}::uuid and d.state = 'pending' and d.lane = wanted.lane and ${narrowed}
        order by d.seq limit ${size}
      ) oldest
      order by oldest.seq limit ${size}
    ), fitting as (
      select id, received_at, sum(bytes) over (order by seq) - bytes as before from first
    )
    select d.id, d.connection_id, d.lane, d.received_at, d.headers, d.body from fitting f
    join deliveries d on d.workspace_id = ${actor.workspaceId}::uuid and d.id = f.id and d.received_at = f.received_at
    where f.before < ${MOST_BYTES}
    order by d.seq
  `.execute(tx)
  return rows
}

/** Marks deliveries as taken in. */
export async function finishDeliveries(tx: Tx, actor: Actor, deliveries: readonly PendingDelivery[]): Promise<void> {
  await sql`
    update deliveries d set state = 'done', settled_at = ${actor.at}
    from unnest(${deliveries.map(({ id }) => id)}::uuid[], ${deliveries.map(({ receivedAt }) => receivedAt)}::timestamptz[]) as n (id, received_at)
    where d.workspace_id = ${actor.workspaceId}::uuid and d.id = n.id and d.received_at = n.received_at
  `.execute(tx)
}
