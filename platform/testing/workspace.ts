import { randomUUIDv7 } from 'node:crypto'
import type { Database } from '../db/database.ts'

/** A bare workspace, for tests of what lies below all domains. */
export async function aWorkspace(db: Database): Promise<{ readonly workspaceId: string }> {
  const workspaceId = randomUUIDv7()
  await db.system((tx) =>
    tx
      .insertInto('workspaces')
      .values({
        id: workspaceId,
        slug: `w-${workspaceId.slice(-12)}`,
        name: 'Bare',
        createdAt: new Date('2026-11-02T09:00:00Z'),
      })
      .execute(),
  )
  return { workspaceId }
}
