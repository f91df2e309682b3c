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

/** The oldest deliveries of a workspace in these lanes; `only` narrows to some of them. */
export async function takePending(
  tx: Tx<Tables>,
  actor: Actor,
  lanes: readonly number[],
  size: number,
  only: readonly string[] | null,
): Promise<PendingDelivery[]> {
  const narrowed = only === null ? sql<boolean>`true` : sql<boolean>`d.id = any (${[...only]}::uuid[])`
  const { rows } = await sql<PendingDelivery>`
    select taken.id, taken.connection_id, taken.lane, taken.received_at, taken.headers, taken.body
    from unnest(${[...lanes]}::smallint[]) as wanted (lane)
    cross join lateral (
      select d.id, d.connection_id, d.lane, d.received_at, d.headers, d.body, d.seq from deliveries d
      where d.workspace_id = ${actor.workspaceId}::uuid and d.state = 'pending' and d.lane = wanted.lane and ${narrowed}
      order by d.seq limit ${size}
    ) taken
    order by taken.seq limit ${size}
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
