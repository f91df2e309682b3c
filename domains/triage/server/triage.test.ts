// Triage by its routes, with messages that came in as they do: corrections, review, learning, topics, policy, reveal.
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { conversationsPlugin } from '#inbox/server'
import { conversationRoutes, inboxEvents } from '#inbox/contract'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { aFileStore } from '#platform/testing/files'
import { startTestServer, testCaller, type TestCaller } from '#platform/testing/http'
import { expectRealtimeConsistent } from '#platform/testing/realtime'
import { useDatabase } from '#platform/testing/database'
import { aConversation, anInbox, at, minute, type MadeInbox } from '../../inbox/server/factories.ts'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import {
  assessmentRoutes,
  learningRoutes,
  policyRoutes,
  reviewRoutes,
  settingsRoutes,
  topicRoutes,
  triageEvents,
} from '../contract.ts'
import { learn } from './learning/layers.ts'
import { defaultPolicy } from './priority/default-policy.ts'
import { reorderAll, takeSteps } from './priority/reorder.ts'
import { readPublicPolicy } from './priority/policies.ts'
import {
  labelsOfMessagesPlugin,
  learningPlugin,
  priorityPlugin,
  proposalsPlugin,
  topicsPlugin,
  triageSettingsPlugin,
} from './routes.ts'
import { assessMessages } from './storing/catch-up.ts'
import { refreshConversations } from './storing/refresh.ts'
import { openAssessor, type Assessor } from './worker/assessor.ts'

const database = useDatabase()
const log = pino({ level: 'silent' })
let assessor: Assessor
let inbox: MadeInbox
let actor: Actor
let app: FastifyInstance
let caller: TestCaller

beforeAll(() => {
  assessor = openAssessor({ log })
})
afterAll(() => assessor?.[Symbol.asyncDispose]())
beforeEach(async () => {
  inbox = await anInbox(database.db)
  actor = at(inbox.owner, minute(100))
  const deps = { db: database.db, known: inbox.known, modelState: assessor.state, largeModel: null }
  app = await startTestServer({
    clock: testClock(minute(100)),
    authorize: async () => actor,
    plugins: [
      conversationsPlugin({ db: database.db, known: inbox.known, files: await aFileStore() }),
      labelsOfMessagesPlugin(deps),
      learningPlugin(deps),
      topicsPlugin(deps),
      priorityPlugin(deps),
      proposalsPlugin(deps),
      triageSettingsPlugin(deps),
    ],
  })
  caller = testCaller(app)
})

const HURT = 'The heater you sold me caught fire and my daughter was burned. This is dangerous!'
const CALM = 'Could you tell me the opening hours of your shop on Sunday?'

/** A conversation whose messages were assessed as if by intake. */
async function assessed(...texts: string[]) {
  const made = await aConversation(database.db, inbox, { texts })
  await assessMessages(database.db, actor, { assessor, known: inbox.known }, made.messageIds)
  return made
}
const conversation = async (id: string) =>
  (await caller.call(conversationRoutes.getConversation, { params: { id } })).body
const correct = (id: string, label: 'sentiment' | 'topic' | 'severity' | 'intent', value: string | string[] | null) =>
  caller.call(assessmentRoutes.correctMessage, { params: { id }, body: { label, value } })

