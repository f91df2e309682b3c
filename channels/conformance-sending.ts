// What holds for every channel on the way out: whatever the platform does, the answer is an outcome, never an exception,
// and never a wrong certainty.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  answer,
  answerTwice,
  type Behaviour,
  closeHalfway,
  endless,
  type FakePlatform,
  type FakeRequest,
  hang,
  hangUp,
  slow,
  startFakePlatform,
} from '#platform/testing/fake-platform'
import type { Connector, Outbound, PlatformContext, SendOutcome } from './connector.ts'
import { overLimit } from '#platform/contract/length'
import { anOutbound, type LoopbackFetch, openLoopbackFetch, TEST_NOW, testContext } from './test-context.ts'

/** Everything that every platform can do to us. */
const troubles = {
  unauthorised: answer(401, { error: 'Who are you?' }),
  forbidden: answer(403, { error: 'Not you' }),
  missing: answer(404, { error: 'No such thread' }),
  gone: answer(410, { error: 'No more' }),
  invalid: answer(422, { error: 'Not like this' }),
  limited: answer(429, { error: 'Slow down' }, { 'retry-after': '7' }),
  limitedToADate: answer(429, '', { 'retry-after': new Date(TEST_NOW.getTime() + 90_000).toUTCString() }),
  limitedOddly: answer(429, '', { 'retry-after': 'a while' }),
  broken: answer(500, '<html>Internal Server Error</html>'),
  away: answer(503, '', { 'retry-after': '30' }),
  redirecting: answer(302, '', { location: 'https://elsewhere.example/' }),
  late: slow(5_000, answer(200)),
  silent: hang(),
  hangingUp: hangUp(),
  closingHalfway: closeHalfway(),
  babbling: answer(200, '{"id": "1'),
  endless: endless(200, 16 * 1024 * 1024),
} satisfies Record<string, Behaviour>

type Trouble = keyof typeof troubles | 'refusing' | 'answeringTwice'
type State = SendOutcome['state']

export interface SendingOptions {
  /** Points the connector at the fake platform. */
  readonly connect: (url: string) => Pick<PlatformContext, 'settings' | 'credentials'>
  readonly outbound?: Partial<Outbound>
  /** How the platform says that it took the message. */
  readonly taken: { readonly status: number; readonly body: unknown }
  /** Its answers to the requests before the last one (a login, an upload), where there are any. */
  readonly before?: readonly Behaviour[]
  /** What the connector makes of each trouble, with the last request. */
  readonly outcomes: Readonly<Record<Trouble, State>>
  /** What becomes of a text one over the limit. */
  readonly overLimit: State
  /** Where the request carries the message's own name; given where the platform drops what it has seen. */
  readonly identityIn?: (request: FakeRequest) => string | undefined
  /** The platform's answers to a look-up. Demanded of connectors that can look up. */
  readonly lookUp?: { readonly found: (outbound: Outbound) => Behaviour; readonly absent: Behaviour }
}

