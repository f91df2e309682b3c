import * as t from 'typebox'
import { beforeEach, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { NotAuthorized, type Connector } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { useDatabase } from '#platform/testing/database'
import type { Connection } from '../contract.ts'
import { connectionsPlugin } from './routes.ts'
import { openKnownConnections, type KnownConnections } from './known.ts'
import { aKeyring, aServer, aTenant, NOW, pager } from './testing/desk.ts'
import { nowhere } from './testing/fetching.ts'

/** A square where people sign in: leave is asked for wherever the settings name a server and no token was typed. */
const plaza: Connector = {
  id: 'plaza',
  name: 'Plaza',
  summary: 'A channel of the tests.',
  settings: t.Object({
    server: t.String({ maxLength: 200 }),
    typed: t.Optional(t.String({ format: 'password', maxLength: 200 })),
    account: t.Optional(t.String()),
  }),
  capabilities: { ...pager.capabilities, receives: ['visit'] },
  budget: pager.budget,
  receive: pager.receive,
  identityFor: pager.identityFor,
  canReply: pager.canReply,
  textLimitsOf: ({ most }) => [{ unit: 'utf16', max: Number(most ?? 10) }],
  authorization: {
    wanted: ({ server }) => server !== 'typed.example',
    begin: async ({ redirectUri, state, clientDocumentUrl }, { settings }) => {
      if (settings['server'] === 'down.example') throw new NotAuthorized('Nobody answers there.', 'server')
      const query = new URLSearchParams({ redirectUri, state, client: clientDocumentUrl ?? 'none' })
      return { url: `https://${String(settings['server'])}/allow?${query}`, kept: { verifier: 'only-ours' } }
    },
    finish: async (_, { code }, { verifier }) =>
      code === 'yes'
        ? {
            ok: true,
            credentials: { accessToken: `token by ${verifier}` },
            settings: { account: '@desk' },
            learned: { most: 500 },
            note: 'Signed in as @desk.',
          }
        : { ok: false, reason: 'The person said no.' },
    clientDocument: ({ url, redirectUri, name }) => ({
      client_id: url,
      redirect_uris: [redirectUri],
      client_name: name,
    }),
  },
}

const database = useDatabase()
const keyring = aKeyring()
const clock = testClock(NOW)
let actor: Actor
let member: Actor
let known: KnownConnections
let login: string
let app: FastifyInstance

beforeEach(async () => {
  actor = await aTenant(database.db)
  const { id } = await database.db.read(actor, (tx) => tx.selectFrom('members').select('id').executeTakeFirstOrThrow())
  member = { ...actor, kind: 'member', id }
  login = 'first'
  known = openKnownConnections(database.db, keyring, (channel) => (channel === 'plaza' ? plaza : undefined))
  const deps = { db: database.db, keyring, known, clock, connectors: [plaza, pager], network: nowhere }
  const origin = () => 'https://desk.example'
  app = await aServer(() => member, connectionsPlugin({ ...deps, origin, loginOf: () => login }), '/api')
})

async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const response = await app.inject({ method, url: `/api${path}`, ...(body && { payload: body }) })
  return { status: response.statusCode, body: response.json<{ url: string; connection: Connection }>() }
}
const begin = (settings: object = { server: 'plaza.example' }) =>
  call('POST', '/channels/plaza/authorize', { name: 'Our square', settings })
const stateIn = (url: string) => new URL(url).searchParams.get('state')!
const finish = (params: object) => call('POST', '/connections/authorized', { params })

test('a connection is made of the leave that a person came back with', async () => {
  const { url } = (await begin()).body
  expect(new URL(url).searchParams.get('redirectUri')).toBe('https://desk.example/connect/return')
  expect(new URL(url).searchParams.get('client')).toBe('https://desk.example/api/channels/plaza/client.json')
  const { status, body } = await finish({ state: stateIn(url), code: 'yes' })
  expect([status, body]).toMatchObject([200, { mended: false, note: 'Signed in as @desk.' }])
  const connection = body.connection
  expect(connection).toMatchObject({ name: 'Our square', settings: { server: 'plaza.example', account: '@desk' } })
  expect(connection.secretFields).toEqual(['accessToken'])
  const kept = (await known.byId(actor.workspaceId, connection.id))!
  expect(kept.credentials).toEqual({ accessToken: 'token by only-ours' })
  expect(kept.settings).toMatchObject({ most: 500, account: '@desk' })
  expect(plaza.textLimitsOf!(kept.settings, 'public')).toEqual([{ unit: 'utf16', max: 500 }])
})

