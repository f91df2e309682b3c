// Where a message belongs that names no thread but what it answers. Pure: what is known of the world is given.
//
// 0. A report on a message of ours stands where that one stands, whoever sent it: its author takes no part there by that.
// 1. A signed reply address names the conversation, also one of another channel.
// 2. Else the nearest message that it follows whose conversation its author takes part in: by having written there, or because
//    one of ours wrote to them there. Whom a customer put in copy takes no part; whom a member wrote to does.
// 3. Else, where something that it follows is here, a conversation of its own, linked to that one for members. Nothing of that
//    one is ever said to who wrote this: they may have guessed its name.
// 4. Else, when it is itself what somebody here answered (it came late), the conversation of that answer, if its author takes
//    part in it: the order in which mail arrives means nothing. Two conversations that both exist are linked, never merged:
//    that is for a member to decide.
// 5. Else it begins a conversation. The subject decides nothing.
//
// Our own account takes part everywhere. Whose identity nothing proves takes part nowhere.
import type { Placement } from '../contract.ts'
import { addressOf, type InboundItem } from './inbound-items.ts'
import { keyOf } from './message-keys.ts'

/** Scope of identities that somebody only claims to have. */
const UNPROVEN = 'unproven'
/** More names than this are no memory but an attack. */
const MOST_FOLLOWED = 200

/** A conversation by its id, or by the name under which this batch begins it. */
export type Handle = string

export interface Place {
  readonly item: InboundItem
  readonly messageId: string
  readonly handle: Handle
  /** The conversation's name on the platform, should it be new. */
  readonly threadKey: string
  readonly placedBy: Placement
  readonly links: readonly Link[]
}

export interface Link {
  readonly from: Handle
  readonly to: Handle
  readonly reason: 'answers' | 'answered_there'
}

export interface WaitingChild {
  readonly handle: Handle
  readonly rank: number
  readonly at: Date
}

export interface KnownPlaces {
  /** Conversations of messages that are followed, by `keyOf` of the follower's connection. */
  readonly followed: ReadonlyMap<string, Handle>
  /** Those of them that are our own. */
  readonly ours: ReadonlySet<string>
  /** Those of the named conversations that exist. */
  readonly proven: ReadonlySet<string>
  /** Conversations that have a thread's name already, by `threadName`. */
  readonly threads: ReadonlyMap<string, Handle>
  readonly identities: ReadonlyMap<Handle, ReadonlySet<string>>
  /** Addresses that we wrote to. */
  readonly addresses: ReadonlyMap<Handle, ReadonlySet<string>>
  /** Messages that wait for one of this name. */
  readonly waiting: ReadonlyMap<string, readonly WaitingChild[]>
}

/** Names hold a space, ids never do. */
export const isName = (handle: Handle): boolean => handle.includes(' ')

/** The thread's own part of a name. */
const threadKeyIn = (handle: Handle): string => handle.slice(handle.indexOf(' ') + 1)

export const threadName = (connectionId: string, threadKey: string): string => `${connectionId} ${threadKey}`

/** Everything that a message says it follows, nearest first, without itself. */
export function followedBy({ message }: Pick<InboundItem, 'message'>): readonly string[] {
  const named = [
    ...(message.parentExternalId === undefined ? [] : [message.parentExternalId]),
    ...(message.placing?.follows ?? []),
  ]
  return [...new Set(named)].filter((id) => id !== message.externalId && id !== '').slice(0, MOST_FOLLOWED)
}

/** It tells what became of another message, and nothing else. */
export const isReport = ({ message }: Pick<InboundItem, 'message'>): boolean =>
  message.automatic === 'report' || message.automatic === 'receipt'