describe('a correction', () => {
  test('is a fact: it changes the message, the row and the order, stays through a second look, and is on record', async () => {
    const { id, messageIds } = await assessed(CALM)
    expect((await conversation(id)).understood.severity).toEqual([])
    const said = (await correct(messageIds[0]!, 'severity', ['self-harm'])).body
    expect(said).toMatchObject({
      severity: [{ kind: 'self-harm', probability: 1 }],
      needsPerson: true,
      corrected: ['severity'],
    })
    const row = await conversation(id)
    expect(row).toMatchObject({ understood: { severity: ['self-harm'], needsPerson: true } })
    expect(row.priorityReasons[0]).toMatchObject({ code: 'severity', minutes: 10_080 })
    await assessMessages(database.db, actor, { assessor, known: inbox.known }, messageIds)
    expect((await conversation(id)).understood.severity).toEqual(['self-harm'])
    const events = await database.db.read(inbox, (tx) =>
      tx.selectFrom('events').select(['actorId', 'data']).where('type', '=', 'triage.message_corrected').execute(),
    )
    expect(events).toMatchObject([{ actorId: actor.id, data: { conversationId: id, label: 'severity' } }])
    await correct(messageIds[0]!, 'severity', [])
    expect(await conversation(id)).toMatchObject({ understood: { severity: [], needsPerson: false } })
  })

  test('to a value that there is not is refused, and so is one of a message that was not assessed', async () => {
    const { messageIds } = await assessed(CALM)
    for (const [label, value] of [
      ['sentiment', 'unsure'],
      ['sentiment', null],
      ['intent', ['praise']],
      ['topic', 'no-such-topic'],
      ['severity', ['safety', 'safety']],
    ] as const)
      expect((await correct(messageIds[0]!, label, value as never)).problem.code).toBe('triage.no_such_value')
    const { messageIds: unread } = await aConversation(database.db, inbox)
    expect((await correct(unread[0]!, 'sentiment', 'negative')).problem.code).toBe('triage.not_assessed')
  })

  test('reaches every browser that shows what it changes', async () => {
    const { id, messageIds } = await assessed(CALM)
    const { db } = database
    await expectRealtimeConsistent(
      {
        db,
        actor,
        tables: [triageEvents, inboxEvents],
        queries: [
          {
            key: ['conversations'],
            fetch: async () => (await caller.call(conversationRoutes.listConversations, { query: {} })).body,
          },
          { key: ['conversation', id], fetch: () => conversation(id) },
          {
            key: ['assessments', id],
            fetch: async () =>
              (await caller.call(assessmentRoutes.listAssessments, { params: { id }, query: {} })).body,
          },
          {
            key: ['figures'],
            fetch: async () => (await caller.call(learningRoutes.getModelFigures, { query: {} })).body,
          },
          { key: ['layers'], fetch: async () => (await caller.call(learningRoutes.listLayers, {})).body },
        ],
      },
      () => correct(messageIds[0]!, 'sentiment', 'negative'),
    )
  })
})

test('personal data is answered in the clear only by asking, and asking is written down', async () => {
  const { messageIds } = await assessed('my card is 4111 1111 1111 1111')
  const [id] = messageIds
  const shown = (await caller.call(reviewRoutes.listReview, { query: {} })).body.items
  for (const item of shown) expect(item.text).not.toContain('4111')
  const answer = await caller.call(assessmentRoutes.revealMessage, { params: { id: id! } })
  expect(answer.body.body).toBe('my card is 4111 1111 1111 1111')
  const log = await database.db.read(inbox, (tx) => tx.selectFrom('accessLog').selectAll().execute())
  expect(log).toMatchObject([{ action: 'triage.personal_data_revealed', subjectId: id, actorId: actor.id }])
})

test('who may not see a conversation learns nothing of it: not by message, not in review, not by priority', async () => {
  const team = await aTeam(database.db, inbox.workspaceId)
  const { id, messageIds } = await assessed(HURT)
  await database.db.write(inbox, (tx) =>
    tx.updateTable('conversations').set({ teamId: team.id }).where('id', '=', id).execute(),
  )
  await database.db.write(inbox, (tx) => tx.updateTable('messageAssessments').set({ usefulness: 1 }).execute())
  actor = at(await aMember(database.db, inbox.workspaceId, 'agent'), minute(100))
  const params = { id: messageIds[0]! }
  expect((await correct(params.id, 'sentiment', 'negative')).status).toBe(404)
  expect((await caller.call(assessmentRoutes.revealMessage, { params })).status).toBe(404)
  expect((await caller.call(reviewRoutes.skipReview, { params })).status).toBe(404)
  expect((await caller.call(policyRoutes.getPriority, { params: { id } })).status).toBe(404)
  expect((await caller.call(assessmentRoutes.listAssessments, { params: { id }, query: {} })).status).toBe(404)
  expect((await caller.call(reviewRoutes.listReview, { query: {} })).body.items).toEqual([])
})

