// One loop a node that follows the end of `events` and hands every settled event to those who subscribed, in order.
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import { runWakefulLoop } from '../wakeful-loop.ts'
import { EVENTS_SIGNAL } from './emit.ts'
import type { Position } from './position.ts'
import { headPosition, readEvents, type StoredEvent } from './read.ts'

const POLL_MS = 1000
// An event committed while an older transaction runs is looked for again soon, then less and less often.
const UNSETTLED_MS = [2, 4, 8, 16, 32, 64]

export interface EventTail extends AsyncDisposable {
  /** Up to where everything was handed out. */
  position(): Position
  subscribe(listener: (event: StoredEvent) => void): () => void
  /** Age in milliseconds of the newest look at the table; grows while the database is away or a transaction hangs. */
  lagMs(): number
}

export async function tailEvents(db: Database, log: Logger): Promise<EventTail> {
  const listeners = new Set<(event: StoredEvent) => void>()
  let position = await db.system(headPosition)
  let lookedAt = performance.now()

  // One listener's mistake must not keep everybody at this event for ever.
  const tell = (listener: (event: StoredEvent) => void, event: StoredEvent): void => {
    try {
      listener(event)
    } catch (error) {
      log.error({ err: error, event: event.seq }, 'a listener stumbled over an event')
    }
  }

  let patience = 0
  /** Hands out one batch; answers how long to rest before the next. */
  const step = async (): Promise<number> => {
    const batch = await db.system((tx) => readEvents(tx, position))
    lookedAt = performance.now()
    for (const event of batch.events) for (const listener of listeners) tell(listener, event)
    position = batch.position
    // Under load something is always unsettled; only a reader that stands still has reason to look less often.
    if (batch.events.length > 0 || !batch.unsettled) patience = 0
    if (batch.more) return 0
    return batch.unsettled ? UNSETTLED_MS[Math.min(patience++, UNSETTLED_MS.length - 1)]! : POLL_MS
  }

  const loop = runWakefulLoop({
    log,
    stumbled: 'reading events failed',
    wokenBy: (wake) => db.signals.on(EVENTS_SIGNAL, wake),
    round: step,
  })

  return {
    position: () => position,
    lagMs: () => performance.now() - lookedAt,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  }
}
