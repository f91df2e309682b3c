// Answers whose first try did not settle it: failed ones tried again, doubtful ones decided by a person, either given up.
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { afterPart, giveUpRest, goOnWithout } from './chains.ts'
import { emit } from './emit.ts'
import { countFailure } from './failures.ts'
import { signalOutbound } from './outbound-signal.ts'
import { forgetWords } from './search.ts'
import { findOutbound, type TurnBefore } from './sending.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { giveTurnBack } from './taking-back.ts'
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
  const conversation = await findConversation(tx, actor, message.conversationId, true, 'message')
  await settleOutbound(tx, actor, messageId, 'settled')
  await changeState(tx, actor, messageId, 'unknown', 'sent', problem)
  await afterPart(tx, actor, messageId, true)
  signalOutbound(tx)
  await countFailure(tx, actor, conversation.id, 'unknown', 'sent')
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId, state: 'sent' },
    visibility: visibilityOf(conversation),
  })
}

/**
 * Gives up on an answer that failed or whose fate nobody knows: it is never sent, the thread says who gave it up, and the turn
 * is whose it was before the answer, unless something happened since. Of a chain the rest is given up with it, unless it shall
 * go on without this part (`sendRest`): then it is still our answer.
 */
export async function discardMessage(
  tx: Tx<Tables>,
  actor: Actor,
  messageId: string,
  { sendRest = false }: { readonly sendRest?: boolean | undefined } = {},
): Promise<void> {
  const message = await findOutbound(tx, actor, messageId)
  const conversation = await findConversation(tx, actor, message.conversationId, true, 'message')
  const problem = new Problem(
    422,
    'inbox.not_unsettled',
    'Only an answer that failed, or whose fate is unknown, can be discarded.',
  )
  if (message.state !== 'failed' && message.state !== 'unknown') throw problem
  const before = await settleOutbound(tx, actor, messageId, 'settled')
  await changeState(tx, actor, messageId, message.state, 'cancelled', problem)
  await forgetWords(tx, actor, messageId)
  const sent = sendRest ? await goOnWithout(tx, actor, message) : 0
  const rest = sendRest ? 0 : await giveUpRest(tx, actor, message)
  if (sent > 0) signalOutbound(tx)
  // Somebody resolved it or put it away meanwhile: that was their word, and it stays. A line that took answers on is no turn.
  if (message.kind === 'out') {
    const mayGiveBack = sent === 0 && conversation.state === 'waiting'
    await giveTurnBack(tx, actor, conversation, message, mayGiveBack ? before : null)
  }
  await countFailure(tx, actor, conversation.id, message.state, 'cancelled')
  const words = message.kind === 'out' ? message.body.slice(0, 120) : (message.subject ?? '')
  await systemMessage(tx, actor, conversation, 'discarded', {
    was: message.state,
    words,
    ...(rest > 0 && { rest }),
    ...(sent > 0 && { sent }),
  })
  await emit(tx, actor, 'inbox.message_state_changed', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId, state: 'cancelled' },
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
  const conversation = await findConversation(tx, actor, message.conversationId, true, 'message')
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
): Promise<TurnBefore | null> {
  const row = await tx
    .updateTable('outbound')
    .set({ state, nextAt: actor.at, attempts: 0 })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .where('state', '<>', 'sending')
    .returning('before')
    .executeTakeFirst()
  // Its claim may be about to send it: deciding now could send it twice.
  if (!row)
    throw new Problem(
      409,
      'inbox.changed_meanwhile',
      'The platform is being asked about this answer just now. Wait a moment.',
    )
  return row.before as TurnBefore | null
}
