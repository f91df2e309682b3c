// What was seen around a conversation may turn out to be said to us: the same post comes once as context and once as a mention,
// in either order. The second word wins: it is heard as if it came now.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboundItem } from './inbound-items.ts'
import { keyOf, type KnownKey } from './message-keys.ts'
import type { Place } from './placing.ts'
import type { InboxTables } from './tables.ts'

const nameOf = ({ source, message }: InboundItem): string => keyOf(source.connectionId, message.externalId)

/** Without what stands around where the same message was also said to us. */
export function mostHeard(items: readonly InboundItem[]): readonly InboundItem[] {
  if (!items.some(({ message }) => message.context)) return items
  const heard = new Set(items.filter(({ message }) => !message.context).map(nameOf))
  return items.filter((item) => !item.message.context || !heard.has(nameOf(item)))
}

/** Those that are here as context and were now said to us, each once, where they stand. */
export function promotedAmong(items: readonly InboundItem[], known: ReadonlyMap<string, KnownKey>): Place[] {
  const places = new Map<string, Place>()
  for (const item of items) {
    const key = known.get(nameOf(item))
    if (item.message.context || !key?.context || !key.messageId || !key.conversationId || key.deletedAt) continue
    const { messageId, conversationId: handle } = key
    places.set(messageId, {
      item,
      messageId,
      handle,
      threadKey: item.message.thread.key,
      placedBy: 'thread',
      links: [],
    })
  }
  return [...places.values()]
}

/** Makes them heard, last in the order of all; answers their new places in it. One statement; none where there are none. */
export async function promote(
  tx: Tx<Pick<InboxTables, 'messages' | 'messageKeys'>>,
  actor: Actor,
  messages: readonly {
    readonly connectionId: string
    readonly externalId: string
    readonly messageId: string
    readonly episode: number
  }[],
): Promise<Map<string, number>> {
  if (messages.length === 0) return new Map()
  const ids = messages.map(({ messageId }) => messageId)
  const { rows } = await sql<{ id: string; seq: number }>`
    with named as (
      update message_keys set context = false
      from unnest(${messages.map(({ connectionId }) => connectionId)}::uuid[], ${messages.map(({ externalId }) => externalId)}::text[])
        as n (connection, name)
      where workspace_id = ${actor.workspaceId}::uuid and connection_id = n.connection and external_id = n.name
    )
    update messages m set context = false, seq = default, episode = n.episode
    from unnest(${ids}::uuid[], ${messages.map(({ episode }) => episode)}::int[]) as n (id, episode)
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = n.id
    returning m.id, m.seq
  `.execute(tx)
  return new Map(rows.map(({ id, seq }) => [id, seq]))
}
