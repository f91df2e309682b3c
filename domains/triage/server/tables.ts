import type { DB } from '#platform/db/database'

export type TriageTables = Pick<
  DB,
  | 'messageAssessments'
  | 'messageMarks'
  | 'labelCorrections'
  | 'triageLayers'
  | 'topics'
  | 'topicExamples'
  | 'priorityPolicies'
  | 'prioritySteps'
  | 'conversationProposals'
  | 'triageSettings'
  | 'largeModelUses'
>

/** What triage reads of the domains below it. */
export type TriageReads = Pick<
  DB,
  | 'conversations'
  | 'messages'
  | 'messageBodies'
  | 'messagePosts'
  | 'customers'
  | 'customerTags'
  | 'identities'
  | 'members'
  | 'workspaces'
>
