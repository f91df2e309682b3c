// The queue of questions. It walks one index from its top, so it costs the same whatever the history.
import { sql } from 'kysely'
import { cover, spansOf, visibleTo } from '#inbox/server'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Page } from '#platform/contract/kernel'
import type { Tx } from '#platform/db/database'
import type { ReviewItem } from '../../contract.ts'
import { assessmentColumns, findAssessment, toAssessment, type AssessmentRow } from './read.ts'

const PAGE = 20
const MOST_TEXT = 2000

interface Row extends AssessmentRow {
  readonly usefulness: number
  readonly why: ReviewItem['why']
  readonly body: string
  readonly occurredAt: Date
  readonly channel: string
  readonly customerName: string | null
}

export async function listReview(
  tx: Tx,
  actor: Actor,
  { after, limit = PAGE }: { after?: string | undefined; limit?: number | undefined },
): Promise<Page<ReviewItem>> {
  const cursor = after === undefined ? null : readCursor(after)
  const past = cursor ? sql`(a.usefulness, a.message_id) < (${cursor.usefulness}::real, ${cursor.id}::uuid)` : sql`true`
  const { rows } = await sql<Row>`
    select ${assessmentColumns}, a.usefulness, a.why, left(m.body, ${MOST_TEXT}) as body, m.occurred_at, c.channel, c.customer_name
    from message_assessments a
    join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    where a.workspace_id = ${actor.workspaceId}::uuid and not a.reviewed and a.usefulness >= 0.5 and ${past}
      and m.deleted_at is null and ${visibleTo(actor)}
      -- A pile-on is one question.
      and (c.group_id is null or c.group_id = c.id or a.why = 'sample')
    order by a.usefulness desc, a.message_id desc limit ${limit + 1}
  `.execute(tx)
  const page = rows.slice(0, limit)
  return { items: page.map(toItem), next: rows.length > limit ? writeCursor(page.at(-1)!) : null }
}

const toItem = (row: Row): ReviewItem => ({
  assessment: toAssessment(row),
  customerName: row.customerName,
  channel: row.channel,
  text: cover(row.body, spansOf(row.personal)),
  occurredAt: row.occurredAt.toISOString(),
  usefulness: row.usefulness,
  why: row.why,
})

/** Usefulness is a fraction, which no cursor kind is: it travels as the bits of its number, so that none is passed over. */
const writeCursor = ({ usefulness, messageId }: Row): string =>
  Buffer.from(JSON.stringify([usefulness, messageId])).toString('base64url')

function readCursor(cursor: string): { usefulness: number; id: string } {
  try {
    const [usefulness, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (typeof usefulness === 'number' && Number.isFinite(usefulness) && /^[0-9a-f-]{36}$/.test(String(id)))
      return { usefulness, id: String(id) }
  } catch {
    // Answered below.
  }
  throw new Problem(400, 'invalid', 'The cursor is not one of this list.', {
    fields: [{ path: 'after', message: 'is not a cursor of this list' }],
  })
}

/** Takes a message out of the queue for everybody. */
export async function skipReview(tx: Tx, actor: Actor, messageId: string): Promise<void> {
  await findAssessment(tx, actor, messageId)
  await tx
    .updateTable('messageAssessments')
    .set({ reviewed: true })
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .execute()
}
