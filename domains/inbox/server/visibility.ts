// Who sees which conversation: said once for lists and single rows as SQL, once for streams as a function of the event, and
// once more inside the definer function of search. A member without `inbox.see_all` sees what belongs to no team, to one of
// their teams, or to themselves.
import { sql, type RawBuilder } from 'kysely'
import { may, memberOf, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { InboxVisibility } from '../contract.ts'
import type { InboxTables } from './tables.ts'

export function seesAll(actor: Actor): boolean {
  return may(actor, 'inbox.see_all')
}

/** Whether `actor` may know of an event with this visibility. Pure; needs no table. */
export function canSee(actor: Actor, { teamId, assigneeId }: InboxVisibility): boolean {
  if (!may(actor, 'inbox.read')) return false
  if (seesAll(actor) || teamId === null || actor.teamIds.includes(teamId)) return true
  return assigneeId !== null && assigneeId === memberOf(actor)
}

/** The same as a condition on `conversations`, under the name `c` or the one given. */
export function visibleTo(actor: Actor, name = 'c'): RawBuilder<boolean> {
  if (seesAll(actor)) return sql<boolean>`true`
  const c = sql.raw(name)
  return sql<boolean>`(${c}.team_id is null or ${c}.team_id = any (${[...actor.teamIds]}::uuid[]) or ${c}.assignee_id = ${memberOf(actor)}::uuid)`
}

export const conversationColumns = [
  'id',
  'connectionId',
  'channel',
  'threadKey',
  'customerId',
  'customerName',
  'subject',
  'visibility',
  'shape',
  'state',
  'snoozedUntil',
  'assigneeId',
  'teamId',
  'labelIds',
  'episode',
  'preview',
  'previewKind',
  'messageCount',
  'failedCount',
  'lastSeq',
  'lastInboundSeq',
  'firstMessageAt',
  'lastActivityAt',
  'lastInboundAt',
  'waitingSince',
  'priorityAt',
  'priorityMinutes',
  'priorityReasons',
  'language',
  'sentiment',
  'intent',
  'topic',
  'severity',
  'needsPerson',
  'toxic',
  'groupId',
  'dueAt',
  'promiseState',
  'resolvedAt',
  'threadFacts',
  'version',
] as const

/**
 * Reads a conversation that the actor may see, or refuses as if it did not exist. `lock` keeps it until the transaction ends.
 * `asked` is what the caller named, where that was something in it: the refusal must not tell that the thing exists.
 */
export async function findConversation(
  tx: Tx<Pick<InboxTables, 'conversations'>>,
  actor: Actor,
  id: string,
  lock = false,
  asked = 'conversation',
) {
  const query = tx
    .selectFrom('conversations as c')
    .select(conversationColumns)
    .where('c.workspaceId', '=', actor.workspaceId)
    .where('c.id', '=', id)
    .where(visibleTo(actor))
  const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst()
  if (!row) throw notFound(asked)
  return row
}
export type ConversationRow = Awaited<ReturnType<typeof findConversation>>

/** Reads a message of a conversation that the actor may see, or refuses as if it did not exist. */
export async function findMessage(tx: Tx<Pick<InboxTables, 'conversations' | 'messages'>>, actor: Actor, id: string) {
  const row = await tx
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.workspaceId', '=', 'm.workspaceId').onRef('c.id', '=', 'm.conversationId'),
    )
    .select(['m.id', 'm.conversationId', 'm.kind', 'm.identityId', 'm.deliveryId', 'm.receivedAt', 'c.connectionId'])
    .select(['m.body', 'm.personal'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.id', '=', id)
    .where(visibleTo(actor))
    .executeTakeFirst()
  if (!row) throw notFound('message')
  return row
}

/** Refuses when somebody else changed the conversation after the caller looked at it. */
export function requireVersion(row: Pick<ConversationRow, 'version'>, seen: number | undefined): void {
  if (seen !== undefined && seen !== row.version) {
    throw new Problem(
      409,
      'inbox.changed_meanwhile',
      'Somebody else changed this conversation meanwhile. Look at it again.',
      {
        details: { version: row.version },
      },
    )
  }
}

export const visibilityOf = ({
  teamId,
  assigneeId,
}: Pick<ConversationRow, 'teamId' | 'assigneeId'>): InboxVisibility => ({ teamId, assigneeId })
