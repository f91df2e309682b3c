// What has to be done now and then by one node or another: partitions ahead, log-ins that are over.
import type { Logger } from 'pino'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import { sweepLogins } from '#workspaces/server'
import { ensurePartitions } from './partitions.ts'

const EVERY_MS = 6 * 3_600_000

/** Does it now and every six hours; each step may run on several nodes at once without harm. */
export async function keepHouse(db: Database, clock: Clock, log: Logger): Promise<Disposable> {
  const round = async (): Promise<void> => {
    const now = clock.now()
    await db.system((tx) => ensurePartitions(tx, now))
    await db.system((tx) => sweepLogins(tx, now))
  }
  await round()
  const timer = setInterval(() => {
    round().catch((error: unknown) => log.error({ err: error }, 'housekeeping failed'))
  }, EVERY_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
