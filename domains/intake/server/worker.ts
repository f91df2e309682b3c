// The loop around intake: woken by each accepted delivery, with polling behind it, a few lanes at once.
import { DELIVERIES_SIGNAL, lanesWithWork, type WaitingLane } from '#connections/server'
import { runWakefulLoop } from '#platform/wakeful-loop'
import { workLanes, type Intake } from './intake.ts'

const POLL_MS = 1000
/** While one batch waits for the disk and one for the thread that assesses, the third has the processors. */
export const PARALLEL = 3

/** Starts working; disposing waits for the batches under way. `parallel` lanes are worked on at once. */
export function runIntake(intake: Intake, parallel = PARALLEL): AsyncDisposable {
  return runWakefulLoop({
    log: intake.log,
    stumbled: 'intake stumbled',
    wokenBy: (wake) => intake.db.signals.on(DELIVERIES_SIGNAL, wake),
    round: async (stopping) => {
      const shares = sharesOf(await lanesWithWork(intake.db), parallel)
      let settled = 0
      const workers = Array.from({ length: parallel }, async () => {
        for (let share = shares.shift(); share !== undefined && !stopping.aborted; share = shares.shift())
          settled += await workLanes(intake, share.workspaceId, share.lanes)
      })
      await Promise.all(workers)
      return settled > 0 ? 0 : POLL_MS
    },
  })
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
