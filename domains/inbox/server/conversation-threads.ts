// A conversation may hold several threads of its connection: the public tree in which somebody complained, and the private line
// into which they were asked. In which of them an answer goes is said, or follows from what it answers; never the public one by
// accident.
import type { MediaRules } from '#channels/connector'
import type { KnownConnection } from '#connections/server'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { Conversation, ConversationThread } from '../contract.ts'
import { mediaIn, openingAt, textLimitsIn } from './limits.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import type { ConversationRow } from './visibility.ts'

type Tables = Pick<InboxTables, 'conversationThreads' | 'messages'> & Pick<InboxReads, 'identities'>

/** A thread as an answer needs it. */
export interface ReplyThread {
  /** Null: the first. */
  readonly id: string | null
  /** Null: the first, which the conversation names. */
  readonly threadKey: string | null
  readonly visibility: 'public' | 'private'
  readonly shape: 'line' | 'tree'
  readonly who: string | null
  readonly lastInboundAt: Date | null
  readonly threadFacts: unknown
}

function firstThread(row: ConversationRow): ReplyThread {
  const { visibility, shape, lastInboundAt, threadFacts } = row
  return {
    id: null,
    threadKey: null,
    visibility: visibility as ReplyThread['visibility'],
    shape: shape as ReplyThread['shape'],
    who: null,
    lastInboundAt,
    threadFacts,
  }
}

/** The first and those beside it, oldest first. One statement. */
export async function threadsOf(tx: Tx<Tables>, actor: Actor, row: ConversationRow): Promise<ReplyThread[]> {
  const beside = await tx
    .selectFrom('conversationThreads as t')
    .leftJoin('identities as i', (join) =>
      join.onRef('i.workspaceId', '=', 't.workspaceId').onRef('i.id', '=', 't.identityId'),
    )
    .select(['t.id', 't.threadKey', 't.visibility', 't.shape', 't.lastInboundAt', 't.facts', 'i.name', 'i.handle'])
    .where('t.workspaceId', '=', actor.workspaceId)
    .where('t.conversationId', '=', row.id)
    .orderBy('t.createdAt')
    .orderBy('t.id')
    .limit(50)
    .execute()
  return [
    firstThread(row),
    ...beside.map(({ facts, name, handle, visibility, shape, ...thread }) => ({
      ...thread,
      visibility: visibility as ReplyThread['visibility'],
      shape: shape as ReplyThread['shape'],
      who: name ?? handle,
      threadFacts: facts,
    })),
  ]
}

export interface Choosing {
  readonly threadId?: string | null | undefined
  readonly parentId?: string | null | undefined
  readonly visibility?: 'public' | 'private' | undefined
}

/**
 * The thread of an answer: the one that is named, else where what it answers stands. Throws 422 `inbox.no_such_thread`,
 * `inbox.choose_thread` where that can't be told, and 409 `inbox.other_visibility` where others would see it than its writer
 * believes.
 */
export async function requireThread(
  tx: Tx<Tables>,
  actor: Actor,
  row: ConversationRow,
  { threadId, parentId, visibility }: Choosing,
): Promise<ReplyThread> {
  const threads = await threadsOf(tx, actor, row)
  const thread =
    threadId === undefined
      ? await threadAnswered(tx, actor, row, threads, parentId ?? null)
      : threads.find(({ id }) => id === threadId)
  if (!thread) throw new Problem(422, 'inbox.no_such_thread', 'That thread is not in this conversation any more.')
  if (visibility !== undefined && visibility !== thread.visibility)
    throw new Problem(
      409,
      'inbox.other_visibility',
      thread.visibility === 'public'
        ? 'This would be seen by everybody. Look again where it shall go.'
        : 'This would be seen by the customer alone. Look again where it shall go.',
    )
  return thread
}

async function threadAnswered(
  tx: Tx<Tables>,
  actor: Actor,
  row: ConversationRow,
  threads: readonly ReplyThread[],
  parentId: string | null,
): Promise<ReplyThread | undefined> {
  const [first] = threads
  if (threads.length === 1 && first!.visibility === 'private') return first
  const answered = await tx
    .selectFrom('messages')
    .select(['threadKey', 'visibility'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('conversationId', '=', row.id)
    .where('kind', 'in', ['in', 'out'])
    .where((where) => where.or([where('id', '=', parentId), where('context', '=', false)]))
    .orderBy((eb) => eb('id', 'is not distinct from', parentId), 'desc')
    .orderBy('kind')
    .orderBy('occurredAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const thread = threads.find(({ threadKey }) => threadKey === (answered?.threadKey ?? null)) ?? first!
  if (answered && answered.visibility !== thread.visibility)
    throw new Problem(
      422,
      'inbox.choose_thread',
      'What this answers was said to others than those who would see it. Say where it shall go.',
    )
  return thread
}

/** A thread with what an answer there begins with. */
export type OpenedThread = ReplyThread & { readonly opening: string }

export async function openedThreadsOf(
  tx: Tx<Tables>,
  actor: Actor,
  row: ConversationRow,
  connection: KnownConnection | null,
): Promise<OpenedThread[]> {
  const threads: OpenedThread[] = []
  for (const thread of await threadsOf(tx, actor, row)) {
    const place = { conversationId: row.id, threadKey: thread.threadKey, parentId: null }
    threads.push({ ...thread, opening: connection ? await openingAt(tx, actor, connection, place) : '' })
  }
  return threads
}

/** What the composer is told of each. */
export function shownThreads(
  threads: readonly OpenedThread[],
  connection: KnownConnection | null,
  canReply: (thread: ReplyThread) => Conversation['canReply'],
): ConversationThread[] {
  return threads.map((thread) => {
    const { id, visibility, shape, who, opening } = thread
    return {
      id,
      visibility,
      shape,
      who,
      canReply: canReply(thread),
      textLimits: connection ? textLimitsIn(connection, visibility).map((limit) => ({ ...limit })) : [],
      media: connection && shownMedia(mediaIn(connection, visibility)),
      opening,
    }
  })
}

const shownMedia = (rules: MediaRules | null): ConversationThread['media'] =>
  rules && { maxCount: rules.maxCount, maxBytes: rules.maxBytes, types: [...rules.types], altText: rules.altText }

export const mayInvite = (row: Pick<ConversationRow, 'visibility'>, connection: KnownConnection | null): boolean =>
  row.visibility === 'public' &&
  connection?.connector.privateLine !== undefined &&
  connection.connector.capabilities.invitesToPrivate
