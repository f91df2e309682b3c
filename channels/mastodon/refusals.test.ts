// What becomes of fetching when the server refuses, hurries or says nothing that can be read.
import { describe, expect, test } from 'vitest'
import { testContext } from '../conformance.ts'
import { mastodon } from './index.ts'
import type { LocalMastodon } from './testing/server.ts'
import type { Reader } from './testing/reader.ts'
import type { LocalAccount, LocalStatus } from './testing/state.ts'
import { useReader } from './testing/use-reader.ts'
import type { World } from './testing/world.ts'

let server: LocalMastodon
let world: World
let ada: LocalAccount
let reader: Reader
const { minutes } = useReader((made) => ({ server, world, ada, reader } = made))

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
