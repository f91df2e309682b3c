// Assessments as they are shown: of a conversation, and one by one.
import { sql } from 'kysely'
import { findConversation, spansOf, type PersonalSpan } from '#inbox/server'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import { notFound, Problem } from '#platform/contract/problem'
import type { Actor } from '#platform/actor'
import { logAccess } from '#platform/access-log'
import type { Tx } from '#platform/db/database'
import type { MessageAssessment } from '../../contract.ts'

const PAGE = 50

/** One row of `message_assessments`, with what of its message is shown beside it. */
export interface AssessmentRow {
  readonly messageId: string
  readonly conversationId: string
  readonly language: string
  readonly sentiment: MessageAssessment['sentiment']['label']
  readonly negative: number
  readonly neutral: number
  readonly positive: number
  readonly intent: MessageAssessment['intent']
  readonly emotions: string[]
  readonly topic: string | null
  readonly urgency: number
  readonly severity: MessageAssessment['severity'][number]['kind'][]
  readonly severityProbabilities: number[]
  readonly needsPerson: boolean
  readonly toxicity: MessageAssessment['toxicity']['label']
  readonly toxic: number
  readonly spam: number
  readonly fault: MessageAssessment['fault']
  readonly corrected: MessageAssessment['corrected']
  readonly source: MessageAssessment['source']
  readonly assessedAt: Date
  readonly personal: unknown
}

/** The columns of an `AssessmentRow`, of `message_assessments a` and `messages m`. */
export const assessmentColumns = sql.raw(
  `a.message_id, m.conversation_id, a.language, a.sentiment, a.negative, a.neutral, a.positive, a.intent, a.emotions, a.topic, a.urgency,
  a.severity, a.severity_probabilities, a.needs_person, a.toxicity, a.toxic, a.spam, a.fault, a.corrected, a.source, a.assessed_at, m.personal`,
)

/** Newest first. */
export async function listAssessments(
  tx: Tx,
  actor: Actor,
  {
    conversationId,
    after,
    limit = PAGE,
  }: { conversationId: string; after?: string | undefined; limit?: number | undefined },
): Promise<Page<MessageAssessment>> {
  await findConversation(tx, actor, conversationId)
  const cursor = after === undefined ? null : decodeCursor(after, ['moment', 'number'])
  const past = cursor ? sql`(m.occurred_at, m.seq) < (${cursor[0]}::timestamptz, ${cursor[1]})` : sql`true`
  const { rows } = await sql<AssessmentRow & { at: string; seq: number }>`
    select ${assessmentColumns}, m.occurred_at::text as at, m.seq
    from messages m join message_assessments a on a.workspace_id = m.workspace_id and a.message_id = m.id
    where m.workspace_id = ${actor.workspaceId}::uuid and m.conversation_id = ${conversationId}::uuid and m.deleted_at is null and ${past}
    order by m.occurred_at desc, m.seq desc limit ${limit + 1}
  `.execute(tx)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { items: page.map(toAssessment), next: rows.length > limit && last ? encodeCursor(last.at, last.seq) : null }
}

/** The assessment of a message that the actor may see. 422 `triage.not_assessed` where there is none. */
export async function findAssessment(tx: Tx, actor: Actor, messageId: string, lock = false): Promise<AssessmentRow> {
  await requireMessage(tx, actor, messageId)
  const { rows } = await sql<AssessmentRow>`
    select ${assessmentColumns}
    from messages m join message_assessments a on a.workspace_id = m.workspace_id and a.message_id = m.id
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = ${messageId}::uuid and m.deleted_at is null
    ${lock ? sql`for update of a` : sql``}
  `.execute(tx)
  if (!rows[0]) throw new Problem(422, 'triage.not_assessed', 'This message was not assessed.')
  return rows[0]
}

/** The message, if its conversation is the actor's to see. */
export async function requireMessage(tx: Tx, actor: Actor, id: string) {
  const message = await tx
    .selectFrom('messages as m')
    .leftJoin('messageBodies as b', (join) =>
      join.onRef('b.workspaceId', '=', 'm.workspaceId').onRef('b.messageId', '=', 'm.id'),
    )
    .select(['m.id', 'm.conversationId', 'm.body', 'm.subject', 'b.quoted'])
    .where('m.workspaceId', '=', actor.workspaceId)
    .where('m.id', '=', id)
    .executeTakeFirst()
  if (!message) throw notFound('message')
  const conversation = await findConversation(tx, actor, message.conversationId).catch((error: unknown) => {
    throw error instanceof Problem ? notFound('message') : error
  })
  return { ...message, conversation }
}

export function toAssessment(row: AssessmentRow): MessageAssessment {
  return {
    messageId: row.messageId,
    conversationId: row.conversationId,
    language: row.language,
    sentiment: {
      label: row.sentiment,
      probabilities: { negative: row.negative, neutral: row.neutral, positive: row.positive },
    },
    intent: row.intent,
    emotions: row.emotions,
    topic: row.topic,
    urgency: row.urgency,
    severity: row.severity.map((kind, i) => ({ kind, probability: row.severityProbabilities[i] ?? 1 })),
    needsPerson: row.needsPerson,
    toxicity: { label: row.toxicity, probability: row.toxic },
    spam: row.spam,
    fault: row.fault,
    personalData: shownSpans(spansOf(row.personal)),
    corrected: row.corrected,
    source: row.source,
    assessedAt: row.assessedAt.toISOString(),
  }
}

const shownSpans = (spans: readonly PersonalSpan[]): MessageAssessment['personalData'] =>
  spans.flatMap(({ kind, start, end, part, open }) =>
    part === undefined && !open
      ? [{ kind: kind as MessageAssessment['personalData'][number]['kind'], start, end }]
      : [],
  )

/** A message in the clear. Who asked is written down before anything is answered. */
export async function revealMessage(
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ body: string; subject: string | null; quoted: string | null }> {
  const { body, subject, quoted } = await requireMessage(tx, actor, id)
  await logAccess(tx, [
    {
      workspaceId: actor.workspaceId,
      at: actor.at,
      actorKind: actor.kind,
      actorId: actor.id,
      action: 'triage.personal_data_revealed',
      subjectId: id,
    },
  ])
  return { body, subject, quoted }
}
