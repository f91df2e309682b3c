import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import { openAccepting, type AcceptDelivery } from './accept.ts'
import { aConnection, type MadeConnection } from './factories.ts'
import { openKnownConnections } from './known.ts'
import { openRefusals, type Refusals } from './refusals.ts'
import { aKeyring, aServer, aTenant, findConnector, NOW, signatureOf } from './testing/desk.ts'
import { MOST_DELIVERY_BYTES, webhookPlugin } from './webhook.ts'

const database = useDatabase()
const keyring = aKeyring()
const secret = 'a secret of the tests'
let actor: Actor
let connection: MadeConnection
let app: FastifyInstance
let refusals: Refusals

beforeEach(async () => {
  actor = await aTenant(database.db)
  connection = await aConnection(database.db, actor.workspaceId, 'pager', {
    keyring,
    credentials: { signingSecret: secret },
  })
  ;[app, refusals] = await open(database.db)
})
afterEach(async () => {
  await app.close()
  await refusals[Symbol.asyncDispose]()
})

async function open(db: Database, accept: AcceptDelivery = openAccepting(db)): Promise<[FastifyInstance, Refusals]> {
  const refusals = openRefusals(db, { everyMs: 60_000 })
  const known = openKnownConnections(db, keyring, findConnector)
  return [await aServer(() => actor, webhookPlugin({ known, accept, refusals, clock: testClock(NOW) })), refusals]
}

const deliver = (body: Buffer | string, headers: Record<string, string> = {}, key = connection.publicKey) =>
  app.inject({
    method: 'POST',
    url: `/in/${key}`,
    body,
    headers: { 'content-type': 'application/json', 'x-signature': signatureOf(secret, body), ...headers },
  })

async function stored(): Promise<{ body: Buffer; headers: Record<string, string>; state: string; receivedAt: Date }[]> {
  const rows = await database.db.read(actor, (tx) =>
    tx.selectFrom('deliveries').select(['body', 'headers', 'state', 'receivedAt']).orderBy('seq').execute(),
  )
  return rows as never
}

async function counted(): Promise<Record<string, number>> {
  await refusals.flush()
  const rows = await database.db.read(actor, (tx) =>
    tx.selectFrom('refusedDeliveries').select(['reason', 'count']).execute(),
  )
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, Number(count)]))
}