/** Finds a place for each, in the order given: what was placed before counts for what comes after it. */
export function placeAll(
  items: readonly { readonly item: InboundItem; readonly messageId: string }[],
  known: KnownPlaces,
): Place[] {
  const placed = new Map<string, Handle>()
  const ours = new Set(known.ours)
  const identities = mutable(known.identities)
  const addresses = mutable(known.addresses)
  const begun = new Set<string>()
  const waiting = new Map([...known.waiting].map(([key, children]) => [key, [...children]]))

  const takesPart = ({ message, speaker }: InboundItem, handle: Handle): boolean =>
    message.ours === true ||
    (message.author.scope !== UNPROVEN &&
      ((identities.get(handle)?.has(speaker.identityId) ?? false) ||
        (addresses.get(handle)?.has(addressOf(message)) ?? false)))

  const remember = (item: InboundItem, handle: Handle): void => {
    const { message, speaker, source } = item
    placed.set(keyOf(source.connectionId, message.externalId), handle)
    if (message.ours) ours.add(keyOf(source.connectionId, message.externalId))
    // Who reports on a message is a server, or wants to pass for one.
    else if (isReport(item)) return
    if (message.author.scope !== UNPROVEN) put(identities, handle, speaker.identityId)
    if (message.ours)
      for (const { address } of [...(message.addressees?.to ?? []), ...(message.addressees?.cc ?? [])])
        put(addresses, handle, address.toLowerCase())
    for (const [rank, id] of followedBy(item).entries()) {
      const key = keyOf(source.connectionId, id)
      waiting.set(key, [...(waiting.get(key) ?? []), { handle, rank, at: message.at }])
    }
  }

  return items.map(({ item, messageId }): Place => {
    const { message, source } = item
    const own = ownThread(item, messageId, known.threads, begun)
    const place = (handle: Handle, placedBy: Placement, links: readonly Link[] = []): Place => {
      if (handle === own) begun.add(handle)
      const late = (waiting.get(keyOf(source.connectionId, message.externalId)) ?? [])
        .filter((child) => child.handle !== handle && placedBy !== 'thread')
        .flatMap((child) => linkBoth(child.handle, handle))
      remember(item, handle)
      return { item, messageId, handle, threadKey: threadKeyIn(handle), placedBy, links: [...links, ...late] }
    }
    if (!message.placing) return place(own, 'thread')
    const { conversationId } = message.placing
    const ancestors = followedBy(item).flatMap((id) => {
      const key = keyOf(source.connectionId, id)
      return placed.get(key) ?? known.followed.get(key) ?? []
    })
    const reported = isReport(item)
      ? followedBy(item).find((id) => ours.has(keyOf(source.connectionId, id)))
      : undefined
    if (reported !== undefined) {
      const key = keyOf(source.connectionId, reported)
      return place(placed.get(key) ?? known.followed.get(key)!, 'report')
    }
    if (conversationId !== undefined && known.proven.has(conversationId))
      return place(conversationId, 'reply_address', elsewhere(conversationId, ancestors))
    const joined = ancestors.find((handle) => takesPart(item, handle))
    if (joined !== undefined) return place(joined, 'follows', elsewhere(joined, ancestors))
    if (ancestors.length > 0) return place(own, 'stranger', linkBoth(own, ancestors[0]!))
    const children = (waiting.get(keyOf(source.connectionId, message.externalId)) ?? []).toSorted(
      (a, b) => a.rank - b.rank || a.at.getTime() - b.at.getTime(),
    )
    const child = children.find(({ handle }) => takesPart(item, handle))
    return child ? place(child.handle, 'follows') : place(own, 'new')
  })
}

/** What a message answers may be a stranger's, in a conversation apart: members find the way there and back. */
const elsewhere = (handle: Handle, [nearest]: readonly Handle[]): Link[] =>
  nearest === undefined || nearest === handle ? [] : linkBoth(handle, nearest)

const linkBoth = (answer: Handle, answered: Handle): Link[] => [
  { from: answer, to: answered, reason: 'answers' },
  { from: answered, to: answer, reason: 'answered_there' },
]

// A message that is placed by what it answers never joins by the thread's name: that name may be forged, or given twice.
function ownThread(
  { source, message }: InboundItem,
  messageId: string,
  threads: ReadonlyMap<string, Handle>,
  begun: ReadonlySet<string>,
): Handle {
  const { key } = message.thread
  const name = threadName(source.connectionId, key)
  if (!message.placing) return threads.get(name) ?? name
  return threads.has(name) || begun.has(name)
    ? threadName(source.connectionId, `${key.slice(0, 470)}#${messageId}`)
    : name
}

const mutable = (given: ReadonlyMap<Handle, ReadonlySet<string>>): Map<Handle, Set<string>> =>
  new Map([...given].map(([handle, all]) => [handle, new Set(all)]))

function put(map: Map<Handle, Set<string>>, handle: Handle, value: string): void {
  const all = map.get(handle)
  if (all) all.add(value)
  else map.set(handle, new Set([value]))
}
