// Out of the public into a private line: the platform is asked whether and where that person can be spoken to alone, and from
// then on that line belongs to the conversation that asked last.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { contextOf, type KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import { mayInvite } from './conversation-threads.ts'
import { emit } from './emit.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = InboxTables & InboxReads

export interface Inviting {
  readonly db: Database
  readonly network: Network
  readonly clock: Clock
}

const LIMIT_MS = 20_000

/** Answers the id of the thread. Throws 422 `inbox.no_private_line` (with the platform's words) and `inbox.nobody_to_invite`. */
export async function inviteToPrivate(
  { db, network, clock }: Inviting,
  actor: Actor,
  connection: KnownConnection | null,
  input: { readonly conversationId: string; readonly messageId?: string | undefined },
): Promise<string> {
  const person = await db.read(actor, async (tx) => {
    const row = await findConversation(tx, actor, input.conversationId)
    if (!mayInvite(row, connection)) throw noLine('Nobody can be asked into a private line here.')
    return findPerson(tx, actor, row, input.messageId ?? null)
  })
  const { externalId, handle, scope, identityId } = person
  const context = contextOf(connection!, network, clock, AbortSignal.timeout(LIMIT_MS))
  const line = await connection!.connector.privateLine!({ externalId, handle, scope }, context).catch(
    (error: unknown) => ({ ok: false, why: error instanceof Error ? error.message : 'There was no answer.' }) as const,
  )
  if (!line.ok) throw noLine(line.why)
  return db.write(actor, (tx) =>
    takeLine(tx, actor, connection!, input.conversationId, {
      identityId,
      threadKey: line.threadKey,
      facts: line.facts ?? {},
    }),
  )
}

const noLine = (why: string): Problem => new Problem(422, 'inbox.no_private_line', why)

/** Who wrote the message, or whom the conversation is with, by the newest that they said in public. */
async function findPerson(
  tx: Tx<Tables>,
  actor: Actor,
  row: { readonly id: string; readonly customerId: string },
  messageId: string | null,
) {
  const person = await tx
    .selectFrom('messages as m')
    .innerJoin('identities as i', (join) =>
      join.onRef('i.workspaceId', '=', 'm.workspaceId').onRef('i.id', '=', 'm.identityId'),
    )
    .select(['i.id as identityId', 'i.externalId', 'i.handle', 'i.scope'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.conversationId', '=', row.id)
    .where('m.kind', '=', 'in')
    .where('m.visibility', '=', 'public')
    .$if(messageId !== null, (query) => query.where('m.id', '=', messageId))
    .$if(messageId === null, (query) =>
      query.where('i.customerId', '=', row.customerId).where('m.context', '=', false).where('i.goneAt', 'is', null),
    )
    .orderBy('m.occurredAt', 'desc')
    .orderBy('m.seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (person) return person
  throw new Problem(422, 'inbox.nobody_to_invite', 'Nobody who could be asked wrote here in public.')
}

async function takeLine(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection,
  conversationId: string,
  line: { readonly identityId: string; readonly threadKey: string; readonly facts: Readonly<Record<string, unknown>> },
): Promise<string> {
  const conversation = await findConversation(tx, actor, conversationId, true)
  // When they last wrote there counts for its window, whichever conversation that was in.
  const { rows } = await sql<{ id: string; before: string | null }>`
    insert into conversation_threads as t (workspace_id, connection_id, thread_key, id, conversation_id, visibility, shape,
      identity_id, facts, last_inbound_at, created_at)
    select ${actor.workspaceId}::uuid, ${connection.id}::uuid, ${line.threadKey}, ${randomUUIDv7()}::uuid, ${conversationId}::uuid,
      'private', 'line', ${line.identityId}::uuid, coalesce(c.thread_facts, '{}') || ${JSON.stringify(line.facts)}::jsonb,
      c.last_inbound_at, ${actor.at}
    from (select) as one left join conversations c on c.workspace_id = ${actor.workspaceId}::uuid
      and c.connection_id = ${connection.id}::uuid and c.thread_key = ${line.threadKey}
    on conflict (workspace_id, connection_id, thread_key) do update
      set conversation_id = excluded.conversation_id, identity_id = excluded.identity_id, facts = t.facts || ${JSON.stringify(line.facts)}::jsonb
    returning new.id, case when old.conversation_id <> new.conversation_id then old.conversation_id end as before
  `.execute(tx)
  const { id, before } = rows[0]!
  await systemMessage(tx, actor, conversation, 'invited_private', { threadId: id, identityId: line.identityId })
  await tellInvited(tx, actor, conversationId, visibilityOf(conversation))
  if (before) {
    const left = await tx
      .selectFrom('conversations')
      .select(['teamId', 'assigneeId'])
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', before)
      .executeTakeFirstOrThrow()
    await tellInvited(tx, actor, before, left)
  }
  return id
}

const tellInvited = (
  tx: Tx<Tables>,
  actor: Actor,
  conversationId: string,
  visibility: { readonly teamId: string | null; readonly assigneeId: string | null },
): Promise<void> =>
  emit(tx, actor, 'inbox.conversation_invited', {
    subjectId: conversationId,
    data: { conversationId, changed: ['threads'] },
    visibility: { ...visibility },
  })
