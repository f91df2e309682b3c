// The loop around intake: woken by each accepted delivery, with polling behind it, a few lanes at once.
import { DELIVERIES_SIGNAL, lanesWithWork, type WaitingLane } from '#connections/server'
import { isPassing } from '#platform/db/database'
import { workLanes, type Intake } from './intake.ts'

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
    const shares = sharesOf(await lanesWithWork(intake.db), parallel)
    let settled = 0
    const workers = Array.from({ length: parallel }, async () => {
      for (let share = shares.shift(); share !== undefined && !stop.signal.aborted; share = shares.shift())
        settled += await workLanes(intake, share.workspaceId, share.lanes)
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

/** Lanes that one transaction works on together: of one workspace, and never all of it, so that workers have something each. */
export function sharesOf(
  waiting: readonly WaitingLane[],
  parallel: number,
): { readonly workspaceId: string; readonly lanes: number[] }[] {
  const byWorkspace = Map.groupBy(waiting, ({ workspaceId }) => workspaceId)
  return [...byWorkspace].flatMap(([workspaceId, lanes]) =>
    Array.from({ length: Math.min(parallel, lanes.length) }, (_, share) => ({
      workspaceId,
      lanes: lanes.flatMap(({ lane }, index) => (index % parallel === share ? [lane] : [])),
    })),
  )
}
