// The names that platforms give to messages, and what became of them.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'messageKeys'>

export interface KnownKey {
  readonly connectionId: string
  readonly externalId: string
  readonly messageId: string | null
  readonly conversationId: string | null
  readonly deletedAt: Date | null
}

export const keyOf = (connectionId: string, externalId: string): string => `${connectionId} ${externalId}`

/** Looks up (connection, external id) pairs; answers by `keyOf`. */
export async function findKeys(
  tx: Tx<Tables>,
  actor: Actor,
  pairs: readonly (readonly [connectionId: string, externalId: string])[],
): Promise<Map<string, KnownKey>> {
  if (pairs.length === 0) return new Map()
  const { rows } = await sql<KnownKey>`
    select k.connection_id, k.external_id, k.message_id, k.conversation_id, k.deleted_at
    from unnest(${pairs.map(([connection]) => connection)}::uuid[], ${pairs.map(([, id]) => id)}::text[]) as wanted (connection_id, external_id)
    join message_keys k on k.workspace_id = ${actor.workspaceId}::uuid
      and k.connection_id = wanted.connection_id and k.external_id = wanted.external_id
  `.execute(tx)
  return new Map(rows.map((row) => [keyOf(row.connectionId, row.externalId), row]))
}

/**
 * Claims keys; the first to claim one owns it. Answers the claims that won, by `keyOf`, with the moment of deletion where that
 * came before the message.
 */
export async function claimKeys(
  tx: Tx<Tables>,
  actor: Actor,
  keys: readonly { connectionId: string; externalId: string; messageId: string; conversationId: string }[],
): Promise<Map<string, { readonly messageId: string; readonly deletedAt: Date | null }>> {
  const won = await tx
    .insertInto('messageKeys')
    .values(keys.map((key) => ({ ...key, workspaceId: actor.workspaceId })))
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'connectionId', 'externalId'])
        .doUpdateSet((eb) => ({
          messageId: eb.ref('excluded.messageId'),
          conversationId: eb.ref('excluded.conversationId'),
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
