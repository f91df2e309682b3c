// Triage by its routes, with messages that came in as they do: corrections, review, learning, topics, reveal.
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { conversationRoutes, inboxEvents } from '#inbox/contract'
import { useDatabase } from '#platform/testing/database'
import { expectRealtimeConsistent } from '#platform/testing/realtime'
import { aConversation, at, minute } from '../../inbox/server/factories.ts'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import {
  assessmentRoutes,
  learningRoutes,
  personalDataKinds,
  policyRoutes,
  reviewRoutes,
  settingsRoutes,
  topicRoutes,
  triageEvents,
} from '../contract.ts'
import { learn } from './learning/layers.ts'
import { coverAll } from './personal-data/covering.ts'
import type { PersonalDataKind } from './personal-data/find.ts'
import { CALM, HURT, openDesk, type TriageDesk } from './testing.ts'
import { openAssessor, type Assessor } from './worker/assessor.ts'

const database = useDatabase()
let assessor: Assessor
let desk: TriageDesk
beforeAll(() => {
  assessor = openAssessor({ log: pino({ level: 'silent' }) })
})
afterAll(() => assessor?.[Symbol.asyncDispose]())
beforeEach(async () => {
  desk = await openDesk(database.db, assessor)
})

describe('a correction', () => {
  test('is a fact: it changes the message, the row and the order, stays through a second look, and is on record', async () => {
    const { id, messageIds } = await desk.assessed(CALM)
    expect((await desk.conversation(id)).understood.severity).toEqual([])
    const said = (await desk.correct(messageIds[0]!, 'severity', ['self-harm'])).body
    expect(said).toMatchObject({
      severity: [{ kind: 'self-harm', probability: 1 }],
      needsPerson: true,
      corrected: ['severity'],
    })
    const row = await desk.conversation(id)
    expect(row).toMatchObject({ understood: { severity: ['self-harm'], needsPerson: true } })
    expect(row.priorityReasons[0]).toMatchObject({ code: 'severity', minutes: 10_080 })
    await desk.assessAgain(messageIds)
    expect((await desk.conversation(id)).understood.severity).toEqual(['self-harm'])
    const events = await database.db.read(desk.inbox, (tx) =>
      tx.selectFrom('events').select(['actorId', 'data']).where('type', '=', 'triage.message_corrected').execute(),
    )
    expect(events).toMatchObject([{ actorId: desk.actor.id, data: { conversationId: id, label: 'severity' } }])
    await desk.correct(messageIds[0]!, 'severity', [])
    expect(await desk.conversation(id)).toMatchObject({ understood: { severity: [], needsPerson: false } })
  })

  test('is taken back without a trace: label, certainty, figures and question are as before', async () => {
    const { id, messageIds } = await desk.assessed(HURT)
    const [messageId] = messageIds
    const { body: before } = await desk.caller.call(assessmentRoutes.listAssessments, { params: { id }, query: {} })
    const [model] = before.items
    const row = await desk.conversation(id)
    const figures = async () => (await desk.caller.call(learningRoutes.getModelFigures, { query: {} })).body
    const question = async () =>
      (await database.db.read(desk.inbox, (tx) => tx.selectFrom('messageAssessments').select('reviewed').execute()))[0]
    expect(await figures()).toMatchObject({ accuracy: { n: 0 } })
    await desk.correct(messageId!, 'severity', ['fraud'])
    await desk.correct(messageId!, 'severity', [])
    await desk.correct(messageId!, 'sentiment', 'positive')
    expect(await figures()).toMatchObject({ accuracy: { n: 1 } })
    expect(await question()).toEqual({ reviewed: true })
    const takeBack = (label: 'severity' | 'sentiment') =>
      desk.caller.call(assessmentRoutes.withdrawCorrection, { params: { id: messageId!, label } })
    expect((await takeBack('sentiment')).body).toMatchObject({ sentiment: model!.sentiment, corrected: ['severity'] })
    expect(await figures()).toMatchObject({ accuracy: { n: 0 } })
    expect((await takeBack('severity')).body).toEqual(model)
    expect(await question()).toEqual({ reviewed: false })
    expect((await desk.conversation(id)).priorityReasons).toEqual(row.priorityReasons)
    // Once more, or where nobody ever said anything: nothing happens, and nothing is told.
    expect((await takeBack('severity')).body).toEqual(model)
    const told = await database.db.read(desk.inbox, (tx) =>
      tx.selectFrom('events').select('data').where('type', '=', 'triage.correction_withdrawn').execute(),
    )
    expect(told).toMatchObject([{ data: { label: 'sentiment' } }, { data: { label: 'severity' } }])
  })

  test('to a value that there is not is refused, and so is one of a message that was not assessed', async () => {
    const { messageIds } = await desk.assessed(CALM)
    for (const [label, value] of [
      ['sentiment', 'unsure'],
      ['sentiment', null],
      ['intent', ['praise']],
      ['topic', 'no-such-topic'],
      ['severity', ['safety', 'safety']],
    ] as const)
      expect((await desk.correct(messageIds[0]!, label, value as never)).problem.code).toBe('triage.no_such_value')
    const { messageIds: unread } = await aConversation(database.db, desk.inbox)
    expect((await desk.correct(unread[0]!, 'sentiment', 'negative')).problem.code).toBe('triage.not_assessed')
  })

  test('reaches every browser that shows what it changes', async () => {
    const { id, messageIds } = await desk.assessed(CALM)
    const { db } = database
    await expectRealtimeConsistent(
      {
        db,
        actor: desk.actor,
        tables: [triageEvents, inboxEvents],
        queries: [
          {
            key: ['conversations'],
            fetch: async () => (await desk.caller.call(conversationRoutes.listConversations, { query: {} })).body,
          },
          { key: ['conversation', id], fetch: () => desk.conversation(id) },
          {
            key: ['assessments', id],
            fetch: async () =>
              (await desk.caller.call(assessmentRoutes.listAssessments, { params: { id }, query: {} })).body,
          },
          {
            key: ['figures'],
            fetch: async () => (await desk.caller.call(learningRoutes.getModelFigures, { query: {} })).body,
          },
          { key: ['layers'], fetch: async () => (await desk.caller.call(learningRoutes.listLayers, {})).body },
        ],
      },
      () => desk.correct(messageIds[0]!, 'sentiment', 'negative'),
    )
  })
})

