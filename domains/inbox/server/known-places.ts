// What placing.ts needs to know, read for a whole batch in a fixed number of statements, and only where something asks for it.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { addressOf, type InboundItem } from './inbound-items.ts'
import { findOurKeys, keyOf, type KnownKey } from './message-keys.ts'
import { followedBy, threadName, type Handle, type KnownPlaces, type WaitingChild } from './placing.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<
  InboxTables,
  | 'conversations'
  | 'conversationThreads'
  | 'conversationParticipants'
  | 'conversationAddresses'
  | 'messageFollows'
  | 'messageKeys'
  | 'messages'
>

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const nothing: KnownPlaces = {
  followed: new Map(),
  ours: new Set(),
  proven: new Set(),
  threads: new Map(),
  identities: new Map(),
  addresses: new Map(),
  waiting: new Map(),
}

export interface Followed {
  readonly messageId: string
  readonly conversationId: string
  readonly ours: boolean
}

/** The messages that a batch follows, by `keyOf` of the follower's connection; ours are known by whatever connection. */
export async function findFollowed(
  tx: Tx<Tables>,
  actor: Actor,
  items: readonly InboundItem[],
  known: ReadonlyMap<string, KnownKey>,
): Promise<Map<string, Followed>> {
  const wanted = items.flatMap((item) => followedBy(item).map((id) => [item.source.connectionId, id] as const))
  const missing = wanted.filter(([connectionId, id]) => !known.get(keyOf(connectionId, id))?.messageId)
  const ours = await findOurKeys(tx, actor, [...new Set(missing.map(([, id]) => id))])
  return new Map(
    wanted.flatMap(([connectionId, id]) => {
      const key = keyOf(connectionId, id)
      const own = known.get(key)
      const found = own?.messageId ? own : ours.get(id)
      return found?.messageId && found.conversationId
        ? [[key, { messageId: found.messageId, conversationId: found.conversationId, ours: found.ours }] as const]
        : []
    }),
  )
}

/** Everything that decides where the messages of a batch belong. Three statements; none where no message asks to be placed. */
export async function findPlaces(
  tx: Tx<Tables>,
  actor: Actor,
  items: readonly InboundItem[],
  followed: ReadonlyMap<string, Pick<Followed, 'conversationId' | 'ours'>>,
): Promise<KnownPlaces> {
  const placing = items.filter(({ message }) => message.placing !== undefined)
  if (placing.length === 0) return nothing
  const waiting = await findWaiting(tx, actor, placing)
  const { proven, threads } = await findConversations(tx, actor, items)
  const candidates = new Set([
    ...[...followed.values()].map(({ conversationId }) => conversationId),
    ...[...waiting.values()].flat().map(({ handle }) => handle),
  ])
  const parts = await findParts(tx, actor, [...candidates], placing)
  const conversationOf = new Map([...followed].map(([key, { conversationId }]) => [key, conversationId]))
  const ours = new Set([...followed].flatMap(([key, found]) => (found.ours ? [key] : [])))
  return { followed: conversationOf, ours, proven, threads, waiting, ...parts }
}

async function findWaiting(
  tx: Tx<Tables>,
  actor: Actor,
  items: readonly InboundItem[],
): Promise<Map<string, WaitingChild[]>> {
  const { rows } = await sql<WaitingChild & { connectionId: string; externalId: string }>`
    select n.connection_id, f.external_id, f.rank, m.conversation_id as handle, m.occurred_at as at
    from unnest(${items.map(({ source }) => source.connectionId)}::uuid[], ${items.map(({ message }) => message.externalId)}::text[],
      ${items.map(({ message }) => message.ours ?? false)}::boolean[]) as n (connection_id, external_id, ours)
    join message_follows f on f.workspace_id = ${actor.workspaceId}::uuid and f.external_id = n.external_id
      and (f.connection_id = n.connection_id or n.ours)
    join messages m on m.workspace_id = f.workspace_id and m.id = f.message_id
  `.execute(tx)
  return Map.groupBy(rows, ({ connectionId, externalId }) => keyOf(connectionId, externalId))
}

async function findConversations(tx: Tx<Tables>, actor: Actor, items: readonly InboundItem[]) {
  const named = items.flatMap(({ message }) => message.placing?.conversationId ?? []).filter((id) => ID.test(id))
  const { rows } = await sql<{ id: string; connectionId: string; threadKey: string; proven: boolean }>`
    select coalesce(s.conversation_id, c.id) as id, wanted.connection_id, wanted.thread_key, false as proven
    from unnest(${items.map(({ source }) => source.connectionId)}::uuid[], ${items.map(({ message }) => message.thread.key)}::text[])
      as wanted (connection_id, thread_key)
    left join conversation_threads s on s.workspace_id = ${actor.workspaceId}::uuid and s.connection_id = wanted.connection_id
      and s.thread_key = wanted.thread_key
    left join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.connection_id = wanted.connection_id
      and c.thread_key = wanted.thread_key
    where coalesce(s.conversation_id, c.id) is not null
    union
    select c.id, c.connection_id, c.thread_key, true from conversations c
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = any (${named}::uuid[])
  `.execute(tx)
  return {
    proven: new Set(rows.filter(({ proven }) => proven).map(({ id }) => id)),
    threads: new Map(rows.map(({ id, connectionId, threadKey }) => [threadName(connectionId, threadKey), id])),
  }
}

/** Which of the batch's authors take part in which of these conversations. */
async function findParts(
  tx: Tx<Tables>,
  actor: Actor,
  conversationIds: readonly string[],
  items: readonly InboundItem[],
) {
  const { rows } = await sql<{ handle: Handle; identityId: string | null; address: string | null }>`
    select conversation_id as handle, identity_id, null as address from conversation_participants
    where workspace_id = ${actor.workspaceId}::uuid and conversation_id = any (${[...conversationIds]}::uuid[])
      and identity_id = any (${[...new Set(items.map(({ speaker }) => speaker.identityId))]}::uuid[])
    union all
    select conversation_id, null, address from conversation_addresses
    where workspace_id = ${actor.workspaceId}::uuid and conversation_id = any (${[...conversationIds]}::uuid[])
      and address = any (${[...new Set(items.map(({ message }) => addressOf(message)))]}::text[]) and by_us
  `.execute(tx)
  const gather = (field: 'identityId' | 'address') =>
    new Map(
      [
        ...Map.groupBy(
          rows.filter((row) => row[field] !== null),
          ({ handle }) => handle,
        ),
      ].map(([handle, found]) => [handle, new Set(found.map((row) => row[field]!))]),
    )
  return { identities: gather('identityId'), addresses: gather('address') }
}
