import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLoopbackFetch, testContext } from '../conformance.ts'
import type { PlatformContext } from '../connector.ts'
import { bluesky } from './index.ts'
import { readSession } from './kept-session.ts'
import { openAccess } from './session.ts'
import { type Desk, openDesk } from './testing/desk.ts'
import { type BlueskyServer, startBlueskyServer, stopSound } from './testing/server.ts'

let network: ReturnType<typeof openLoopbackFetch>
let server: BlueskyServer
let desk: Desk

beforeAll(() => void (network = openLoopbackFetch({ timeoutMs: 2000 })))
afterAll(() => network.close())
beforeEach(async () => {
  server = await startBlueskyServer()
  desk = openDesk(server, testContext({ fetch: network.fetch }))
})
// Whatever went over the wire keeps the lexicons.
afterEach(() => stopSound(server))

const read = (context: PlatformContext = desk.context) =>
  openAccess(context).call({ method: 'com.atproto.server.getSession' })

describe('a log-in', () => {
  test('is made once for many at the same time, and kept', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => read()))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(server.count('com.atproto.server.createSession')).toBe(1)
    expect(readSession(desk.credentials['session'])).toMatchObject({ did: desk.person.did, pds: server.url })
  })

  test('outlives the program: the next one goes on with what was kept', async () => {
    await read()
    // Another connection is another memory: what it has in common with the first is what was kept.
    const reborn = {
      ...desk.context,
      connectionId: 'reborn',
      settings: desk.settings,
      credentials: { ...desk.credentials },
    }
    expect(await read(reborn)).toMatchObject({ ok: true })
    expect(server.count('com.atproto.server.createSession')).toBe(1)
  })

  test('is made anew with another password, not renewed', async () => {
    await read()
    desk.person.appPasswords.set('new-one', { chat: true })
    desk.credentials['appPassword'] = 'new-one'
    expect(await read()).toMatchObject({ ok: true })
    expect(server.count('com.atproto.server.createSession')).toBe(2)
    expect(server.count('com.atproto.server.refreshSession')).toBe(0)
  })

  test('that ended is renewed once for all who wait, and the new tokens are kept', async () => {
    await read()
    const before = readSession(desk.credentials['session'])
    server.sessions.expire()
    const answers = await Promise.all(Array.from({ length: 20 }, () => read()))
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(server.count('com.atproto.server.refreshSession')).toBe(1)
    expect(server.count('com.atproto.server.createSession')).toBe(1)
    expect(readSession(desk.credentials['session'])?.refresh).not.toBe(before?.refresh)
  })

  test('ends again and again and is renewed each time', async () => {
    for (let round = 0; round < 4; round++) {
      server.world.pass(3 * 3600_000)
      expect(await read()).toMatchObject({ ok: true })
    }
    expect(server.count('com.atproto.server.createSession')).toBe(1)
  })

  test('whose renewal is over too is made anew with the password', async () => {
    await read()
    server.sessions.revoke()
    expect(await read()).toMatchObject({ ok: true })
    expect(server.count('com.atproto.server.createSession')).toBe(2)
  })

  test('with a password taken back asks for a person, and does not try without end', async () => {
    await read()
    server.sessions.revoke()
    desk.person.appPasswords.clear()
    expect(await read()).toMatchObject({ ok: false, error: 'NoSession', status: 401 })
    expect(server.count('com.atproto.server.createSession')).toBe(2)
    expect(await bluesky.test!(desk.context)).toMatchObject({ ok: false, field: 'appPassword' })
  })

  test('that the server has no time for now is no broken connection', async () => {
    server.trouble('com.atproto.server.createSession', {
      status: 429,
      error: 'RateLimitExceeded',
      headers: { 'retry-after': '60' },
    })
    await expect(bluesky.poll!(null, desk.context)).rejects.toMatchObject({
      kind: 'later',
      retryAt: new Date(server.world.now().getTime() + 60_000),
    })
  })

  test('of an account that was taken down or switched off says which', async () => {
    await read()
    server.sessions.expire()
    desk.person.state = 'takendown'
    // A new log-in with an app password is refused like a wrong one.
    expect(await read()).toMatchObject({ ok: false, reason: expect.stringContaining('Invalid identifier or password') })
    desk.person.state = 'deactivated'
    expect(await bluesky.test!(desk.context)).toMatchObject({ ok: false, reason: 'The account is deactivated' })
  })

  test.each([
    ['deactivated', 'The account is deactivated'],
    ['takendown', 'The server knows this account no more: it was deleted or taken down'],
    ['deleted', 'The server knows this account no more: it was deleted or taken down'],
  ] as const)('still answers for an account that is %s, and the next look says so', async (state, reason) => {
    await desk.hear()
    desk.person.state = state
    expect(await read()).toMatchObject({ ok: state === 'deactivated' })
    await expect(desk.hear()).rejects.toMatchObject({ kind: 'reauthorize', message: reason })
    desk.person.state = 'active'
    expect(await desk.hear()).toEqual([])
  })

  test('with the account’s own password and a code by mail says what to use', async () => {
    server.trouble('com.atproto.server.createSession', { status: 401, error: 'AuthFactorTokenRequired' })
    expect(await bluesky.test!(desk.context)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('app password'),
    })
  })
})

describe('the server of an account', () => {
  const notifications = 'app.bsky.notification.listNotifications'

  test('that is well while its AppView is not is told apart, and is read again when both are', async () => {
    await desk.hear()
    for (const trouble of [
      { status: 502, error: 'UpstreamFailure' },
      { status: 500, error: 'InternalServerError' },
    ]) {
      server.trouble(notifications, trouble)
      await expect(desk.hear()).rejects.toMatchObject({
        kind: 'later',
        message: expect.stringMatching(/^The account’s server is there, but the AppView .*\(50\d: /),
      })
    }
    server.trouble(notifications, { status: 502, error: 'UpstreamFailure' })
    server.trouble('com.atproto.server.getSession', { status: 502, error: '' })
    await expect(desk.hear()).rejects.toMatchObject({ kind: 'later', message: expect.stringMatching(/^Notifications/) })
    expect(await desk.hear()).toEqual([])
  })

  test('that has no AppView says what to set', async () => {
    const trouble = { status: 400, error: 'InvalidRequest', message: `No service configured for ${notifications}` }
    server.trouble(notifications, trouble, trouble)
    expect(await bluesky.test!(desk.context)).toMatchObject({
      ok: false,
      field: 'appView',
      reason: expect.stringContaining('no AppView'),
    })
    await expect(desk.hear()).rejects.toMatchObject({ kind: 'later', message: expect.stringContaining('no AppView') })
  })

  test('is found through handle and document where it is not set', async () => {
    delete desk.settings['service']
    desk.settings['handleResolver'] = server.url
    expect(await bluesky.test!(desk.context)).toMatchObject({
      ok: true,
      note: 'Signed in as acme.test, with direct messages.',
    })
  })

  test('is not believed of a handle that the document does not name', async () => {
    delete desk.settings['service']
    desk.settings['handleResolver'] = server.url
    desk.settings['identifier'] = desk.person.handle
    server.world.find = () => desk.person
    desk.person.handle = 'somebody-else.test'
    const outcome = await bluesky.test!(desk.context)
    expect(outcome).toMatchObject({
      ok: false,
      field: 'identifier',
      reason: expect.stringContaining('goes by somebody-else.test'),
    })
  })
})
