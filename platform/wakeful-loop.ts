// A loop that works in rounds, rests in between, and is woken before its rest is over: senders, readers and workers are this.
import type { Logger } from 'pino'
import { isPassing } from './db/database.ts'

export interface WakefulLoop extends AsyncDisposable {
  /** Ends the rest. During a round it is remembered: the next round begins at once, so what was announced is looked at. */
  wake(): void
}

export interface WakefulLoopOptions {
  /** One round of work; answers how many milliseconds to rest at most, 0 for not at all. `stopping` fires when it should end early. */
  readonly round: (stopping: AbortSignal) => Promise<number>
  /** Subscribes `wake` to whatever announces work; answers the way to unsubscribe. */
  readonly wokenBy?: (wake: () => void) => () => void
  readonly log: Logger
  /** What the log says of a round that threw, unless the database was just away. */
  readonly stumbled: string
}

/** The rest after a round that threw: doubled with each one in a row. Nothing but the end cuts it short. */
const BACK_OFF_MS = 250
const LONGEST_BACK_OFF_MS = 2000

/** Starts the loop; disposing ends it, after the round under way if there is one. */
export function runWakefulLoop({ round, wokenBy, log, stumbled }: WakefulLoopOptions): WakefulLoop {
  const stop = new AbortController()
  let woken = false
  let endRest = (): void => {}
  const wake = (): void => {
    woken = true
    endRest()
  }
  const unsubscribe = wokenBy?.(wake)

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      endRest = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const loop = (async () => {
    let failures = 0
    while (!stop.signal.aborted) {
      woken = false
      try {
        const ms = await round(stop.signal)
        failures = 0
        if (ms > 0 && !woken && !stop.signal.aborted) await rest(ms)
      } catch (error) {
        if (!isPassing(error)) log.error({ err: error }, stumbled)
        await backOff(Math.min(BACK_OFF_MS * 2 ** failures++, LONGEST_BACK_OFF_MS), stop.signal)
      }
    }
  })()

  return {
    wake,
    async [Symbol.asyncDispose]() {
      stop.abort()
      unsubscribe?.()
      endRest()
      await loop
    },
  }
}

/** Rests whatever calls: work that fails at once must not be tried as often as it is announced. */
function backOff(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    stopping.addEventListener('abort', done)
  })
}
