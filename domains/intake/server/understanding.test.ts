import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { LANES } from '#connections/server'
import { inboxPlugins } from '#inbox/server'
import { conversationRoutes, messageRoutes } from '#inbox/contract'
import type { RouteInput } from '#platform/contract/kernel'
import { startTestServer, testCaller } from '#platform/testing/http'
import { testClock } from '#platform/clock'
import type { FileStore } from '#platform/files/store'
import { laneOf } from '#platform/jobs'
import { aFileStore } from '#platform/testing/files'
import { useDatabase } from '#platform/testing/database'
import { openAssessor, openTriage, tidyTriage, triageTasks, type Assessor } from '#triage/server'
import { aDelivery } from '../../connections/server/factories.ts'
import { aMessage, anInbox, at, minute, type MadeInbox } from '../../inbox/server/factories.ts'
import { workLanes } from './intake.ts'

const database = useDatabase()
const log = pino({ level: 'silent' })
let assessor: Assessor
let files: FileStore
let inbox: MadeInbox
beforeAll(async () => {
  assessor = openAssessor({ log })
  // Nobody's message waits for its models to be loaded: what comes before is understood by a job.
  await assessor.assess(['hello'])
  files = await aFileStore()
})
afterAll(() => assessor?.[Symbol.asyncDispose]())
beforeEach(async () => {
  inbox = await anInbox(database.db)
})

const jo = { id: 'jo', name: 'Jo Brand' }
const HURT = 'The heater you sold me caught fire and my daughter was burned. I will call my lawyer. This is dangerous!'
const CARD = 'Please refund to 4111 1111 1111 1111, mail me at jo@example.org'

async function takeIn(events: readonly object[], by: Assessor | null = assessor, to: MadeInbox = inbox): Promise<void> {
  const { db } = database
  const triage = by && openTriage({ db, log, known: to.known, assessor: by })
  for (const event of events) await aDelivery(db, to.connection, { body: JSON.stringify(event), at: minute(5) })
  const intake = { db, clock: testClock(minute(6)), log, known: to.known, files, ...(triage && { triage }) }
  while ((await workLanes(intake, to.workspaceId, [laneOf(to.connection.id, LANES)])) > 0);
}
async function ask() {
  const deps = { db: database.db, known: inbox.known, files }
  const app = await startTestServer({
    plugins: inboxPlugins.map((plugin) => plugin(deps)),
    authorize: async () => inbox.owner,
    clock: testClock(minute(6)),
  })
  return testCaller(app)
}
const listOf = async (query: RouteInput<typeof conversationRoutes.listConversations>['query']) =>
  (await (await ask()).call(conversationRoutes.listConversations, { query })).body.items
const rows = (to: MadeInbox = inbox) =>
  database.db.read(to, (tx) =>
    tx
      .selectFrom('conversations')
      .selectAll()
      .where('connectionId', '=', to.connection.id)
      .orderBy('threadKey')
      .execute(),
  )
const assessments = () => database.db.read(inbox, (tx) => tx.selectFrom('messageAssessments').selectAll().execute())

test('a grave message stands before one that came earlier, and its row says why', async () => {
  await takeIn([
    aMessage({
      thread: { key: 'a' },
      text: 'What are your opening hours on Sunday please?',
      at: minute(0).toISOString(),
    }),
    aMessage({ thread: { key: 'b' }, author: jo, text: HURT, at: minute(3).toISOString() }),
  ])
  const [calm, grave] = await rows()
  expect(grave).toMatchObject({ language: 'en', sentiment: 'negative' })
  expect(grave!.severity).toContain('safety')
  expect(grave!.priorityAt < calm!.priorityAt).toBe(true)
  expect(grave!.priorityAt.getTime()).toBe(minute(3).getTime() - grave!.priorityMinutes * 60_000)
  expect((grave!.priorityReasons as { code: string }[])[0]).toMatchObject({
    code: 'severity',
    words: 'Somebody’s safety',
  })
  expect(await assessments()).toHaveLength(2)
})

