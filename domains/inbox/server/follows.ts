// What a message answers: the nearest of what it follows that is here, found when it comes and again whenever a nearer one
// comes later, so that the order of arrival leaves no trace.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emit } from './emit.ts'
import type { InboundItem, StoredMessage } from './inbound-items.ts'
import { keyOf } from './message-keys.ts'
import { followedBy } from './placing.ts'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'messageFollows' | 'messages' | 'conversations'>

export interface Parent {
  readonly messageId: string
  readonly rank: number
}

/** The nearest of what a message follows, by what is known; `known` answers by `keyOf`. */
export function nearestOf(
  item: InboundItem,
  known: ReadonlyMap<string, { readonly messageId: string }>,
): Parent | null {
  for (const [rank, id] of followedBy(item).entries()) {
    const found = known.get(keyOf(item.source.connectionId, id))
    if (found) return { messageId: found.messageId, rank }
  }
  return null
}

/** Keeps the names that are nearer than the parent that was found: who comes by one of them becomes the parent. */
export async function waitForNearer(
  tx: Tx<Tables>,
  actor: Actor,
  stored: readonly StoredMessage[],
  parents: ReadonlyMap<string, Parent>,
): Promise<void> {
  const rows = stored.flatMap(({ messageId, item }) =>
    followedBy(item)
      .slice(0, parents.get(messageId)?.rank)
      .map((externalId, rank) => ({ connection: item.source.connectionId, externalId, messageId, rank })),
  )
  if (rows.length === 0) return
  await sql`
    insert into message_follows (workspace_id, connection_id, external_id, message_id, rank)
    select ${actor.workspaceId}::uuid, * from unnest(${rows.map((row) => row.connection)}::uuid[],
      ${rows.map((row) => row.externalId)}::text[], ${rows.map((row) => row.messageId)}::uuid[], ${rows.map((row) => row.rank)}::smallint[])
    on conflict do nothing
  `.execute(tx)
}

export interface Named {
  readonly connectionId: string
  readonly externalId: string
  readonly messageId: string
  /** A name that we gave: answers on every connection may wait for it. */
  readonly ours: boolean
}

/** Gives messages that came before what they answer their parent. One statement, and one for its events where there are any. */
export async function adoptChildren(tx: Tx<Tables>, actor: Actor, named: readonly Named[]): Promise<void> {
  if (named.length === 0) return
  const { rows } = await sql<{
    id: string
    conversationId: string
    teamId: string | null
    assigneeId: string | null
  }>`
    with waiting as (
      select distinct on (f.message_id) f.message_id, f.rank, n.message_id as parent
      from unnest(${named.map((one) => one.connectionId)}::uuid[], ${named.map((one) => one.externalId)}::text[],
        ${named.map((one) => one.messageId)}::uuid[], ${named.map((one) => one.ours)}::boolean[])
        as n (connection_id, external_id, message_id, ours)
      join message_follows f on f.workspace_id = ${actor.workspaceId}::uuid and f.external_id = n.external_id
        and (f.connection_id = n.connection_id or n.ours) and f.message_id <> n.message_id
      order by f.message_id, f.rank, (f.connection_id = n.connection_id) desc
    ), adopted as (
      update messages m set parent_id = w.parent, parent_rank = w.rank from waiting w
      where m.workspace_id = ${actor.workspaceId}::uuid and m.id = w.message_id and (m.parent_rank is null or w.rank < m.parent_rank)
      returning m.id, m.conversation_id, m.parent_rank
    ), over as (
      delete from message_follows f using adopted a
      where f.workspace_id = ${actor.workspaceId}::uuid and f.message_id = a.id and f.rank >= a.parent_rank
    )
    select a.id, a.conversation_id, c.team_id, c.assignee_id from adopted a
    join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = a.conversation_id
    order by a.id
  `.execute(tx)
  await emit(
    tx,
    actor,
    'inbox.message_edited',
    ...rows.map(({ id, conversationId, teamId, assigneeId }) => ({
      subjectId: conversationId,
      data: { conversationId, messageId: id },
      visibility: { teamId, assigneeId },
    })),
  )
}
