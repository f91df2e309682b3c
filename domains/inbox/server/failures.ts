import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboxTables } from './tables.ts'

const shown = (state: string | null): number => (state === 'failed' || state === 'unknown' ? 1 : 0)

/** Keeps the number of failed and doubtful answers on the row, where the list shows it, as one goes from state to state. */
export async function countFailure(
  tx: Tx<Pick<InboxTables, 'conversations'>>,
  actor: Actor,
  conversationId: string,
  from: string | null,
  to: string,
): Promise<void> {
  const by = shown(to) - shown(from)
  if (by === 0) return
  await sql`
    update conversations set failed_count = greatest(0, failed_count + ${by}), version = version + 1
    where workspace_id = ${actor.workspaceId}::uuid and id = ${conversationId}::uuid
  `.execute(tx)
}
