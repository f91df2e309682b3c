import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import type { PlatformFetch } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import type { Connection } from '../contract.ts'
import { aConnection, aDelivery } from './factories.ts'
import { noteDeliveries, noteSent, reportHealth } from './health.ts'
import { openKnownConnections, type KnownConnections } from './known.ts'
import { connectionsPlugin } from './routes.ts'
import { openRefusals } from './refusals.ts'
import { aKeyring, answering, aServer, aTenant, connectors, findConnector, NOW } from './testing/desk.ts'

const database = useDatabase()
const keyring = aKeyring()
let actor: Actor
let known: KnownConnections
let app: FastifyInstance
let platform: PlatformFetch

beforeEach(async () => {
  actor = await aTenant(database.db)
  known = openKnownConnections(database.db, keyring, findConnector)
  platform = answering(200)
  app = await open(database.db)
})

const open = (db: Database) =>
  aServer(
    () => actor,
    connectionsPlugin({
      db,
      keyring,
      known,
      clock: testClock(NOW),
      connectors,
      network: {
        fetch: (url, init) => platform(url, init),
        stream: async () => ({ ok: false, sent: 'no', reason: 'no streams here' }),
        resolve: async () => ({ ok: false, reason: 'no sockets here' }),
      },
    }),
    '/api',
  )

type Reply = {
  status: number
  body: Connection & { connection: Connection; secrets: Record<string, string> } & Record<string, unknown>
}
async function call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Reply> {
  const response = await app.inject({ method, url: `/api${path}`, ...(body && { payload: body }) })
  return { status: response.statusCode, body: response.body === '' ? {} : response.json() } as Reply
}
const settings = { url: 'https://pager.example/in', apiKey: 'typed-by-hand' }
const create = (over: object = {}) =>
  call('POST', '/connections', { channel: 'pager', name: 'Night desk', settings, ...over })

async function events(): Promise<{ type: string; data: Record<string, unknown> }[]> {
  return (await database.db.read(actor, (tx) =>
    tx.selectFrom('events').select(['type', 'data']).where('type', 'like', 'connections.%').orderBy('seq').execute(),
  )) as never
}
const types = async () => (await events()).map(({ type }) => type.replace('connections.', ''))
const columns = (id: string) =>
  database.db.read(actor, (tx) =>
    tx.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  )
const credentialsOf = async (id: string) => (await known.byId(actor.workspaceId, id))?.credentials

