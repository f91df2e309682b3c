// Messages in the wrong place, put right by a member: into another conversation, or into one of their own. Only where threads
// are made of answers: where a platform names its threads, they stand as they stand there. A mail that came into a chat is a mail.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { cover, spansOf } from './covering.ts'
import { emit } from './emit.ts'
import { severalIn } from './envelope.ts'
import { linkConversations } from './links.ts'
import { carryMessages, movedMessages, recountConversation, underWay, type Moved } from './recounting.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { lockBoth } from './two-conversations.ts'
import { findConversation, findMessage, visibilityOf, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** Finds the connection of a conversation; null when it was removed. */
export type ConnectionOf = (id: string) => Promise<KnownConnection | null>

/** Puts a message into another conversation. Both rows are as if it had always been there. */
export async function moveMessage(
  tx: Tx<Tables>,
  actor: Actor,
  connectionOf: ConnectionOf,
  input: { readonly messageId: string; readonly conversationId: string },
): Promise<void> {
  const { conversationId: sourceId } = await findMessage(tx, actor, input.messageId)
  if (sourceId === input.conversationId)
    throw new Problem(422, 'inbox.already_there', 'The message is in that conversation already.')
  const [source, target] = await lockBoth(tx, actor, sourceId, input.conversationId)
  const message = await requireMovable(tx, actor, connectionOf, source, input.messageId)
  const answers = await connectionOf(target.connectionId)
  const fits = source.visibility === target.visibility && answers !== null && severalIn(answers)
  // Elsewhere the other side reads the whole conversation: only what is theirs may go there.
  if (!fits && !(source.visibility === target.visibility && source.customerId === target.customerId))
    throw new Problem(422, 'inbox.not_movable', 'A message can’t go there: somebody else would read it.')
  await requireNothingUnderWay(tx, actor, [source.id, target.id])
  await carryMessages(tx, actor, [message], target, 'moved')
  await settleBoth(tx, actor, source, target, message.id, ['moved_out', 'moved_in'], ['moved', 'moved'])
}

/** Gives a message, and with `following` all that came after it, a conversation of its own. Answers that one's id. */
export async function splitMessage(
  tx: Tx<Tables>,
  actor: Actor,
  connectionOf: ConnectionOf,
  input: { readonly messageId: string; readonly following?: boolean | undefined },
): Promise<string> {
  const { conversationId } = await findMessage(tx, actor, input.messageId)
  const source = await findConversation(tx, actor, conversationId, true)
  const message = await requireMovable(tx, actor, connectionOf, source, input.messageId)
  await requireNothingUnderWay(tx, actor, [source.id])
  const answers = await connectionOf(source.connectionId)
  const { moving, staying } = await movedMessages(tx, actor, source.id, message, {
    following: input.following ?? false,
    placedOnly: answers === null || !severalIn(answers),
  })
  if (staying === 0)
    throw new Problem(422, 'inbox.only_message', 'Nothing would be left here. Move the message instead.')
  const target = await makeConversation(tx, actor, source, message)
  await carryMessages(tx, actor, moving, target, 'split')
  await settleBoth(tx, actor, source, target, message.id, ['split_off', 'split_from'], ['split_off', 'split_from'])
  await emit(tx, actor, 'inbox.conversation_opened', {
    subjectId: target.id,
    data: { conversationId: target.id, changed: ['state'] },
    visibility: visibilityOf(target),
  })
  return target.id
}

/** The message itself, read once its conversation is locked. */
async function requireMovable(
  tx: Tx<Tables>,
  actor: Actor,
  connectionOf: ConnectionOf,
  source: ConversationRow,
  id: string,
): Promise<Moved> {
  const message = await tx
    .selectFrom('messages')
    .select(['id', 'kind', 'state', 'subject', 'personal'])
    .select(['identityId', 'occurredAt', 'seq', 'placedBy', 'conversationId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (message.conversationId !== source.id)
    throw new Problem(409, 'inbox.changed_meanwhile', 'Somebody else moved this message meanwhile. Look at it again.')
  // What came in says itself how it was placed; what we wrote stands as the conversation's own channel has it.
  const connection = message.kind === 'in' ? null : await connectionOf(source.connectionId)
  const movable = connection === null ? message.kind === 'in' && message.placedBy !== 'thread' : severalIn(connection)
  if (!movable || message.kind === 'system' || message.state === 'cancelled')
    throw new Problem(422, 'inbox.not_movable', 'This message stands where its platform put it.')
  return message
}

// An answer that is about to leave goes to who wrote last: that must not become somebody else in between.
async function requireNothingUnderWay(tx: Tx<Tables>, actor: Actor, ids: readonly string[]): Promise<void> {
  if (await underWay(tx, actor, ids))
    throw new Problem(409, 'inbox.under_way', 'An answer is on its way in this conversation. Wait until it has left.')
}

type Code = 'moved_in' | 'moved_out' | 'split_off' | 'split_from'

async function settleBoth(
  tx: Tx<Tables>,
  actor: Actor,
  source: ConversationRow,
  target: ConversationRow,
  messageId: string,
  [sourceCode, targetCode]: readonly [Code, Code],
  [there, here]: readonly ['moved' | 'split_off', 'moved' | 'split_from'],
): Promise<void> {
  for (const [row, other, code] of [
    [source, target, sourceCode],
    [target, source, targetCode],
  ] as const) {
    await systemMessage(tx, actor, row, code, { messageId, conversationId: other.id })
    await recountConversation(tx, actor, row)
  }
  await linkConversations(tx, actor, [
    { from: source.id, to: target.id, reason: there },
    { from: target.id, to: source.id, reason: here },
  ])
  for (const row of [source, target])
    await emit(tx, actor, 'inbox.message_moved', {
      subjectId: row.id,
      data: { conversationId: row.id, messageId },
      visibility: visibilityOf(row),
    })
}

/** The connection that a message came by: a mail that stood in a chat is answered by mail. Ours go on as their conversation does. */
async function homeOf(
  tx: Tx<Tables>,
  actor: Actor,
  source: ConversationRow,
  messageId: string,
): Promise<{ readonly connectionId: string; readonly channel: string }> {
  const { rows } = await sql<{ connectionId: string; channel: string }>`
    select c.id as connection_id, c.channel from messages m, connections c
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${messageId}::uuid and m.kind = 'in'
      and c.workspace_id = m.workspace_id and exists (select from message_keys k where k.workspace_id = m.workspace_id
        and k.connection_id = c.id and k.external_id = m.external_id and k.message_id = m.id)
  `.execute(tx)
  return rows[0] ?? source
}

/** A conversation of the message's author, otherwise like the one that it leaves. */
async function makeConversation(
  tx: Tx<Tables>,
  actor: Actor,
  source: ConversationRow,
  message: Moved,
): Promise<ConversationRow> {
  const author =
    message.kind === 'in' && message.identityId !== null
      ? await tx
          .selectFrom('identities as i')
          .innerJoin('customers as c', (join) =>
            join.onRef('c.workspaceId', '=', 'i.workspaceId').onRef('c.id', '=', 'i.customerId'),
          )
          .select(['c.id', 'c.name', 'i.name as called', 'i.handle'])
          .where('i.workspaceId', '=', actor.workspaceId)
          .where('i.id', '=', message.identityId)
          .executeTakeFirst()
      : undefined
  const id = randomUUIDv7()
  const home = await homeOf(tx, actor, source, message.id)
  await tx
    .insertInto('conversations')
    .values({
      workspaceId: actor.workspaceId,
      id,
      connectionId: home.connectionId,
      channel: home.channel,
      threadKey: `split:${id}`,
      customerId: author?.id ?? source.customerId,
      customerName: author ? (author.name ?? author.called ?? author.handle) : source.customerName,
      subject: message.subject === null ? source.subject : cover(message.subject, spansOf(message.personal), 'subject'),
      visibility: source.visibility,
      shape: source.shape,
      state: 'open',
      assigneeId: source.assigneeId,
      teamId: source.teamId,
      firstMessageAt: message.occurredAt,
      lastActivityAt: message.occurredAt,
      priorityAt: message.occurredAt,
      threadFacts: JSON.stringify(home.connectionId === source.connectionId ? source.threadFacts : {}),
    })
    .execute()
  await tx
    .insertInto('episodes')
    .values({ workspaceId: actor.workspaceId, conversationId: id, episode: 1, openedAt: actor.at, openedBy: 'member' })
    .execute()
  return findConversation(tx, actor, id, true)
}
