import pg from 'pg'
import pino from 'pino'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { InboundEvent } from '#channels/connector'
import { LANES, lanesWithWork } from '#connections/server'
import { testClock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { FileStore } from '#platform/files/store'
import { laneOf } from '#platform/jobs'
import { aFileStore } from '#platform/testing/files'
import { useDatabase } from '#platform/testing/database'
import { aDelivery } from '../../connections/server/factories.ts'
import { aMessage, anInbox, DAY, minute, type MadeInbox } from '../../inbox/server/factories.ts'
import { workLanes, type Intake } from './intake.ts'

const database = useDatabase()
let inbox: MadeInbox
let files: FileStore
beforeAll(async () => {
  files = await aFileStore()
})
const intakeOf = ({ known }: Pick<MadeInbox, 'known'>, db: Database = database.db): Intake => ({
  db,
  clock: testClock(minute(60)),
  log: pino({ level: 'silent' }),
  known,
  files,
})
const laneOfInbox = () => laneOf(inbox.connection.id, LANES)
const work = (intake = intakeOf(inbox)) => workLanes(intake, inbox.workspaceId, [laneOfInbox()])
const stored = (event: object) => aDelivery(database.db, inbox.connection, { body: JSON.stringify(event) })
const states = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('deliveries').select(['state', 'reason']).orderBy('seq').execute())
const messages = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('messages').selectAll().orderBy('occurredAt').orderBy('seq').execute())

beforeEach(async () => {
  inbox = await anInbox(database.db)
})

test('a delivery that can not be understood waits alone in quarantine while the rest is stored', async () => {
  await stored(aMessage({ text: 'one' }))
  await stored({ type: 'message', id: 7 })
  await stored(aMessage({ text: 'two' }))
  expect(await work()).toBe(3)
  expect((await states()).map(({ state }) => state)).toEqual(['done', 'quarantined', 'done'])
  expect((await states())[1]!.reason).toMatch(/^(?!NotUnderstood)\S/)
  expect((await messages()).map(({ body }) => body)).toEqual(['one', 'two'])
})

test('a delivery that the database refuses is found by halving and waits alone with its reason', async () => {
  // A connector that does not keep its word: an id that no column takes.
  const { receive } = inbox.connection.connector
  inbox = await anInbox(database.db, {
    connector: {
      receive: async (delivery, context): Promise<readonly InboundEvent[]> =>
        (await receive(delivery, context)).map((event) =>
          event.type === 'message' && event.text === 'bad'
            ? { ...event, author: { ...event.author, externalId: 'x'.repeat(600) } }
            : event,
        ),
    },
  })
  for (const text of ['0', '1', '2', 'bad', '4', '5', '6']) await stored(aMessage({ text, thread: { key: 'one' } }))
  expect(await work()).toBe(7)
  expect((await states()).map(({ state }) => state).filter((state) => state !== 'done')).toEqual(['quarantined'])
  expect((await states())[3]!.reason).toMatch(/identities_external_id_check/)
  const bodies = (await messages()).sort((a, b) => a.seq - b.seq).map(({ body }) => body)
  expect(bodies).toEqual(['0', '1', '2', '4', '5', '6'])
})

test('a lane that another worker holds is left alone, and its batch stays as it is', async () => {
  await stored(aMessage())
  const other = new pg.Client({ connectionString: database.ownerUrl })
  await other.connect()
  await other.query('begin')
  await other.query('select pg_advisory_xact_lock(7305191, $1)', [laneOfInbox()])
  expect(await work()).toBe(0)
  expect((await states())[0]!.state).toBe('pending')
  await other.query('rollback')
  await other.end()
  expect(await work()).toBe(1)
})

test('two workers on one lane keep the order of a thread and store everything once', async () => {
  const texts = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'))
  for (const text of texts) await stored(aMessage({ text, thread: { key: 'long' }, author: { id: 'jo' } }))
  const until = async () => {
    while ((await lanesWithWork(database.db)).some(({ lane }) => lane === laneOfInbox())) await work()
  }
  await Promise.all([until(), until()])
  expect((await messages()).sort((a, b) => a.seq - b.seq).map(({ body }) => body)).toEqual(texts)
})