export function describeSending(connector: Connector, options: SendingOptions): void {
  let platform: FakePlatform
  let network: LoopbackFetch
  const outbound = anOutbound({
    platformIdentity: connector.identityFor(anOutbound().messageId, TEST_NOW, {}),
    ...options.outbound,
  })
  const contextAt = (url: string, given: Partial<PlatformContext> = {}) =>
    testContext({ fetch: network.fetch, ...options.connect(url), ...given })
  const before = options.before ?? []
  const taken = answer(options.taken.status, options.taken.body)
  const sendTo = (behaviour: Behaviour, message = outbound, given: Partial<PlatformContext> = {}) => {
    platform.script(...([...before, behaviour] as [Behaviour]))
    return connector.send!(message, contextAt(platform.url, given))
  }

  beforeAll(async () => {
    platform = await startFakePlatform()
    network = openLoopbackFetch({ timeoutMs: 400, maxBytes: 256 * 1024 })
  })
  afterAll(async () => {
    await network.close()
    await platform.stop()
  })

  describe('what goes out', () => {
    test('is sent, or taken to be sent, when the platform takes it', async () => {
      const outcome = await sendTo(taken)
      expect(['sent', 'pending']).toContain(outcome.state)
      expect('externalId' in outcome && outcome.externalId).toBeTruthy()
    })

    test.each(Object.keys(troubles) as (keyof typeof troubles)[])('meets a platform that is %s', async (trouble) => {
      const outcome = await sendTo(troubles[trouble])
      expect(outcome).toMatchObject({ state: options.outcomes[trouble] })
      expectWords(outcome)
      const wait = { limited: 7, limitedToADate: 90, limitedOddly: null, away: 30 }[trouble as string]
      if (wait !== undefined && outcome.state === 'retry') {
        expect(outcome.retryAt).toEqual(wait === null ? undefined : new Date(TEST_NOW.getTime() + wait * 1000))
      }
    })

    test('meets nobody at all', async () => {
      const outcome = await connector.send!(outbound, contextAt(`http://127.0.0.1:${await closedPort()}`))
      expect(outcome).toMatchObject({ state: options.outcomes.refusing })
      expectWords(outcome)
    })

    test('is taken once by a platform that answers twice', async () => {
      const outcome = await sendTo(answerTwice(options.taken.status, JSON.stringify(options.taken.body)))
      expect(outcome).toMatchObject({ state: options.outcomes.answeringTwice })
      // The second answer must not be taken for the answer to the next request.
      expect(await sendTo(troubles.unauthorised)).toMatchObject({ state: options.outcomes.unauthorised })
    })

    const { identityIn } = options
    const testName = (identityIn: (request: FakeRequest) => string | undefined) =>
      test('carries the same name on every try', async () => {
        const names: (string | undefined)[] = []
        for (const attempt of [1, 2, 3]) {
          await sendTo(
            troubles.broken,
            { ...outbound, attempt },
            { now: () => new Date(TEST_NOW.getTime() + attempt * 60_000) },
          )
          names.push(identityIn(platform.requests.at(-1)!))
        }
        expect(new Set(names)).toEqual(new Set([outbound.platformIdentity]))
      })
    if (identityIn) testName(identityIn)

    test('may be as long as the limits say, and not longer', async () => {
      const limits = connector.capabilities.textLimits
      const most = Math.min(...limits.map(({ max }) => max))
      const full = { ...outbound, text: 'a'.repeat(most) }
      expect(overLimit(limits, full.text)).toBeNull()
      expect(['sent', 'pending']).toContain((await sendTo(taken, full)).state)
      const over = { ...outbound, text: 'a'.repeat(most + 1) }
      expect(overLimit(limits, over.text)).toMatchObject({ length: most + 1 })
      expect(await sendTo(taken, over)).toMatchObject({ state: options.overLimit })
    })

    test('is held, not lost, when there are no keys', async () => {
      const outcome = await sendTo(taken, outbound, { credentials: {}, settings: {} })
      expect(['reauthorize', 'retry']).toContain(outcome.state)
      expectWords(outcome)
    })

    test('is not sent any more once the program is stopping', async () => {
      const outcome = await sendTo(taken, outbound, { signal: AbortSignal.abort() })
      expect(outcome.state).toBe('retry')
      expect(platform.requests).toEqual([])
    })
  })

  if (!connector.lookUp) return
  describe('a doubt', () => {
    const ask = (behaviour: Behaviour) => {
      platform.script(...([...before, behaviour] as [Behaviour]))
      return connector.lookUp!(outbound, contextAt(platform.url))
    }

    test('is settled by asking: it arrived, or it did not', async () => {
      expect(options.lookUp, 'options.lookUp is missing').toBeDefined()
      expect(await sendTo(troubles.closingHalfway)).toMatchObject({ state: options.outcomes.closingHalfway })
      expect(await ask(options.lookUp!.found(outbound))).toMatchObject({
        state: 'found',
        externalId: expect.any(String),
      })
      expect(await ask(options.lookUp!.absent)).toEqual({ state: 'absent' })
    })

    test.each([
      'unauthorised',
      'broken',
      'limited',
      'silent',
      'hangingUp',
      'closingHalfway',
      'babbling',
      'endless',
    ] as const)('stays one when the platform is %s', async (trouble) => {
      expect(await ask(troubles[trouble])).toMatchObject({ state: 'unknown', reason: expect.stringMatching(/\S/) })
    })
  })
}

/** What isn't sent says why, in a line that fits a screen. */
function expectWords(outcome: SendOutcome): void {
  if ('reason' in outcome) expect(outcome.reason).toMatch(/^\S.{1,500}$/)
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
