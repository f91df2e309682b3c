// The names that platforms give to messages, and what became of them.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { rowSource } from '#platform/db/row-source'
import type { InboundItem } from './inbound-items.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'messageKeys'>

const keyRows = rowSource<InboxTables['messageKeys']>()({
  workspaceId: 'uuid',
  connectionId: 'uuid',
  externalId: 'text',
  messageId: 'uuid',
  conversationId: 'uuid',
  contentHash: 'text',
  ours: 'boolean',
  context: 'boolean',
})

export interface KnownKey {
  readonly connectionId: string
  readonly externalId: string
  readonly messageId: string | null
  readonly conversationId: string | null
  readonly deletedAt: Date | null
  readonly contentHash: string | null
  readonly ours: boolean
  /** It only stands around what was said to us. */
  readonly context: boolean
}

export const keyOf = (connectionId: string, externalId: string): string => `${connectionId} ${externalId}`

type Pair = readonly [connectionId: string, externalId: string]

/** Looks up (connection, external id) pairs; answers by `keyOf`. */
export async function findKeys(tx: Tx<Tables>, actor: Actor, pairs: readonly Pair[]): Promise<Map<string, KnownKey>> {
  if (pairs.length === 0) return new Map()
  const { rows } = await sql<KnownKey>`
    select distinct k.connection_id, k.external_id, k.message_id, k.conversation_id, k.deleted_at, k.content_hash, k.ours, k.context
    from unnest(${pairs.map(([connection]) => connection)}::uuid[], ${pairs.map(([, id]) => id)}::text[]) as wanted (connection_id, external_id)
    join message_keys k on k.workspace_id = ${actor.workspaceId}::uuid
      and k.connection_id = wanted.connection_id and k.external_id = wanted.external_id
  `.execute(tx)
  return new Map(rows.map((row) => [keyOf(row.connectionId, row.externalId), row]))
}

/** Names that we gave, by whatever connection; answers by external id, the oldest message first where two have one name. */
export async function findOurKeys(
  tx: Tx<Tables>,
  actor: Actor,
  externalIds: readonly string[],
): Promise<Map<string, KnownKey>> {
  if (externalIds.length === 0) return new Map()
  const { rows } = await sql<KnownKey>`
    select distinct on (external_id) connection_id, external_id, message_id, conversation_id, deleted_at, content_hash, ours, context
    from message_keys where workspace_id = ${actor.workspaceId}::uuid and ours and message_id is not null
      and external_id = any (${[...externalIds]}::text[])
    order by external_id, message_id
  `.execute(tx)
  return new Map(rows.map((row) => [row.externalId, row]))
}

/**
 * Claims keys; the first to claim one owns it. Answers the claims that won, by `keyOf`, with the moment of deletion where that
 * came before the message.
 */
export async function claimKeys(
  tx: Tx<Tables>,
  actor: Actor,
  keys: readonly {
    connectionId: string
    externalId: string
    messageId: string
    conversationId: string
    contentHash: string | null
    ours: boolean
    context: boolean
  }[],
): Promise<Map<string, { readonly messageId: string; readonly deletedAt: Date | null }>> {
  if (keys.length === 0) return new Map()
  const won = await tx
    .insertInto('messageKeys')
    .$call(keyRows(keys.map((key) => ({ ...key, workspaceId: actor.workspaceId }))))
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'connectionId', 'externalId'])
        .doUpdateSet((eb) => ({
          messageId: eb.ref('excluded.messageId'),
          conversationId: eb.ref('excluded.conversationId'),
          contentHash: eb.ref('excluded.contentHash'),
          ours: eb.ref('excluded.ours'),
          context: eb.ref('excluded.context'),
        }))
        .where('messageKeys.messageId', 'is', null),
    )
    .returning(['connectionId', 'externalId', 'messageId', 'deletedAt'])
    .execute()
  return new Map(
    won.map(({ connectionId, externalId, messageId, deletedAt }) => [
      keyOf(connectionId, externalId),
      { messageId: messageId!, deletedAt },
    ]),
  )
}

/** What a channel says makes a message the same as another one of its name; null where names can be trusted. */
export function contentHashOf({ message }: Pick<InboundItem, 'message'>): string | null {
  const hash = message.data?.['contentHash']
  return typeof hash === 'string' && hash !== '' ? hash.slice(0, 128) : null
}

/** The name of a message whose own name another one has already. */
const variantOf = (externalId: string, hash: string): string => `${externalId.slice(0, 500)}#${hash.slice(0, 8)}`

/** Both names that a message might have here, for `findKeys`. */
export function namesOf(item: InboundItem): Pair[] {
  const { source, message } = item
  const hash = contentHashOf(item)
  const names: Pair[] = [[source.connectionId, message.externalId]]
  return hash === null ? names : [...names, [source.connectionId, variantOf(message.externalId, hash)]]
}

/**
 * Those that are new, each under the name that is its own: who forges a name, or gives one twice, takes nothing from the message
 * that has it. The first of doubles counts, as it would had they come in two batches.
 */
export function newOnes(items: readonly InboundItem[], known: ReadonlyMap<string, KnownKey>): InboundItem[] {
  const taken = new Map<string, string | null>()
  for (const [key, { messageId, contentHash }] of known) if (messageId !== null) taken.set(key, contentHash)
  return items.flatMap((item) => {
    const { source, message } = item
    const hash = contentHashOf(item)
    const key = keyOf(source.connectionId, message.externalId)
    if (!taken.has(key)) {
      taken.set(key, hash)
      return [item]
    }
    // Our own that comes back is ours however a server on the way changed it.
    if (hash === null || message.ours || taken.get(key) === hash) return []
    const externalId = variantOf(message.externalId, hash)
    const own = keyOf(source.connectionId, externalId)
    if (taken.has(own)) return []
    taken.set(own, hash)
    return [{ ...item, message: { ...message, externalId } }]
  })
}