describe('a delivery', () => {
  test('that is signed is stored whole, byte for byte, whatever it is', async () => {
    const odd = Buffer.from([0, 255, 254, 10, 123, 0xc3])
    for (const body of ['{"a":1}', 'not json {', odd, Buffer.alloc(0)])
      expect((await deliver(body)).statusCode).toBe(200)
    expect((await stored()).map(({ body }) => body)).toEqual([
      Buffer.from('{"a":1}'),
      Buffer.from('not json {'),
      odd,
      Buffer.alloc(0),
    ])
    expect((await stored())[0]).toMatchObject({ state: 'pending', receivedAt: NOW })
  })

  test('is stored whatever it calls its content', async () => {
    for (const type of ['text/xml; charset=utf-8', 'multipart/form-data', 'rubbish', ';;', 'application/json; x'])
      expect((await deliver('{}', { 'content-type': type })).statusCode, type).toBe(200)
    expect((await stored())[2]!.headers).toMatchObject({ 'content-type': 'rubbish' })
  })

  test('leaves signatures, cookies and authorisation behind', async () => {
    await deliver('{}', {
      authorization: 'Bearer abc',
      cookie: 'a=b',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1763719200',
      'webhook-signature': 'v1,x',
      'user-agent': `agent ${'x'.repeat(2000)}`,
    })
    const { headers } = (await stored())[0]!
    expect(Object.keys(headers).sort()).toEqual(['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp'])
    expect(headers['user-agent']).toHaveLength(512)
  })

  test('is answered only after its commit', async () => {
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const accept = openAccepting(database.db)
    let committed = false
    const [slow, other] = await open(database.db, async (delivery) => {
      await gate
      await accept(delivery)
      committed = true
    })
    const answer = slow
      .inject({
        method: 'POST',
        url: `/in/${connection.publicKey}`,
        body: '{}',
        headers: { 'content-type': 'application/json', 'x-signature': signatureOf(secret, '{}') },
      })
      .then(async (response) => ({ status: response.statusCode, committed, rows: (await stored()).length }))
    const early = await Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve('waiting'), 150))])
    expect(early).toBe('waiting')
    expect(await stored()).toEqual([])
    release()
    expect(await answer).toEqual({ status: 200, committed: true, rows: 1 })
    await slow.close()
    await other[Symbol.asyncDispose]()
  })

  test('that was answered is there after the program was killed in the middle of many', async () => {
    const open = await aConnection(database.db, actor.workspaceId, 'pager')
    const program = fileURLToPath(new URL('testing/entrance.ts', import.meta.url))
    const child = spawn(process.execPath, [program, database.url], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer]
      const answered: string[] = []
      const send = async (id: string): Promise<void> => {
        const response = await fetch(`${line.toString().trim()}/in/${open.publicKey}`, {
          method: 'POST',
          body: id,
          headers: { 'webhook-id': id },
        })
        if (response.status !== 200) return
        answered.push(id)
        if (answered.length === 40) child.kill('SIGKILL')
      }
      const outcomes = await Promise.allSettled(Array.from({ length: 2000 }, (_, i) => send(`msg_${i}`)))
      // Killed in the middle: some were answered, some never.
      expect(answered.length).toBeGreaterThanOrEqual(40)
      expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true)
      const kept = new Set((await stored()).map(({ headers }) => headers['webhook-id']))
      expect(answered.filter((id) => !kept.has(id))).toEqual([])
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  })

  test('that comes again under its own name is thanked for and not stored again', async () => {
    const first = await deliver('{}', { 'x-once': 'msg_1', 'x-echo': 'hello' })
    const again = await deliver('{}', { 'x-once': 'msg_1', 'x-echo': 'hello' })
    expect([again.statusCode, again.body]).toEqual([first.statusCode, first.body])
    expect(await stored()).toHaveLength(1)
    await deliver('{"n":2}', { 'x-once': 'msg_1' })
    await deliver('{}', { 'x-once': 'msg_2' })
    await deliver('{}')
    await deliver('{}')
    expect(await stored()).toHaveLength(5)
    // A replay that nobody can vouch for is refused, as ever.
    expect((await deliver('{}', { 'x-once': 'msg_1', 'x-signature': 'forged' })).statusCode).toBe(401)
  })

  test('for a paused connection is stored all the same', async () => {
    await database.db.write(actor, (tx) => tx.updateTable('connections').set({ state: 'paused' }).execute())
    expect((await deliver('{}')).statusCode).toBe(200)
    expect(await stored()).toHaveLength(1)
  })

  test('is answered with the words that its platform wants to hear', async () => {
    const response = await deliver('{}', { 'x-echo': '<b>1234</b>' })
    expect([response.statusCode, response.body]).toEqual([200, '<b>1234</b>'])
    expect(response.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
    expect(await stored()).toHaveLength(1)
  })

  test('of ten megabytes is taken, and of one byte more refused', async () => {
    expect((await deliver(Buffer.alloc(MOST_DELIVERY_BYTES, 97))).statusCode).toBe(200)
    const response = await deliver(Buffer.alloc(MOST_DELIVERY_BYTES + 1, 97))
    expect([response.statusCode, response.json().code]).toEqual([413, 'too_large'])
    expect(await stored()).toHaveLength(1)
  })
})

