// An answer from the composer: checked against what the channel can do, stored as held for its undo time, taken back, tried
// again. Leaving is the sender's business (sender.ts).
import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import { memberOf, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { AddresseesInput } from '../contract.ts'
import { partsOf } from './chains.ts'
import { requireThread } from './conversation-threads.ts'
import { removeDraft } from './drafts.ts'
import { storeEnvelope } from './bodies.ts'
import { emit } from './emit.ts'
import { requireEnvelope, type Envelope } from './envelope.ts'
import { mediaIn, openingAt, textLimitsIn } from './limits.ts'
import { signalOutbound } from './outbound-signal.ts'
import { storeOwnPost } from './posts.ts'
import { previewOf } from './previews.ts'
import { indexWords } from './search.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { closeEpisode, mirrorLabels, reopenEpisode } from './threads.ts'
import { attachToMessage, requireUploads } from './uploads.ts'
import { findConversation, visibilityOf, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

/** How long an answer can be taken back, in milliseconds. */
export const UNDO_MS = 10_000

export interface SendInput {
  readonly conversationId: string
  readonly body: string
  readonly attachmentIds?: readonly string[] | undefined
  readonly parentId?: string | null | undefined
  /** Made by the caller: the message's id, so that sending twice with the same one sends once. */
  readonly clientId: string
  readonly resolve?: boolean | undefined
  /** Where an answer may go to several; left out: everybody whom the last message names. */
  readonly addressees?: AddresseesInput | undefined
  readonly subject?: string | null | undefined
  readonly confirmNewAddressees?: boolean | undefined
  /** In which thread; null: the first. Left out: where what it answers stands. */
  readonly threadId?: string | null | undefined
  /** Who will see it, as the caller believes. */
  readonly visibility?: 'public' | 'private' | undefined
  readonly warning?: string | null | undefined
  /** Too long for one: leave as several. */
  readonly chain?: boolean | undefined
}

/** Writes an answer and holds it. Answers the message's id; the same for the same `clientId`, without a second message. */
export async function sendMessage(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection | null,
  input: SendInput,
): Promise<string> {
  const conversation = await findConversation(tx, actor, input.conversationId, true)
  if (await alreadyThere(tx, actor, input)) return input.clientId
  const thread = await requireThread(tx, actor, conversation, input)
  requireSendable(thread, connection, actor.at)
  const warning = requireWarning(connection!, input.warning)
  const place = { conversationId: conversation.id, threadKey: thread.threadKey, parentId: input.parentId ?? null }
  const opening = await openingAt(tx, actor, connection!, place)
  const parts = partsOf(connection!, textLimitsIn(connection!, thread.visibility), { ...input, opening, warning })
  const media = mediaIn(connection!, thread.visibility)
  const uploads = await requireUploads(tx, actor, input.attachmentIds ?? [], media)
  if (input.body.trim() === '' && uploads.length === 0)
    throw new Problem(422, 'inbox.empty_message', 'There is nothing to send yet: write something or add a file.')
  await requireParent(tx, actor, conversation, input.parentId)
  const envelope = await requireEnvelope(tx, actor, connection!, conversation, input)
  let seq = 0
  for (const { id, body, index } of parts) {
    const parentId = index === 0 ? input.parentId : parts[index - 1]!.id
    const chain = parts.length === 1 ? null : { id: input.clientId, index }
    const place = { visibility: thread.visibility, threadKey: thread.threadKey, chain }
    const files = index === 0 ? uploads.length : 0
    seq = await insertHeld(tx, actor, conversation, { clientId: id, parentId, body }, files, envelope, place)
    const chainText = chain && index === 0 ? input.body.replaceAll('\u0000', '') : null
    await storeOwnPost(tx, actor, id, { warning, chainText })
  }
  await indexWords(
    tx,
    actor,
    parts.map(({ id, body }) => ({
      messageId: id,
      conversationId: conversation.id,
      occurredAt: actor.at,
      words: body,
    })),
  )
  await attachToMessage(tx, actor, conversation.id, input.clientId, uploads)
  await removeDraft(tx, actor, conversation.id)
  const preview = previewOf(input.body, uploads.length)
  await passTurn(tx, actor, conversation, { seq, preview, count: parts.length }, input.resolve ?? false)
  await emit(tx, actor, 'inbox.message_held', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId: input.clientId },
    visibility: visibilityOf(conversation),
  })
  signalOutbound(tx)
  return input.clientId
}

