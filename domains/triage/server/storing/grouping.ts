// Conversations that say the same are put into one group by whichever batch finds that they do. Rows that another batch holds
// are not waited for: the two may each hold what the other wants. A job does those afterwards.
import { lockConversations, setGroups } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import { tellChanged } from './refresh.ts'

export const GROUP_TASK = 'triage.group'

/** `groups`: of each conversation the group that it is in from now on. */
export async function putIntoGroups(tx: Tx, actor: Actor, groups: ReadonlyMap<string, string>): Promise<void> {
  const { changed, left } = await setGroups(tx, actor, groups)
  await tellChanged(tx, actor, changed, ['groupId'])
  if (left.length > 0) await enqueue(tx, GROUP_TASK, { groups: left.map((id) => [id, groups.get(id)!]) })
}

/** What was left: its rows are locked first, in the order in which batches do. */
export async function groupLeft(
  db: Database,
  actor: Actor,
  groups: readonly (readonly [string, string])[],
): Promise<void> {
  await db.write(actor, async (tx) => {
    await lockConversations(
      tx,
      actor,
      groups.map(([id]) => id),
    )
    const { changed } = await setGroups(tx, actor, new Map(groups))
    await tellChanged(tx, actor, changed, ['groupId'])
  })
}
