// What has to be done now and then by one node or another: partitions ahead, log-ins that are over, files without an owner,
// messages that were never understood.
import type { Logger } from 'pino'
import { programActor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { FileStore } from '#platform/files/store'
import { sweepFiles } from '#platform/files/sweep'
import { tidyTriage } from '#triage/server'
import { sweepLogins } from '#workspaces/server'
import { ensurePartitions } from './partitions.ts'

const EVERY_MS = 6 * 3_600_000

interface Keeping {
  readonly db: Database
  readonly files: FileStore
  readonly clock: Clock
  readonly log: Logger
}

/** Does it now and every six hours; each step may run on several nodes at once without harm. */
export async function keepHouse({ db, files, clock, log }: Keeping, understands: boolean): Promise<AsyncDisposable> {
  const round = async (): Promise<void> => {
    const now = clock.now()
    await db.system((tx) => ensurePartitions(tx, now))
    await db.system((tx) => sweepLogins(tx, now))
  }
  // Each workspace by itself; what is asked of it is little where nothing is to do.
  const tidy = async (): Promise<void> => {
    if (!understands) return
    const workspaces = await db.system((tx) => tx.selectFrom('workspaces').select('id').execute())
    for (const { id } of workspaces) {
      if (ended) return
      await tidyTriage(db, programActor(id, clock.now()))
    }
  }
  let ended = false
  const carefully = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => log.error({ err: error }, 'housekeeping failed'))
  await round()
  // The start does not wait for it.
  let tidying = carefully(tidy())
  const timer = setInterval(() => {
    const all = async (): Promise<void> => {
      await round()
      // Not at the start, which it would hold up.
      const removed = await sweepFiles(db, files, clock.now())
      if (removed > 0) log.info({ removed }, 'files that nothing referred to were removed')
      await tidying
      tidying = carefully(tidy())
    }
    void carefully(all())
  }, EVERY_MS)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      ended = true
      clearInterval(timer)
      await tidying
    },
  }
}
