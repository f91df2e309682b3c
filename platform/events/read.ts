import { sql, type RawBuilder } from 'kysely'
import type { ActorKind } from '../actor.ts'
import type { Tx } from '../db/database.ts'
import type { PlatformTables } from '../db/tables.ts'
import type { Position } from './position.ts'

export interface StoredEvent {
  readonly position: Position
  readonly workspaceId: string
  readonly seq: number
  readonly at: Date
  readonly type: string
  readonly actorKind: ActorKind
  readonly actorId: string | null
  readonly subjectId: string | null
  readonly data: Readonly<Record<string, unknown>>
  readonly visibility: Readonly<Record<string, unknown>>
}

export interface EventBatch {
  readonly events: readonly StoredEvent[]
  /** Where to go on: behind the last event, or behind everything settled when there was none. */
  readonly position: Position
  /** Whether the batch was full, so that more is likely there at once. */
  readonly more: boolean
  /** Whether committed events wait for an older transaction that still runs. */
  readonly unsettled: boolean
}

const MOST_AT_ONCE = 500

export interface ReadOptions {
  readonly limit?: number
  /** Only these; positions still move past what was left out. */
  readonly types?: readonly string[]
}

type EventTables = Pick<PlatformTables, 'events' | 'epochs'>

/** The present end: behind every event whose transaction, and all begun before it, are over. */
export async function headPosition(tx: Tx<EventTables>): Promise<Position> {
  const { rows } = await sql<{ epoch: number; xmin: number }>`
    select (select max(epoch) from epochs) as epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin
  `.execute(tx)
  return { epoch: rows[0]!.epoch, xid: rows[0]!.xmin - 1, seq: Number.MAX_SAFE_INTEGER }
}

/**
 * The statement of `readEvents`. One, and so one snapshot: what is settled by it is also seen by it. Both looks at the table walk
 * its index from one end, however long the reader was away: `order by` names the columns, not what is selected by their names.
 */
export function eventsBehind(
  after: Position,
  { limit = MOST_AT_ONCE, types }: ReadOptions = {},
): RawBuilder<HeadRow & { [P in keyof StoredRow]: StoredRow[P] | null }> {
  return sql`
    with head as materialized (
      select (select max(epoch) from epochs) as epoch, now.xmin,
        (select true from events e where e.xid >= now.xmin order by e.xid, e.seq limit 1) is not null as waits
      from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) now
    )
    select head.epoch, head.xmin::text::bigint as xmin, head.waits, settled.* from head
    left join lateral (
      select workspace_id, seq, e.xid::text::bigint as xid, at, type, actor_kind, actor_id, subject_id, data, visibility
      from events e
      where (e.xid, e.seq) > (${String(after.xid)}::xid8, ${after.seq}) and e.xid < head.xmin
        and ${types === undefined ? sql`true` : sql`type = any (${types})`}
      order by e.xid, e.seq
      limit ${limit}
    ) settled on true
    order by settled.xid, settled.seq
  `
}

/**
 * The next settled events behind `after`, oldest first. As system: of all workspaces; in a workspace: of that one.
 */
export async function readEvents(tx: Tx<EventTables>, after: Position, options: ReadOptions = {}): Promise<EventBatch> {
  const { rows } = await eventsBehind(after, options).execute(tx)
  const { epoch, xmin, waits } = rows[0]!
  const events = rows
    .filter((row): row is HeadRow & StoredRow => row.seq !== null)
    .map(({ xid, epoch: _epoch, xmin: _xmin, waits: _waits, ...row }) => ({
      ...row,
      position: { epoch, xid, seq: row.seq },
    }))
  const last = events.at(-1)
  const more = events.length === (options.limit ?? MOST_AT_ONCE)
  const head: Position = { epoch, xid: xmin - 1, seq: Number.MAX_SAFE_INTEGER }
  return { events, more, unsettled: waits, position: more && last ? last.position : head }
}

interface HeadRow {
  readonly epoch: number
  readonly xmin: number
  readonly waits: boolean
}
type StoredRow = Omit<StoredEvent, 'position'> & { readonly xid: number }
