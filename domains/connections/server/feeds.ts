// How far each connection has been fetched. A step's deliveries and its cursor are stored in one transaction, and only by
// whoever began from the version that stands: a second runner, a late answer or a look further back never set it back.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { PollStep } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { signalAfterCommit, type Database, type Tx } from '#platform/db/database'
import { laneOf } from '#platform/jobs'
import { DELIVERIES_SIGNAL, LANES } from './accept.ts'
import type { HealthReport } from './health.ts'
import { keepLearned } from './learned.ts'
import type { ConnectionTables } from './tables.ts'

export interface FeedKey {
  readonly workspaceId: string
  readonly connectionId: string
}

export interface Feed extends FeedKey {
  readonly cursor: unknown
  readonly version: number
  readonly behind: boolean
  readonly failures: number
  readonly failingSince: Date | null
  readonly streamFailures: number
  readonly streamDueAt: Date | null
  readonly health: HealthReport['health']
}

/** Somebody else moved the cursor, or the connection is gone: what was fetched from the old one is not stored. */
export class FeedMoved extends Error {
  override readonly name = 'FeedMoved'
}

/** A due time further off than any wait is one that a clock set wrong has left behind. */
const LONGEST_WAIT = '2 hours'
const MOST_TOGETHER = 256
const MOST_BYTES = 8 * 1024 * 1024
/** A step above it is no step: its transaction would keep every reader of events waiting. */
const MOST_IN_STEP = 2000
const MOST_STEP_BYTES = 96 * 1024 * 1024

const mayBeFetched = sql<boolean>`c.state = 'active' and w.outbound_paused_reason is null`
const isDue = (now: Date) =>
  sql<boolean>`(f.due_at is null or f.due_at <= ${now} or f.due_at > ${now}::timestamptz + ${LONGEST_WAIT}::interval)`

/** Active connections of these channels whose time has come, the longest waiting first; none of a workspace that was restored. */
export function findDueFeeds(
  db: Database,
  now: Date,
  channels: readonly string[],
  but: readonly string[],
  most: number,
): Promise<FeedKey[]> {
  return db.system(async (tx) => {
    const { rows } = await sql<FeedKey>`
      select c.workspace_id, c.id as connection_id from connections c
      join workspaces w on w.id = c.workspace_id
      left join connection_feeds f on f.workspace_id = c.workspace_id and f.connection_id = c.id
      where ${mayBeFetched} and ${isDue(now)} and c.channel = any (${[...channels]}) and c.id <> all (${[...but]}::uuid[])
      order by f.due_at nulls first, c.id limit ${most}
    `.execute(tx)
    return rows
  })
}

/** The feed as it stands, made where there was none; null when it may not be fetched now, or is no longer due. */
export function openFeed(db: Database, { workspaceId, connectionId }: FeedKey, now: Date): Promise<Feed | null> {
  return db.system(async (tx) => {
    await sql`
      insert into connection_feeds (workspace_id, connection_id, due_at)
      select workspace_id, id, ${now} from connections
      where workspace_id = ${workspaceId}::uuid and id = ${connectionId}::uuid and state = 'active'
      on conflict do nothing
    `.execute(tx)
    const { rows } = await sql<Feed>`
      select f.workspace_id, f.connection_id, f.cursor, f.version, f.behind, f.failures, f.failing_since, f.stream_failures,
        f.stream_due_at, c.health
      from connection_feeds f
      join connections c on c.workspace_id = f.workspace_id and c.id = f.connection_id
      join workspaces w on w.id = f.workspace_id
      where f.workspace_id = ${workspaceId}::uuid and f.connection_id = ${connectionId}::uuid
        and ${mayBeFetched} and ${isDue(now)}
    `.execute(tx)
    return rows[0] ?? null
  })
}

export interface Standing {
  readonly connectionId: string
  readonly version: number
}

/** Those of the connections that may still be fetched, with the version that stands. */
export function findFetchable(db: Database, connectionIds: readonly string[]): Promise<Standing[]> {
  return db.system(async (tx) => {
    const { rows } = await sql<Standing>`
      select c.id as connection_id, coalesce(f.version, 0) as version from connections c
      join workspaces w on w.id = c.workspace_id
      left join connection_feeds f on f.workspace_id = c.workspace_id and f.connection_id = c.id
      where c.id = any (${[...connectionIds]}::uuid[]) and ${mayBeFetched}
    `.execute(tx)
    return rows
  })
}

export interface Moved {
  readonly at: Date
  readonly dueAt: Date
  readonly behind: boolean
  /** Heard on a stream that runs now. */
  readonly streaming: boolean
}

/**
 * Stores what a step found and moves the cursor, both or neither. Answers the new version. Throws FeedMoved, and RangeError for a
 * step that is too large to be one.
 */