describe('a delivery is refused', () => {
  test('and counted by reason when nothing proves who sent it', async () => {
    const answers = [
      await deliver('{}', { 'x-signature': 'forged' }),
      await deliver('{"a":2}', { 'x-signature': signatureOf(secret, '{"a":1}') }),
      await deliver('{}', { 'webhook-timestamp': '0' }),
      await app.inject({ method: 'POST', url: `/in/${connection.publicKey}`, body: '{}' }),
    ]
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401)
      expect(answer.json().code).toBe('connections.bad_signature')
    }
    expect(await counted()).toEqual({ bad_signature: 2, stale: 1, malformed: 1 })
    await deliver('{}', { 'x-signature': 'forged' })
    expect(await counted()).toEqual({ bad_signature: 3, stale: 1, malformed: 1 })
    expect(await stored()).toEqual([])
  })

  test('in the same words for an unknown, a malformed, a removed and a webhookless address', async () => {
    const removed = await aConnection(database.db, actor.workspaceId, 'pager', { state: 'removed' })
    const visited = await aConnection(database.db, actor.workspaceId, 'counter')
    const answers = await Promise.all(
      ['x'.repeat(32), '%00', removed.publicKey, visited.publicKey].map((key) => deliver('{}', {}, key)),
    )
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404])
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  })

  test('by 503 while the database refuses, and nothing of it is kept', async () => {
    await deliver('{}', { 'x-signature': 'forged' }) // the connection is known from here on
    const owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    // The table as the program finds it on a full disk.
    await owner.query(
      `create function no_room() returns trigger language plpgsql as
         $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
       create trigger no_room before insert on deliveries for each statement execute function no_room()`,
    )
    const response = await deliver('{}')
    expect([response.statusCode, response.json().code]).toEqual([503, 'database_away'])
    await owner.query('drop trigger no_room on deliveries; drop function no_room()')
    await owner.end()
    expect(await stored()).toEqual([])
    expect((await deliver('{}')).statusCode).toBe(200)
    expect(await stored()).toHaveLength(1)
  })
})

describe('a GET', () => {
  test('answers a handshake and stores nothing', async () => {
    const response = await app.inject({ method: 'GET', url: `/in/${connection.publicKey}?challenge=42` })
    expect([response.statusCode, response.body]).toEqual([200, '42'])
    expect(await stored()).toEqual([])
  })

  test('without a proof is refused', async () => {
    const response = await app.inject({ method: 'GET', url: `/in/${connection.publicKey}` })
    expect(response.statusCode).toBe(401)
  })
})

describe('accepting', () => {
  const delivery = (headers: Record<string, string> = {}) => ({
    workspaceId: actor.workspaceId,
    connectionId: connection.id,
    headers,
    body: Buffer.from('{}'),
    receivedAt: NOW,
  })

  test('stores what arrives together in a few statements', async () => {
    let calls = 0
    const counting: Database = { ...database.db, call: (...args) => (calls++, database.db.call(...args)) }
    const accept = openAccepting(counting)
    await Promise.all(Array.from({ length: 500 }, () => accept(delivery())))
    expect(await stored()).toHaveLength(500)
    expect(calls).toBeLessThanOrEqual(4)
  })

  test('keeps every other delivery when the table refuses one of them', async () => {
    const accept = openAccepting(database.db)
    const all = [delivery(), delivery({ 'user-agent': 'a\u0000b' }), delivery()]
    const outcomes = await Promise.allSettled(all.map((one) => accept(one)))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await stored()).toHaveLength(2)
  })
})

describe('counting refusals', () => {
  test('keeps what it could not write for the next time', async () => {
    let away = true
    const flaky: Database = {
      ...database.db,
      system: (work) => (away ? Promise.reject(new Error('away')) : database.db.system(work)),
    }
    const errors: unknown[] = []
    const other = openRefusals(flaky, { everyMs: 60_000, onError: (error) => errors.push(error) })
    other.note(connection, 'stale', NOW)
    await other.flush()
    expect([errors.length, await counted()]).toEqual([1, {}])
    away = false
    other.note(connection, 'stale', NOW)
    await other[Symbol.asyncDispose]()
    expect(await counted()).toEqual({ stale: 2 })
  })

  test('writes by itself', async () => {
    await using other = openRefusals(database.db, { everyMs: 5 })
    other.note(connection, 'stale', NOW)
    await expect.poll(counted).toEqual({ stale: 1 })
  })
})
