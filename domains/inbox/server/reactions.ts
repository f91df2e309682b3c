// What the inbox does when workspaces speaks: whoever is gone holds nothing back, so what waited for them is everybody's again.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { Reaction } from '#platform/events/reactions'
import { emit } from './emit.ts'
import type { InboxTables } from './tables.ts'

export const inboxReactions: readonly Reaction[] = [
  {
    name: 'inbox.release_conversations',
    on: ['workspaces.member_removed', 'workspaces.member_suspended'],
    run: async (tx, actor, events) => {
      const members = events.flatMap(({ data }) => (typeof data['memberId'] === 'string' ? [data['memberId']] : []))
      await releaseConversations(tx, actor, members)
    },
  },
]

/** Takes conversations that are not resolved from members who are gone. Resolved ones keep whose work they were. */
async function releaseConversations(tx: Tx<InboxTables>, actor: Actor, memberIds: readonly string[]): Promise<void> {
  if (memberIds.length === 0) return
  const { rows } = await sql<{ id: string; teamId: string | null }>`
    update conversations set assignee_id = null, version = version + 1
    where workspace_id = ${actor.workspaceId}::uuid and assignee_id = any (${[...memberIds]}::uuid[]) and state <> 'resolved'
    returning id, team_id
  `.execute(tx)
  await emit(
    tx,
    actor,
    'inbox.conversation_assigned',
    ...rows.map(({ id, teamId }) => ({
      subjectId: id,
      data: { conversationId: id, changed: ['assigneeId'] },
      visibility: { teamId, assigneeId: null },
    })),
  )
}