async function alreadyThere(tx: Tx<Tables>, actor: Actor, { clientId, conversationId }: SendInput): Promise<boolean> {
  const message = await tx
    .selectFrom('messages')
    .select(['conversationId', 'kind'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', clientId)
    .executeTakeFirst()
  if (message && (message.conversationId !== conversationId || message.kind !== 'out'))
    throw new Problem(409, 'inbox.id_taken', 'This clientId belongs to another message. Make a new one.')
  return message !== undefined
}

function requireSendable(thread: Repliable, connection: KnownConnection | null, now: Date): void {
  const refuse = (why: string): never => {
    throw new Problem(422, 'inbox.cannot_reply', why)
  }
  if (!connection) return refuse('The connection of this conversation was removed. Connect it again to answer.')
  if (connection.state === 'paused') return refuse('This connection is paused. An administrator can resume it.')
  if (!connection.connector.capabilities.sends) return refuse('Nothing can be answered on this channel.')
  const can = canReplyIn(thread, connection, now)
  if (!can.ok) return refuse(can.why)
}

/** What decides whether a thread can be answered. */
export interface Repliable {
  readonly visibility: string
  readonly lastInboundAt: Date | null
  readonly threadFacts: unknown
}

function requireWarning({ connector }: KnownConnection, given: string | null | undefined): string | null {
  const warning = given?.replaceAll('\u0000', '').trim() || null
  if (warning !== null && !connector.capabilities.contentWarning)
    throw new Problem(422, 'inbox.no_warning', `${connector.name} can not hide a message behind a warning.`)
  return warning
}

/** Whether a conversation can be answered now, in the words of its channel. */
export function canReplyIn(conversation: Repliable, connection: KnownConnection, now: Date) {
  return connection.connector.canReply(
    {
      visibility: conversation.visibility as 'public' | 'private',
      lastInboundAt: conversation.lastInboundAt,
      facts: conversation.threadFacts as Record<string, unknown>,
    },
    now,
    connection.settings,
  )
}

async function requireParent(
  tx: Tx<Tables>,
  actor: Actor,
  conversation: ConversationRow,
  parentId: string | null | undefined,
): Promise<void> {
  if (!parentId) return
  const parent = await tx
    .selectFrom('messages')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('id', '=', parentId)
    .where('kind', 'in', ['in', 'out'])
    .executeTakeFirst()
  if (!parent)
    throw new Problem(422, 'inbox.no_such_parent', 'The message that this answers is not in this conversation.')
}

type Held = Pick<
  ConversationRow,
  'id' | 'connectionId' | 'episode' | 'visibility' | 'state' | 'snoozedUntil' | 'resolvedAt' | 'assigneeId'
>

/** Where an answer goes that does not simply go on the first thread. */
export interface OutPlace {
  readonly visibility: 'public' | 'private'
  readonly threadKey: string | null
  readonly chain: { readonly id: string; readonly index: number } | null
}

/** Stores an answer that waits for its undo time; answers its place in the order of all. */
export async function insertHeld(
  tx: Tx<Tables>,
  actor: Actor,
  conversation: Held,
  input: Pick<SendInput, 'clientId' | 'parentId' | 'body'>,
  attachments: number,
  envelope: Envelope | null,
  place: OutPlace | null = null,
): Promise<number> {
  const { seq } = await tx
    .insertInto('messages')
    .values({
      workspaceId: actor.workspaceId,
      id: input.clientId,
      conversationId: conversation.id,
      episode: conversation.episode,
      kind: 'out',
      visibility: place?.visibility ?? conversation.visibility,
      threadKey: place?.threadKey ?? null,
      chainId: place?.chain?.id ?? null,
      chainIndex: place?.chain?.index ?? null,
      parentId: input.parentId ?? null,
      memberId: memberOf(actor),
      authorName: await authorName(tx, actor),
      subject: envelope?.subject ?? null,
      body: input.body.replaceAll('\u0000', ''),
      attachmentCount: attachments,
      occurredAt: actor.at,
      receivedAt: actor.at,
      state: 'held',
      stateAt: actor.at,
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  if (envelope) await storeEnvelope(tx, actor, input.clientId, envelope)
  const { state, snoozedUntil, resolvedAt, assigneeId } = conversation
  await tx
    .insertInto('outbound')
    .values({
      workspaceId: actor.workspaceId,
      messageId: input.clientId,
      connectionId: conversation.connectionId,
      conversationId: conversation.id,
      state: 'held',
      nextAt: new Date(actor.at.getTime() + UNDO_MS),
      createdAt: actor.at,
      before: JSON.stringify({ state, snoozedUntil, resolvedAt, assigneeId } satisfies TurnBefore),
    })
    .execute()
  return seq
}

/** What an answer changes about its conversation, as it was before; times are ISO strings once they were stored. */
export interface TurnBefore {
  readonly state: string
  readonly snoozedUntil: Date | string | null
  readonly resolvedAt: Date | string | null
  readonly assigneeId: string | null
}

/** The name that customers see: the member's, or the workspace's for tokens and the program. */
export async function authorName(tx: Tx<Pick<Tables, 'members' | 'workspaces'>>, actor: Actor): Promise<string> {
  const member = memberOf(actor)
  const row = member
    ? await tx
        .selectFrom('members')
        .select('name')
        .where('workspaceId', '=', actor.workspaceId)
        .where('id', '=', member)
        .executeTakeFirst()
    : await tx.selectFrom('workspaces').select('name').where('id', '=', actor.workspaceId).executeTakeFirst()
  return row?.name ?? 'Support'
}

/** After an answer it is the customer's turn, or the end. */
async function passTurn(
  tx: Tx<Tables>,
  actor: Actor,
  conversation: ConversationRow,
  { seq, preview, count }: { readonly seq: number; readonly preview: string; readonly count: number },
  resolve: boolean,
): Promise<void> {
  await sql`
    update conversations set preview = ${preview}, preview_kind = 'out', message_count = message_count + ${count},
      last_seq = greatest(last_seq, ${seq}),
      last_activity_at = greatest(last_activity_at, ${actor.at}), waiting_since = null, priority_at = greatest(last_activity_at, ${actor.at}) - make_interval(mins => priority_minutes),
      state = ${resolve ? 'resolved' : 'waiting'}, resolved_at = ${resolve ? actor.at : null}::timestamptz, snoozed_until = null,
      assignee_id = coalesce(assignee_id, ${memberOf(actor)}::uuid), version = version + 1
    where workspace_id = ${actor.workspaceId}::uuid and id = ${conversation.id}::uuid
  `.execute(tx)
  await tx
    .updateTable('episodes')
    .set({ firstAnswerAt: actor.at, firstAnswerBy: memberOf(actor) })
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', conversation.id)
    .where('episode', '=', conversation.episode)
    .where('firstAnswerAt', 'is', null)
    .execute()
  if (resolve) {
    await closeEpisode(tx, actor, conversation)
    await emit(tx, actor, 'inbox.conversation_resolved', {
      subjectId: conversation.id,
      data: { conversationId: conversation.id, changed: ['state'] },
      visibility: visibilityOf(conversation),
    })
  } else if (conversation.state === 'resolved') await reopenEpisode(tx, actor, conversation)
  await mirrorLabels(tx, actor, [conversation.id])
}

/** What leaves, or left: an answer, or the line that took some on to an address. */
export async function findOutbound(tx: Tx<Tables>, actor: Actor, id: string) {
  const message = await tx
    .selectFrom('messages')
    .select(['id', 'kind', 'seq', 'occurredAt', 'conversationId', 'memberId', 'body', 'subject', 'parentId', 'state'])
    .select(['chainId', 'chainIndex'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('state', 'is not', null)
    .executeTakeFirst()
  if (!message) throw notFound('message')
  return message
}
