// What came in, stored: conversations, messages, keys, search words, events, for a whole batch in a fixed number of
// statements. Exactly once in effect: a message whose key is known changes nothing, and a deleted one stays deleted.
import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { applyEarly } from './changes.ts'
import { emit } from './emit.ts'
import { adoptChildren, nearestOf, waitForNearer, type Parent } from './follows.ts'
import { findLoops } from './hearing.ts'
import type { InboundItem, StoredMessage } from './inbound-items.ts'
import { findFollowed, findPlaces } from './known-places.ts'
import { linkConversations } from './links.ts'
import { claimKeys, contentHashOf, findKeys, keyOf, namesOf, newOnes } from './message-keys.ts'
import { insertMessages } from './message-rows.ts'
import { followedBy, placeAll } from './placing.ts'
import { mostHeard, promote, promotedAmong } from './promoting.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { touchThreads } from './thread-rows.ts'
import { openThreads, type Thread } from './threads.ts'
import type { Heard, Understand } from './understanding.ts'

type Tables = InboxTables & InboxReads

/** Stores new messages in the order given; answers those that were new. `hearing` is asked once, before any of them is stored. */
export async function storeInbound(
  tx: Tx<Tables>,
  actor: Actor,
  given: readonly InboundItem[],
  hearing?: () => Promise<Heard>,
): Promise<StoredMessage[]> {
  const items = mostHeard(given)
  const known = await findKeys(tx, actor, [
    ...items.flatMap(namesOf),
    ...items.flatMap((item) => followedBy(item).map((id) => [item.source.connectionId, id] as const)),
  ])
  const fresh = newOnes(items, known).map((item) => ({ item, messageId: randomUUIDv7() }))
  const heard = promotedAmong(items, known)
  if (fresh.length === 0 && heard.length === 0) return []

  const followed = await findFollowed(
    tx,
    actor,
    fresh.map(({ item }) => item),
    known,
  )
  const places = placeAll(
    fresh,
    await findPlaces(
      tx,
      actor,
      fresh.map(({ item }) => item),
      followed,
    ),
  )
  const { quiet, cut } = await findLoops(tx, actor, places)
  const { threads, idOf } = await openThreads(tx, actor, [...places, ...heard], quiet)
  const claimed = await claimKeys(
    tx,
    actor,
    places.map(({ item, messageId, handle }) => ({
      connectionId: item.source.connectionId,
      externalId: item.message.externalId,
      messageId,
      conversationId: idOf(handle),
      contentHash: contentHashOf(item),
      ours: item.message.ours ?? false,
      context: item.message.context ?? false,
    })),
  )
  const heardBy = await hearing?.()
  const stored = places.flatMap(({ item, messageId, handle, placedBy }): StoredMessage[] => {
    const claim = claimed.get(keyOf(item.source.connectionId, item.message.externalId))
    if (!claim) return []
    const kept = claim.deletedAt === null ? item : { ...item, message: emptied(item.message) }
    return [
      {
        ...claim,
        conversationId: idOf(handle),
        placedBy,
        quiet: quiet.has(messageId),
        item: withPersonal(kept, heardBy),
      },
    ]
  })
  const promoted = heard.map(({ item, messageId, handle }): StoredMessage => ({
    item: withPersonal(item, heardBy),
    messageId,
    conversationId: idOf(handle),
    placedBy: 'thread',
    quiet: false,
    deletedAt: null,
    promoted: true,
  }))
  if (stored.length === 0 && promoted.length === 0) return []
  const parents = parentsOf(stored, followed)
  const seqs = new Map([
    ...(await insertMessages(tx, actor, stored, threads, parents)),
    ...(await promote(
      tx,
      actor,
      promoted.map(({ messageId, conversationId, item: { source, message } }) => ({
        connectionId: source.connectionId,
        externalId: message.externalId,
        messageId,
        episode: threads.get(conversationId)!.episode,
      })),
    )),
  ])
  await finishStoring(tx, actor, [...stored, ...promoted], threads, seqs, heardBy?.understand)
  await waitForNearer(tx, actor, stored, parents)
  await adoptChildren(
    tx,
    actor,
    stored.map(({ messageId, item: { source, message } }) => ({
      connectionId: source.connectionId,
      externalId: message.externalId,
      messageId,
      ours: message.ours ?? false,
    })),
  )
  await linkConversations(
    tx,
    actor,
    places.flatMap(({ links }) => links.map(({ from, to, reason }) => ({ from: idOf(from), to: idOf(to), reason }))),
  )
  for (const { messageId, conversationId, item } of stored.filter((one) => cut.has(one.messageId)))
    await systemMessage(tx, actor, threads.get(conversationId)!, 'loop_cut', {
      messageId,
      author: item.message.author.name ?? item.message.author.handle ?? null,
    })
  await applyEarly(
    tx,
    actor,
    stored.map(({ item: { source, message } }) => [source.connectionId, message.externalId]),
    [...threads.values()].filter(({ isNew }) => isNew).map(({ connectionId, threadKey }) => [connectionId, threadKey]),
  )
  return [...stored, ...promoted]
}

