// What a member asks the platform to do about a message or who wrote it: written down with its reason, done by a job that may run
// twice (doing it twice is doing it once), and what became of it stands beside the message for good.
import { randomUUIDv7 } from 'node:crypto'
import type { ModerationOrder, ModerationOutcome } from '#channels/connector'
import { contextOf, reportHealth, type KnownConnection, type KnownConnections } from '#connections/server'
import { memberOf, type Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { notFound, Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import { enqueue } from '#platform/jobs'
import type { Moderation, ModerationAction } from '../contract.ts'
import { emit } from './emit.ts'
import { systemMessage } from './system-messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { findConversation, visibilityOf } from './visibility.ts'

type Tables = InboxTables & InboxReads

export const MODERATE_TASK = 'inbox.moderate'
const LIMIT_MS = 30_000
/** Waits between tries, in seconds; after the last it is given up, in words. */
const WAITS = [30, 120, 600, 1800, 3600, 3 * 3600, 12 * 3600] as const
/** While the connection waits for a person to sign in again. */
const REAUTHORIZE_MS = 15 * 60_000
const LONGEST_MS = 24 * 3600_000
/** About who wrote it, rather than about the message. */
const ABOUT_PEOPLE: ReadonlySet<string> = new Set(['block', 'unblock', 'mute', 'unmute'])

/** Asks for it. Throws 422 `inbox.cannot_moderate`, `inbox.moderated_already`. */
export async function moderateMessage(
  tx: Tx<Tables>,
  actor: Actor,
  connection: KnownConnection | null,
  input: { readonly messageId: string; readonly action: ModerationAction; readonly reason: string },
): Promise<Moderation> {
  const message = await findModerated(tx, actor, input.messageId)
  if (!message) throw notFound('message')
  const conversation = await findConversation(tx, actor, message.conversationId, true, 'message')
  requireAble(connection, message, input.action)
  const standing = await tx
    .selectFrom('moderations')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', message.id)
    .where('action', '=', input.action)
    .where('state', 'in', ['asked', 'waiting'])
    .executeTakeFirst()
  if (standing) throw new Problem(422, 'inbox.moderated_already', 'The platform is being asked for that already.')
  const id = randomUUIDv7()
  const { action, reason } = input
  const row = {
    id,
    action,
    reason: reason.replaceAll('\u0000', '').trim(),
    state: 'asked' as const,
    askedBy: memberOf(actor),
  }
  await tx
    .insertInto('moderations')
    .values({
      ...row,
      workspaceId: actor.workspaceId,
      conversationId: conversation.id,
      messageId: message.id,
      askedAt: actor.at,
    })
    .execute()
  await enqueue(tx, MODERATE_TASK, { id }, { key: `${MODERATE_TASK} ${id}` })
  await emit(tx, actor, 'inbox.message_moderated', {
    subjectId: conversation.id,
    data: { conversationId: conversation.id, messageId: message.id, moderationId: id, action, state: 'asked' },
    visibility: visibilityOf(conversation),
  })
  return { ...row, stateReason: null, askedAt: actor.at.toISOString() }
}

function requireAble(
  connection: KnownConnection | null,
  message: { readonly kind: string; readonly externalId: string | null; readonly authorId: string | null },
  action: ModerationAction,
): void {
  const refuse = (words: string): never => {
    throw new Problem(422, 'inbox.cannot_moderate', words)
  }
  if (!connection) return refuse('The connection of this conversation was removed.')
  const { connector } = connection
  if (!connector.moderate || !connector.capabilities.moderation.includes(action))
    return refuse(`${connector.name} has no way to do that.`)
  if (ABOUT_PEOPLE.has(action) && (message.kind !== 'in' || message.authorId === null))
    return refuse('That can only be done about somebody else’s message.')
  if (!ABOUT_PEOPLE.has(action) && message.externalId === null) return refuse('This message is not on the platform.')
  return undefined
}

async function findModerated(tx: Tx<Tables>, actor: Actor, id: string) {
  return tx
    .selectFrom('messages as m')
    .leftJoin('identities as i', (join) =>
      join.onRef('i.workspaceId', '=', 'm.workspaceId').onRef('i.id', '=', 'm.identityId'),
    )
    .select(['m.id', 'm.conversationId', 'm.kind', 'm.externalId', 'i.externalId as authorId', 'i.handle', 'i.scope'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.id', '=', id)
    .where('m.kind', 'in', ['in', 'out'])
    .executeTakeFirst()
}

export interface Moderating {
  readonly db: Database
  readonly known: KnownConnections
  readonly network: Network
  readonly clock: Clock
}

/** The job: asks the platform once and writes down what it said. Safe to run twice and late. */
export async function doModeration(deps: Moderating, actor: Actor, id: string): Promise<void> {
  const found = await deps.db.read(actor, async (tx) => {
    const row = await tx
      .selectFrom('moderations as o')
      .innerJoin('conversations as c', (join) =>
        join.onRef('c.workspaceId', '=', 'o.workspaceId').onRef('c.id', '=', 'o.conversationId'),
      )
      .select(['o.messageId', 'o.action', 'o.reason', 'o.attempts', 'c.connectionId'])
      .where('o.workspaceId', '=', actor.workspaceId)
      .where('o.id', '=', id)
      .where('o.state', 'in', ['asked', 'waiting'])
      .executeTakeFirst()
    const message = row && (await findModerated(tx, actor, row.messageId))
    return row && message ? { row, message } : null
  })
  if (!found) return
  const { row, message } = found
  const connection = await deps.known.byId(actor.workspaceId, row.connectionId)
  const order: ModerationOrder = {
    action: row.action as ModerationAction,
    externalId: message.externalId,
    author:
      message.authorId === null
        ? null
        : { externalId: message.authorId, handle: message.handle, scope: message.scope ?? '' },
    reason: row.reason,
    ours: message.kind === 'out',
  }
  const outcome = await askPlatform(deps, connection, order)
  const now: Actor = { ...actor, at: deps.clock.now() }
  const tried = { id, attempts: row.attempts + 1 }
  await deps.db.write(now, (tx) => settleModeration(tx, now, connection?.id ?? null, tried, outcome))
}

async function askPlatform(
  { network, clock }: Moderating,
  connection: KnownConnection | null,
  order: ModerationOrder,
): Promise<ModerationOutcome> {
  if (!connection) return { state: 'rejected', reason: 'The connection was removed.' }
  if (!connection.connector.moderate) return { state: 'rejected', reason: 'This channel has no way to do that.' }
  if (connection.state === 'paused') return { state: 'reauthorize', reason: 'This connection is paused.' }
  try {
    return await connection.connector.moderate(
      order,
      contextOf(connection, network, clock, AbortSignal.timeout(LIMIT_MS)),
    )
  } catch (error) {
    // Doing it twice is doing it once: doubt is no reason not to try again.
    return { state: 'retry', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function settleModeration(
  tx: Tx<Tables>,
  actor: Actor,
  connectionId: string | null,
  { id, attempts }: { readonly id: string; readonly attempts: number },
  outcome: ModerationOutcome,
): Promise<void> {
  const next = nextOf(actor.at, attempts, outcome)
  const row = await tx
    .updateTable('moderations')
    .set({
      state: next.state,
      stateReason: next.reason?.slice(0, 500) ?? null,
      attempts: outcome.state === 'reauthorize' ? attempts - 1 : attempts,
      settledAt: next.at === null ? actor.at : null,
    })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .where('state', 'in', ['asked', 'waiting'])
    .returning(['conversationId', 'messageId', 'action', 'reason'])
    .executeTakeFirst()
  if (!row) return
  if (next.at) await enqueue(tx, MODERATE_TASK, { id }, { key: `${MODERATE_TASK} ${id}`, runAt: next.at })
  if (outcome.state === 'reauthorize' && connectionId !== null && outcome.reason !== 'This connection is paused.')
    await reportHealth(tx, actor, connectionId, { health: 'broken', reason: outcome.reason })
  const { messageId, conversationId, action, reason } = row
  const conversation = await tx
    .selectFrom('conversations')
    .select(['id', 'episode', 'teamId', 'assigneeId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  if (next.at === null)
    await systemMessage(tx, actor, conversation, 'moderated', {
      messageId,
      action,
      reason,
      state: next.state,
      stateReason: next.reason,
    })
  await emit(tx, actor, 'inbox.message_moderated', {
    subjectId: conversationId,
    data: { conversationId, messageId, moderationId: id, action, state: next.state },
    visibility: visibilityOf(conversation),
  })
}

/** Pure: what becomes of an order after an outcome; `at`: when it is tried again, null when it is settled. */
export function nextOf(
  now: Date,
  attempts: number,
  outcome: ModerationOutcome,
): { readonly state: Moderation['state']; readonly reason: string | null; readonly at: Date | null } {
  switch (outcome.state) {
    case 'done':
    case 'gone':
      return { state: outcome.state, reason: null, at: null }
    case 'rejected':
      return { state: 'rejected', reason: outcome.reason, at: null }
    case 'reauthorize':
      return { state: 'waiting', reason: outcome.reason, at: new Date(now.getTime() + REAUTHORIZE_MS) }
    case 'retry': {
      const wait = WAITS[attempts - 1]
      if (wait === undefined)
        return { state: 'rejected', reason: `Tried ${attempts} times: ${outcome.reason}`, at: null }
      const asked = Math.min(outcome.retryAt?.getTime() ?? 0, now.getTime() + LONGEST_MS)
      return { state: 'waiting', reason: outcome.reason, at: new Date(Math.max(asked, now.getTime() + wait * 1000)) }
    }
  }
}