test('the most useful questions come first, page by page, and an answered one comes no more', async () => {
  const texts = Array.from({ length: 12 }, (_, n) => `message number ${n} about something`)
  const { messageIds } = await assessed(...texts)
  await database.db.write(inbox, async (tx) => {
    for (const [n, id] of messageIds.entries())
      await tx
        .updateTable('messageAssessments')
        .set({ usefulness: 0.45 + n / 20 })
        .where('messageId', '=', id)
        .execute()
  })
  const pages: string[] = []
  let after: string | undefined
  do {
    const { items, next } = (
      await caller.call(reviewRoutes.listReview, { query: { limit: 3, ...(after && { after }) } })
    ).body
    pages.push(...items.map(({ assessment }) => assessment.messageId))
    after = next ?? undefined
  } while (after)
  expect(pages).toEqual(messageIds.slice(1).toReversed())
  await correct(pages[0]!, 'sentiment', 'neutral')
  await caller.call(reviewRoutes.skipReview, { params: { id: pages[1]! } })
  const left = (await caller.call(reviewRoutes.listReview, { query: {} })).body.items
  expect(left.map(({ assessment }) => assessment.messageId)).toEqual(pages.slice(2))
})

describe('what the workspace teaches', () => {
  // A firm whose customers speak of mooring: words that no model knows from elsewhere.
  const MOORED = ['the mooring slipped', 'slipped from the quay', 'berth seven slipped', 'our line slipped at dusk']
  const FAST = ['moored snug', 'snug at the quay', 'berth seven snug', 'our line lies snug at dusk']

  test('is learned, goes live because it is better, is used, and can be put back, exported and reset', async () => {
    const { db } = database
    const texts = Array.from({ length: 40 }, (_, n) => `${(n % 2 ? MOORED : FAST)[(n >> 1) % 4]!} ${n >> 3}`)
    const { messageIds } = await assessed(...texts)
    for (const [n, id] of messageIds.entries()) await correct(id, 'sentiment', n % 2 ? 'negative' : 'positive')
    await learn(db, actor, 'sentiment')
    const { items, state } = (await caller.call(learningRoutes.listLayers, {})).body
    expect(state).toMatchObject({ corrections: 40, needed: 20, model: { state: 'ok' } })
    expect(items).toMatchObject([{ kind: 'sentiment', version: 1, state: 'live', lessons: 32 }])
    expect(items[0]!.holdout!.accuracy).toBeGreaterThan(items[0]!.holdout!.shipped)

    const probe = await assessed('the mooring slipped again')
    const said = async () =>
      (await caller.call(assessmentRoutes.listAssessments, { params: { id: probe.id }, query: {} })).body.items[0]!
    expect(await said()).toMatchObject({ source: 'workspace', sentiment: { label: 'negative' } })
    // The same once more is not better than itself.
    await learn(db, actor, 'sentiment')
    const again = (await caller.call(learningRoutes.listLayers, {})).body.items
    expect(again.map(({ state }) => state)).toEqual(['refused', 'live'])

    await caller.call(learningRoutes.resetLayers, {})
    await assessMessages(db, actor, { assessor, known: inbox.known }, probe.messageIds)
    expect((await said()).source).toBe('shipped')
    const restored = await caller.call(learningRoutes.restoreLayer, { params: { id: items[0]!.id } })
    expect(restored.body).toMatchObject({ version: 1, state: 'live' })
    await assessMessages(db, actor, { assessor, known: inbox.known }, probe.messageIds)
    expect((await said()).source).toBe('workspace')

    const file = await app.inject({ url: `/api/triage/layers/${items[0]!.id}/file` })
    expect(JSON.parse(file.body)).toMatchObject({ corrections: 32 })
    const lines = (await app.inject({ url: '/api/triage/corrections/file' })).body.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toHaveLength(40)
    expect(lines).toContain(JSON.stringify({ text: texts[0], sentiment: 'positive' }))

    const figures = (await caller.call(learningRoutes.getModelFigures, { query: {} })).body
    expect(figures.accuracy.n).toBe(40)
    expect(figures.confusion.counts.flat().reduce((a, b) => a + b)).toBe(40)
    expect(figures.accuracy.low!).toBeLessThan(figures.accuracy.value! + 1e-9)
    expect(figures.coverage.n).toBe(41)
    expect(figures.weeks).toHaveLength(1)
    for (const label of ['intent', 'topic', 'language', 'toxicity'] as const)
      expect((await caller.call(learningRoutes.getModelFigures, { query: { label } })).status).toBe(200)
  })

  test('is not learned from next to nothing', async () => {
    expect((await caller.call(learningRoutes.learnNow, {})).problem.code).toBe('triage.too_few_corrections')
    await learn(database.db, actor, 'sentiment')
    expect((await caller.call(learningRoutes.listLayers, {})).body.items).toEqual([])
  })
})

