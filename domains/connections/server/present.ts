// A connection as people see it: what is set, how it fares, and nothing secret.
import { sql, type Selectable } from 'kysely'
import type { Actor } from '#platform/actor'
import { notFound } from '#platform/contract/problem'
import type { Keyring } from '#platform/crypto'
import type { DB, Tx } from '#platform/db/database'
import { laneOf } from '#platform/jobs'
import { connectorOf } from '#channels/all'
import type { Connector } from '#channels/connector'
import type { Connection } from '../contract.ts'
import { LANES } from './accept.ts'
import type { FindConnector } from './known.ts'
import { secretFieldsOf, withLearned } from './settings.ts'
import type { ConnectionTables } from './tables.ts'

export type ConnectionRow = Selectable<DB['connections']>

/** Counts stop here; a backlog beyond it is the same news. */
const WAITING_CAP = 1000
const QUARANTINED_CAP = 10_000

interface Standing {
  readonly id: string
  readonly waiting: number
  readonly oldest: Date | null
  readonly quarantined: number
  readonly refused: number
}

/** All connections of the workspace by name, in two statements whatever their number. */
export async function listConnections(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  keyring: Keyring,
  find: FindConnector = connectorOf,
): Promise<Connection[]> {
  const rows = await tx
    .selectFrom('connections')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('state', '<>', 'removed')
    .orderBy('name')
    .orderBy('id')
    .limit(1000)
    .execute()
  return present(tx, actor, rows, keyring, find)
}

/** Throws 404 also for what was removed or belongs to another workspace. */
export async function getConnection(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  id: string,
  keyring: Keyring,
  find: FindConnector = connectorOf,
): Promise<Connection> {
  const [connection] = await present(tx, actor, [await findConnection(tx, actor, id)], keyring, find)
  return connection!
}

/** The row, or 404; `lock` keeps others from changing it meanwhile. */
export async function findConnection(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  id: string,
  lock = false,
): Promise<ConnectionRow> {
  const row = await tx
    .selectFrom('connections')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('state', '<>', 'removed')
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst()
  if (!row) throw notFound('connection')
  return row
}

async function present(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  rows: readonly ConnectionRow[],
  keyring: Keyring,
  find: FindConnector,
): Promise<Connection[]> {
  const standings = await standingsOf(tx, actor, rows)
  const feeds = await feedsOf(tx, actor, rows)
  return rows.map((row) => {
    const connector = find(row.channel)
    const feed = feeds.get(row.id)
    const { waiting, oldest, quarantined, refused } = standings.get(row.id)!
    return {
      id: row.id,
      channel: row.channel,
      name: row.name,
      publicKey: row.publicKey,
      settings: row.settings as Record<string, unknown>,
      secretFields: secretFieldsOf(keyring, row, row.credentials),
      state: row.state as Connection['state'],
      teamId: row.teamId,
      serviceHoursId: row.serviceHoursId,
      health: row.health as Connection['health'],
      healthReason: row.healthReason,
      healthAt: row.healthAt?.toISOString() ?? null,
      lastDeliveryAt: row.lastDeliveryAt?.toISOString() ?? null,
      lastSentAt: row.lastSentAt?.toISOString() ?? null,
      waiting,
      lagSeconds: oldest === null ? 0 : Math.max(0, Math.round((actor.at.getTime() - oldest.getTime()) / 1000)),
      quarantined,
      refusedToday: refused,
      byLeave: connector?.authorization?.wanted(row.settings as Record<string, unknown>) ?? false,
      signature: connector?.signatureOf?.(row.settings as Record<string, unknown>) ?? '',
      notes: [...(connector?.notesOf?.(withLearned(row.learned, row.settings), actor.at) ?? [])],
      fetching:
        connector && isFetched(connector, withLearned(row.learned, row.settings))
          ? fetchingOf(actor.at, row, feed)
          : null,
      catchingUp: progressOf(connector, feed),
      createdAt: row.createdAt.toISOString(),
    }
  })
}

type FeedRow = Selectable<DB['connectionFeeds']>

async function feedsOf(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  rows: readonly ConnectionRow[],
): Promise<Map<string, FeedRow>> {
  if (rows.length === 0) return new Map()
  const ids = rows.map(({ id }) => id)
  const found = await tx
    .selectFrom('connectionFeeds')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', 'in', ids)
    .execute()
  return new Map(found.map((feed) => [feed.connectionId, feed]))
}

/** A stream that runs is noted down every minute. */
const STREAM_SEEN_MS = 3 * 60_000

function fetchingOf(now: Date, row: ConnectionRow, feed: FeedRow | undefined): NonNullable<Connection['fetching']> {
  const seen = feed?.streamedAt?.getTime() ?? 0
  const streaming = row.state === 'active' && now.getTime() - seen < STREAM_SEEN_MS
  const last = Math.max(feed?.succeededAt?.getTime() ?? 0, seen)
  return {
    lastSuccessAt: last === 0 ? null : new Date(last).toISOString(),
    secondsSince: Math.max(0, Math.round((now.getTime() - (last || row.createdAt.getTime())) / 1000)),
    nextAt: row.state === 'active' && !streaming ? (feed?.dueAt.toISOString() ?? null) : null,
    streaming,
    failures: feed?.failures ?? 0,
  }
}

function progressOf(connector: Connector | undefined, feed: FeedRow | undefined): Connection['catchingUp'] {
  try {
    const progress = feed && connector?.progressOf?.(feed.cursor)
    return progress ? { ...progress } : null
  } catch {
    // A cursor of another version of the channel: the connection has to be shown all the same.
    return null
  }
}

// A connection's deliveries all lie in one lane, which leads the index of the pending ones.
async function standingsOf(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  rows: readonly ConnectionRow[],
): Promise<Map<string, Standing>> {
  const ids = rows.map(({ id }) => id)
  const found = await sql<Standing>`
    select c.id, pending.waiting, pending.oldest, quarantine.quarantined, refusals.refused
    from unnest(${ids}::uuid[], ${ids.map((id) => laneOf(id, LANES))}::smallint[]) as c (id, lane)
    cross join lateral (
      select count(*)::integer as waiting, min(received_at) as oldest
      from (
        select received_at from deliveries
        where lane = c.lane and state = 'pending' and connection_id = c.id and workspace_id = ${actor.workspaceId}::uuid
        order by seq limit ${WAITING_CAP}
      ) as first
    ) as pending
    cross join lateral (
      select count(*)::integer as quarantined
      from (
        select from deliveries
        where workspace_id = ${actor.workspaceId}::uuid and connection_id = c.id and state = 'quarantined'
        limit ${QUARANTINED_CAP}
      ) as first
    ) as quarantine
    cross join lateral (
      select coalesce(sum(count), 0)::integer as refused from refused_deliveries
      where workspace_id = ${actor.workspaceId}::uuid and connection_id = c.id and day = ${dayOf(actor.at)}::date
    ) as refusals
  `.execute(tx)
  return new Map(found.rows.map((row) => [row.id, row]))
}

/** The day in UTC, as refusals are counted by. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

const isFetched = ({ poll, stream, fetches }: Connector, settings: unknown): boolean =>
  (poll !== undefined || stream !== undefined) && (fetches?.(settings as Record<string, unknown>) ?? true)
