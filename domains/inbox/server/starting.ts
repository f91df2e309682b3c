// A conversation that one of ours begins: the first message goes to somebody who has not written, where the channel allows it.
import { randomUUIDv7 } from 'node:crypto'
import type { KnownConnection } from '#connections/server'
import { knowSpeakers, speakerKey, type KnownSpeaker } from '#customers/server'
import { memberOf, type Actor } from '#platform/actor'
import { overLimit } from '#platform/contract/length'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Addressees, AddresseesInput } from '../contract.ts'
import { emit } from './emit.ts'
import { choose, severalIn } from './envelope.ts'
import { removeOpening } from './openings.ts'
import { signalOutbound } from './outbound-signal.ts'
import { previewOf } from './previews.ts'
import { indexWords } from './search.ts'
import { mediaIn, textLimitsIn } from './limits.ts'
import { canReplyIn, insertHeld } from './sending.ts'
import { attachToMessage, requireUploads } from './uploads.ts'

export interface StartInput extends AddresseesInput {
  readonly subject: string
  readonly body: string
  readonly attachmentIds?: readonly string[] | undefined
  /** Made by the caller: the first message's id, so that writing twice with the same one writes once. */
  readonly clientId: string
}

export interface Started {
  readonly conversationId: string
  readonly messageId: string
}

/** Begins a conversation with whom the first of `to` is, and holds its first message for its undo time. */
export async function startConversation(
  tx: Tx,
  actor: Actor,
  connection: KnownConnection,
  input: StartInput,
): Promise<Started> {
  const before = await alreadyStarted(tx, actor, connection, input.clientId)
  if (before) return before
  requireStartable(connection, input, actor.at)
  const addressees = choose(connection, input)
  const first = addressees.to[0]
  if (!first) throw new Problem(422, 'inbox.no_addressee', 'There is nobody to send this to yet: add an address.')
  if (!severalIn(connection) && addressees.to.length + addressees.cc.length + addressees.bcc.length > 1)
    throw new Problem(422, 'inbox.one_addressee', `A message by ${connection.connector.name} goes to one person.`)
  const uploads = await requireUploads(tx, actor, input.attachmentIds ?? [], mediaIn(connection, 'private'))
  if (input.body.trim() === '' && uploads.length === 0)
    throw new Problem(422, 'inbox.empty_message', 'There is nothing to send yet: write something or add a file.')
  const speaker = {
    channel: connection.channel,
    externalId: first.address.toLowerCase(),
    handle: first.address,
    at: actor.at,
  }
  const named = { ...speaker, ...(first.name && { name: first.name }), email: first.address }
  const customer = (await knowSpeakers(tx, actor, [named])).get(speakerKey(speaker))!
  const conversation = await makeConversation(tx, actor, connection, customer, input)
  const subject = input.subject.trim().slice(0, 500)
  const envelope = { ...addressees, subject } satisfies Addressees & { subject: string }
  const seq = await insertHeld(tx, actor, conversation, input, uploads.length, envelope)
  await tx
    .updateTable('conversations')
    .set({ lastSeq: seq, messageCount: 1, preview: previewOf(input.body, uploads.length), previewKind: 'out' })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', conversation.id)
    .execute()
  const { id } = conversation
  await indexWords(tx, actor, [
    { messageId: input.clientId, conversationId: id, occurredAt: actor.at, words: `${subject} ${input.body}` },
  ])
  await attachToMessage(tx, actor, id, input.clientId, uploads)
  await removeOpening(tx, actor)
  const visibility = { teamId: conversation.teamId, assigneeId: conversation.assigneeId }
  const said = { subjectId: id, visibility }
  await emit(tx, actor, 'inbox.conversation_opened', { ...said, data: { conversationId: id, changed: ['state'] } })
  await emit(tx, actor, 'inbox.message_held', { ...said, data: { conversationId: id, messageId: input.clientId } })
  signalOutbound(tx)
  return { conversationId: id, messageId: input.clientId }
}

const threadKeyOf = (clientId: string): string => `started:${clientId}`

async function alreadyStarted(
  tx: Tx,
  actor: Actor,
  connection: KnownConnection,
  clientId: string,
): Promise<Started | null> {
  const message = await tx
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.workspaceId', '=', 'm.workspaceId').onRef('c.id', '=', 'm.conversationId'),
    )
    .select(['c.id', 'c.threadKey', 'c.connectionId'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.id', '=', clientId)
    .executeTakeFirst()
  if (!message) return null
  if (message.threadKey !== threadKeyOf(clientId) || message.connectionId !== connection.id)
    throw new Problem(409, 'inbox.id_taken', 'This clientId belongs to another message. Make a new one.')
  return { conversationId: message.id, messageId: clientId }
}

function requireStartable(connection: KnownConnection, input: StartInput, now: Date): void {
  const { capabilities, name } = connection.connector
  const refuse = (why: string): never => {
    throw new Problem(422, 'inbox.cannot_start', why)
  }
  if (!capabilities.startsConversations || !capabilities.sends) refuse(`${name} can not be used to write first.`)
  if (connection.state === 'paused') refuse('This connection is paused. An administrator can resume it.')
  const can = canReplyIn({ visibility: 'private', lastInboundAt: null, threadFacts: {} }, connection, now)
  if (!can.ok) refuse(can.why)
  const over = overLimit(textLimitsIn(connection, 'private'), input.body)
  if (over) {
    const { max: limit, length, unit } = over
    throw new Problem(422, 'inbox.too_long', `This is ${length} long; ${name} takes ${limit}.`, {
      details: { limit, length, unit },
    })
  }
}

async function makeConversation(
  tx: Tx,
  actor: Actor,
  connection: KnownConnection,
  customer: KnownSpeaker,
  input: StartInput,
) {
  const row = {
    id: randomUUIDv7(),
    connectionId: connection.id,
    episode: 1,
    visibility: 'private',
    state: 'waiting',
    snoozedUntil: null,
    resolvedAt: null,
    assigneeId: memberOf(actor),
    teamId: connection.teamId,
  }
  const { workspaceId, at } = actor
  await tx
    .insertInto('conversations')
    .values({
      ...row,
      workspaceId,
      channel: connection.channel,
      threadKey: threadKeyOf(input.clientId),
      customerId: customer.customerId,
      customerName: customer.customerName,
      subject: input.subject.trim().slice(0, 500),
      shape: connection.connector.capabilities.shapes[0] ?? 'line',
      firstMessageAt: at,
      lastActivityAt: at,
      priorityAt: at,
      isSample: connection.isSample,
    })
    .execute()
  await tx
    .insertInto('episodes')
    .values({ workspaceId, conversationId: row.id, episode: 1, openedAt: at, openedBy: 'member' })
    .execute()
  await tx
    .insertInto('conversationParticipants')
    .values({ workspaceId, conversationId: row.id, identityId: customer.identityId, joinedAt: at })
    .execute()
  return row
}
