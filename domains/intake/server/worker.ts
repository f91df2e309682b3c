// The loop around intake: woken by each accepted delivery, with polling behind it, a few lanes at once.
import { DELIVERIES_SIGNAL, lanesWithWork } from '#connections/server'
import { isPassing } from '#platform/db/database'
import { workLane, type Intake } from './intake.ts'

const POLL_MS = 1000
const RETRY_MS = 500

/** Starts working; disposing waits for the batches under way. `parallel` lanes are worked on at once. */
export function runIntake(intake: Intake, parallel = 2): AsyncDisposable {
  const stop = new AbortController()
  let wake = (): void => {}
  let woken = false
  const off = intake.db.signals.on(DELIVERIES_SIGNAL, () => {
    woken = true
    wake()
  })

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stop.signal.aborted) return resolve()
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const round = async (): Promise<boolean> => {
    woken = false
    const lanes = await lanesWithWork(intake.db)
    let settled = 0
    const workers = Array.from({ length: parallel }, async () => {
      for (let lane = lanes.shift(); lane !== undefined && !stop.signal.aborted; lane = lanes.shift())
        settled += await workLane(intake, lane)
    })
    await Promise.all(workers)
    return settled > 0
  }

  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        if (!(await round())) await rest(POLL_MS)
      } catch (error) {
        if (!isPassing(error)) intake.log.error({ err: error }, 'intake stumbled')
        woken = false
        await rest(RETRY_MS)
      }
    }
  })()

  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      off()
      wake()
      await loop
    },
  }
}
