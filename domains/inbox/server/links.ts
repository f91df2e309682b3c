// Conversations that have to do with each other. For members only: nothing of one ever leaves by another.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { LinkedConversation } from '../contract.ts'
import { emit } from './emit.ts'
import type { InboxTables } from './tables.ts'
import { visibleTo } from './visibility.ts'

type Tables = Pick<InboxTables, 'conversationLinks' | 'conversations'>

export interface NewLink {
  readonly from: string
  readonly to: string
  readonly reason: LinkedConversation['reason']
}

const MOST_SHOWN = 20

/** Links conversations and tells those whose links are new. Links that are there already change nothing. */
export async function linkConversations(tx: Tx<Tables>, actor: Actor, links: readonly NewLink[]): Promise<void> {
  const all = links.filter(({ from, to }) => from !== to)
  if (all.length === 0) return
  const { rows } = await sql<{ id: string; teamId: string | null; assigneeId: string | null }>`
    with made as (
      insert into conversation_links (workspace_id, conversation_id, linked_id, reason, created_at)
      select ${actor.workspaceId}::uuid, n.a, n.b, n.reason, ${actor.at} from unnest(${all.map(({ from }) => from)}::uuid[],
        ${all.map(({ to }) => to)}::uuid[], ${all.map(({ reason }) => reason)}::text[]) as n (a, b, reason)
      on conflict do nothing returning conversation_id
    )
    select distinct c.id, c.team_id, c.assignee_id from made
    join conversations c on c.workspace_id = ${actor.workspaceId}::uuid and c.id = made.conversation_id order by c.id
  `.execute(tx)
  await emit(
    tx,
    actor,
    'inbox.conversation_changed',
    ...rows.map(({ id, teamId, assigneeId }) => ({
      subjectId: id,
      data: { conversationId: id, changed: ['linked'] },
      visibility: { teamId, assigneeId },
    })),
  )
}

/** The conversations that have to do with this one, of those that the actor may see; the newest links first. */
export async function linkedTo(tx: Tx<Tables>, actor: Actor, conversationId: string): Promise<LinkedConversation[]> {
  const { rows } = await sql<LinkedConversation>`
    select c.id as conversation_id, l.reason, c.subject, c.customer_name, c.state from conversation_links l
    join conversations c on c.workspace_id = l.workspace_id and c.id = l.linked_id
    where l.workspace_id = ${actor.workspaceId}::uuid and l.conversation_id = ${conversationId}::uuid and ${visibleTo(actor)}
    order by l.created_at desc, c.id limit ${MOST_SHOWN}
  `.execute(tx)
  return rows
}
