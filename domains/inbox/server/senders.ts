// Who wrote a message, kept out from now on.
import type { Actor } from '#platform/actor'
import { blockCustomer } from '#customers/server'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { resolveConversation } from './conversations.ts'
import { findConversation } from './visibility.ts'

export interface BlockedSender {
  readonly customerId: string
  /** Whether the conversation was put away with it: it was theirs, and somebody still had to deal with it. */
  readonly resolved: boolean
}

/** Blocks whom a message is from, who need not be whom its conversation is with. `reason` stays on record. */
export async function blockSender(
  tx: Tx,
  actor: Actor,
  { messageId, reason }: { readonly messageId: string; readonly reason?: string | undefined },
): Promise<BlockedSender> {
  const message = await tx
    .selectFrom('messages as m')
    .leftJoin('identities as i', (join) =>
      join.onRef('i.workspaceId', '=', 'm.workspaceId').onRef('i.id', '=', 'm.identityId'),
    )
    .select(['m.conversationId', 'm.kind', 'i.customerId'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.id', '=', messageId)
    .executeTakeFirst()
  if (!message) throw notFound('message')
  const conversation = await findConversation(tx, actor, message.conversationId, false, 'message')
  const { customerId } = message
  if (message.kind !== 'in' || customerId === null)
    throw new Problem(422, 'inbox.not_from_outside', 'Nobody from outside wrote this, so there is nobody to block.')
  await blockCustomer(tx, actor, customerId, reason ?? 'Blocked from one of their messages')
  const resolved = conversation.customerId === customerId && conversation.state !== 'resolved'
  if (resolved) await resolveConversation(tx, actor, { id: conversation.id })
  return { customerId, resolved }
}
