// What an answer has to keep where it goes: how long it may be, which files it may carry, and what stands in front of it there.
import { sql } from 'kysely'
import type { MediaRules, Recipient } from '#channels/connector'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { TextLimit } from '#platform/contract/length'
import type { Tx } from '#platform/db/database'
import type { InboxReads, InboxTables } from './tables.ts'

type Visibility = 'public' | 'private'

/** The length limits of a connection: its own, or those of its channel. */
export function textLimitsIn({ connector, settings }: KnownConnection, visibility: Visibility): readonly TextLimit[] {
  return connector.textLimitsOf?.(settings, visibility) ?? connector.capabilities.textLimits
}

/** The files that a connection takes; null: none. */
export function mediaIn({ connector, settings }: KnownConnection, visibility: Visibility): MediaRules | null {
  return connector.mediaOf ? connector.mediaOf(settings, visibility) : connector.capabilities.media
}

/** What an answer to this person begins with on its network; empty where nothing is put there. */
export function openingTo({ connector, settings }: KnownConnection, person: Recipient): string {
  return connector.openingOf?.(person, settings) ?? ''
}

export interface AnswerPlace {
  readonly conversationId: string
  readonly threadKey: string | null
  /** What it answers, where that is one message. */
  readonly parentId: string | null
}

/** The same for an answer at this place: whom it reaches is told as `loadOutbound` tells the channel. */
export async function openingAt(
  tx: Tx<Pick<InboxTables, 'messages' | 'conversationThreads'> & Pick<InboxReads, 'identities'>>,
  actor: Actor,
  connection: KnownConnection,
  { conversationId, threadKey, parentId }: AnswerPlace,
): Promise<string> {
  if (!connection.connector.openingOf) return ''
  const { rows } = await sql<Recipient>`
    select i.external_id, i.handle, i.scope
    from identities i
    where i.workspace_id = ${actor.workspaceId}::uuid and i.id = coalesce((
      select l.identity_id from messages l
      where l.workspace_id = i.workspace_id and l.conversation_id = ${conversationId}::uuid and l.kind = 'in'
        and (not l.context or l.id = ${parentId}::uuid) and l.thread_key is not distinct from ${threadKey} and l.identity_id is not null
      order by (l.id = ${parentId}::uuid) desc nulls last, l.occurred_at desc, l.seq desc limit 1
    ), (
      select t.identity_id from conversation_threads t
      where t.workspace_id = i.workspace_id and t.connection_id = ${connection.id}::uuid and t.thread_key = ${threadKey}
    ))
  `.execute(tx)
  return rows[0] ? openingTo(connection, rows[0]) : ''
}
