import { sql } from 'kysely'
import type { Tx } from '#platform/db/database'

/** Makes the monthly tables of the coming half year; called at every start and once a day. */
export async function ensurePartitions(tx: Tx, now: Date): Promise<void> {
  await sql`select ensure_partitions(${now.toISOString().slice(0, 10)}::date, 6)`.execute(tx)
}
