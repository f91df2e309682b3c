// Everything that triage says to the outside; the nouns stand in contract/.
export * from './contract/assessments.ts'
export * from './contract/review.ts'
export * from './contract/learning.ts'
export * from './contract/topics.ts'
export * from './contract/policy.ts'
export * from './contract/proposals.ts'
export * from './contract/settings.ts'
export * from './contract/events.ts'