describe('connecting an account', () => {
  test('shows what was made once, seals it, and never tells it again', async () => {
    const { status, body } = await create()
    expect(status).toBe(200)
    const { signingSecret, pin } = body.secrets
    const { id, publicKey } = body.connection
    expect(signingSecret).toMatch(/^made-/)
    expect(body.secrets).not.toHaveProperty('apiKey')
    expect(publicKey).toMatch(/^[\w-]{32}$/)
    expect(body.connection).toMatchObject({
      settings: { url: settings.url },
      secretFields: ['apiKey', 'pin', 'signingSecret'],
      state: 'active',
      health: 'unknown',
      createdAt: NOW.toISOString(),
    })
    expect(await credentialsOf(id)).toEqual({ apiKey: 'typed-by-hand', signingSecret, pin })

    const replies = [
      JSON.stringify(body.connection),
      ...(await Promise.all(
        [
          call('GET', '/connections'),
          call('GET', `/connections/${id}`),
          call('GET', '/channels'),
          call('PATCH', `/connections/${id}`, { name: 'Day desk', settings: { apiKey: 'another-one' } }),
          call('POST', `/connections/${id}/test`),
          call('POST', `/connections/${id}/pause`),
          call('POST', `/connections/${id}/resume`),
          call('PATCH', `/connections/${id}`, { settings: { apiKey: 'short' } }),
        ].map(async (reply) => JSON.stringify(await reply)),
      )),
      JSON.stringify(await events()),
      JSON.stringify(await columns(id)),
    ]
    for (const reply of replies)
      for (const secret of [signingSecret!, pin!, 'typed-by-hand', 'another-one', '"short"'])
        expect(reply).not.toContain(secret)
  })

  test('keeps a secret that was brought along instead of making one', async () => {
    const { body } = await create({ settings: { ...settings, pin: 'from before' } })
    expect(Object.keys(body.secrets)).toEqual(['signingSecret'])
    expect(await credentialsOf(body.connection.id)).toMatchObject({ pin: 'from before' })
  })

  test('names the fields that are not as the channel needs them', async () => {
    const bad = async (given: object) => {
      const { status, body } = await create({ settings: given })
      return [status, body['code'], (body['fields'] as { path: string }[]).map(({ path }) => path)]
    }
    expect(await bad({})).toEqual([422, 'connections.bad_settings', ['settings.url']])
    expect(await bad({ url: 'nonsense', retries: 10, colour: 'red' })).toEqual([
      422,
      'connections.bad_settings',
      expect.arrayContaining(['settings.url', 'settings.retries', 'settings.colour']),
    ])
    expect(await bad({ ...settings, apiKey: 7 })).toEqual([422, 'connections.bad_settings', ['settings.apiKey']])
    expect((await call('GET', '/connections')).body['items']).toEqual([])
    expect(await events()).toEqual([])
  })

  test('refuses a channel, a team and hours that are not there', async () => {
    const codes = [
      await create({ channel: 'telepathy' }),
      await create({ teamId: randomUUIDv7() }),
      await create({ serviceHoursId: randomUUIDv7() }),
      await create({ name: '' }),
    ].map(({ status, body }) => [status, body['code']])
    expect(codes).toEqual([
      [422, 'connections.no_such_channel'],
      [422, 'connections.no_such_team'],
      [422, 'connections.no_such_hours'],
      [400, 'invalid'],
    ])
  })

  test('takes the team and the hours of its own workspace', async () => {
    const [teamId, serviceHoursId] = [randomUUIDv7(), randomUUIDv7()]
    const { workspaceId } = actor
    await database.db.write(actor, async (tx) => {
      await tx.insertInto('teams').values({ workspaceId, id: teamId, name: 'Care', createdAt: NOW }).execute()
      await tx
        .insertInto('serviceHours')
        .values({ workspaceId, id: serviceHoursId, name: 'Day', timeZone: 'UTC', weekly: '[]', updatedAt: NOW })
        .execute()
    })
    const { body } = await create({ teamId, serviceHoursId })
    expect(body.connection).toMatchObject({ teamId, serviceHoursId })
    actor = await aTenant(database.db)
    expect((await create({ teamId })).body['code']).toBe('connections.no_such_team')
  })
})

describe('changing a connection', () => {
  test('leaves out what stays, and takes away what is null', async () => {
    const { id } = (await create({ settings: { ...settings, retries: 3 } })).body.connection
    const before = await credentialsOf(id)
    expect((await call('PATCH', `/connections/${id}`, { settings: { retries: null } })).body.settings).toEqual({
      url: settings.url,
    })
    expect(await credentialsOf(id)).toEqual(before)
    await call('PATCH', `/connections/${id}`, { settings: { apiKey: null } })
    expect(await credentialsOf(id)).toEqual({ signingSecret: before!['signingSecret'], pin: before!['pin'] })
    const { status } = await call('PATCH', `/connections/${id}`, { settings: { url: null } })
    expect(status).toBe(422)
    expect((await events()).map(({ data }) => data['changed'])).toEqual([[], ['settings'], ['secrets']])
  })

  test('that changes nothing tells nobody', async () => {
    const { id } = (await create()).body.connection
    await call('PATCH', `/connections/${id}`, { name: 'Night desk', settings, teamId: null })
    await call('POST', `/connections/${id}/resume`)
    expect(await types()).toEqual(['connected'])
  })

  test('counts at once where connections are kept', async () => {
    const { id, publicKey } = (await create()).body.connection
    expect((await known.byKey(publicKey))?.state).toBe('active')
    expect((await call('POST', `/connections/${id}/pause`)).body.state).toBe('paused')
    expect((await known.byKey(publicKey))?.state).toBe('paused')
    await call('DELETE', `/connections/${id}`)
    expect(await known.byKey(publicKey)).toBeNull()
    expect(await types()).toEqual(['connected', 'paused', 'removed'])
  })

  test('renews what was made and leaves what was typed', async () => {
    const created = (await create()).body
    const { id } = created.connection
    const { status, body } = await call('POST', `/connections/${id}/renew-secrets`)
    const { signingSecret, pin } = body.secrets
    expect(status).toBe(200)
    expect(signingSecret).not.toBe(created.secrets['signingSecret'])
    expect(await credentialsOf(id)).toEqual({ apiKey: 'typed-by-hand', signingSecret, pin })
    const counter = await aConnection(database.db, actor.workspaceId, 'counter')
    const refused = await call('POST', `/connections/${counter.id}/renew-secrets`)
    expect([refused.status, refused.body['code']]).toEqual([422, 'connections.no_made_secrets'])
  })

  test('for good forgets its secrets and hides it', async () => {
    const { id } = (await create()).body.connection
    expect((await call('DELETE', `/connections/${id}`)).status).toBe(204)
    expect(await columns(id)).toMatchObject({ state: 'removed', credentials: null })
    expect((await call('GET', `/connections/${id}`)).status).toBe(404)
    expect((await call('DELETE', `/connections/${id}`)).status).toBe(404)
    expect((await call('GET', '/connections')).body['items']).toEqual([])
  })
})

