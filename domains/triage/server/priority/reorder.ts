// Many conversations put where they belong: after a policy was published, and when reasons come to their steps.
import type { KnownConnections } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { emit } from '../emit.ts'
import { refreshConversations } from '../storing/refresh.ts'
import { scheduleNextStep, takeDueSteps } from './steps.ts'

/** So many a transaction, so that none grows long. */
const CHUNK = 200

/** Goes through all that are not resolved. May run twice. */
export async function reorderAll(db: Database, actor: Actor, known: KnownConnections): Promise<void> {
  let after: string | null = null
  let changed = 0
  for (;;) {
    const ids = await db.write(actor, async (tx) => {
      const page = await nextPage(tx, actor, after)
      changed += (await refreshConversations(tx, actor, known, page)).length
      return page
    })
    if (ids.length < CHUNK) break
    after = ids.at(-1)!
  }
  await tell(db, actor, changed)
}

async function nextPage(tx: Tx, actor: Actor, after: string | null): Promise<string[]> {
  let query = tx
    .selectFrom('conversations')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('state', '<>', 'resolved')
    .orderBy('id')
    .limit(CHUNK)
  if (after !== null) query = query.where('id', '>', after)
  return (await query.execute()).map(({ id }) => id)
}

/** Works off steps that are due and sees to it that the next one is waited for. */
export async function takeSteps(db: Database, actor: Actor, known: KnownConnections): Promise<void> {
  for (let more = true; more;) {
    const changed = await db.write(actor, async (tx) => {
      const due = await takeDueSteps(tx, actor)
      more = due.length > 0
      return (await refreshConversations(tx, actor, known, due)).length
    })
    await tell(db, actor, changed)
  }
  await db.write(actor, (tx) => scheduleNextStep(tx, actor))
}

const tell = async (db: Database, actor: Actor, conversations: number): Promise<void> => {
  if (conversations === 0) return
  await db.write(actor, (tx) => emit(tx, actor, 'triage.order_changed', { subjectId: null, data: { conversations } }))
}