test('what came by a connection that was removed meanwhile is kept, and says so', async () => {
  await stored(aMessage())
  expect(await work(intakeOf({ known: { ...inbox.known, byId: async () => null } }))).toBe(1)
  expect((await states())[0]).toEqual({
    state: 'quarantined',
    reason: 'Its connection was removed before it was understood.',
  })
})

test('a database that goes away in the middle leaves the batch waiting as it was', async () => {
  await stored(aMessage())
  await stored(aMessage())
  const away: Database = {
    ...database.db,
    writeBatch: (scope, run) =>
      database.db.writeBatch(scope, async (tx) => {
        await run(tx)
        throw Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
      }),
  }
  await expect(work(intakeOf(inbox, away))).rejects.toThrow(/terminating/)
  expect((await states()).map(({ state }) => state)).toEqual(['pending', 'pending'])
  expect(await messages()).toEqual([])
  expect(await work()).toBe(2)
})

test('a connection that dies between two statements passes; it does not put deliveries into quarantine', async () => {
  await stored(aMessage())
  const dying: MadeInbox['known'] = {
    ...inbox.known,
    byId: async (workspaceId, id) => {
      const killer = new pg.Client({ connectionString: database.ownerUrl })
      await killer.connect()
      await killer.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'",
      )
      await killer.end()
      await new Promise((resolve) => setTimeout(resolve, 50))
      return inbox.known.byId(workspaceId, id)
    },
  }
  await expect(work(intakeOf({ known: dying }))).rejects.toThrow(/not queryable|terminat/i)
  expect((await states())[0]!.state).toBe('pending')
  expect(await work()).toBe(1)
})

test('any text and any date that a channel may claim is stored', async () => {
  const long = 'x'.repeat(1024 * 1024)
  const odd: readonly Partial<InboundEvent & { text: string }>[] = [
    { text: 'nul \u0000 in it' },
    { text: 'half \ud83d a pair' },
    { text: long },
    { text: '1970', at: new Date(0) },
    { text: '2099', at: new Date('2099-01-01T00:00:00Z') },
    { text: 'no date', at: new Date(Number.NaN) },
  ]
  inbox = await anInbox(database.db, {
    connector: {
      receive: (delivery) => {
        const i = Number(delivery.body.toString())
        return [
          {
            type: 'message',
            externalId: `odd-${i}`,
            thread: {
              key: `odd \u0000 ${i}`,
              shape: 'line',
              visibility: 'private',
              facts: { 'nul\u0000': 'half \udc00' },
            },
            author: { externalId: 'jo', name: 'Jo \u0000 \ud800' },
            data: { deep: [{ text: '\u0000\ud800' }] },
            at: DAY,
            text: '',
            ...odd[i],
          } as InboundEvent,
        ]
      },
    },
  })
  for (const [i] of odd.entries()) await aDelivery(database.db, inbox.connection, { body: String(i) })
  expect(await work()).toBe(odd.length)
  expect(await states()).toEqual(odd.map(() => ({ state: 'done', reason: null })))
  const rows = (await messages()).sort((a, b) => a.seq - b.seq)
  expect(rows.map(({ body }) => body)).toEqual([
    'nul \uFFFD in it',
    'half \uFFFD a pair',
    long,
    '1970',
    '2099',
    'no date',
  ])
  for (const row of rows) expect(row.occurredAt).toEqual(DAY)
  expect(rows[0]!.data).toEqual({ deep: [{ text: '\uFFFD\uFFFD' }] })
})

test('a delivery of ten megabytes that says little is read like any other', async () => {
  const body = JSON.stringify({ ...aMessage({ text: 'heavy' }), padding: 'p'.repeat(10 * 1024 * 1024 - 500) })
  await aDelivery(database.db, inbox.connection, { body })
  expect(await work()).toBe(1)
  expect((await messages())[0]!.body).toBe('heavy')
})