test('personal data is answered in the clear only by asking, and asking is written down', async () => {
  const { messageIds } = await desk.assessed('my card is 4111 1111 1111 1111')
  const [id] = messageIds
  const shown = (await desk.caller.call(reviewRoutes.listReview, { query: {} })).body.items
  for (const item of shown) expect(item.text).not.toContain('4111')
  const answer = await desk.caller.call(assessmentRoutes.revealMessage, { params: { id: id! } })
  expect(answer.body.body).toBe('my card is 4111 1111 1111 1111')
  const log = await database.db.read(desk.inbox, (tx) => tx.selectFrom('accessLog').selectAll().execute())
  expect(log).toMatchObject([{ action: 'triage.personal_data_revealed', subjectId: id, actorId: desk.actor.id }])
})

test('a workspace chooses what is covered: messages that are here follow, and what was covered comes back covered', async () => {
  const { id, messageIds } = await desk.assessed('pay 4111 1111 1111 1111 or call bob@example.com')
  const { db } = database
  const preview = async () => (await desk.conversation(id)).preview
  const choose = async (covered: PersonalDataKind[]) => {
    const answer = await desk.caller.call(settingsRoutes.changeTriageSettings, { body: { covered } })
    expect(answer.body.covered).toEqual(covered)
    await coverAll(db, desk.actor)
  }
  const all = await preview()
  expect(all).toBe('pay •••• •••• •••• •••• or call •••••••••••••••')
  await choose(['card'])
  expect(await preview()).toBe('pay •••• •••• •••• •••• or call bob@example.com')
  const { items } = (await desk.caller.call(assessmentRoutes.listAssessments, { params: { id }, query: {} })).body
  expect(items[0]!.personalData.map(({ kind }) => kind)).toEqual(['card'])
  await desk.assessAgain(messageIds)
  expect(await preview()).toBe('pay •••• •••• •••• •••• or call bob@example.com')
  await choose([])
  expect(await preview()).toBe('pay 4111 1111 1111 1111 or call bob@example.com')
  await choose([...personalDataKinds])
  expect(await preview()).toBe(all)
  const told = await db.read(desk.inbox, (tx) =>
    tx.selectFrom('events').select('data').where('type', '=', 'triage.messages_covered').execute(),
  )
  expect(told).toMatchObject([
    { data: { conversations: 1 } },
    { data: { conversations: 1 } },
    { data: { conversations: 1 } },
  ])
})