test('personal data is covered in the thread and in the list, and stays in the database', async () => {
  await takeIn([aMessage({ thread: { key: 'a' }, text: CARD })])
  const [row] = await rows()
  expect(row!.preview).toBe('Please refund to •••• •••• •••• ••••, mail me at ••••••••••••••')
  const thread = await (await ask()).call(messageRoutes.listMessages, { params: { id: row!.id }, query: {} })
  const [message] = thread.body.items
  expect(message!.body).toBe(row!.preview)
  expect(message!.personal!.map(({ kind }) => kind)).toEqual(['card', 'email'])
  const stored = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select('body').executeTakeFirstOrThrow(),
  )
  expect(stored.body).toBe(CARD)
})

test('a title in the list is covered too, and what the writer is known by stands open in their own words', async () => {
  const author = { id: 'jo', name: 'Jo', email: 'jo@example.org' }
  await takeIn([
    aMessage({
      author,
      thread: { key: 'a', subject: 'Card 4111 1111 1111 1111' },
      subject: 'Card 4111 1111 1111 1111',
      text: CARD,
    }),
  ])
  const [row] = await rows()
  expect(row!.preview).toBe('Please refund to •••• •••• •••• ••••, mail me at jo@example.org')
  expect(row!.subject).toBe('Card •••• •••• •••• ••••')
  const thread = await (await ask()).call(messageRoutes.listMessages, { params: { id: row!.id }, query: {} })
  expect(thread.body.items[0]!.personal!.map(({ kind }) => kind)).toEqual(['card'])
})

test('an edit covers what it brings', async () => {
  const first = aMessage({ id: 'm', thread: { key: 'a' }, text: 'hello there' })
  await takeIn([first, { type: 'edit', id: 'm', text: CARD, at: minute(4).toISOString() }])
  const [row] = await rows()
  expect(row!.preview).toContain('•••• ••••')
  // The same where the edit came before its message.
  await takeIn([{ type: 'edit', id: 'n', text: CARD, at: minute(4).toISOString() }])
  await takeIn([aMessage({ id: 'n', thread: { key: 'b' }, text: 'hello there' })])
  expect((await rows())[1]!.preview).toContain('•••• ••••')
})

test('twenty copies are one row with a count, also when they come in several batches', async () => {
  const copy = (n: number) =>
    aMessage({
      thread: { key: `copy-${String(n).padStart(2, '0')}`, visibility: 'public' },
      text: `@airline your app has been down since this morning and nobody tells us anything at all ${n % 2 === 0 ? '!!' : '😡'}`,
      at: minute(n / 10).toISOString(),
    })
  await takeIn(Array.from({ length: 12 }, (_, n) => copy(n)))
  await takeIn(Array.from({ length: 8 }, (_, n) => copy(12 + n)))
  await takeIn([aMessage({ thread: { key: 'other' }, text: 'I would like to change my seat for the flight tomorrow' })])
  const all = await rows()
  expect(new Set(all.slice(0, 20).map(({ groupId }) => groupId)).size).toBe(1)
  expect(all[20]!.groupId).toBeNull()
  const list = await listOf({ grouped: true })
  expect(list.map(({ copies }) => copies).toSorted()).toEqual([0, 19])
  expect(await listOf({})).toHaveLength(21)
  expect(await listOf({ group: all[0]!.groupId! })).toHaveLength(20)
})