test('somebody who is blocked opens nothing, and does not silence others in the same thread', async () => {
  await stored(aMessage({ text: 'hello', author: { id: 'pest' }, thread: { key: 'x' } }))
  await work()
  await database.db.write(inbox, (tx) => tx.updateTable('customers').set({ blockedAt: DAY }).execute())
  const conversation = () =>
    database.db.read(inbox, (tx) => tx.selectFrom('conversations').selectAll().orderBy('threadKey').execute())
  await database.db.write(inbox, (tx) => tx.updateTable('conversations').set({ state: 'resolved' }).execute())
  await stored(aMessage({ text: 'again', author: { id: 'pest' }, thread: { key: 'x' } }))
  await stored(aMessage({ text: 'new thread', author: { id: 'pest' }, thread: { key: 'y' } }))
  await work()
  expect((await conversation()).map(({ state }) => state)).toEqual(['resolved', 'resolved'])
  await stored(aMessage({ text: 'pest', author: { id: 'pest' }, thread: { key: 'x' } }))
  await stored(aMessage({ text: 'friend', author: { id: 'friend' }, thread: { key: 'x' } }))
  await work()
  expect((await conversation())[0]).toMatchObject({ state: 'open', episode: 2, messageCount: 4 })
})

test('two connections that meet the same new person at once end with one person', async () => {
  const second = await anInbox(database.db, { workspace: inbox })
  const known = {
    ...inbox.known,
    byId: async (workspaceId: string, id: string) =>
      (await inbox.known.byId(workspaceId, id)) ?? (await second.known.byId(workspaceId, id)),
  }
  for (let round = 0; round < 10; round++) {
    const author = { id: `racer-${round}`, name: 'Racer' }
    for (const { connection } of [inbox, second])
      await aDelivery(database.db, connection, { body: JSON.stringify(aMessage({ author })) })
    await Promise.all(
      [inbox, second].map(({ connection }) =>
        workLanes(intakeOf({ known }), inbox.workspaceId, [laneOf(connection.id, LANES)]),
      ),
    )
  }
  // When both connections share a lane, one of the two found it held.
  for (const { lane } of await lanesWithWork(database.db))
    await workLanes(intakeOf({ known }), inbox.workspaceId, [lane])
  const people = await database.db.read(inbox, (tx) => tx.selectFrom('identities').select('customerId').execute())
  expect(new Set(people.map(({ customerId }) => customerId)).size).toBe(10)
  expect(await messages()).toHaveLength(20)
})

test('little in many lanes is settled in one transaction, each thread in its order, the bad one alone set aside', async () => {
  const others = await Promise.all(Array.from({ length: 6 }, () => anInbox(database.db, { workspace: inbox })))
  const all = [inbox, ...others]
  const byId = async (workspaceId: string, id: string) => {
    for (const { known } of all) if (await known.byId(workspaceId, id)) return known.byId(workspaceId, id)
    return null
  }
  for (const text of ['first', 'second', 'third'])
    for (const { connection } of all)
      await aDelivery(database.db, connection, {
        body: JSON.stringify(aMessage({ text, thread: { key: 'one' }, author: { id: connection.id } })),
      })
  await aDelivery(database.db, others[2]!.connection, { body: 'nothing that anybody understands' })
  const lanes = (await lanesWithWork(database.db)).map(({ lane }) => lane)
  expect(lanes.length).toBeGreaterThan(1)
  expect(await workLanes(intakeOf({ known: { ...inbox.known, byId } }), inbox.workspaceId, lanes)).toBe(22)
  expect((await states()).filter(({ state }) => state === 'quarantined')).toHaveLength(1)
  const threads = Map.groupBy(await messages(), ({ conversationId }) => conversationId)
  expect(threads.size).toBe(7)
  for (const thread of threads.values())
    expect(thread.toSorted((a, b) => a.seq - b.seq).map(({ body }) => body)).toEqual(['first', 'second', 'third'])
  expect(await lanesWithWork(database.db)).toEqual([])
})