test('what leaves as a file has no personal data in it', async () => {
  const { messageIds } = await desk.assessed('my card is 4111 1111 1111 1111')
  await desk.correct(messageIds[0]!, 'sentiment', 'neutral')
  const { body } = await desk.app.inject({ url: '/api/triage/corrections/file' })
  expect(body).toContain('my card is')
  expect(body).not.toContain('4111')
})

test('who may not see a conversation learns nothing of it: not by message, not in review, not by priority', async () => {
  const team = await aTeam(database.db, desk.inbox.workspaceId)
  const { id, messageIds } = await desk.assessed(HURT)
  await database.db.write(desk.inbox, (tx) =>
    tx.updateTable('conversations').set({ teamId: team.id }).where('id', '=', id).execute(),
  )
  await database.db.write(desk.inbox, (tx) => tx.updateTable('messageAssessments').set({ usefulness: 1 }).execute())
  desk.actor = at(await aMember(database.db, desk.inbox.workspaceId, 'agent'), minute(100))
  const params = { id: messageIds[0]! }
  expect((await desk.correct(params.id, 'sentiment', 'negative')).status).toBe(404)
  expect((await desk.caller.call(assessmentRoutes.revealMessage, { params })).status).toBe(404)
  const withdrawn = { params: { ...params, label: 'sentiment' as const } }
  expect((await desk.caller.call(assessmentRoutes.withdrawCorrection, withdrawn)).status).toBe(404)
  expect((await desk.caller.call(reviewRoutes.skipReview, { params })).status).toBe(404)
  expect((await desk.caller.call(policyRoutes.getPriority, { params: { id } })).status).toBe(404)
  expect((await desk.caller.call(assessmentRoutes.listAssessments, { params: { id }, query: {} })).status).toBe(404)
  expect((await desk.caller.call(reviewRoutes.listReview, { query: {} })).body.items).toEqual([])
})

test('the most useful questions come first, page by page, and an answered one comes no more', async () => {
  const texts = Array.from({ length: 12 }, (_, n) => `message number ${n} about something`)
  const { messageIds } = await desk.assessed(...texts)
  await database.db.write(desk.inbox, async (tx) => {
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
      await desk.caller.call(reviewRoutes.listReview, { query: { limit: 3, ...(after && { after }) } })
    ).body
    pages.push(...items.map(({ assessment }) => assessment.messageId))
    after = next ?? undefined
  } while (after)
  expect(pages).toEqual(messageIds.slice(1).toReversed())
  await desk.correct(pages[0]!, 'sentiment', 'neutral')
  await desk.caller.call(reviewRoutes.skipReview, { params: { id: pages[1]! } })
  const left = (await desk.caller.call(reviewRoutes.listReview, { query: {} })).body.items
  expect(left.map(({ assessment }) => assessment.messageId)).toEqual(pages.slice(2))
})

