// Says what happened, in the transaction in which it happened. One table is audit log, outbox, realtime and reactions at once.
import type { Actor } from '../actor.ts'
import type { EventData, EventTable } from '../contract/kernel.ts'
import { signalAfterCommit, type Tx } from '../db/database.ts'
import { rowSource } from '../db/row-source.ts'
import type { PlatformTables } from '../db/tables.ts'

export const EVENTS_SIGNAL = 'events'

const eventRows = rowSource<PlatformTables['events']>()({
  workspaceId: 'uuid',
  at: 'timestamptz',
  type: 'text',
  actorKind: 'text',
  actorId: 'uuid',
  subjectId: 'uuid',
  data: 'jsonb',
  visibility: 'jsonb',
})

export interface EventFields<Data> {
  /** What it is about; the way to find the history of a thing. */
  readonly subjectId: string | null
  /** Ids and names of changed fields; never text or addresses. */
  readonly data: Data
  /** What `canSee` needs to decide who may know, so that it needs no table. */
  readonly visibility?: Readonly<Record<string, unknown>>
}

/** Whatever tables a transaction names, it may say what happened in it. */
export type Emit<T extends EventTable> = <K extends keyof T & string, Tables>(
  tx: Tx<Tables>,
  actor: Actor,
  type: K,
  ...events: readonly EventFields<EventData<T, K>>[]
) => Promise<void>

/** The emitter of a domain: `const emit = emitter(inboxEvents)`. Several events of one type cost one statement. */
export function emitter<T extends EventTable>(_table: T): Emit<T> {
  return async (tx, actor, type, ...events) => {
    if (events.length === 0) return
    const given = eventRows(
      events.map(({ subjectId, data, visibility }) => ({
        workspaceId: actor.workspaceId,
        at: actor.at,
        type,
        actorKind: actor.kind,
        actorId: actor.id,
        subjectId,
        data: JSON.stringify(data),
        visibility: JSON.stringify(visibility ?? {}),
      })),
    )
    await (tx as unknown as Tx<PlatformTables>).insertInto('events').$call(given).execute()
    signalAfterCommit(tx, EVENTS_SIGNAL)
  }
}
