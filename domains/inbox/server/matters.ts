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
import { lockBoth } from './two-conversations.ts'
import { visibilityOf, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** Says that two conversations are one matter. Where only one of them is somebody's, the other is theirs from now on. */
export async function makeOneMatter(tx: Tx<Tables>, actor: Actor, ids: readonly [string, string]): Promise<void> {
  const [one, other] = await lockBoth(tx, actor, ...ids)
  await linkConversations(tx, actor, [
    { from: one.id, to: other.id, reason: 'same_matter' },
    { from: other.id, to: one.id, reason: 'same_matter' },
  ])
  await sayInBoth(tx, actor, [one, other], 'same_matter')
  await handOver(tx, actor, one, other)
  await handOver(tx, actor, other, one)
}

/** Takes that back. Who has them keeps them; nothing happens where they are not one matter. Throws 422 `inbox.no_such_conversation`. */
export async function partMatter(tx: Tx<Tables>, actor: Actor, ids: readonly [string, string]): Promise<void> {
  const both = await lockBoth(tx, actor, ...ids)
  const { numDeletedRows } = await tx
    .deleteFrom('conversationLinks')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', 'in', ids)
    .where('linkedId', 'in', ids)
    .where('reason', '=', 'same_matter')
    .executeTakeFirstOrThrow()
  if (numDeletedRows > 0n) await sayInBoth(tx, actor, both, 'other_matter')
}

async function sayInBoth(
  tx: Tx<Tables>,
  actor: Actor,
  [one, other]: readonly [ConversationRow, ConversationRow],
  code: 'same_matter' | 'other_matter',
): Promise<void> {
  await systemMessage(tx, actor, one, code, { conversationId: other.id })
  await systemMessage(tx, actor, other, code, { conversationId: one.id })
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
}

/** What is resolved stays as it was left; who may not have it any more gets nothing new. */
async function handOver(tx: Tx<Tables>, actor: Actor, from: ConversationRow, to: ConversationRow): Promise<void> {
  if (from.assigneeId === null || to.assigneeId !== null || to.state === 'resolved') return
  await assignConversation(tx, actor, { id: to.id, assigneeId: from.assigneeId }).catch((error: unknown) => {
    if (!(error instanceof Problem && error.code === 'inbox.no_such_member')) throw error
  })
}