describe('what the workspace teaches', () => {
  // A firm whose customers speak of mooring: words that no model knows from elsewhere.
  const MOORED = ['the mooring slipped', 'slipped from the quay', 'berth seven slipped', 'our line slipped at dusk']
  const FAST = ['moored snug', 'snug at the quay', 'berth seven snug', 'our line lies snug at dusk']

  test('is learned, goes live because it is better, is used, and can be put back, exported and reset', async () => {
    const { db } = database
    const texts = Array.from({ length: 40 }, (_, n) => `${(n % 2 ? MOORED : FAST)[(n >> 1) % 4]!} ${n >> 3}`)
    const { messageIds } = await desk.assessed(...texts)
    for (const [n, id] of messageIds.entries()) await desk.correct(id, 'sentiment', n % 2 ? 'negative' : 'positive')
    await learn(db, desk.actor, 'sentiment')
    const { items, state } = (await desk.caller.call(learningRoutes.listLayers, {})).body
    expect(state).toMatchObject({ corrections: 40, needed: 20, model: { state: 'ok' } })
    expect(items).toMatchObject([{ kind: 'sentiment', version: 1, state: 'live', lessons: 32 }])
    expect(items[0]!.holdout!.accuracy).toBeGreaterThan(items[0]!.holdout!.shipped)

    // The same once more is not better than itself.
    await learn(db, desk.actor, 'sentiment')
    const again = (await desk.caller.call(learningRoutes.listLayers, {})).body.items
    expect(again.map(({ state }) => state)).toEqual(['refused', 'live'])

    const probe = await desk.assessed('the mooring slipped again')
    const said = async () =>
      (await desk.caller.call(assessmentRoutes.listAssessments, { params: { id: probe.id }, query: {} })).body.items[0]!
    expect(await said()).toMatchObject({ source: 'workspace', sentiment: { label: 'negative' } })
    await desk.caller.call(learningRoutes.resetLayers, {})
    await desk.assessAgain(probe.messageIds)
    expect((await said()).source).toBe('shipped')
    const restored = await desk.caller.call(learningRoutes.restoreLayer, { params: { id: items[0]!.id } })
    expect(restored.body).toMatchObject({ version: 1, state: 'live' })
    await desk.assessAgain(probe.messageIds)
    expect((await said()).source).toBe('workspace')

    const file = await desk.app.inject({ url: `/api/triage/layers/${items[0]!.id}/file` })
    expect(JSON.parse(file.body)).toMatchObject({ corrections: 32 })
    const lines = (await desk.app.inject({ url: '/api/triage/corrections/file' })).body.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toHaveLength(40)
    expect(lines).toContain(JSON.stringify({ text: texts[0], sentiment: 'positive' }))

    const figures = (await desk.caller.call(learningRoutes.getModelFigures, { query: {} })).body
    expect(figures.accuracy.n).toBe(40)
    expect(figures.confusion.counts.flat().reduce((a, b) => a + b)).toBe(40)
    expect(figures.accuracy.low!).toBeLessThan(figures.accuracy.value! + 1e-9)
    expect(figures.coverage.n).toBe(41)
    expect(figures.weeks).toHaveLength(1)
    for (const label of ['intent', 'topic', 'language', 'toxicity'] as const)
      expect((await desk.caller.call(learningRoutes.getModelFigures, { query: { label } })).status).toBe(200)
  })

  test('leaves alone what nobody put right, however one-sided the corrections are', async () => {
    const { db } = database
    const calm = [
      'Thank you, that was wonderful service',
      'Lovely crew and a perfect flight, thanks',
      'Great, it works now, thank you',
    ]
    const thanked = await desk.assessed(...Array.from({ length: 60 }, (_, n) => `${calm[n % 3]} ${n}`))
    const { messageIds } = await desk.assessed(
      ...Array.from({ length: 25 }, (_, n) => `thank you for berth seven ${n}`),
    )
    for (const id of messageIds) await desk.correct(id, 'sentiment', 'negative')
    await learn(db, desk.actor, 'sentiment')
    const { items } = (await desk.caller.call(learningRoutes.listLayers, {})).body
    expect(items).toMatchObject([{ state: 'live', lessons: 20 }])
    await desk.assessAgain(thanked.messageIds)
    const { items: said } = (
      await desk.caller.call(assessmentRoutes.listAssessments, { params: { id: thanked.id }, query: { limit: 100 } })
    ).body
    expect(said.filter(({ source }) => source === 'workspace')).toHaveLength(60)
    expect(said.filter(({ sentiment }) => sentiment.label === 'positive').length).toBeGreaterThan(50)
  })

  test('is not learned from next to nothing', async () => {
    expect((await desk.caller.call(learningRoutes.learnNow, {})).problem.code).toBe('triage.too_few_corrections')
    await learn(database.db, desk.actor, 'sentiment')
    expect((await desk.caller.call(learningRoutes.listLayers, {})).body.items).toEqual([])
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
    const parcel = await desk.assessed('my parcel never arrived and tracking is stuck')
    expect((await desk.conversation(parcel.id)).understood.topic).toBe('delivery')
    const made = (await desk.caller.call(topicRoutes.createTopic, { body: { name: 'Lift', examples: LIFT } })).body
    expect(made).toMatchObject({ key: 'lift', origin: 'own', examples: 9, learned: false })
    await learn(db, desk.actor, 'topics')
    const before = await desk.assessed('the lift does not move')
    expect((await desk.conversation(before.id)).understood.topic).not.toBe('lift')

    // The tenth is a correction of a message.
    await desk.correct(before.messageIds[0]!, 'topic', 'lift')
    expect((await desk.conversation(before.id)).understood.topic).toBe('lift')
    await learn(db, desk.actor, 'topics')
    const after = await desk.assessed('the lift does not move at all')
    expect((await desk.conversation(after.id)).understood.topic).toBe('lift')
    const { items } = (await desk.caller.call(topicRoutes.listTopics, {})).body
    expect(items.find(({ key }) => key === 'lift')).toMatchObject({ examples: 10, learned: true })
    expect(items.length).toBe(13)
  })

  test('are tried before they are there: what one would catch of the newest messages, and nothing is stored', async () => {
    await desk.assessed('the paddle is gone, call bob@example.com', 'the paddle snapped', 'my invoice is wrong')
    const examples = Array.from({ length: 10 }, (_, n) => `the paddle of boat ${n} is gone or snapped`)
    const { body } = await desk.caller.call(topicRoutes.previewTopic, { body: { examples } })
    expect(body).toMatchObject({ looked: 3, count: 2 })
    expect(body.caught.map(({ text }) => text).toSorted()).toEqual([
      'the paddle is gone, call •••••••••••••••',
      'the paddle snapped',
    ])
    expect((await desk.caller.call(topicRoutes.listTopics, {})).body.items).toHaveLength(12)
  })

  test('are renamed and retired, the default ones too, and no two have one name', async () => {
    const key = 'delivery'
    expect((await desk.caller.call(topicRoutes.createTopic, { body: { name: 'delivery' } })).problem.code).toBe(
      'triage.topic_exists',
    )
    const renamed = await desk.caller.call(topicRoutes.changeTopic, { params: { key }, body: { name: 'Parcels' } })
    expect(renamed.body).toMatchObject({ key, name: 'Parcels', origin: 'default', learned: true })
    await desk.caller.call(topicRoutes.archiveTopic, { params: { key } })
    expect((await desk.caller.call(topicRoutes.changeTopic, { params: { key }, body: { name: 'X' } })).status).toBe(404)
    const { items } = (await desk.caller.call(topicRoutes.listTopics, {})).body
    expect(items.some((topic) => topic.key === key)).toBe(false)
    await learn(database.db, desk.actor, 'topics')
    const { id } = await desk.assessed('my parcel never arrived and tracking is stuck')
    expect((await desk.conversation(id)).understood.topic).not.toBe(key)
    const body = { texts: ['one example', 'another example'] }
    await desk.caller.call(topicRoutes.addTopicExamples, { params: { key: 'billing' }, body })
    const examples = (await desk.caller.call(topicRoutes.listTopicExamples, { params: { key: 'billing' } })).body.items
    expect(examples.map(({ text }) => text).toSorted()).toEqual(body.texts.toSorted())
    const params = { key: 'billing', exampleId: examples[0]!.id }
    expect((await desk.caller.call(topicRoutes.removeTopicExample, { params })).status).toBe(204)
    expect((await desk.caller.call(topicRoutes.removeTopicExample, { params })).status).toBe(404)
  })
})
