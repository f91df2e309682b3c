import * as t from 'typebox'
import { Id, events, oneOf } from '#platform/contract/kernel'
import { correctableLabels } from './assessments.ts'

const one = [
  ['conversations'],
  ['conversation', '$conversationId'],
  ['assessments', '$conversationId'],
  ['priority', '$conversationId'],
] as const

/** Those of one conversation carry who may know as the inbox does; the rest is for whoever may read. */
export const triageEvents = events({
  'triage.message_corrected': {
    summary: 'A member put a label right, or confirmed it',
    data: t.Object({ conversationId: Id, messageId: Id, label: oneOf(correctableLabels) }),
    stale: [...one, ['review'], ['figures'], ['layers'], ['topics']],
  },
  'triage.correction_withdrawn': {
    summary: 'A member took a correction back',
    data: t.Object({ conversationId: Id, messageId: Id, label: oneOf(correctableLabels) }),
    stale: [...one, ['review'], ['figures'], ['layers'], ['topics']],
  },
  'triage.conversation_assessed': {
    summary: 'Labels or priority of a conversation changed other than by a new message',
    data: t.Object({ conversationId: Id, changed: t.Array(t.String()) }),
    stale: [...one, ['review']],
  },
  'triage.order_changed': {
    summary: 'Many conversations stand elsewhere now: a policy was published, or steps of reasons came due',
    data: t.Object({ conversations: t.Integer() }),
    stale: [['conversations'], ['conversation'], ['priority']],
  },
  'triage.layer_changed': {
    summary: 'Another version of what the workspace taught is in use, or one was refused',
    data: t.Object({ kind: oneOf(['sentiment', 'topics']), version: t.Integer() }),
    stale: [['layers'], ['figures'], ['topics']],
  },
  'triage.topics_changed': {
    summary: 'A topic was named, renamed, retired, or got examples',
    data: t.Object({ topic: t.String() }),
    stale: [['topics']],
  },
  'triage.policy_published': {
    summary: 'Another policy is in use',
    data: t.Object({ version: t.Integer() }),
    stale: [['policy'], ['policies'], ['priority']],
  },
  'triage.settings_changed': {
    summary: 'The workspace chose otherwise',
    data: t.Object({ changed: t.Array(t.String()) }),
    stale: [['triage-settings'], ['priority']],
  },
  'triage.messages_covered': {
    summary: 'Messages that were here already are covered as the workspace chose',
    data: t.Object({ conversations: t.Integer() }),
    stale: [['conversations'], ['conversation'], ['messages'], ['assessments'], ['review']],
  },
  'triage.proposal_changed': {
    summary: 'Conversations seem to be one, or somebody decided whether they are',
    data: t.Object({ conversationId: Id, proposalId: Id }),
    stale: [['proposals'], ['conversation', '$conversationId']],
  },
})
