// What came in, stored: conversations, messages, keys, search words, events, for a whole batch in a fixed number of
// statements. Exactly once in effect: a message whose key is known changes nothing, and a deleted one stays deleted.
import { randomUUIDv7 } from 'node:crypto'
import type { InboundMessage } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { storeAttachments } from './attachments.ts'
import { applyEarly } from './changes.ts'
import { keepEarly } from './early-changes.ts'
import type { InboundItem, StoredMessage } from './inbound-items.ts'
import { claimKeys, findKeys, keyOf } from './message-keys.ts'
import { touchThreads } from './thread-rows.ts'
import { openThreads, threadKeyOf, type Thread } from './threads.ts'
import type { InboxTables } from './tables.ts'
import { emit } from './emit.ts'
import { occurredAt } from './occurred-at.ts'
import { indexWords } from './search.ts'

/** Stores new messages in the order given; answers those that were new. */
export async function storeInbound(
  tx: Tx<InboxTables>,
  actor: Actor,
  items: readonly InboundItem[],
): Promise<StoredMessage[]> {
  const once = [
    // The first of doubles counts, as it would had they come in two batches.
    ...new Map(
      items.toReversed().map((item) => [keyOf(item.source.connectionId, item.message.externalId), item]),
    ).entries(),
  ].toReversed()
  const known = await findKeys(
    tx,
    actor,
    once.map(([, { source, message }]) => [source.connectionId, message.externalId]),
  )
  const fresh = once.filter(([key]) => !known.get(key)?.messageId).map(([, item]) => item)
  if (fresh.length === 0) return []

  const threads = await openThreads(tx, actor, fresh)
  const claimed = await claimKeys(
    tx,
    actor,
    fresh.map((item) => ({
      connectionId: item.source.connectionId,
      externalId: item.message.externalId,
      messageId: randomUUIDv7(),
      conversationId: threads.get(threadKeyOf(item))!.id,
    })),
  )
  const stored = fresh.flatMap((item): StoredMessage[] => {
    const claim = claimed.get(keyOf(item.source.connectionId, item.message.externalId))
    if (!claim) return []
    const kept = claim.deletedAt === null ? item : { ...item, message: emptied(item.message) }
    return [{ ...claim, conversationId: threads.get(threadKeyOf(item))!.id, item: kept }]
  })
  if (stored.length === 0) return []
  await insertMessages(tx, actor, stored, threads)
  await applyEarly(
    tx,
    actor,
    stored.map(({ item: { source, message } }) => [source.connectionId, message.externalId]),
    [...threads.values()].filter(({ isNew }) => isNew).map(({ connectionId, threadKey }) => [connectionId, threadKey]),
  )
  return stored
}

/** What is left of a message that was deleted before it came. */
function emptied({ subject: _subject, media: _media, data: _data, ...message }: InboundMessage): InboundMessage {
  return { ...message, text: '' }
}

async function insertMessages(
  tx: Tx<InboxTables>,
  actor: Actor,
  stored: readonly StoredMessage[],
  threads: ReadonlyMap<string, Thread>,
): Promise<void> {
  const parents = await findParents(tx, actor, stored)
  const rows = await tx
    .insertInto('messages')
    .values(
      stored.map(({ messageId, conversationId, deletedAt, item: { message, speaker, source, receivedAt } }) => {
        const at = occurredAt(message.at, receivedAt)
        return {
          workspaceId: actor.workspaceId,
          id: messageId,
          conversationId,
          episode: threads.get(threadKeyOf({ source, message }))!.episode,
          kind: message.ours ? 'out' : 'in',
          visibility: message.thread.visibility,
          parentId: parents.get(messageId) ?? null,
          identityId: speaker.identityId,
          authorName: message.author.name ?? message.author.handle ?? speaker.customerName,
          externalId: message.externalId,
          subject: message.subject ?? null,
          body: message.text,
          data: JSON.stringify(message.data ?? {}),
          attachmentCount: message.media?.length ?? 0,
          occurredAt: at,
          receivedAt,
          deletedAt,
          state: message.ours ? 'sent' : null,
          stateAt: message.ours ? at : null,
          isSample: source.isSample ?? false,
        }
      }),
    )
    .returning(['id', 'seq'])
    .execute()
  const seqs = new Map(rows.map(({ id, seq }) => [id, seq]))
  await storeAttachments(tx, actor, stored)
  await indexWords(
    tx,
    actor,
    stored.flatMap(({ messageId, conversationId, deletedAt, item }) =>
      deletedAt
        ? []
        : {
            messageId,
            conversationId,
            occurredAt: occurredAt(item.message.at, item.receivedAt),
            words: [item.message.subject, item.message.text].filter(Boolean).join(' '),
          },
    ),
  )
  const changes = await touchThreads(tx, actor, threads, stored, seqs)
  await emit(
    tx,
    actor,
    'inbox.conversation_opened',
    ...changes
      .filter(({ opened }) => opened)
      .map(({ thread }) => ({
        subjectId: thread.id,
        data: { conversationId: thread.id, changed: ['state'] },
        visibility: { teamId: thread.teamId, assigneeId: thread.assigneeId },
      })),
  )
  const threadOf = new Map([...threads.values()].map((thread) => [thread.id, thread]))
  const told = ({ messageId, conversationId }: StoredMessage) => {
    const { teamId, assigneeId } = threadOf.get(conversationId)!
    return { subjectId: conversationId, data: { conversationId, messageId }, visibility: { teamId, assigneeId } }
  }
  const [fromUs, fromThem] = [true, false].map((ours) =>
    stored.filter(({ item }) => (item.message.ours ?? false) === ours),
  )
  await emit(tx, actor, 'inbox.message_received', ...fromThem!.map(told))
  // Written by our own account elsewhere: nobody has to react to it as to a customer.
  await emit(
    tx,
    actor,
    'inbox.message_state_changed',
    ...fromUs!.map((message) => {
      const { data, ...event } = told(message)
      return { ...event, data: { ...data, state: 'sent' } }
    }),
  )
}

async function findParents(
  tx: Tx<InboxTables>,
  actor: Actor,
  stored: readonly StoredMessage[],
): Promise<Map<string, string>> {
  const wanted = stored.filter(({ item }) => item.message.parentExternalId !== undefined)
  const keys = await findKeys(
    tx,
    actor,
    wanted.map(({ item }) => [item.source.connectionId, item.message.parentExternalId!]),
  )
  const found = new Map<string, string>()
  for (const { messageId, item } of wanted) {
    const { source, message } = item
    const externalId = message.parentExternalId!
    const parent = keys.get(keyOf(source.connectionId, externalId))
    if (parent?.messageId) found.set(messageId, parent.messageId)
    else {
      const event = { type: 'parent', externalId, childExternalId: message.externalId, at: message.at } as const
      await keepEarly(tx, actor, { connectionId: source.connectionId, event })
    }
  }
  return found
}