test('an id of another workspace is answered as one that never was', async () => {
  const foreign = (await create()).body.connection.id
  const delivery = await aDelivery(
    database.db,
    { workspaceId: actor.workspaceId, id: foreign },
    { state: 'quarantined' },
  )
  actor = await aTenant(database.db)
  const ask = (id: string) =>
    Promise.all([
      call('GET', `/connections/${id}`),
      call('PATCH', `/connections/${id}`, { name: 'Mine' }),
      call('POST', `/connections/${id}/test`),
      call('POST', `/connections/${id}/pause`),
      call('POST', `/connections/${id}/resume`),
      call('POST', `/connections/${id}/renew-secrets`),
      call('DELETE', `/connections/${id}`),
    ])
  const replies = await ask(foreign)
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 404))
  expect(replies).toEqual(await ask(randomUUIDv7()))
  expect((await call('POST', '/quarantine/retry', { ids: [delivery.id] })).body).toEqual({ count: 0 })
  expect((await call('POST', '/quarantine/retry', {})).body).toEqual({ count: 0 })
  expect((await call('POST', '/quarantine/dismiss', { ids: [delivery.id], reason: 'not mine' })).body).toEqual({
    count: 0,
  })
  expect((await call('GET', '/quarantine')).body['items']).toEqual([])
})

describe('testing a connection', () => {
  test('keeps what the platform said as its health', async () => {
    const { id } = (await create()).body.connection
    platform = answering(401)
    expect((await call('POST', `/connections/${id}/test`)).body).toEqual({
      ok: false,
      note: 'The key is not accepted.',
      field: 'apiKey',
    })
    expect((await call('GET', `/connections/${id}`)).body).toMatchObject({
      health: 'broken',
      healthReason: 'The key is not accepted.',
      healthAt: NOW.toISOString(),
    })
    platform = answering(200)
    expect((await call('POST', `/connections/${id}/test`)).body).toEqual({ ok: true, note: '3 secrets in place.' })
    expect((await call('GET', `/connections/${id}`)).body).toMatchObject({ health: 'ok', healthReason: null })
    expect(await types()).toEqual(['connected', 'health_changed', 'health_changed'])
  })

  test('of a channel without a test says so', async () => {
    const { id } = await aConnection(database.db, actor.workspaceId, 'counter')
    expect((await call('POST', `/connections/${id}/test`)).body).toMatchObject({ ok: true })
  })
})

