// Routes by which a person asks a channel's platform before and beside connecting.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { useDatabase } from '#platform/testing/database'
import { askTest } from './asking.ts'
import { aConnection } from './factories.ts'
import { openKnownConnections } from './known.ts'
import { connectionsPlugin } from './routes.ts'
import { NOW, aKeyring, aServer, aTenant, counter } from './testing/desk.ts'
import { aFeeder } from './testing/feeder.ts'
import { feedOf, nowhere } from './testing/fetching.ts'

const database = useDatabase()
const keyring = aKeyring()
const { connector } = aFeeder()
const connectors = [connector, counter]
let actor: Actor
let app: FastifyInstance

beforeAll(async () => {
  actor = await aTenant(database.db)
  const known = openKnownConnections(database.db, keyring, (id) => connectors.find((one) => one.id === id))
  const plugin = connectionsPlugin({
    db: database.db,
    keyring,
    known,
    network: nowhere,
    clock: testClock(NOW),
    connectors,
  })
  app = await aServer(() => actor, plugin)
})
afterAll(() => app?.close())

const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const response = await app.inject({ method, url, ...(payload && { payload }) })
  return { status: response.statusCode, body: response.json() }
}

test('settings are tried before anything is stored', async () => {
  const trying = (settings: object) => ask('POST', '/channels/feeder/test', { settings })
  expect((await trying({ url: 'good', token: 'secret' })).body).toEqual({ ok: true, note: 'It answers.' })
  expect((await trying({ url: 'bad' })).body).toEqual({ ok: false, note: 'Nobody is there.', field: 'url' })
  expect((await trying({ url: 7 })).body).toMatchObject({
    code: 'connections.bad_settings',
    fields: [{ path: 'settings.url' }],
  })
  expect((await ask('POST', '/channels/nowhere/test', { settings: {} })).body.code).toBe('connections.no_such_channel')
  expect((await ask('POST', '/channels/counter/test', { settings: {} })).body).toMatchObject({ ok: true })
  expect((await ask('GET', '/connections')).body.items).toEqual([])
})

test('settings are guessed from an address, or nothing is known', async () => {
  const guess = async (channel: string, address: string) =>
    (await ask('POST', `/channels/${channel}/discover`, { address })).body.settings
  expect(await guess('feeder', ' me@known.example ')).toEqual({ url: 'good', address: 'me@known.example' })
  expect(await guess('feeder', 'me@other.example')).toBeNull()
  expect(await guess('counter', 'me@known.example')).toBeNull()
})

test('a channel says what can be asked of it', async () => {
  const { items } = (await ask('GET', '/channels')).body as { items: { id: string; offers: string[] }[] }
  expect(items.map(({ id, offers }) => [id, offers])).toEqual([
    ['feeder', ['test', 'advice', 'discover', 'backfill']],
    ['counter', []],
  ])
})

test('advice is looked up now, and looking back is told to whoever fetches', async () => {
  const { id } = await aConnection(database.db, actor.workspaceId, 'feeder', { settings: { url: 'good' } })
  const visited = await aConnection(database.db, actor.workspaceId, 'counter')
  const advice = (await ask('GET', `/connections/${id}/advice`)).body
  expect(advice.items).toMatchObject([{ id: 'mx', state: 'right', record: { type: 'MX' } }])
  expect((await ask('GET', `/connections/${visited.id}/advice`)).body.items).toEqual([])
  const back = await ask('POST', `/connections/${id}/backfill`, { from: '1970-01-11T00:00:00.000Z' })
  expect(back.status).toBe(200)
  expect(back.body.catchingUp).toEqual({ done: 0, from: '10', oldest: '1' })
  expect((await feedOf(database.db, actor, id))?.version).toBe(1)
  expect(
    (await ask('POST', `/connections/${visited.id}/backfill`, { from: '1970-01-11T00:00:00.000Z' })).body.code,
  ).toBe('connections.no_backfill')
  expect((await ask('GET', `/connections/${id}`)).body.fetching).toMatchObject({
    lastSuccessAt: null,
    streaming: false,
  })
  expect((await ask('GET', `/connections/${visited.id}`)).body).toMatchObject({ fetching: null, catchingUp: null })
})

test('a platform that never answers is given up', async () => {
  const deaf = { ...connector, test: () => new Promise<never>(() => {}) }
  const outcome = await askTest({ network: nowhere, clock: testClock(NOW), limitMs: 10 }, deaf, {
    id: 'x',
    settings: {},
    credentials: {},
  })
  expect(outcome).toEqual({ ok: false, reason: 'There was no answer in time.' })
})
