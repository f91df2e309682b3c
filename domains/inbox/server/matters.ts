// One person about one matter in several places. The conversations stay where they were begun, as each is answered by its own
// channel; for us they are one: linked, said in each thread, and in the same hands.
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { assignConversation } from './conversations.ts'
import { emit } from './emit.ts'
import { linkConversations } from './links.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, visibilityOf, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** Says that two conversations are one matter. Where only one of them is somebody's, the other is theirs from now on. */
export async function makeOneMatter(tx: Tx<Tables>, actor: Actor, ids: readonly [string, string]): Promise<void> {
  const rows = new Map<string, ConversationRow>()
  for (const id of [...ids].sort()) rows.set(id, await findConversation(tx, actor, id, true))
  const [one, other] = [rows.get(ids[0])!, rows.get(ids[1])!]
  await linkConversations(tx, actor, [
    { from: one.id, to: other.id, reason: 'same_matter' },
    { from: other.id, to: one.id, reason: 'same_matter' },
  ])
  await systemMessage(tx, actor, one, 'same_matter', { conversationId: other.id })
  await systemMessage(tx, actor, other, 'same_matter', { conversationId: one.id })
  await emit(
    tx,
    actor,
    'inbox.conversation_joined',
    ...[one, other].map((row) => ({
      subjectId: row.id,
      data: { conversationId: row.id, changed: ['linked'] },
      visibility: visibilityOf(row),
    })),
  )
  await handOver(tx, actor, one, other)
  await handOver(tx, actor, other, one)
}

/** What is resolved stays as it was left; who may not have it any more gets nothing new. */
async function handOver(tx: Tx<Tables>, actor: Actor, from: ConversationRow, to: ConversationRow): Promise<void> {
  if (from.assigneeId === null || to.assigneeId !== null || to.state === 'resolved') return
  await assignConversation(tx, actor, { id: to.id, assigneeId: from.assigneeId }).catch((error: unknown) => {
    if (!(error instanceof Problem && error.code === 'inbox.no_such_member')) throw error
  })
}
