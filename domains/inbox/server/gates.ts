// What keeps answers back. Upper domains (approvals, response map, crisis …) place and lift gates here; the inbox never asks
// upward, it only looks whether one is closed, in the transaction in which a message would leave.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { notFound } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { emit } from './emit.ts'
import { signalOutbound } from './outbound-signal.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = Pick<InboxTables, 'sendGates' | 'outbound' | 'conversations'>

export interface NewGate {
  readonly conversationId: string
  /** Only this message; else every answer of the conversation. */
  readonly messageId?: string
  /** Who placed it and why, as a stable word: 'approval', 'must_read', 'kill_switch' … */
  readonly kind: string
  /** Shown to the agent, in words. */
  readonly reason: string
}

/** Closes a gate. Answers its id, with which the same domain lifts it. */
export async function placeGate(tx: Tx<Tables>, actor: Actor, gate: NewGate): Promise<string> {
  const conversation = await findConversation(tx, actor, gate.conversationId, true)
  const id = randomUUIDv7()
  await tx
    .insertInto('sendGates')
    .values({
      workspaceId: actor.workspaceId,
      id,
      conversationId: gate.conversationId,
      messageId: gate.messageId ?? null,
      kind: gate.kind,
      reason: gate.reason,
      placedAt: actor.at,
      placedBy: memberOf(actor),
    })
    .execute()
  await emit(tx, actor, 'inbox.gate_changed', {
    subjectId: gate.conversationId,
    data: { conversationId: gate.conversationId, gateId: id, state: 'closed' },
    visibility: visibilityOf(conversation),
  })
  return id
}

/** Lifts a gate; a second time does nothing. Messages that only it kept back leave at once. */
export async function liftGate(tx: Tx<Tables>, actor: Actor, conversationId: string, gateId: string): Promise<void> {
  const conversation = await findConversation(tx, actor, conversationId, true)
  const gate = await tx
    .selectFrom('sendGates')
    .select(['state'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', gateId)
    .where('conversationId', '=', conversationId)
    .executeTakeFirst()
  if (!gate) throw notFound('gate')
  if (gate.state === 'lifted') return
  await tx
    .updateTable('sendGates')
    .set({ state: 'lifted', liftedAt: actor.at, liftedBy: memberOf(actor) })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', gateId)
    .execute()
  // A message that met a closed gate sleeps without end; its undo time was over then, so it may go now.
  await tx
    .updateTable('outbound')
    .set({ nextAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversationId)
    .where('state', 'in', ['held', 'queued'])
    .where('nextAt', '=', sql<Date>`'infinity'`)
    .execute()
  signalOutbound(tx)
  await emit(tx, actor, 'inbox.gate_changed', {
    subjectId: conversationId,
    data: { conversationId, gateId, state: 'lifted' },
    visibility: visibilityOf(conversation),
  })
}

/** A person lets an answer pass against a gate, with the reason on record. */
export async function overrideGate(
  tx: Tx<InboxTables & InboxReads>,
  actor: Actor,
  input: { readonly conversationId: string; readonly gateId: string; readonly reason: string },
): Promise<void> {
  const conversation = await findConversation(tx, actor, input.conversationId)
  await liftGate(tx, actor, input.conversationId, input.gateId)
  await systemMessage(tx, actor, conversation, 'gate_overridden', { gateId: input.gateId, reason: input.reason })
}