describe('topics', () => {
  const LIFT = [
    'the lift is stuck',
    'lift out of order again',
    'no lift to the third floor',
    'elevator broken',
    'the lift smells',
    'lift doors do not close',
    'who repairs the lift',
    'lift button dead',
    'waiting for the lift',
  ]

  test('are there from the first hour, and a new one is learned from its tenth example', async () => {
    const { db } = database
    const parcel = await assessed('my parcel never arrived and tracking is stuck')
    expect((await conversation(parcel.id)).understood.topic).toBe('delivery')
    const made = (await caller.call(topicRoutes.createTopic, { body: { name: 'Lift', examples: LIFT } })).body
    expect(made).toMatchObject({ key: 'lift', origin: 'own', examples: 9, learned: false })
    await learn(db, actor, 'topics')
    const before = await assessed('the lift does not move')
    expect((await conversation(before.id)).understood.topic).not.toBe('lift')

    // The tenth is a correction of a message.
    await correct(before.messageIds[0]!, 'topic', 'lift')
    expect((await conversation(before.id)).understood.topic).toBe('lift')
    await learn(db, actor, 'topics')
    const after = await assessed('the lift does not move at all')
    expect((await conversation(after.id)).understood.topic).toBe('lift')
    const { items } = (await caller.call(topicRoutes.listTopics, {})).body
    expect(items.find(({ key }) => key === 'lift')).toMatchObject({ examples: 10, learned: true })
    expect(items.length).toBe(13)
  })

  test('are renamed and retired, the default ones too, and no two have one name', async () => {
    const key = 'delivery'
    expect((await caller.call(topicRoutes.createTopic, { body: { name: 'delivery' } })).problem.code).toBe(
      'triage.topic_exists',
    )
    const renamed = await caller.call(topicRoutes.changeTopic, { params: { key }, body: { name: 'Parcels' } })
    expect(renamed.body).toMatchObject({ key, name: 'Parcels', origin: 'default', learned: true })
    await caller.call(topicRoutes.archiveTopic, { params: { key } })
    expect((await caller.call(topicRoutes.changeTopic, { params: { key }, body: { name: 'X' } })).status).toBe(404)
    const { items } = (await caller.call(topicRoutes.listTopics, {})).body
    expect(items.some((topic) => topic.key === key)).toBe(false)
    await learn(database.db, actor, 'topics')
    const { id } = await assessed('my parcel never arrived and tracking is stuck')
    expect((await conversation(id)).understood.topic).not.toBe(key)
    const body = { texts: ['one example', 'another example'] }
    await caller.call(topicRoutes.addTopicExamples, { params: { key: 'billing' }, body })
    const examples = (await caller.call(topicRoutes.listTopicExamples, { params: { key: 'billing' } })).body.items
    expect(examples.map(({ text }) => text).toSorted()).toEqual(body.texts.toSorted())
    const params = { key: 'billing', exampleId: examples[0]!.id }
    expect((await caller.call(topicRoutes.removeTopicExample, { params })).status).toBe(204)
    expect((await caller.call(topicRoutes.removeTopicExample, { params })).status).toBe(404)
  })
})

