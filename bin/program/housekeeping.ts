// What has to be done now and then by one node or another: partitions ahead, log-ins that are over, files without an owner.
import type { Logger } from 'pino'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { FileStore } from '#platform/files/store'
import { sweepFiles } from '#platform/files/sweep'
import { sweepLogins } from '#workspaces/server'
import { ensurePartitions } from './partitions.ts'

const EVERY_MS = 6 * 3_600_000

/** Does it now and every six hours; each step may run on several nodes at once without harm. */
export async function keepHouse(db: Database, files: FileStore, clock: Clock, log: Logger): Promise<Disposable> {
  const round = async (): Promise<void> => {
    const now = clock.now()
    await db.system((tx) => ensurePartitions(tx, now))
    await db.system((tx) => sweepLogins(tx, now))
  }
  await round()
  const timer = setInterval(() => {
    const all = async (): Promise<void> => {
      await round()
      // Not at the start, which it would hold up.
      const removed = await sweepFiles(db, files, clock.now())
      if (removed > 0) log.info({ removed }, 'files that nothing referred to were removed')
    }
    all().catch((error: unknown) => log.error({ err: error }, 'housekeeping failed'))
  }, EVERY_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
