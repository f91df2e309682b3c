// What came in, stored: conversations, messages, keys, search words, events, for a whole batch in a fixed number of
// statements. Exactly once in effect: a message whose key is known changes nothing, and a deleted one stays deleted.
import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { storeAttachments } from './attachments.ts'
import { occurredAt, type InboundItem, type StoredMessage } from './inbound-items.ts'
import { claimKeys, findKeys, keyOf } from './message-keys.ts'
import { openThreads, threadKeyOf, touchThreads, type Thread } from './threads.ts'
import type { InboxTables } from './tables.ts'
import { emit } from './emit.ts'
import { indexWords } from './search.ts'

/** Stores new messages in the order given; answers those that were new. */
export async function storeInbound(
  tx: Tx<InboxTables>,
  actor: Actor,
  items: readonly InboundItem[],
): Promise<StoredMessage[]> {
  const once = [
    ...new Map(items.map((item) => [keyOf(item.source.connectionId, item.message.externalId), item])).entries(),
  ]
  const known = await findKeys(
    tx,
    actor,
    once.map(([, { source, message }]) => [source.connectionId, message.externalId]),
  )
  const fresh = once.filter(([key]) => !known.has(key)).map(([, item]) => item)
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
    const messageId = claimed.get(keyOf(item.source.connectionId, item.message.externalId))
    return messageId ? [{ messageId, conversationId: threads.get(threadKeyOf(item))!.id, item }] : []
  })
  if (stored.length === 0) return []
  await insertMessages(tx, actor, stored, threads)
  return stored
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
      stored.map(({ messageId, conversationId, item: { message, speaker, source, receivedAt } }) => {
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
          body: withoutNul(message.text),
          data: JSON.stringify(message.data ?? {}),
          attachmentCount: message.media?.length ?? 0,
          occurredAt: at,
          receivedAt,
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
    stored.map(({ messageId, conversationId, item }) => ({
      messageId,
      conversationId,
      occurredAt: occurredAt(item.message.at, item.receivedAt),
      words: [item.message.subject, item.message.text].filter(Boolean).join(' '),
    })),
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
  await emit(
    tx,
    actor,
    'inbox.message_received',
    ...stored.map(({ messageId, conversationId }) => {
      const { teamId, assigneeId } = threadOf.get(conversationId)!
      return { subjectId: conversationId, data: { conversationId, messageId }, visibility: { teamId, assigneeId } }
    }),
  )
}

/** A text column takes anything but U+0000. */
const withoutNul = (text: string): string => text.replaceAll('\u0000', '\uFFFD')

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
  return new Map(
    wanted.flatMap(({ messageId, item }) => {
      const parent = keys.get(keyOf(item.source.connectionId, item.message.parentExternalId!))
      return parent?.messageId ? [[messageId, parent.messageId] as const] : []
    }),
  )
}
