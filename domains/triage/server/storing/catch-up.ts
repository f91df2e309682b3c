// Messages assessed later than they came: what could not be assessed then, and what was edited since.
import { sql } from 'kysely'
import type { KnownConnections } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import { ownWords } from '../own-words.ts'
import type { Assessor } from '../worker/assessor.ts'
import { storeAssessments } from './assessments.ts'
import { refreshConversations, tellChanged } from './refresh.ts'
import { readStanding, taughtOf } from './standing.ts'

/** Assesses messages by their ids. Throws where the thread could not, so that the job comes again. */
export async function assessMessages(
  db: Database,
  actor: Actor,
  { assessor, known }: { readonly assessor: Assessor; readonly known: KnownConnections },
  messageIds: readonly string[],
): Promise<void> {
  const { standing, messages } = await db.read(actor, async (tx) => ({
    standing: await readStanding(tx, actor),
    messages: (
      await sql<{ id: string; conversationId: string; text: string; subject: string | null }>`
        select id, conversation_id, left(body, 20000) as text, subject from messages
        where workspace_id = ${actor.workspaceId}::uuid and id = any (${[...messageIds]}::uuid[]) and kind = 'in' and deleted_at is null
      `.execute(tx)
    ).rows,
  }))
  if (messages.length === 0) return
  const words = messages.map(ownWords)
  const assessed = await assessor.assess(words, taughtOf(db, actor, standing))
  if (assessed === null) throw new Error('the messages could not be assessed')
  await db.write(actor, async (tx) => {
    await storeAssessments(
      tx,
      actor,
      messages.map(({ id }, i) => ({ messageId: id, assessed: assessed[i]!, words: words[i]! })),
    )
    const ids = [...new Set(messages.map(({ conversationId }) => conversationId))]
    await tellChanged(tx, actor, await refreshConversations(tx, actor, known, ids), ['understood'])
  })
}
