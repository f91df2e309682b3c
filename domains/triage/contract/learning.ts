// How good the labels are by the team's own word, and the versions of what the workspace taught.
import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, routes } from '#platform/contract/kernel'

/** A share with its 95 % interval (Wilson) and what it was counted over. `value` is null where `n` is 0. */
export const Share = t.Object({
  value: nullable(t.Number()),
  low: nullable(t.Number()),
  high: nullable(t.Number()),
  n: t.Integer(),
})
export type Share = t.Static<typeof Share>

/** Labels whose corrections can be counted against what the model had said. */
export const measuredLabels = ['sentiment', 'intent', 'topic', 'language', 'toxicity'] as const

export const ModelFigures = t.Object(
  {
    label: oneOf(measuredLabels),
    /** `counts[said][right]`, both in the order of `values`. Of the newest 5,000 corrections and confirmations. */
    confusion: t.Object({ values: t.Array(t.String()), counts: t.Array(t.Array(t.Integer())) }),
    /** How often the label was right, of all that people looked at. Who corrects looks for mistakes: see `sample`. */
    accuracy: Share,
    /** The same over messages that chance picked: the fair figure. */
    sample: Share,
    /** How often a label was given at all rather than *unsure* or none, over the newest 10,000 messages of 30 days. */
    coverage: Share,
    /** Each week that has corrections, the newest last, at most 12. */
    weeks: t.Array(t.Object({ from: Moment, accuracy: Share })),
    /** How far the labels of 7 days stand from those of the 28 days before (population stability index); over 0.2 is a shift. */
    drift: t.Object({
      index: nullable(t.Number()),
      before: t.Array(t.Object({ value: t.String(), share: t.Number() })),
      now: t.Array(t.Object({ value: t.String(), share: t.Number() })),
    }),
  },
  { $id: 'ModelFigures' },
)
export type ModelFigures = t.Static<typeof ModelFigures>

/** A version of what the workspace taught. */
export const Layer = t.Object(
  {
    id: Id,
    kind: oneOf(['sentiment', 'topics']),
    version: t.Integer(),
    /** `live`: in use. `kept`: was in use, or could be. `refused`: not better than what was there. */
    state: oneOf(['live', 'kept', 'refused']),
    /** Corrections, or examples, that it learned from. */
    lessons: t.Integer(),
    /** On the newest fifth of the corrections, which no candidate learns from: this one, the one before it, the shipped models. */
    holdout: nullable(t.Object({ n: t.Integer(), accuracy: t.Number(), before: t.Number(), shipped: t.Number() })),
    /** Why it is live or not, in words. */
    reason: t.String(),
    learnedAt: Moment,
    wentLiveAt: nullable(Moment),
  },
  { $id: 'Layer' },
)
export type Layer = t.Static<typeof Layer>

export const LearningState = t.Object({
  corrections: t.Integer(),
  /** How many it takes until the first version is learned. */
  needed: t.Integer(),
  model: t.Object({ state: oneOf(['ok', 'starting', 'missing']), reason: nullable(t.String()) }),
})

export const learningRoutes = routes({
  getModelFigures: {
    method: 'GET',
    path: '/triage/figures',
    summary: 'Confusion, accuracy with its interval, coverage and drift, by the team’s own corrections',
    access: 'inbox.read',
    query: t.Object({ label: t.Optional(oneOf(measuredLabels)) }),
    reply: ModelFigures,
  },
  listLayers: {
    method: 'GET',
    path: '/triage/layers',
    summary: 'Versions of what the workspace taught, newest first, each with how it did beside the one before',
    access: 'inbox.read',
    reply: t.Object({ items: t.Array(Layer), state: LearningState }),
  },
  learnNow: {
    method: 'POST',
    path: '/triage/layers/learn',
    summary: 'Learn from the corrections now instead of in a few seconds',
    access: 'triage.manage',
    problems: ['triage.too_few_corrections'],
  },
  restoreLayer: {
    method: 'POST',
    path: '/triage/layers/:id/restore',
    summary: 'Put an earlier version back into use',
    access: 'triage.manage',
    params: IdParams,
    reply: Layer,
  },
  exportLayer: {
    method: 'GET',
    path: '/triage/layers/:id/file',
    summary: 'A version as a file',
    access: 'triage.manage',
    params: IdParams,
    raw: 'file',
  },
  resetLayers: {
    method: 'POST',
    path: '/triage/layers/reset',
    summary: 'Go back to the shipped models; corrections and versions are kept',
    access: 'triage.manage',
  },
  exportCorrections: {
    method: 'GET',
    path: '/triage/corrections/file',
    summary: 'Every correction as a line of JSON, as `rapport assess --learn` reads it',
    access: 'triage.manage',
    raw: 'file',
  },
})