/** With where personal data stands in it; our own words are ours to write. */
function withPersonal(item: InboundItem, heardBy: Heard | undefined): InboundItem {
  return heardBy === undefined || item.message.ours ? item : { ...item, personal: heardBy.personalOf(item.message) }
}

/** The nearest of what each answers, also when that stands behind it in the batch. */
function parentsOf(
  stored: readonly StoredMessage[],
  followed: ReadonlyMap<string, { readonly messageId: string }>,
): Map<string, Parent> {
  const known = new Map([
    ...followed,
    ...stored.map((one) => [keyOf(one.item.source.connectionId, one.item.message.externalId), one] as const),
  ])
  return new Map(
    stored.flatMap(({ messageId, item }) => {
      const parent = nearestOf(item, known)
      return parent ? [[messageId, parent] as const] : []
    }),
  )
}

/** What is left of a message that was deleted before it came. */
function emptied(given: InboundItem['message']): InboundItem['message'] {
  const { type, at, externalId, thread, author, ours, parentExternalId, placing, addressees, automatic, context } =
    given
  return {
    ...{ type, at, externalId, thread, author, text: '' },
    ...(ours !== undefined && { ours }),
    ...(parentExternalId !== undefined && { parentExternalId }),
    ...(placing && { placing }),
    ...(addressees && { addressees }),
    ...(automatic && { automatic }),
    ...(context !== undefined && { context }),
  }
}

/** Brings the rows of the conversations up to date and tells who listens. */
async function finishStoring(
  tx: Tx<Tables>,
  actor: Actor,
  stored: readonly StoredMessage[],
  threads: ReadonlyMap<string, Thread>,
  seqs: ReadonlyMap<string, number>,
  understand: Understand | undefined,
): Promise<void> {
  const changes = await touchThreads(tx, actor, threads, stored, seqs, understand)
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
  const told = ({ messageId, conversationId }: StoredMessage) => {
    const { teamId, assigneeId } = threads.get(conversationId)!
    return { subjectId: conversationId, data: { conversationId, messageId }, visibility: { teamId, assigneeId } }
  }
  const fromUs = stored.filter(({ item }) => item.message.ours && !item.message.context)
  const around = stored.filter(({ item }) => item.message.context)
  const fromThem = stored.filter(({ item }) => !item.message.ours && !item.message.context)
  await emit(tx, actor, 'inbox.message_received', ...fromThem.filter(({ quiet }) => !quiet).map(told))
  await emit(tx, actor, 'inbox.message_kept_quiet', ...fromThem.filter(({ quiet }) => quiet).map(told))
  await emit(tx, actor, 'inbox.context_added', ...around.map(told))
  // Written by our own account elsewhere: nobody has to react to it as to a customer.
  await emit(
    tx,
    actor,
    'inbox.message_state_changed',
    ...fromUs.map((message) => {
      const { data, ...event } = told(message)
      return { ...event, data: { ...data, state: 'sent' } }
    }),
  )
}