describe('the policy', () => {
  const flat = { ...defaultPolicy, severity: { ...defaultPolicy.severity, on: false } }

  test('is previewed, published once a version, puts the list into its order, and is public from then on', async () => {
    const { db } = database
    const calm = await assessed(CALM)
    const grave = await assessed(HURT)
    const order = async () =>
      (await caller.call(conversationRoutes.listConversations, { query: { sort: 'priority' } })).body.items.map(
        ({ id }) => id,
      )
    await db.write(actor, (tx) =>
      tx
        .updateTable('conversations')
        .set({ waitingSince: minute(50) })
        .where('id', '=', grave.id)
        .execute(),
    )
    expect(await order()).toEqual([grave.id, calm.id])
    expect((await caller.call(policyRoutes.getPolicy, {})).body).toMatchObject({
      current: { version: 0 },
      publicPath: null,
    })

    const policy = { ...flat, urgency: { ...flat.urgency, on: false }, sentiment: { ...flat.sentiment, on: false } }
    const preview = (await caller.call(policyRoutes.previewPolicy, { body: { policy } })).body
    expect(preview).toMatchObject({ looked: 2, up: 1, down: 1 })
    expect(preview.moves.find(({ conversationId }) => conversationId === calm.id)).toMatchObject({
      before: 2,
      after: 1,
    })
    expect(await order()).toEqual([grave.id, calm.id])

    const published = await caller.call(policyRoutes.publishPolicy, { body: { policy, note: 'all alike', version: 0 } })
    expect(published.body).toMatchObject({ version: 1, note: 'all alike' })
    const late = await caller.call(policyRoutes.publishPolicy, { body: { policy, note: '', version: 0 } })
    expect(late.problem).toMatchObject({ code: 'triage.changed_meanwhile', status: 409 })
    await reorderAll(db, actor, inbox.known)
    expect((await conversation(grave.id)).priorityReasons).toEqual([])
    const { publicPath } = (await caller.call(policyRoutes.getPolicy, {})).body
    const slug = publicPath!.replace('/priority/', '')
    expect((await readPublicPolicy(db, slug))!.current).toMatchObject({ version: 1, policy })
    expect(await readPublicPolicy(db, 'nobody')).toBeNull()
    expect((await caller.call(policyRoutes.listPolicies, {})).body.items).toHaveLength(1)
  })

  test('says every reason with its share, and how far a writer reaches only where the workspace shows it', async () => {
    const { id } = await assessed(HURT)
    await database.db.write(inbox, (tx) => tx.updateTable('identities').set({ reach: 12_400 }).execute())
    const shown = (await caller.call(policyRoutes.getPriority, { params: { id } })).body
    expect(shown.reasons[0]).toMatchObject({ code: 'severity' })
    expect(shown.reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
    expect(shown.minutes).toBe(shown.reasons.reduce((sum, { minutes }) => sum + minutes, 0))
    expect(Date.parse(shown.waitingFrom) - Date.parse(shown.priorityAt)).toBe(shown.minutes * 60_000)
    expect(shown.influence).toMatchObject({ reach: 12_400, counted: false })
    expect(shown.influence!.sentence).toContain('counts nothing')
    await caller.call(settingsRoutes.changeTriageSettings, { body: { dailyTokens: 7 } })
    expect((await caller.call(policyRoutes.getPriority, { params: { id } })).body.influence).not.toBeNull()
    await caller.call(settingsRoutes.changeTriageSettings, { body: { showInfluence: false } })
    expect((await caller.call(policyRoutes.getPriority, { params: { id } })).body.influence).toBeNull()
  })

  test('applies steps at their moment: a promise that ends moves the conversation, once', async () => {
    const { db } = database
    const { id } = await assessed(CALM)
    await db.write(inbox, async (tx) => {
      await tx
        .updateTable('conversations')
        .set({ dueAt: minute(240) })
        .where('id', '=', id)
        .execute()
      await refreshConversations(tx, actor, inbox.known, [id])
    })
    const before = await conversation(id)
    expect(before.priorityReasons.map(({ code }) => code)).not.toContain('promise')
    const { nextStepAt } = (await caller.call(policyRoutes.getPriority, { params: { id } })).body
    expect(nextStepAt).toBe(minute(180).toISOString())
    await takeSteps(db, at(actor, minute(179)), inbox.known)
    expect((await conversation(id)).priorityAt).toBe(before.priorityAt)
    await takeSteps(db, at(actor, minute(180)), inbox.known)
    await takeSteps(db, at(actor, minute(181)), inbox.known)
    expect((await conversation(id)).priorityReasons[0]).toMatchObject({ code: 'promise', minutes: 120 })
    await takeSteps(db, at(actor, minute(240)), inbox.known)
    const after = await conversation(id)
    expect(after.priorityReasons[0]).toMatchObject({ code: 'promise', minutes: 480 })
    expect(Date.parse(before.priorityAt) - Date.parse(after.priorityAt)).toBe(480 * 60_000)
  })
})

test('a large model can not be switched on where the installation names none', async () => {
  const answer = await caller.call(settingsRoutes.changeTriageSettings, { body: { largeModel: true } })
  expect(answer.problem.code).toBe('triage.no_large_model')
  const { body } = await caller.call(settingsRoutes.getTriageSettings, {})
  expect(body).toEqual({
    settings: { showInfluence: true, largeModel: false, dailyTokens: 100_000 },
    largeModel: null,
    usedToday: 0,
  })
})
