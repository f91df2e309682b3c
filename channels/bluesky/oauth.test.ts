import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openLoopbackFetch, testContext } from '../conformance.ts'
import { NotAuthorized, type AuthorizationRequest, type PlatformContext } from '../connector.ts'
import { bluesky } from './index.ts'
import { readSession } from './kept-session.ts'
import { openAccess } from './session.ts'
import { type Desk, openDesk } from './testing/desk.ts'
import { type BlueskyServer, startBlueskyServer, stopSound } from './testing/server.ts'

let network: ReturnType<typeof openLoopbackFetch>
let server: BlueskyServer
let desk: Desk
const { begin, finish, clientDocument, wanted } = bluesky.authorization!

const request: AuthorizationRequest = {
  redirectUri: 'http://localhost:3000/api/connections/authorized',
  state: 'state-1',
  clientDocumentUrl: null,
}

beforeAll(() => void (network = openLoopbackFetch({ timeoutMs: 2000 })))
afterAll(() => network.close())
beforeEach(async () => {
  server = await startBlueskyServer()
  desk = openDesk(server, testContext({ fetch: network.fetch }), { settings: { signIn: 'oauth' } })
  delete desk.settings['service']
  delete desk.credentials['appPassword']
  desk.settings['handleResolver'] = server.url
})
// Whatever went over the wire keeps the lexicons.
afterEach(() => stopSound(server))

/** The person in the browser: goes there and comes back with a query. */
async function visit(url: string): Promise<Record<string, string>> {
  const answer = await fetch(url, { redirect: 'manual' })
  return Object.fromEntries(new URL(answer.headers.get('location')!).searchParams)
}

async function connect(asked: AuthorizationRequest = request): Promise<void> {
  const { url, kept } = await begin(asked, desk.context)
  const outcome = await finish(asked, await visit(url), kept, desk.context)
  if (!outcome.ok) throw new Error(outcome.reason)
  Object.assign(desk.credentials, outcome.credentials)
  Object.assign(desk.learned, outcome.learned)
}

const read = () => openAccess(desk.context).call({ method: 'com.atproto.server.getSession' })

describe('leave', () => {
  test('is wanted where it was chosen, and described for whoever asks who we are', () => {
    expect(wanted({ signIn: 'oauth' })).toBe(true)
    expect(wanted({})).toBe(false)
    const address = {
      url: 'https://desk.example/oauth/bluesky.json',
      redirectUri: 'https://desk.example/back',
      origin: 'https://desk.example',
      name: 'Rapport',
    }
    expect(clientDocument!(address)).toEqual({
      client_id: address.url,
      client_name: 'Rapport',
      client_uri: 'https://desk.example',
      redirect_uris: ['https://desk.example/back'],
      application_type: 'web',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'atproto transition:generic transition:chat.bsky',
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
    })
  })

  test('is asked for by a pushed request, given, and used for everything', async () => {
    const { url, kept } = await begin(request, desk.context)
    expect(Object.keys(Object.fromEntries(new URL(url).searchParams)).sort()).toEqual(['client_id', 'request_uri'])
    // The first push is refused for want of a nonce, the second carries it.
    expect(server.count('/oauth/par')).toBe(2)
    const outcome = await finish(request, await visit(url), kept, desk.context)
    expect(outcome).toMatchObject({
      ok: true,
      learned: { did: desk.person.did, handle: 'acme.test' },
      note: 'Connected as acme.test.',
    })
    if (outcome.ok) Object.assign(desk.credentials, outcome.credentials)
    expect(await bluesky.test!(desk.context)).toMatchObject({
      ok: true,
      note: 'Signed in as acme.test, with direct messages.',
    })
    const mia = server.world.addPerson({ handle: 'mia.test' })
    await desk.hear()
    server.world.reply(mia, server.world.post(desk.person, 'News'), 'Good')
    expect((await desk.hear()).filter(({ type }) => type === 'message')).toHaveLength(2)
    expect(server.requests.filter(({ headers }) => headers['authorization']?.startsWith('Bearer'))).toEqual([])
  })

  test('with a public address goes by the document of that address', async () => {
    const asked = {
      redirectUri: 'https://desk.example/back',
      state: 's',
      clientDocumentUrl: 'https://desk.example/client.json',
    }
    await connect(asked)
    expect(readSession(desk.credentials['session'])).toMatchObject({
      kind: 'oauth',
      clientId: 'https://desk.example/client.json',
    })
    expect(await read()).toMatchObject({ ok: true })
  })

  test('can’t be asked for from an address that is neither public nor the machine’s own', async () => {
    const asked = { ...request, redirectUri: 'http://desk.internal/back' }
    await expect(begin(asked, desk.context)).rejects.toThrow(NotAuthorized)
    await expect(begin(asked, desk.context)).rejects.toMatchObject({ field: 'signIn' })
  })

  test('that was not given says so', async () => {
    const { url, kept } = await begin(request, desk.context)
    server.oauth.deny()
    expect(await finish(request, await visit(url), kept, desk.context)).toMatchObject({
      ok: false,
      reason: 'Leave was not given',
    })
  })

  test.each([
    ['another state', { state: 'forged' }],
    ['another server', { iss: 'https://evil.example' }],
    ['a code of somebody else', { code: 'cod-guessed' }],
  ])('that comes back with %s is not taken', async (_, forged) => {
    const { url, kept } = await begin(request, desk.context)
    const params = { ...(await visit(url)), ...forged }
    expect(await finish(request, params as Record<string, string>, kept, desk.context)).toMatchObject({ ok: false })
  })

  test('given for another account than the one named is not taken', async () => {
    const other = server.world.addPerson({ handle: 'other.test' })
    const { url, kept } = await begin(request, desk.context)
    server.oauth.mistake(other.did)
    expect(await finish(request, await visit(url), kept, desk.context)).toMatchObject({
      ok: false,
      reason: 'Leave was given for another account than the one named',
    })
  })

  test('cannot be had twice with one code', async () => {
    const { url, kept } = await begin(request, desk.context)
    const params = await visit(url)
    expect(await finish(request, params, kept, desk.context)).toMatchObject({ ok: true })
    expect(await finish(request, params, kept, desk.context)).toMatchObject({ ok: false })
  })
})

