// What is said of a message, how it is put right, and what was covered in it.
import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'

export const sentimentNames = ['negative', 'neutral', 'positive', 'unsure'] as const
export const intentNames = [
  'complaint',
  'question',
  'request',
  'praise',
  'allegation',
  'threat',
  'feedback',
  'spam',
  'other',
] as const
export const severityNames = [
  'safety',
  'legal',
  'discrimination',
  'fraud',
  'money',
  'outage',
  'vulnerable',
  'self-harm',
] as const
export const toxicityNames = ['hate', 'offensive', 'none'] as const
export const personalDataKinds = ['card', 'iban', 'email', 'phone', 'ip', 'id', 'password', 'secret'] as const
/** Labels that a person can put right. `severity` and `emotions` are lists, the others one value. */
export const correctableLabels = [
  'language',
  'sentiment',
  'intent',
  'topic',
  'severity',
  'toxicity',
  'emotions',
] as const
export type CorrectableLabel = (typeof correctableLabels)[number]

/** Where personal data stands in the body as it was given out (covered, of the same length), in UTF-16 units. */
export const PersonalSpan = t.Object({ kind: oneOf(personalDataKinds), start: t.Integer(), end: t.Integer() })
export type PersonalSpan = t.Static<typeof PersonalSpan>

export const MessageAssessment = t.Object(
  {
    messageId: Id,
    conversationId: Id,
    /** ISO 639-1, or `und`. */
    language: t.String(),
    sentiment: t.Object({
      label: oneOf(sentimentNames),
      /** As the model said it, also where a person said otherwise. */
      probabilities: t.Object({ negative: t.Number(), neutral: t.Number(), positive: t.Number() }),
    }),
    intent: oneOf(intentNames),
    emotions: t.Array(t.String()),
    /** The key of a topic; null where none is sure. */
    topic: nullable(t.String()),
    /** 0 to 1. */
    urgency: t.Number(),
    severity: t.Array(t.Object({ kind: oneOf(severityNames), probability: t.Number() })),
    needsPerson: t.Boolean(),
    toxicity: t.Object({ label: oneOf(toxicityNames), probability: t.Number() }),
    spam: t.Number(),
    /** Whose fault the writer sees, where they complain: the firm's, somebody else's (a carrier, a supplier), their own. */
    fault: oneOf(['firm', 'other', 'self', 'unclear']),
    personalData: t.Array(PersonalSpan),
    /** Labels that a member put right or confirmed: those are facts, the rest is the model's. */
    corrected: t.Array(oneOf(correctableLabels)),
    /** Who said the rest: the models that came with Rapport, those and what the workspace taught, a large model, or rules alone. */
    source: oneOf(['shipped', 'workspace', 'large-model', 'rules']),
    assessedAt: Moment,
  },
  { $id: 'MessageAssessment' },
)
export type MessageAssessment = t.Static<typeof MessageAssessment>

export const CorrectionInput = t.Object({
  label: oneOf(correctableLabels),
  /** The right value, also where it is the model's: a confirmation counts. `severity` and `emotions` take a list, `topic` may be null. */
  value: t.Union([t.String({ maxLength: 60 }), t.Array(t.String({ maxLength: 60 }), { maxItems: 8 }), t.Null()]),
  /** Where it was said; the figures tell them apart. */
  from: t.Optional(oneOf(['thread', 'review'])),
})
export type CorrectionInput = t.Static<typeof CorrectionInput>

export const assessmentRoutes = routes({
  listAssessments: {
    method: 'GET',
    path: '/conversations/:id/assessments',
    summary: 'What is said of the customer’s messages in a conversation, newest first',
    access: 'inbox.read',
    params: IdParams,
    query: t.Object({ ...paging }),
    reply: pageOf(MessageAssessment),
  },
  correctMessage: {
    method: 'POST',
    path: '/messages/:id/corrections',
    summary: 'Put a label of a message right, or confirm it; the workspace learns from it',
    access: 'triage.correct',
    params: IdParams,
    body: CorrectionInput,
    reply: MessageAssessment,
    problems: ['triage.not_assessed', 'triage.no_such_value'],
  },
  withdrawCorrection: {
    method: 'DELETE',
    path: '/messages/:id/corrections/:label',
    summary: 'Take a correction back: the label is what the model had said, and no figure counts it',
    access: 'triage.correct',
    params: t.Object({ id: Id, label: oneOf(correctableLabels) }),
    reply: MessageAssessment,
    problems: ['triage.not_assessed'],
  },
  revealMessage: {
    method: 'POST',
    path: '/messages/:id/reveal',
    summary: 'The message with its personal data in the clear; who asked is written down',
    access: 'triage.reveal',
    params: IdParams,
    reply: t.Object({ body: t.String(), subject: nullable(t.String()), quoted: nullable(t.String()) }),
  },
})
