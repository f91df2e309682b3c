// Whether browsers learn of a change: what was shown before is kept, the change is made, what its events patch is patched and
// only what they call stale is fetched again, and that must be what a fresh browser sees. Whoever deletes a line of an event's mapping hears of it here.
import { isDeepStrictEqual } from 'node:util'
import type { Actor } from '../actor.ts'
import { patchesOf } from '../browser/patches.ts'
import { isUnder, staleKeysOf, type StaleKey } from '../browser/stale-keys.ts'
import type { EventTable } from '../contract/kernel.ts'
import type { Database, Tx } from '../db/database.ts'
import type { PlatformTables } from '../db/tables.ts'
import type { Position } from '../events/position.ts'
import { headPosition, readEvents, type EventBatch, type StoredEvent } from '../events/read.ts'

/** A question of the web app under its key, asked without a browser. */
export interface PrimedQuery {
  readonly key: readonly unknown[]
  readonly fetch: () => Promise<unknown>
}

export interface RealtimeCheck {
  readonly db: Database
  /** Whose browser it is. */
  readonly actor: Actor
  readonly tables: readonly EventTable[]
  readonly queries: readonly PrimedQuery[]
  /** Which of the events this browser may hear; all of the workspace otherwise. */
  readonly hears?: (event: StoredEvent) => boolean
}

/**
 * Runs `act` and checks that the events it wrote make stale, or set right, every query whose answer changed.
 * @throws when a changed query would have stayed as it was, or when nothing changed at all: then nothing was proven.
 */
export async function expectRealtimeConsistent(
  { db, actor, tables, queries, hears = () => true }: RealtimeCheck,
  act: () => Promise<unknown>,
): Promise<void> {
  const from = (await settledEvents(db, actor, null)).position
  const shown = await fetchAll(queries)
  await act()
  const { events } = await settledEvents(db, actor, from)
  const heard = events.filter(hears)
  const stale = heard.flatMap((event) => staleKeysOf(tables, event))
  const patches = heard.flatMap((event) => patchesOf(tables, event))
  const fresh = await fetchAll(queries)
  const patched = queries.map(({ key }, at) =>
    patches.reduce((known, { key: part, apply }) => (isUnder(key, part) ? apply(known) : known), shown[at]),
  )
  const changed = queries.filter((_, at) => !isDeepStrictEqual(shown[at], fresh[at]))
  // A patch may also set wrong what was right.
  const wrong = queries.filter((_, at) => !isDeepStrictEqual(patched[at], fresh[at]))
  const types = events.map(({ type }) => type).join(', ') || 'no event'
  if (changed.length === 0) throw new Error(`nothing that is shown changed (${types}): this proves nothing`)
  const missed = wrong.filter(({ key }) => !isStale(key, stale))
  if (missed.length === 0) return
  throw new Error(`${types} changed ${missed.map(({ key }) => JSON.stringify(key)).join(', ')} and did not say so`)
}

/** Events behind a position (null: the end), once none waits for an older transaction: tests of other files run beside us. */
async function settledEvents(db: Database, actor: Actor, from: Position | null): Promise<EventBatch> {
  for (let tries = 0; ; tries++) {
    const batch = await db.read(actor, async (tx) => {
      const events = tx as unknown as Tx<PlatformTables>
      return readEvents(events, from ?? (await headPosition(events)))
    })
    if (!batch.unsettled) return batch
    if (tries > 600) throw new Error('the events did not settle within half a minute')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const isStale = (key: readonly unknown[], stale: readonly StaleKey[]): boolean =>
  stale.some((part) => isUnder(key, part))

const fetchAll = (queries: readonly PrimedQuery[]): Promise<unknown[]> =>
  // What came over the wire is compared, so dates and undefined are as a browser would have them.
  Promise.all(queries.map(async ({ fetch }) => JSON.parse(JSON.stringify((await fetch()) ?? null)) as unknown))