export async function storeStep(
  db: Database,
  feed: FeedKey & Pick<Feed, 'version'>,
  { deliveries, cursor, learned }: Omit<PollStep, 'more'>,
  { at, dueAt, behind, streaming }: Moved,
): Promise<number> {
  const bytes = deliveries.reduce((sum, { body }) => sum + body.length, 0)
  if (deliveries.length > MOST_IN_STEP || (deliveries.length > 1 && bytes > MOST_STEP_BYTES))
    throw new RangeError(`A step of ${deliveries.length} deliveries and ${bytes} bytes is too large.`)
  return db.system(async (tx) => {
    const moved = await tx
      .updateTable('connectionFeeds')
      .set({
        cursor: JSON.stringify(cursor ?? null),
        version: feed.version + 1,
        dueAt,
        behind,
        failures: 0,
        failingSince: null,
        succeededAt: at,
        ...(streaming && { streamedAt: at }),
      })
      .where('workspaceId', '=', feed.workspaceId)
      .where('connectionId', '=', feed.connectionId)
      .where('version', '=', feed.version)
      .returning('version')
      .executeTakeFirst()
    if (!moved) throw new FeedMoved('The connection was moved on or removed meanwhile.')
    await keepLearned(tx, { workspaceId: feed.workspaceId, id: feed.connectionId }, learned)
    for (const part of partsOf(deliveries)) await insertDeliveries(tx, feed, part, at)
    if (deliveries.length > 0) signalAfterCommit(tx, DELIVERIES_SIGNAL)
    return moved.version
  })
}

type Found = PollStep['deliveries'][number]

function* partsOf(deliveries: readonly Found[]): Generator<readonly Found[]> {
  let part: Found[] = []
  let bytes = 0
  for (const delivery of deliveries) {
    if (part.length > 0 && (part.length === MOST_TOGETHER || bytes + delivery.body.length > MOST_BYTES)) {
      yield part
      part = []
      bytes = 0
    }
    part.push(delivery)
    bytes += delivery.body.length
  }
  if (part.length > 0) yield part
}

async function insertDeliveries(tx: Tx, feed: FeedKey, part: readonly Found[], at: Date): Promise<void> {
  const lane = laneOf(feed.connectionId, LANES)
  await sql`
    select accept_deliveries(
      ${part.map(() => feed.workspaceId)}::uuid[], ${part.map(() => randomUUIDv7())}::uuid[],
      ${part.map(() => feed.connectionId)}::uuid[], ${part.map(() => lane)}::smallint[],
      ${part.map(() => at.toISOString())}::timestamptz[], ${part.map(({ headers }) => JSON.stringify(headers))}::jsonb[],
      ${part.map(({ body }) => body)}::bytea[])
  `.execute(tx)
}

/** Notes what became of a turn; the cursor stays where it is. Nothing happens once the connection is gone. */
export async function noteFeed(
  tx: Tx<Pick<ConnectionTables, 'connectionFeeds'>>,
  { workspaceId, connectionId }: FeedKey,
  values: Partial<{
    dueAt: Date
    failures: number
    failingSince: Date | null
    streamFailures: number
    streamDueAt: Date | null
    streamedAt: Date | null
    succeededAt: Date
  }>,
): Promise<void> {
  await tx
    .updateTable('connectionFeeds')
    .set(values)
    .where('workspaceId', '=', workspaceId)
    .where('connectionId', '=', connectionId)
    .execute()
}

/** Lets a connection be fetched at once, whatever it was waiting for: its settings changed, or it goes on after a pause. */
export async function hurryFeed(
  tx: Tx<Pick<ConnectionTables, 'connectionFeeds'>>,
  actor: Actor,
  connectionId: string,
): Promise<void> {
  await tx
    .updateTable('connectionFeeds')
    // One failure stays, so that the next success is known to be news.
    .set({
      dueAt: actor.at,
      failures: sql`least(failures, 1)`,
      failingSince: null,
      streamFailures: 0,
      streamDueAt: null,
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connectionId)
    .execute()
}

/** Deliveries of a connection that intake has not taken in yet, counted up to `most`. */
export function countWaiting(db: Database, { connectionId }: FeedKey, most: number): Promise<number> {
  return db.system(async (tx) => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from (
        select from deliveries where lane = ${laneOf(connectionId, LANES)} and state = 'pending'
          and connection_id = ${connectionId}::uuid limit ${most}) as first
    `.execute(tx)
    return rows[0]!.n
  })
}

/** How long the longest overdue connection has been so, in seconds: 0 while everything is fetched in time. */
export function feedLagSeconds(db: Database, now: Date, channels: readonly string[]): Promise<number> {
  return db.system(async (tx) => {
    const { rows } = await sql<{ seconds: number }>`
      select coalesce(max(extract(epoch from ${now}::timestamptz - greatest(f.succeeded_at, f.streamed_at, c.created_at))), 0)::float8 as seconds
      from connections c
      join workspaces w on w.id = c.workspace_id
      left join connection_feeds f on f.workspace_id = c.workspace_id and f.connection_id = c.id
      where ${mayBeFetched} and c.channel = any (${[...channels]})
    `.execute(tx)
    return Math.max(0, rows[0]!.seconds)
  })
}