describe('the health of a connection', () => {
  test('is written and told only when it is news', async () => {
    const { id } = await aConnection(database.db, actor.workspaceId, 'pager')
    const report = (health: 'ok' | 'broken', reason: string | null) =>
      database.db.write(actor, (tx) => reportHealth(tx, actor, id, { health, reason }))
    expect([
      await report('ok', null),
      await report('ok', null),
      await report('broken', 'no'),
      await report('broken', 'no'),
      await report('broken', 'why'),
    ]).toEqual([true, false, true, false, true])
    expect(await types()).toEqual(['health_changed', 'health_changed', 'health_changed'])
  })

  test('has the times at which something last came and went, in steps of some seconds', async () => {
    const { id: connectionId } = await aConnection(database.db, actor.workspaceId, 'pager')
    const later = (ms: number) => new Date(NOW.getTime() + ms)
    const heard = (...times: number[]) =>
      database.db.write(actor, (tx) =>
        noteDeliveries(
          tx,
          actor,
          times.map((ms) => ({ connectionId, receivedAt: later(ms) })),
        ),
      )
    const sent = (ms: number) =>
      database.db.write(actor, (tx) => noteSent(tx, { ...actor, at: later(ms) }, connectionId))
    const times = async () => {
      const { lastDeliveryAt, lastSentAt } = await columns(connectionId)
      return [lastDeliveryAt, lastSentAt]
    }
    await heard(2000, 3000, 1000)
    await sent(0)
    expect(await times()).toEqual([later(3000), later(0)])
    await heard(7000)
    await sent(4000)
    await heard()
    expect(await times()).toEqual([later(3000), later(0)])
    await heard(8000, 0)
    await sent(5000)
    expect(await times()).toEqual([later(8000), later(5000)])
  })

  test('shows what waits, for how long, what is set aside and what was refused today', async () => {
    const [busy, idle] = [
      await aConnection(database.db, actor.workspaceId, 'pager', { name: 'A busy one' }),
      await aConnection(database.db, actor.workspaceId, 'pager', { name: 'B idle one' }),
    ]
    const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000)
    for (const at of [ago(90), ago(30)]) await aDelivery(database.db, busy, { at })
    await aDelivery(database.db, busy, { at: ago(9000), state: 'done' })
    for (const at of [ago(60), ago(60), ago(50)]) await aDelivery(database.db, busy, { at, state: 'quarantined' })
    await using refusals = openRefusals(database.db)
    refusals.note(busy, 'stale', NOW)
    refusals.note(busy, 'bad_signature', NOW)
    refusals.note(busy, 'bad_signature', ago(86_400))
    await refusals.flush()
    const items = (await call('GET', '/connections')).body['items'] as Connection[]
    expect(
      items.map(({ id, waiting, lagSeconds, quarantined, refusedToday }) => [
        id,
        waiting,
        lagSeconds,
        quarantined,
        refusedToday,
      ]),
    ).toEqual([
      [busy.id, 2, 90, 3, 2],
      [idle.id, 0, 0, 0, 0],
    ])
  })

  test('stops counting at a thousand', async () => {
    const { id, workspaceId } = await aConnection(database.db, actor.workspaceId, 'pager')
    const { id: one } = await aDelivery(database.db, { id, workspaceId })
    await database.db.system((tx) =>
      tx
        .insertInto('deliveries')
        .columns(['workspaceId', 'id', 'connectionId', 'lane', 'receivedAt', 'headers', 'body'])
        .expression((eb) =>
          eb
            .selectFrom(['deliveries', eb.fn<{ n: number }>('generate_series', [eb.lit(1), eb.lit(1200)]).as('n')])
            .select((eb) => [
              'workspaceId',
              eb.fn<string>('gen_random_uuid', []).as('id'),
              'connectionId',
              'lane',
              'receivedAt',
              'headers',
              'body',
            ])
            .where('id', '=', one),
        )
        .execute(),
    )
    expect((await call('GET', `/connections/${id}`)).body.waiting).toBe(1000)
  })

  test('of all connections costs the same statements as of one', async () => {
    const count = async () => {
      // The pool hands out the connection that came back last.
      const client = await database.db.pool.connect()
      const query = client.query.bind(client)
      let statements = 0
      client.query = ((...args: Parameters<typeof query>) => (statements++, query(...args))) as never
      client.release()
      await call('GET', '/connections')
      client.query = query
      return statements
    }
    await aConnection(database.db, actor.workspaceId, 'pager')
    const one = await count()
    for (let i = 0; i < 20; i++) await aConnection(database.db, actor.workspaceId, 'pager')
    // Begin, three questions, commit.
    expect([one, await count()]).toEqual([5, 5])
  })
})
