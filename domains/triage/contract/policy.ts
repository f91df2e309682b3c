// Priority: named reasons with visible weights, in minutes by which a conversation moves ahead of others that wait as long.
import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, routes } from '#platform/contract/kernel'
import type { severityNames } from './assessments.ts'

/** In minutes. A day is 1,440. */
const Minutes = t.Integer({ minimum: 0, maximum: 20_160 })
const Words = t.String({ maxLength: 300 })
/** `words` is what the public page says of it; empty: our own words. */
const Rule = { on: t.Boolean(), words: t.Optional(Words) }

/** Each is a rule of the policy by the same name. */
export const reasonCodes = [
  'severity',
  'urgency',
  'promise',
  'window',
  'repeat',
  'brokenPromise',
  'vulnerable',
  'reach',
  'sentiment',
  'flag',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** Written out: a browser's bundle drops what is plainly unused. */
const Severities = t.Object({
  safety: Minutes,
  legal: Minutes,
  discrimination: Minutes,
  fraud: Minutes,
  money: Minutes,
  outage: Minutes,
  vulnerable: Minutes,
  'self-harm': Minutes,
} satisfies Record<(typeof severityNames)[number], typeof Minutes>)

export const PriorityPolicy = t.Object(
  {
    /** Minutes a kind, by how sure it is; several kinds do not add up, the gravest counts. */
    severity: t.Object({ ...Rule, minutes: Severities }),
    /** Minutes at full urgency. */
    urgency: t.Object({ ...Rule, minutes: Minutes }),
    /** `soonMinutes` before a promise ends it moves by `soon`, once it is over by `late`. */
    promise: t.Object({ ...Rule, soonMinutes: Minutes, soon: Minutes, late: Minutes }),
    /** The channel closes for an answer within `withinMinutes`. */
    window: t.Object({ ...Rule, withinMinutes: Minutes, minutes: Minutes }),
    /** For each other conversation of the same person within 14 days, `most` in all. */
    repeat: t.Object({ ...Rule, each: Minutes, most: Minutes }),
    brokenPromise: t.Object({ ...Rule, minutes: Minutes }),
    vulnerable: t.Object({ ...Rule, minutes: Minutes }),
    /** For each tenfold of followers over a hundred, `most` in all, halved every `halfLifeDays`. Off unless somebody switches it on. */
    reach: t.Object({ ...Rule, tenfold: Minutes, most: Minutes, halfLifeDays: t.Integer({ minimum: 1, maximum: 90 }) }),
    /** Minutes where the message is surely negative; less where it is not so sure. */
    sentiment: t.Object({ ...Rule, minutes: Minutes }),
    /** Tags of customers. */
    flag: t.Object({
      ...Rule,
      tags: t.Array(t.Object({ tag: t.String({ minLength: 1, maxLength: 40 }), minutes: Minutes }), { maxItems: 20 }),
    }),
    /** Said first on the public page. */
    preface: t.Optional(t.String({ maxLength: 2000 })),
  },
  { $id: 'PriorityPolicy' },
)
export type PriorityPolicy = t.Static<typeof PriorityPolicy>

export const PolicyVersion = t.Object(
  {
    version: t.Integer(),
    policy: PriorityPolicy,
    note: t.String(),
    /** Null for version 0, which came with Rapport and is on no public page. */
    publishedAt: nullable(Moment),
    publishedBy: nullable(t.String()),
  },
  { $id: 'PolicyVersion' },
)
export type PolicyVersion = t.Static<typeof PolicyVersion>

/** A reason with its share of the whole, 0 to 1. */
export const PriorityShare = t.Object({
  code: oneOf(reasonCodes),
  words: t.String(),
  minutes: t.Integer(),
  share: t.Number(),
})
export type PriorityShare = t.Static<typeof PriorityShare>

export const ConversationPriority = t.Object(
  {
    conversationId: Id,
    /** Where it stands: smaller is sooner. `waitingFrom` less `minutes`. */
    priorityAt: Moment,
    waitingFrom: Moment,
    minutes: t.Integer(),
    reasons: t.Array(PriorityShare),
    policyVersion: t.Integer(),
    /** When a reason changes by itself: a promise that ends, a window that closes. */
    nextStepAt: nullable(Moment),
    /** Null where nothing is known of it, or the workspace hides it. In priority only where the policy says so. */
    influence: nullable(
      t.Object({
        /** All of it in words. */
        sentence: t.String(),
        reach: t.Integer(),
        /** Likes, reposts, quotes and replies of what was said here. */
        engagement: t.Integer(),
        /** Of the writer's conversations of 90 days, how many are about the same topic; null where one alone is known. */
        topical: nullable(t.Object({ same: t.Integer(), of: t.Integer() })),
        saidDaysAgo: nullable(t.Integer()),
        counted: t.Boolean(),
      }),
    ),
  },
  { $id: 'ConversationPriority' },
)
export type ConversationPriority = t.Static<typeof ConversationPriority>

export const PolicyPreview = t.Object(
  {
    /** Conversations of the last 30 days, the newest 2,000. */
    looked: t.Integer(),
    up: t.Integer(),
    down: t.Integer(),
    /** The 50 that would move farthest. Places count from 1 among those looked at. */
    moves: t.Array(
      t.Object({
        conversationId: Id,
        subject: nullable(t.String()),
        customerName: nullable(t.String()),
        state: t.String(),
        before: t.Integer(),
        after: t.Integer(),
        minutesBefore: t.Integer(),
        minutesAfter: t.Integer(),
        reasons: t.Array(PriorityShare),
      }),
    ),
  },
  { $id: 'PolicyPreview' },
)
export type PolicyPreview = t.Static<typeof PolicyPreview>

export const policyRoutes = routes({
  getPriority: {
    method: 'GET',
    path: '/conversations/:id/priority',
    summary: 'Why a conversation stands where it stands: every reason with its share',
    access: 'inbox.read',
    params: IdParams,
    reply: ConversationPriority,
  },
  getPolicy: {
    method: 'GET',
    path: '/triage/policy',
    summary: 'The policy in use, and where the public reads it',
    access: 'inbox.read',
    reply: t.Object({ current: PolicyVersion, publicPath: nullable(t.String()) }),
  },
  listPolicies: {
    method: 'GET',
    path: '/triage/policies',
    summary: 'Every published version, newest first',
    access: 'inbox.read',
    reply: t.Object({ items: t.Array(PolicyVersion) }),
  },
  previewPolicy: {
    method: 'POST',
    path: '/triage/policy/preview',
    summary: 'What would have moved in the last month under this policy',
    access: 'triage.manage',
    body: t.Object({ policy: PriorityPolicy }),
    reply: PolicyPreview,
    limit: { perMinute: 30 },
  },
  publishPolicy: {
    method: 'POST',
    path: '/triage/policy/publish',
    summary: 'Put a policy into use and on the public page; open conversations are put into its order',
    access: 'triage.manage',
    body: t.Object({
      policy: PriorityPolicy,
      note: t.String({ maxLength: 500 }),
      /** The version that the caller saw. */
      version: t.Integer({ minimum: 0 }),
    }),
    reply: PolicyVersion,
    problems: ['triage.changed_meanwhile'],
  },
})
