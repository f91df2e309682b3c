import type { KnownConnection } from '#connections/server'
import type { Conversation, ConversationSummary } from '../contract.ts'
import { canReplyIn, textLimitsIn } from './sending.ts'
import type { ConversationRow } from './visibility.ts'

/** A row as the list shows it. `readSeq`: how far the caller has read, null when never. */
export function toSummary(row: ConversationRow, readSeq: number | null): ConversationSummary {
  return {
    id: row.id,
    connectionId: row.connectionId,
    channel: row.channel,
    customerId: row.customerId,
    customerName: row.customerName,
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
    version: row.version,
  }
}

export interface OpenedParts {
  readonly readSeq: number | null
  readonly gates: Conversation['gates']
  readonly linked: Conversation['linked']
  readonly envelope: Conversation['envelope']
  readonly connection: KnownConnection | null
  readonly now: Date
}

export function toConversation(
  row: ConversationRow,
  { readSeq, gates, linked, envelope, connection, now }: OpenedParts,
): Conversation {
  return {
    ...toSummary(row, readSeq),
    connectionName: connection?.name ?? 'removed',
    shape: row.shape as Conversation['shape'],
    episode: row.episode,
    firstMessageAt: row.firstMessageAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    canReply: canReplyOf(row, connection, now),
    textLimits: connection ? [...textLimitsIn(connection)] : [],
    gates,
    readSeq: readSeq ?? 0,
    linked,
    envelope,
  }
}

function canReplyOf(row: ConversationRow, connection: KnownConnection | null, now: Date): Conversation['canReply'] {
  if (!connection) return { ok: false, why: 'The connection of this conversation was removed.' }
  if (connection.state === 'paused') return { ok: false, why: 'This connection is paused.' }
  const can = canReplyIn(row, connection, now)
  return can.ok ? { ok: true, how: can.how, until: can.until?.toISOString() ?? null, cost: can.cost } : can
}
