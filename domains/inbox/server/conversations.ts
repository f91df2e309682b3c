// What members do with a conversation: open it, give it to somebody, close it, put it away.
import { sql, type UpdateObject } from 'kysely'
import type { KnownConnection } from '#connections/server'
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { DB, Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import type { Conversation } from '../contract.ts'
import { pictureColumn, toConversation } from './conversation-rows.ts'
import { openedThreadsOf } from './conversation-threads.ts'
import { emit } from './emit.ts'
import { answerEnvelope, severalIn } from './envelope.ts'
import { linkedTo } from './links.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { closeEpisode, mirrorLabels, reopenEpisode } from './threads.ts'
import { ahead } from './understanding.ts'
import { findConversation, requireVersion, visibilityOf, type ConversationRow } from './visibility.ts'

type Tables = InboxTables & InboxReads

interface Named {
  readonly id: string
  /** The version that the caller saw. */
  readonly version?: number | undefined
}

export const WAKE_TASK = 'inbox.wake'
const CLOCKS_APART_MS = 60_000

export async function getConversation(
  tx: Tx<Tables>,
  actor: Actor,
  id: string,
  connection: KnownConnection | null,
): Promise<Conversation> {
  const row = await findConversation(tx, actor, id)
  const read = await tx
    .selectFrom('conversationReads')
    .select('readSeq')
    .where('workspaceId', '=', actor.workspaceId)
    .where('memberId', '=', memberOf(actor))
    .where('conversationId', '=', id)
    .executeTakeFirst()
  const gates = await tx
    .selectFrom('sendGates')
    .select(['id', 'kind', 'reason', 'messageId', 'placedAt'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', id)
    .where('state', '=', 'closed')
    .orderBy('placedAt')
    .execute()
  const { picture } = await tx
    .selectFrom('conversations as c')
    .select(pictureColumn.as('picture'))
    .where('c.workspaceId', '=', actor.workspaceId)
    .where('c.id', '=', id)
    .executeTakeFirstOrThrow()
  return toConversation(
    { ...row, picture },
    {
      readSeq: read?.readSeq ?? null,
      gates: gates.map((gate) => ({ ...gate, placedAt: gate.placedAt.toISOString() })),
      linked: await linkedTo(tx, actor, id),
      envelope: connection && severalIn(connection) ? await answerEnvelope(tx, actor, connection, row) : null,
      threads: await openedThreadsOf(tx, actor, row, connection),
      connection,
      now: actor.at,
    },
  )
}

export async function assignConversation(
  tx: Tx<Tables>,
  actor: Actor,
  input: Named & { readonly assigneeId?: string | null | undefined; readonly teamId?: string | null | undefined },
): Promise<void> {
  const row = await findConversation(tx, actor, input.id, true)
  requireVersion(row, input.version)
  const assigneeId = input.assigneeId === undefined ? row.assigneeId : input.assigneeId
  const teamId = input.teamId === undefined ? row.teamId : input.teamId
  if (assigneeId === row.assigneeId && teamId === row.teamId) return
  const assignee = assigneeId === row.assigneeId ? null : await requireAssignee(tx, actor, assigneeId)
  const team = teamId === row.teamId ? null : await requireTeam(tx, actor, teamId)
  await change(tx, actor, row, { assigneeId, teamId })
  await systemMessage(tx, actor, row, 'assigned', { assignee, assigneeId, team, teamId })
  await emit(tx, actor, 'inbox.conversation_assigned', {
    subjectId: row.id,
    data: { conversationId: row.id, changed: ['assigneeId', 'teamId'] },
    // Those who see it no longer must hear that too, or it would stay on their screens: another team, or who alone had it.
    visibility: {
      teamId: row.teamId === teamId && (row.assigneeId === null || row.assigneeId === assigneeId) ? teamId : null,
      assigneeId,
    },
  })
}

async function requireAssignee(tx: Tx<Tables>, actor: Actor, id: string | null): Promise<string | null> {
  if (id === null) return null
  const member = await tx
    .selectFrom('members')
    .select('name')
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'active')
    .where('role', '<>', 'viewer')
    .executeTakeFirst()
  if (!member) throw new Problem(422, 'inbox.no_such_member', 'That member is not here, or may not answer.')
  return member.name
}

async function requireTeam(tx: Tx<Tables>, actor: Actor, id: string | null): Promise<string | null> {
  if (id === null) return null
  const team = await tx
    .selectFrom('teams')
    .select('name')
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()
  if (!team) throw new Problem(422, 'inbox.no_such_team', 'That team is not here.')
  return team.name
}

export async function resolveConversation(tx: Tx<Tables>, actor: Actor, input: Named): Promise<void> {
  const row = await findConversation(tx, actor, input.id, true)
  requireVersion(row, input.version)
  if (row.state === 'resolved')
    throw new Problem(422, 'inbox.already_resolved', 'This conversation is resolved already.')
  await change(tx, actor, row, {
    state: 'resolved',
    resolvedAt: actor.at,
    snoozedUntil: null,
    waitingSince: null,
    priorityAt: ahead(row.lastActivityAt, row.priorityMinutes),
  })
  await closeEpisode(tx, actor, row)
  await systemMessage(tx, actor, row, 'resolved')
  await emit(tx, actor, 'inbox.conversation_resolved', stateChanged(row))
}

/** Opens it again. Within the same episode when nobody wrote since: then resolving it was a slip. */
export async function reopenConversation(tx: Tx<Tables>, actor: Actor, input: Named): Promise<void> {
  const row = await findConversation(tx, actor, input.id, true)
  requireVersion(row, input.version)
  if (row.state === 'open') throw new Problem(422, 'inbox.already_open', 'This conversation is open already.')
  const waitingSince = row.waitingSince ?? (await unansweredSince(tx, actor, row.id))
  const priorityAt = waitingSince ? ahead(waitingSince, row.priorityMinutes) : row.priorityAt
  await change(tx, actor, row, { state: 'open', resolvedAt: null, snoozedUntil: null, waitingSince, priorityAt })
  await reopenEpisode(tx, actor, row)
  await systemMessage(tx, actor, row, 'reopened')
  await emit(tx, actor, 'inbox.conversation_reopened', stateChanged(row))
}

/** Since when the customer has had no answer, by the thread itself. */
async function unansweredSince(tx: Tx<Tables>, actor: Actor, id: string): Promise<Date | null> {
  const { rows } = await sql<{ since: Date | null }>`
    select min(occurred_at) as since from messages m
    where m.workspace_id = ${actor.workspaceId}::uuid and m.conversation_id = ${id}::uuid and m.kind = 'in' and not m.context
      and (m.automatic is null or m.automatic = 'report')
      and m.seq > (select coalesce(max(seq), 0) from messages o where o.workspace_id = ${actor.workspaceId}::uuid
        and o.conversation_id = ${id}::uuid and o.kind = 'out' and o.state <> 'cancelled')
  `.execute(tx)
  return rows[0]!.since
}

export async function waitConversation(tx: Tx<Tables>, actor: Actor, input: Named): Promise<void> {
  const row = await findConversation(tx, actor, input.id, true)
  requireVersion(row, input.version)
  if (row.state === 'waiting') return
  await change(tx, actor, row, { state: 'waiting', resolvedAt: null, snoozedUntil: null, waitingSince: null })
  await emit(tx, actor, 'inbox.conversation_waiting', stateChanged(row))
}

export async function snoozeConversation(
  tx: Tx<Tables>,
  actor: Actor,
  input: Named & { readonly until: Date },
): Promise<void> {
  const row = await findConversation(tx, actor, input.id, true)
  requireVersion(row, input.version)
  if (!(input.until > actor.at)) throw new Problem(422, 'inbox.past_moment', 'Choose a moment in the future.')
  await change(tx, actor, row, { state: 'snoozed', snoozedUntil: input.until, resolvedAt: null })
  await enqueue(tx, WAKE_TASK, { conversationId: row.id }, { key: `${WAKE_TASK}:${row.id}`, runAt: input.until })
  await systemMessage(tx, actor, row, 'snoozed', { until: input.until.toISOString() })
  await emit(tx, actor, 'inbox.conversation_snoozed', stateChanged(row))
}

/** The job at the end of a snooze. Runs twice or late without harm: it looks whether there is still something to wake. */
export async function wakeConversation(tx: Tx<Tables>, actor: Actor, id: string): Promise<void> {
  const row = await findConversation(tx, actor, id, true)
  if (row.state !== 'snoozed' || row.snoozedUntil === null) return
  // The queue goes by the database's clock, which may be a little ahead; nobody comes a second time to wake it. What lies
  // further ahead was snoozed anew meanwhile and has a job of its own.
  if (row.snoozedUntil.getTime() - actor.at.getTime() > CLOCKS_APART_MS) return
  await change(tx, actor, row, { state: 'open', snoozedUntil: null })
  await systemMessage(tx, actor, row, 'woken')
  await emit(tx, actor, 'inbox.conversation_reopened', stateChanged(row))
}

export async function markRead(tx: Tx<Tables>, actor: Actor, id: string, seq: number): Promise<void> {
  const member = memberOf(actor)
  const row = await findConversation(tx, actor, id)
  if (member === null) return
  const readSeq = Math.min(seq, row.lastSeq)
  const { rows } = await sql<{ moved: boolean }>`
    insert into conversation_reads as r (workspace_id, member_id, conversation_id, read_seq, read_at)
    values (${actor.workspaceId}::uuid, ${member}::uuid, ${id}::uuid, ${readSeq}, ${actor.at})
    on conflict (workspace_id, member_id, conversation_id) do update set read_seq = excluded.read_seq, read_at = excluded.read_at
      where r.read_seq < excluded.read_seq
    returning true as moved
  `.execute(tx)
  if (rows.length === 0) return
  await emit(tx, actor, 'inbox.read', {
    subjectId: id,
    data: { conversationId: id, memberId: member, readSeq },
    visibility: visibilityOf(row),
  })
}

const stateChanged = (row: ConversationRow) => ({
  subjectId: row.id,
  data: { conversationId: row.id, changed: ['state'] },
  visibility: visibilityOf(row),
})

async function change(
  tx: Tx<Tables>,
  actor: Actor,
  row: ConversationRow,
  fields: UpdateObject<DB, 'conversations'>,
): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ ...fields, version: row.version + 1 } as UpdateObject<Tables, 'conversations'>)
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', row.id)
    .execute()
  await mirrorLabels(tx, actor, [row.id])
}