test('one person on two channels is proposed as one matter', async () => {
  const other = await anInbox(database.db, { workspace: inbox })
  await takeIn([aMessage({ author: { ...jo, email: 'jo@example.org' }, text: HURT })])
  await takeIn(
    [aMessage({ author: { id: 'j_b', name: 'Jo Brand' }, text: `${HURT} Write to jo@example.org` })],
    assessor,
    other,
  )
  const proposals = await database.db.read(inbox, (tx) => tx.selectFrom('conversationProposals').selectAll().execute())
  expect(proposals).toHaveLength(1)
  expect(proposals[0]).toMatchObject({
    laterId: (await rows(other))[0]!.id,
    earlierId: (await rows())[0]!.id,
    state: 'open',
  })
  expect(proposals[0]!.evidence).toEqual(expect.arrayContaining(['same_email', 'same_name', 'same_words']))
})

test('whatever befalls triage, the message is stored, and is understood later', async () => {
  await takeIn([aMessage({ thread: { key: 'a' }, text: CARD })], away)
  // A label that the table refuses, as a fault of ours would be.
  const wrong: Assessor = {
    ...away,
    assess: async (texts) =>
      (await assessor.assess(texts))!.map((one) => ({
        ...one,
        sentiment: { ...one.sentiment, label: 'odd' as never },
      })),
  }
  await takeIn([aMessage({ thread: { key: 'b' }, text: HURT })], wrong)
  const all = await rows()
  expect(all.map(({ messageCount, sentiment }) => [messageCount, sentiment])).toEqual([
    [1, null],
    [1, null],
  ])
  expect(all[0]!.preview).toContain('••••')
  expect(await assessments()).toEqual([])
  const states = await database.db.read(inbox, (tx) => tx.selectFrom('deliveries').select('state').execute())
  expect(states.every(({ state }) => state === 'done')).toBe(true)
})

/** The jobs that wait, worked off as the program does; answers their names. */
async function workJobs(): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ id: string; name: string; payload: Record<string, unknown> }>(
    `select j.id, t.identifier as name, j.payload from graphile_worker._private_jobs j
     join graphile_worker._private_tasks t on t.id = j.task_id where j.payload->>'workspaceId' = $1`,
    [inbox.workspaceId],
  )
  await client.query('delete from graphile_worker._private_jobs where id = any ($1)', [rows.map(({ id }) => id)])
  await client.end()
  const tasks = triageTasks({ known: inbox.known, assessor, largeModel: null })
  for (const { name, payload } of rows)
    await tasks[name as keyof typeof tasks]!(database.db, at(inbox.owner, minute(8)), payload)
  return rows.map(({ name }) => name)
}

const away: Assessor = {
  state: () => ({ state: 'starting', reason: null }),
  assess: async () => null,
  [Symbol.asyncDispose]: async () => {},
}

test('what could not be understood as it came is understood by its job, which came with the message', async () => {
  await takeIn([aMessage({ thread: { key: 'a' }, author: jo, text: HURT })], away)
  expect((await rows())[0]).toMatchObject({ sentiment: null, priorityMinutes: 0 })
  expect(await workJobs()).toEqual(['triage.assess'])
  const [row] = await rows()
  expect(row).toMatchObject({ sentiment: 'negative', severity: expect.arrayContaining(['safety']) })
  expect(row!.priorityMinutes).toBeGreaterThan(0)
  expect(row!.priorityAt.getTime()).toBe(row!.waitingSince!.getTime() - row!.priorityMinutes * 60_000)
})

test('what nobody was there to understand is found after the next start, and what was understood is not looked at again', async () => {
  await takeIn([aMessage({ thread: { key: 'known' }, text: 'What are your opening hours on Sunday please?' })])
  await takeIn(
    [1, 2, 3].map((n) => aMessage({ thread: { key: 'old' }, author: jo, text: `${HURT} ${n}` })),
    null,
  )
  await tidyTriage(database.db, at(inbox.owner, minute(8)))
  expect(await workJobs()).toEqual(['triage.assess'])
  expect(await assessments()).toHaveLength(4)
  expect((await rows())[1]).toMatchObject({ threadKey: 'old', sentiment: 'negative' })
  await tidyTriage(database.db, at(inbox.owner, minute(9)))
  expect(await workJobs()).toEqual([])
})

