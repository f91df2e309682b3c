// Answers whose first try did not settle it: failed ones tried again, doubtful ones decided by a person.
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { emit } from './emit.ts'
import { countFailure } from './failures.ts'
import { signalOutbound } from './outbound-signal.ts'
import { findOutbound } from './sending.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** Tries a failed answer again, as the same message under the same name. */
export async function retryMessage(tx: Tx<Tables>, actor: Actor, messageId: string): Promise<void> {
  await requeue(
    tx,
    actor,
    messageId,
    'failed',
    new Problem(422, 'inbox.not_failed', 'Only a failed answer can be tried again.'),
  )
}

/** A person decides what no platform could tell: it arrived, or it shall be sent again. */
export async function decideUnknown(
  tx: Tx<Tables>,
  actor: Actor,
  messageId: string,
  decision: 'arrived' | 'send_again',
): Promise<void> {
  const problem = new Problem(422, 'inbox.not_unknown', 'The fate of this answer is known.')
  if (decision === 'send_again') return requeue(tx, actor, messageId, 'unknown', problem)
  const message = await findOutbound(tx, actor, messageId)
  const conversation = await findConversation(tx, actor, message.conversationId, true)
  await settleOutbound(tx, actor, messageId, 'settled')
  await changeState(tx, actor, messageId, 'unknown', 'sent', problem)
  await countFailure(tx, actor, conversation.id, 'unknown', 'sent')
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId, state: 'sent' },
    visibility: visibilityOf(conversation),
  })
}

async function requeue(
  tx: Tx<Tables>,
  actor: Actor,
  messageId: string,
  from: 'failed' | 'unknown',
  problem: Problem,
): Promise<void> {
  const message = await findOutbound(tx, actor, messageId)
  const conversation = await findConversation(tx, actor, message.conversationId, true)
  await settleOutbound(tx, actor, messageId, 'queued')
  await changeState(tx, actor, messageId, from, 'queued', problem)
  await countFailure(tx, actor, conversation.id, from, 'queued')
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId, state: 'queued' },
    visibility: visibilityOf(conversation),
  })
  signalOutbound(tx)
}

async function changeState(
  tx: Tx<Tables>,
  actor: Actor,
  id: string,
  from: string,
  to: string,
  problem: Problem,
): Promise<void> {
  const row = await tx
    .updateTable('messages')
    .set({ state: to, stateReason: null, stateAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('state', '=', from)
    .returning('id')
    .executeTakeFirst()
  if (!row) throw problem
}

async function settleOutbound(
  tx: Tx<Tables>,
  actor: Actor,
  messageId: string,
  state: 'queued' | 'settled',
): Promise<void> {
  const row = await tx
    .updateTable('outbound')
    .set({ state, nextAt: actor.at, attempts: 0 })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .where('state', '<>', 'sending')
    .returning('messageId')
    .executeTakeFirst()
  // Its claim may be about to send it: deciding now could send it twice.
  if (!row)
    throw new Problem(
      409,
      'inbox.changed_meanwhile',
      'The platform is being asked about this answer just now. Wait a moment.',
    )
}
