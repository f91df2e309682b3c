// What becomes of fetching when the server refuses, hurries or says nothing that can be read.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLoopbackFetch, testContext } from '../conformance.ts'
import { mastodon } from './index.ts'
import { type LocalMastodon, startMastodonServer } from './testing/server.ts'
import { openReader, type Reader } from './testing/reader.ts'
import type { LocalAccount, LocalStatus } from './testing/state.ts'
import type { World } from './testing/world.ts'

let network: ReturnType<typeof openLoopbackFetch>
let server: LocalMastodon
let world: World
let ada: LocalAccount
let at = 0
const now = () => new Date(at)
const minutes = (count: number) => (at += count * 60_000)

beforeAll(() => {
  network = openLoopbackFetch()
})
afterAll(() => network.close())

async function start(): Promise<Reader> {
  await server?.stop()
  at = Date.parse('2026-09-01T12:00:00.000Z')
  server = await startMastodonServer({ now })
  world = server.world
  ada = world.account('ada@trains.example', { display_name: 'Ada' })
  return reading()
}
const reading = () => openReader({ server, network, now, contextOf: testContext })

let reader: Reader
beforeEach(async () => {
  reader = await start()
})
afterEach(() => server.stop())

const say = (text: string, options = {}): LocalStatus => world.post(ada, `@hollow_air@social.example ${text}`, options)
const once = (...statuses: readonly LocalStatus[]) => new Map(statuses.map(({ id }) => [id, 1]))

describe('refusals', () => {
  test('a rate limit is waited out as long as the server says, and nothing is lost', async () => {
    await reader.poll()
    const first = say('one')
    server.exhaust()
    minutes(1)
    const refused = (await reader.poll().catch((error: unknown) => error)) as { kind: string; retryAt: Date }
    expect(refused).toMatchObject({ kind: 'later' })
    expect(refused.retryAt.toISOString()).toBe('2026-09-01T12:05:00.000Z')
    minutes(5)
    await reader.poll()
    expect(reader.counts()).toEqual(once(first))
  })

  test('in the middle of threads it keeps what it has', async () => {
    await reader.poll()
    const root = world.post(ada, 'root', { silent: true })
    const plain = say('plain')
    const deep = say('deep', { inReplyTo: root.id })
    server.trouble({ path: /context$/, how: { status: 429, body: { error: 'Too many requests' } } })
    await expect(reader.poll()).rejects.toMatchObject({ kind: 'later' })
    await reader.poll()
    expect(reader.counts()).toEqual(once(plain, deep))
  })

  test.each([
    [500, 'later'],
    [502, 'later'],
    [403, 'reauthorize'],
  ] as const)('a server that answers %i is told as %s', async (status, kind) => {
    await reader.poll()
    server.trouble({ path: /notifications/, how: { status, body: '<html>Oops</html>' } })
    await expect(reader.poll()).rejects.toMatchObject({ name: 'NotFetched', kind })
  })

  test('a server that hangs up, or answers in no form at all, is told in words', async () => {
    await reader.poll()
    server.trouble({ path: /notifications/, how: 'hang up' })
    await expect(reader.poll()).rejects.toThrow(/Notifications could not be read/)
    server.trouble({ path: /notifications/, how: { status: 200, body: '<html>Welcome</html>' } })
    await expect(reader.poll()).rejects.toThrow(/not JSON/)
  })

  test('a connection that was never given leave says so', async () => {
    const error = await mastodon.poll!(null, testContext({ settings: { server: 'social.example' } })).catch(
      (one: unknown) => one,
    )
    expect(error).toMatchObject({ kind: 'reauthorize' })
  })
})
