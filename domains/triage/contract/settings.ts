import * as t from 'typebox'
import { Id, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'
import { personalDataKinds } from './assessments.ts'

export const TriageSettings = t.Object(
  {
    /** Whether agents see how far a writer reaches. */
    showInfluence: t.Boolean(),
    /** Ask the large model that the installation names, where the offline one is unsure. */
    largeModel: t.Boolean(),
    /** Tokens of one UTC day that it may use. */
    dailyTokens: t.Integer({ minimum: 0, maximum: 100_000_000 }),
    /** Kinds of personal data that are covered in what customers write; messages that are here already follow by a job. */
    covered: t.Array(oneOf(personalDataKinds), { maxItems: personalDataKinds.length, uniqueItems: true }),
  },
  { $id: 'TriageSettings' },
)
export type TriageSettings = t.Static<typeof TriageSettings>

/** One request to the large model. Never the text. */
export const LargeModelUse = t.Object(
  {
    id: Id,
    at: Moment,
    model: t.String(),
    messages: t.Integer(),
    /** How many labels it answered that could be used. */
    answered: t.Integer(),
    tokens: t.Integer(),
    milliseconds: t.Integer(),
    outcome: oneOf(['answered', 'failed', 'over_budget']),
    reason: nullable(t.String()),
  },
  { $id: 'LargeModelUse' },
)
export type LargeModelUse = t.Static<typeof LargeModelUse>

export const settingsRoutes = routes({
  getTriageSettings: {
    method: 'GET',
    path: '/triage/settings',
    summary: 'What the workspace chose, and whether the installation names a large model',
    access: 'inbox.read',
    reply: t.Object({
      settings: TriageSettings,
      largeModel: nullable(t.Object({ model: t.String(), host: t.String() })),
      usedToday: t.Integer(),
    }),
  },
  changeTriageSettings: {
    method: 'PATCH',
    path: '/triage/settings',
    summary: 'Choose otherwise',
    access: 'triage.manage',
    body: t.Partial(TriageSettings),
    reply: TriageSettings,
    problems: ['triage.no_large_model'],
  },
  listLargeModelUses: {
    method: 'GET',
    path: '/triage/large-model/uses',
    summary: 'Every request to the large model, newest first',
    access: 'triage.manage',
    query: t.Object({ ...paging }),
    reply: pageOf(LargeModelUse),
  },
})
