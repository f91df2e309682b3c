// The job behind another choice of what is covered: messages that are here already follow it, some at a time.
import { coverKinds } from '#inbox/server'
import type { Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import { emit } from '../emit.ts'
import { readStanding } from '../storing/standing.ts'

export const COVER_TASK = 'triage.cover'

/** Each step reads the choice anew: one that was changed meanwhile begins again by a job of its own. */
export async function coverAll(db: Database, actor: Actor): Promise<void> {
  let after: string | null = null
  let conversations = 0
  do {
    const from: string | null = after
    const step: Awaited<ReturnType<typeof coverKinds>> = await db.write(actor, async (tx) => {
      const { settings } = await readStanding(tx, actor)
      return coverKinds(tx, actor, settings.covered, from)
    })
    conversations += step.conversationIds.length
    after = step.next
  } while (after !== null)
  if (conversations === 0) return
  await db.write(actor, (tx) =>
    emit(tx, actor, 'triage.messages_covered', { subjectId: null, data: { conversations } }),
  )
}