test('a state counts once, in the log-in and for the member that it was made for, and not for ever', async () => {
  const refused = { status: 422, body: { code: 'connections.unknown_state' } }
  const state = stateIn((await begin()).body.url)
  login = 'second'
  expect(await finish({ state, code: 'yes' })).toMatchObject(refused)
  login = 'first'
  const me = member
  member = { ...me, id: '01900000-0000-7000-8000-000000000000' }
  expect(await finish({ state, code: 'yes' })).toMatchObject(refused)
  member = { ...me, at: new Date(NOW.getTime() + 16 * 60_000) }
  expect(await finish({ state, code: 'yes' })).toMatchObject(refused)
  member = me
  // None of those used it up.
  expect((await finish({ state, code: 'yes' })).status).toBe(200)
  expect(await finish({ state, code: 'yes' })).toMatchObject(refused)
  expect(await finish({ state: '', code: 'yes' })).toMatchObject(refused)
  expect(await finish({ code: 'yes' })).toMatchObject(refused)
})

test('a state is used up also when the person said no, and nothing is connected', async () => {
  const state = stateIn((await begin()).body.url)
  expect(await finish({ state, error: 'access_denied' })).toMatchObject({
    status: 422,
    body: { code: 'connections.no_leave', message: 'The person said no.' },
  })
  expect((await finish({ state, code: 'yes' })).status).toBe(422)
  expect(await database.db.read(actor, (tx) => tx.selectFrom('connections').select('id').execute())).toEqual([])
})

test('settings are looked at before anybody is sent away', async () => {
  expect(await begin({ wrong: 1 })).toMatchObject({ status: 422, body: { code: 'connections.bad_settings' } })
  expect(await begin({ server: 'down.example' })).toMatchObject({
    status: 422,
    body: { code: 'connections.no_leave', fields: [{ path: 'settings.server', message: 'Nobody answers there.' }] },
  })
  expect((await begin({ server: 'typed.example' })).body).toEqual({ url: null })
})

test('what waits for a return holds nothing that can be read', async () => {
  const { url } = (await begin({ server: 'plaza.example', typed: 'very-secret' })).body
  const rows = await database.db.read(actor, (tx) => tx.selectFrom('connectionAuthorizations').selectAll().execute())
  expect(rows).toHaveLength(1)
  const text = JSON.stringify(rows)
  for (const word of ['very-secret', 'only-ours', stateIn(url), 'first']) expect(text).not.toContain(word)
})

test('a broken connection is mended by leave, and stays itself', async () => {
  const made = await finish({ state: stateIn((await begin()).body.url), code: 'yes' })
  const { id } = made.body.connection
  await database.db.write(actor, (tx) =>
    tx.updateTable('connections').set({ health: 'broken', healthReason: 'revoked' }).where('id', '=', id).execute(),
  )
  const again = await call('POST', `/connections/${id}/authorize`, {})
  expect(await finish({ state: stateIn(again.body.url), code: 'yes' })).toMatchObject({
    status: 200,
    body: { mended: true, connection: { id, health: 'ok', healthReason: null } },
  })
  expect(await database.db.read(actor, (tx) => tx.selectFrom('connections').select('id').execute())).toHaveLength(1)
})

test('the document of a channel is there for everybody, and none where a channel has none', async () => {
  expect((await call('GET', '/channels/plaza/client.json')).body).toEqual({
    client_id: 'https://desk.example/api/channels/plaza/client.json',
    redirect_uris: ['https://desk.example/connect/return'],
    client_name: 'Rapport',
  })
  expect((await call('GET', '/channels/pager/client.json')).status).toBe(404)
  expect((await call('GET', '/channels/nothing/client.json')).status).toBe(404)
})