test('what the rules alone understood, as the models could not be read, is understood by the models after the next start', async () => {
  await using ruled = openAssessor({ log, modelFile: '/nowhere/text.bin' })
  await takeIn([aMessage({ thread: { key: 'a' }, author: jo, text: 'I am so angry, you lied to me' })], ruled)
  expect(await assessments()).toMatchObject([{ sentiment: 'unsure', source: 'rules' }])
  await tidyTriage(database.db, at(inbox.owner, minute(8)))
  expect(await workJobs()).toEqual(['triage.assess'])
  expect(await assessments()).toMatchObject([{ sentiment: 'negative', source: 'shipped' }])
  expect((await rows())[0]).toMatchObject({ sentiment: 'negative' })
  await tidyTriage(database.db, at(inbox.owner, minute(9)))
  expect(await workJobs()).toEqual([])
})

test('a batch that hangs in the thread is stored all the same, within two seconds', async () => {
  const hanging: Assessor = { ...away, assess: () => new Promise(() => {}) }
  const began = performance.now()
  await takeIn([aMessage({ thread: { key: 'a' }, text: CARD })], hanging)
  // Of a second and a half: what holds up a transaction holds up everybody who reads events.
  expect(performance.now() - began).toBeGreaterThan(1_400)
  expect((await rows())[0]).toMatchObject({ messageCount: 1, preview: expect.stringContaining('••••') })
  await workJobs()
  expect(await assessments()).toHaveLength(1)
})

test('a batch costs the same statements whatever it holds, and understanding it few', async () => {
  const threads = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) =>
      aMessage({
        thread: { key: `${name}-${n % Math.max(2, count / 3)}` },
        author: { id: `${name}-${n}`, name: 'Jo Brand', email: `${name}${n}@example.org` },
        text:
          n % 2 === 0
            ? `${HURT} Write to ${name}${n}@example.org`
            : `Where is my parcel number ${n}? It is late again.`,
      }),
    )
  const cost = async (events: readonly object[], by: Assessor | null): Promise<number> => {
    const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
    const stored = Promise.all(
      events.map((event) => aDelivery(database.db, inbox.connection, { body: JSON.stringify(event), at: minute(5) })),
    )
    await stored
    let sent = 0
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      sent += 1
      return query.apply(this, args)
    } as never
    try {
      await takeIn([], by)
    } finally {
      pg.Client.prototype.query = query as never
    }
    return sent
  }
  // Both begin conversations and go on in others, and resemble what was there.
  await cost(threads('warm', 4), assessor)
  const small = await cost([...threads('small', 6), ...threads('warm', 4)], assessor)
  const large = await cost([...threads('large', 180), ...threads('warm', 4)], assessor)
  expect(large).toBe(small)
  const without = await cost([...threads('plain', 60), ...threads('warm', 4)], null)
  expect(large - without).toBeLessThanOrEqual(13)
})

test('in whatever order messages come, the conversation is understood alike', async () => {
  const texts = [
    'where is my bag',
    HURT,
    'thank you, that was quick and very kind',
    'see you',
    'Ich warte seit drei Wochen',
  ]
  const events = texts.map((text, n) =>
    aMessage({ id: `o${n}`, thread: { key: 'a' }, author: jo, text, at: minute(n / 2).toISOString() }),
  )
  const looks = async () => {
    const [row] = await rows()
    const { language, sentiment, intent, topic, severity, priorityMinutes, priorityReasons, priorityAt } = row!
    return { language, sentiment, intent, topic, severity, priorityMinutes, priorityReasons, priorityAt }
  }
  await takeIn(events)
  const wanted = await looks()
  for (const order of [
    [4, 3, 2, 1, 0],
    [2, 0, 4, 1, 3],
  ]) {
    inbox = await anInbox(database.db)
    for (const n of order) await takeIn([events[n]!])
    expect(await looks()).toEqual(wanted)
  }
})
