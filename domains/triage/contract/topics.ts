// What people write about, in the workspace's own words.
import * as t from 'typebox'
import { Id, Moment, oneOf, routes } from '#platform/contract/kernel'

export const EXAMPLES_NEEDED = 10
const Key = t.String({ pattern: '^[a-z0-9-]{1,60}$' })
const KeyParams = t.Object({ key: Key })
const Name = t.String({ minLength: 1, maxLength: 60 })
const Example = t.String({ minLength: 3, maxLength: 2000 })

export const Topic = t.Object(
  {
    /** Stays when the name changes. */
    key: Key,
    name: t.String(),
    /** Came with Rapport, or was made here. */
    origin: oneOf(['default', 'own']),
    examples: t.Integer(),
    /** From ten examples on; corrections count as examples. */
    learned: t.Boolean(),
  },
  { $id: 'Topic' },
)
export type Topic = t.Static<typeof Topic>

export const TopicExample = t.Object({
  id: Id,
  text: t.String(),
  from: oneOf(['written', 'correction']),
  addedAt: Moment,
})
export type TopicExample = t.Static<typeof TopicExample>

export const TopicPreview = t.Object(
  {
    /** How many of the newest messages were looked at, and how many of them it would catch. */
    looked: t.Integer(),
    count: t.Integer(),
    /** The surest first, 50 at most; personal data covered. */
    caught: t.Array(t.Object({ messageId: Id, conversationId: Id, text: t.String(), probability: t.Number() })),
  },
  { $id: 'TopicPreview' },
)
export type TopicPreview = t.Static<typeof TopicPreview>

export const topicRoutes = routes({
  previewTopic: {
    method: 'POST',
    path: '/topics/preview',
    summary: 'What a topic learned from these examples would catch among the newest 2,000 messages; nothing is stored',
    access: 'triage.manage',
    body: t.Object({
      examples: t.Array(Example, { minItems: 1, maxItems: 200 }),
      /** A topic whose own examples count with these. */
      key: t.Optional(Key),
    }),
    reply: TopicPreview,
  },
  listTopics: {
    method: 'GET',
    path: '/topics',
    summary: 'The topics of the workspace, by name',
    access: 'inbox.read',
    reply: t.Object({ items: t.Array(Topic) }),
  },
  createTopic: {
    method: 'POST',
    path: '/topics',
    summary: 'Name a topic, with examples if there are some; it is learned from ten on',
    access: 'triage.manage',
    body: t.Object({ name: Name, examples: t.Optional(t.Array(Example, { maxItems: 200 })) }),
    reply: Topic,
    problems: ['triage.topic_exists', 'triage.too_many_topics'],
  },
  changeTopic: {
    method: 'PATCH',
    path: '/topics/:key',
    summary: 'Rename a topic',
    access: 'triage.manage',
    params: KeyParams,
    body: t.Object({ name: Name }),
    reply: Topic,
    problems: ['triage.topic_exists'],
  },
  archiveTopic: {
    method: 'DELETE',
    path: '/topics/:key',
    summary: 'Retire a topic; what bears it keeps it',
    access: 'triage.manage',
    params: KeyParams,
  },
  listTopicExamples: {
    method: 'GET',
    path: '/topics/:key/examples',
    summary: 'What the workspace gave as examples, the newest first, 500 at most',
    access: 'triage.manage',
    params: KeyParams,
    reply: t.Object({ items: t.Array(TopicExample) }),
  },
  addTopicExamples: {
    method: 'POST',
    path: '/topics/:key/examples',
    summary: 'Give examples of a topic',
    access: 'triage.manage',
    params: KeyParams,
    body: t.Object({ texts: t.Array(Example, { minItems: 1, maxItems: 200 }) }),
    reply: Topic,
    problems: ['triage.too_many_examples'],
  },
  removeTopicExample: {
    method: 'DELETE',
    path: '/topics/:key/examples/:exampleId',
    summary: 'Take an example back',
    access: 'triage.manage',
    params: t.Object({ key: Key, exampleId: Id }),
  },
})
