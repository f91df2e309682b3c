// Takes files out of the store that no row refers to: uploads that broke off, what a removed sample held. A file is named by its
// content, so the same one may be stored anew at any moment; only what has lain untouched for long goes.
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { FileStore } from './store.ts'

/** Between storing a file and the row that refers to it lie moments; a week leaves room for a database that was away. */
export const GRACE_MS = 7 * 24 * 3_600_000
const AT_ONCE = 2000

/** Removes unreferenced files that were last stored before `now` less the grace; answers how many. Safe on several nodes at once. */
export async function sweepFiles(db: Database, files: FileStore, now: Date): Promise<number> {
  const before = new Date(now.getTime() - GRACE_MS)
  let removed = 0
  let batch: string[] = []
  const flush = async (): Promise<void> => {
    const { rows } = await db.system((tx) =>
      sql<{ hashes: string[] }>`select unreferenced_files(${batch}::text[]) as hashes`.execute(tx),
    )
    for (const sha256 of rows[0]!.hashes) if (await files.removeOlder(sha256, before)) removed += 1
    batch = []
  }
  for await (const sha256 of files.storedBefore(before)) {
    batch.push(sha256)
    if (batch.length >= AT_ONCE) await flush()
  }
  if (batch.length > 0) await flush()
  return removed
}