describe('access', () => {
  test('goes on when the server wants another nonce', async () => {
    await connect()
    const tokens = server.count('/oauth/token')
    for (let round = 1; round <= 3; round++) {
      server.oauth.rotateNonce()
      expect(await read()).toMatchObject({ ok: true })
      // Told once, asked once more; the token is good and stays.
      expect(server.count('com.atproto.server.getSession')).toBe(2 * round)
    }
    expect(server.count('/oauth/token')).toBe(tokens)
  })

  test('that ended is renewed once for all who wait, and what is new is kept', async () => {
    await connect()
    await read()
    const before = readSession(desk.credentials['session'])
    const renewals = server.count('/oauth/token')
    server.oauth.expire()
    const answers = await Promise.all(Array.from({ length: 20 }, () => read()))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(server.count('/oauth/token')).toBe(renewals + 1)
    expect(readSession(desk.credentials['session'])?.refresh).not.toBe(before?.refresh)
  })

  test('is renewed once for two nodes that find it ended at the same moment', async () => {
    await connect()
    let turn = Promise.resolve()
    const renewing: NonNullable<PlatformContext['renewing']> = (work) => {
      const mine = turn.then(() => work({ ...desk.credentials }))
      turn = mine.then(
        () => {},
        () => {},
      )
      return mine
    }
    // Each node has a memory of its own, and what was sealed when it looked last.
    const nodes = []
    for (let n = 0; n < 2; n++) {
      vi.resetModules()
      const { openAccess: open } = await import('./session.ts')
      const context = {
        ...desk.context,
        settings: desk.context.settings,
        credentials: { ...desk.credentials },
        renewing,
      }
      nodes.push(() => open(context).call({ method: 'com.atproto.server.getSession' }))
    }
    for (const ask of nodes) expect(await ask()).toMatchObject({ ok: true })
    const renewals = server.count('/oauth/token')
    server.oauth.expire()
    expect((await Promise.all(nodes.map((ask) => ask()))).map(({ ok }) => ok)).toEqual([true, true])
    expect(server.count('/oauth/token')).toBe(renewals + 1)
  })

  test('is renewed in time, before it ends', async () => {
    await connect()
    server.world.pass(14.8 * 60_000)
    const refused = server.requests.length
    expect(await read()).toMatchObject({ ok: true })
    expect(server.requests.slice(refused).map(({ method }) => method)).toEqual([
      '/oauth/token',
      'com.atproto.server.getSession',
    ])
  })

  test('ends for good when an old renewal is shown again, as a server ends it', async () => {
    await connect()
    await read()
    const before = desk.credentials['session']!
    server.oauth.expire()
    expect(await read()).toMatchObject({ ok: true })
    vi.resetModules()
    const { openAccess: open } = await import('./session.ts')
    const forgetful = { ...desk.context, settings: desk.context.settings, credentials: { session: before } }
    const late = open(forgetful).call({ method: 'com.atproto.server.getSession' })
    expect(await late).toMatchObject({ ok: false, error: 'NoSession', reason: expect.stringContaining('replayed') })
    expect(await read()).toMatchObject({ ok: false, error: 'NoSession' })
  })

  test('that was withdrawn breaks the connection until a person gives leave anew', async () => {
    await connect()
    server.oauth.revoke()
    await expect(bluesky.poll!(null, desk.context)).rejects.toMatchObject({ kind: 'reauthorize' })
    await connect()
    expect(await read()).toMatchObject({ ok: true })
  })

  test('sends with proofs that are each used once', async () => {
    await connect()
    await Promise.all([read(), read(), read()])
    const proofs = server.requests.map(({ headers }) => headers['dpop']).filter(Boolean)
    expect(new Set(proofs).size).toBe(proofs.length)
  })
})

test('the connection’s page hears why there is no chat, and that leave ends, two days before', () => {
  const notes = (settings: object, day: number) =>
    bluesky.notesOf!({ ...settings }, new Date(Date.UTC(2026, 10, day))).join(' ')
  const leave = { signIn: 'oauth', leaveGivenAt: '2026-11-01T00:00:00.000Z' }
  expect(notes(leave, 5)).toBe('')
  expect(notes(leave, 6)).toContain('in 2 days')
  expect(notes(leave, 7)).toContain('in a day')
  expect(notes(leave, 9)).toContain('may end it any time')
  expect(notes({ ...leave, signIn: 'password' }, 9)).toBe('')
  expect(notes({ chatAccess: 'refused', chatReason: 'No leave' }, 1)).toBe('Public posts only: No leave.')
  expect(notes({ chatAccess: 'open', chatReason: null }, 1)).toBe('')
})
