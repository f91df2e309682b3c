import { sql } from 'kysely'
import type { KnownConnection } from '#connections/server'
import { pictureAddress } from '#customers/server'
import type { Conversation, ConversationSummary } from '../contract.ts'
import { mayInvite, shownThreads, type OpenedThread } from './conversation-threads.ts'
import { canReplyIn, type Repliable } from './sending.ts'
import type { ConversationRow } from './visibility.ts'

type Pictured = ConversationRow & { readonly picture?: string | null }

/** The newest picture of a conversation's customer, as identity and hash; a column of a query over `conversations as c`. */
export const pictureColumn = sql<string | null>`(
  select i.id || ' ' || p.sha256 from identities i
  join identity_pictures p on p.workspace_id = i.workspace_id and p.identity_id = i.id and p.sha256 is not null
  where i.workspace_id = c.workspace_id and i.customer_id = c.customer_id order by i.last_seen_at desc limit 1)`

function pictureIn(picture: string | null | undefined): string | null {
  const [identityId, sha256] = picture?.split(' ') ?? []
  return identityId && sha256 ? pictureAddress(identityId, sha256) : null
}

/** A row as the list shows it. `readSeq`: how far the caller has read, null when never. */
export function toSummary(row: Pictured, readSeq: number | null): ConversationSummary {
  return {
    id: row.id,
    connectionId: row.connectionId,
    channel: row.channel,
    customerId: row.customerId,
    customerName: row.customerName,
    customerPicture: pictureIn(row.picture),
    subject: row.subject,
    visibility: row.visibility as ConversationSummary['visibility'],
    state: row.state as ConversationSummary['state'],
    snoozedUntil: row.snoozedUntil?.toISOString() ?? null,
    assigneeId: row.assigneeId,
    teamId: row.teamId,
    labelIds: row.labelIds,
    preview: row.preview,
    previewKind: row.previewKind as ConversationSummary['previewKind'],
    messageCount: row.messageCount,
    failedCount: row.failedCount,
    lastActivityAt: row.lastActivityAt.toISOString(),
    waitingSince: row.waitingSince?.toISOString() ?? null,
    priorityAt: row.priorityAt.toISOString(),
    priorityReasons: row.priorityReasons as ConversationSummary['priorityReasons'],
    understood: {
      language: row.language,
      sentiment: row.sentiment,
      intent: row.intent,
      topic: row.topic,
      severity: row.severity,
      needsPerson: row.needsPerson,
      toxic: row.toxic,
    },
    groupId: row.groupId,
    dueAt: row.dueAt?.toISOString() ?? null,
    promiseState: row.promiseState,
    unread: row.lastInboundSeq > (readSeq ?? 0),
    lastInboundSeq: row.lastInboundSeq,
    version: row.version,
  }
}

export interface OpenedParts {
  readonly readSeq: number | null
  readonly gates: Conversation['gates']
  readonly linked: Conversation['linked']
  readonly envelope: Conversation['envelope']
  readonly threads: readonly OpenedThread[]
  readonly connection: KnownConnection | null
  readonly now: Date
}

export function toConversation(
  row: Pictured,
  { readSeq, gates, linked, envelope, threads, connection, now }: OpenedParts,
): Conversation {
  return {
    ...toSummary(row, readSeq),
    connectionName: connection?.name ?? 'removed',
    shape: row.shape as Conversation['shape'],
    episode: row.episode,
    firstMessageAt: row.firstMessageAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    canReply: canReplyOf(row, connection, now),
    threads: shownThreads(threads, connection, (thread) => canReplyOf(thread, connection, now)),
    invitesToPrivate: mayInvite(row, connection),
    gates,
    readSeq: readSeq ?? 0,
    linked,
    envelope,
  }
}

function canReplyOf(row: Repliable, connection: KnownConnection | null, now: Date): Conversation['canReply'] {
  if (!connection) return { ok: false, why: 'The connection of this conversation was removed.' }
  if (connection.state === 'paused') return { ok: false, why: 'This connection is paused.' }
  const can = canReplyIn(row, connection, now)
  return can.ok ? { ok: true, how: can.how, until: can.until?.toISOString() ?? null, cost: can.cost } : can
}
