// The questions that teach most, asked first: where the model is torn, and where the words are new to it.
import * as t from 'typebox'
import { IdParams, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'
import { MessageAssessment } from './assessments.ts'

export const ReviewItem = t.Object(
  {
    assessment: MessageAssessment,
    customerName: nullable(t.String()),
    channel: t.String(),
    /** The first 2,000 characters, personal data covered. */
    text: t.String(),
    occurredAt: Moment,
    /** 0 to 1. */
    usefulness: t.Number(),
    /** Why it is asked: the model is torn between two, its words are new, or chance picked it, so that the figures are fair. */
    why: oneOf(['torn', 'new', 'sample']),
  },
  { $id: 'ReviewItem' },
)
export type ReviewItem = t.Static<typeof ReviewItem>

export const reviewRoutes = routes({
  listReview: {
    method: 'GET',
    path: '/triage/review',
    summary: 'Messages whose label would teach most, the most useful first',
    access: 'triage.correct',
    query: t.Object({ ...paging }),
    reply: pageOf(ReviewItem),
  },
  skipReview: {
    method: 'POST',
    path: '/messages/:id/skip-review',
    summary: 'Do not ask about this message again',
    access: 'triage.correct',
    params: IdParams,
    problems: ['triage.not_assessed'],
  },
})
