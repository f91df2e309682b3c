// Giving leave to Rapport on the local server, as a person with a browser does.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLoopbackFetch, testContext } from '../conformance.ts'
import type { AuthorizationRequest } from '../connector.ts'
import { mastodon } from './index.ts'
import { originOf } from './settings.ts'
import { type LocalMastodon, startMastodonServer } from './testing/server.ts'

let network: ReturnType<typeof openLoopbackFetch>
let server: LocalMastodon
beforeAll(() => {
  network = openLoopbackFetch()
})
afterAll(() => network.close())
beforeEach(async () => {
  server = await startMastodonServer()
})
afterEach(() => server.stop())

const request: AuthorizationRequest = {
  redirectUri: 'https://desk.example/connections/leave',
  state: 'a state that comes back',
  clientDocumentUrl: null,
}
const { authorization } = mastodon
const contextFor = (settings: Readonly<Record<string, unknown>> = { server: server.url }) =>
  testContext({ ...network, settings })

/** The person reads the server's page and decides; where the browser is sent to then. */
async function decide(page: string, decision: 'allow' | 'deny'): Promise<Record<string, string>> {
  const url = new URL(page)
  url.searchParams.set('decision', decision)
  const { headers } = await fetch(url, { redirect: 'manual' })
  const back = new URL(headers.get('location')!)
  expect(back.origin + back.pathname).toBe(request.redirectUri)
  return Object.fromEntries(back.searchParams)
}

describe('giving leave', () => {
  test('registers with the least that is needed, proves itself, and learns who it is', async () => {
    const start = await authorization!.begin(request, contextFor())
    const asked = new URL(start.url).searchParams
    expect(asked.get('scope')).toBe(
      'read:accounts read:notifications read:statuses write:statuses write:media write:reports write:blocks write:mutes',
    )
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(start.url).not.toContain(start.kept['clientSecret'])
    const params = await decide(start.url, 'allow')
    expect(params['state']).toBe(request.state)
    const outcome = await authorization!.finish(request, params, start.kept, contextFor())
    expect(outcome).toMatchObject({
      ok: true,
      settings: { server: server.url },
      learned: { handle: '@hollow_air@social.example', textMax: 500, urlLength: 23, application: 'Rapport' },
      note: 'Connected as @hollow_air@social.example; posts may have 500 characters.',
    })
    const credentials = (outcome as { credentials: Record<string, string> }).credentials
    const context = testContext({ ...network, settings: { server: server.url }, credentials })
    expect(await mastodon.test!(context)).toMatchObject({ ok: true })
    expect(await mastodon.poll!(null, context)).toMatchObject({ more: false, deliveries: [] })
  })

  test('that is refused, used twice, or brought by somebody else is not given', async () => {
    const start = await authorization!.begin(request, contextFor())
    const denied = await decide(start.url, 'deny')
    expect(await authorization!.finish(request, denied, start.kept, contextFor())).toEqual({
      ok: false,
      reason: 'Leave was not given.',
    })
    const params = await decide(start.url, 'allow')
    const forged = { ...start.kept, verifier: 'another' }
    expect(await authorization!.finish(request, params, forged, contextFor())).toMatchObject({ ok: false })
    expect(await authorization!.finish(request, params, start.kept, contextFor())).toMatchObject({
      ok: false,
      reason: /no access/ as never,
    })
    expect(await authorization!.finish(request, {}, start.kept, contextFor())).toMatchObject({ ok: false })
  })

  test('works with servers that know nothing of PKCE', async () => {
    await server.stop()
    server = await startMastodonServer({ old: true })
    const start = await authorization!.begin(request, contextFor())
    expect(new URL(start.url).searchParams.has('code_challenge')).toBe(false)
    const params = await decide(start.url, 'allow')
    expect(await authorization!.finish(request, params, start.kept, contextFor())).toMatchObject({ ok: true })
  })

  test('is not sought at an address elsewhere, whatever the server says', async () => {
    const path = /oauth-authorization-server$/
    server.trouble({ path, how: { status: 200, body: { authorization_endpoint: 'https://evil.example/authorize' } } })
    const { url } = await authorization!.begin(request, contextFor())
    expect(new URL(url).origin).toBe(server.url)
  })

  test('is asked coarsely where finer scopes are not known', async () => {
    server.trouble({
      path: /oauth-authorization-server$/,
      how: { status: 200, body: { scopes_supported: ['read', 'write'] } },
    })
    const { kept } = await authorization!.begin(request, contextFor())
    expect(kept['scope']).toBe('read write')
  })

  test.each([
    ['no server at all', { server: '::' }],
    ['nobody there', { server: 'http://127.0.0.1:9' }],
  ])('with %s is told beside the field', async (_, settings) => {
    const error = await authorization!.begin(request, contextFor(settings)).catch((one: unknown) => one)
    expect(error).toMatchObject({ name: 'NotAuthorized', field: 'server', message: expect.stringMatching(/\S/) })
  })

  test('of a server that is something else is told beside the field', async () => {
    server.trouble({ path: /apps$/, how: { status: 404, body: '<html>A shop</html>' } })
    await expect(authorization!.begin(request, contextFor())).rejects.toMatchObject({ field: 'server' })
    server.trouble({ path: /apps$/, how: { status: 422, body: { error: 'Validation failed: closed' } } })
    await expect(authorization!.begin(request, contextFor())).rejects.toThrow(/closed/)
  })
})

describe('a pasted token', () => {
  const tried = (credentials: Readonly<Record<string, string>>, settings = { server: server.url }) =>
    mastodon.test!(testContext({ ...network, settings, credentials }))

  test('is tried, and learns the same', async () => {
    expect(authorization!.wanted({ signIn: 'token' })).toBe(false)
    expect(authorization!.wanted({})).toBe(true)
    expect(await tried({ accessToken: server.token })).toMatchObject({ ok: true, learned: { textMax: 500 } })
  })

  test('that is missing, wrong, or too narrow is told beside its field', async () => {
    expect(await tried({})).toMatchObject({ ok: false, field: 'accessToken' })
    expect(await tried({ accessToken: 'wrong' })).toMatchObject({ ok: false, field: 'accessToken' })
    server.trouble({
      path: /notifications$/,
      how: { status: 403, body: { error: 'This action is outside the authorized scopes' } },
    })
    expect(await tried({ accessToken: server.token })).toMatchObject({
      ok: false,
      field: 'accessToken',
      reason: /outside/ as never,
    })
    expect(await tried({ accessToken: 'x' }, { server: 'http://127.0.0.1:9' })).toMatchObject({
      ok: false,
      field: 'server',
    })
  })
})

test('a server is found in whatever people type', () => {
  for (const typed of [
    'mastodon.social',
    ' https://Mastodon.social/ ',
    '@you@mastodon.social',
    'you@mastodon.social',
    'http://mastodon.social',
  ])
    expect(originOf(typed)).toBe('https://mastodon.social')
  expect(originOf('http://127.0.0.1:3000')).toBe('http://127.0.0.1:3000')
  for (const typed of ['', 'a b', 'ftp://x.example', 'https://x.example/path', '@']) expect(originOf(typed)).toBeNull()
})
