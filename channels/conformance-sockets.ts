// What holds for every channel that sends over a socket of its own, whatever protocol it speaks there. The same as over HTTP:
// the answer is an outcome, never an exception and never a wrong certainty. Here the platform counts what it keeps, so that
// the outcome is held against the truth: `sent` means kept once, `retry` and `rejected` mean not kept, and where only the
// platform can know it must be `unknown`.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { overLimit } from '#platform/contract/length'
import type { Connector, Outbound, PlatformContext, SendOutcome } from './connector.ts'
import { anOutbound, TEST_NOW, testContext } from './test-context.ts'

type State = SendOutcome['state']

/** Everything that the other end of a line can do to us, and what has to be made of it: not the channel's to choose. */
const troubles = {
  taking: { states: ['sent', 'pending'], kept: 1 },
  takingLate: { states: ['sent', 'pending'], kept: 1 },
  answeringTwice: { states: ['sent', 'pending'], kept: 1 },
  notLettingIn: { states: ['reauthorize'], kept: 0 },
  refusingForNow: { states: ['retry'], kept: 0 },
  limiting: { states: ['retry'], kept: 0 },
  refusing: { states: ['rejected'], kept: 0 },
  refusingAtTheEnd: { states: ['rejected'], kept: 0 },
  deferringAtTheEnd: { states: ['retry'], kept: 0 },
  silentAtOnce: { states: ['retry'], kept: 0 },
  silentBefore: { states: ['retry'], kept: 0 },
  hangingUpAtOnce: { states: ['retry'], kept: 0 },
  hangingUpBefore: { states: ['retry'], kept: 0 },
  // All of it may be on its way already when the line breaks: then it is a doubt, though nothing was kept.
  hangingUpHalfway: { states: ['retry', 'unknown'], kept: 0 },
  silentAfter: { states: ['unknown'], kept: 1 },
  hangingUpAfter: { states: ['unknown'], kept: 1 },
  answeringHalf: { states: ['unknown'], kept: 1 },
} satisfies Record<string, { readonly states: readonly State[]; readonly kept: 0 | 1 }>

/**
 * `before`: the message has not begun. `halfway`: in its middle. `after`: all of it arrived and is kept, and the answer does
 * not come (whole). `atTheEnd`: all of it arrived and is refused.
 */
export type SocketTrouble = keyof typeof troubles

export interface SocketPlatform {
  readonly port: number
  /** Behaves so from now on, and forgets what it kept. */
  behave(trouble: SocketTrouble): void
  /** The names of the messages that it keeps, as they were carried. */
  kept(): readonly string[]
  stop(): Promise<void>
}

export interface SocketSendingOptions {
  readonly start: () => Promise<SocketPlatform>
  /** Points the connector at the loopback. */
  readonly connect: (port: number) => Pick<PlatformContext, 'settings' | 'credentials'>
  readonly outbound?: Partial<Outbound>
}

const PATIENCE_MS = 500

export function describeSocketSending(connector: Connector, options: SocketSendingOptions): void {
  let platform: SocketPlatform
  const outbound = () => {
    const { settings } = options.connect(platform.port)
    const platformIdentity = connector.identityFor(anOutbound().messageId, TEST_NOW, settings)
    return anOutbound({ platformIdentity, ...options.outbound })
  }
  const contextAt = (port: number, given: Partial<PlatformContext> = {}): PlatformContext =>
    testContext({
      resolve: async () => ({ ok: true, address: '127.0.0.1' }),
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...options.connect(port),
      ...given,
    })
  const sendTo = (trouble: SocketTrouble, message = outbound(), given: Partial<PlatformContext> = {}) => {
    platform.behave(trouble)
    return connector.send!(message, contextAt(platform.port, given))
  }

  describe('what goes out over a socket', () => {
    beforeAll(async () => {
      platform = await options.start()
    })
    beforeEach(() => platform.behave('taking'))
    afterAll(() => platform.stop())

    test.each(Object.keys(troubles) as SocketTrouble[])('is told truly of a platform that is %s', async (trouble) => {
      const { states, kept } = troubles[trouble]
      const text = trouble === 'hangingUpHalfway' ? 'word '.repeat(20_000) : outbound().text
      const outcome = await sendTo(trouble, { ...outbound(), text })
      expect({ trouble, outcome, fits: (states as readonly State[]).includes(outcome.state) }).toMatchObject({ fits: true })
      expect(platform.kept()).toEqual(kept === 1 ? [outbound().platformIdentity] : [])
      if ('externalId' in outcome) expect(outcome.externalId).toBeTruthy()
      if ('reason' in outcome) expect(outcome.reason).toMatch(/^\S.{1,500}$/)
      if (trouble === 'limiting')
        expect(outcome.state === 'retry' && outcome.retryAt!.getTime()).toBeGreaterThan(TEST_NOW.getTime())
    })

    test.each(Object.keys(troubles) as SocketTrouble[])(
      'is told truly on a line that has worked before, too (%s)',
      async (trouble) => {
        expect(['sent', 'pending']).toContain((await sendTo('taking')).state)
        const { states, kept } = troubles[trouble]
        const text = trouble === 'hangingUpHalfway' ? 'word '.repeat(20_000) : outbound().text
        const outcome = await sendTo(trouble, { ...outbound(), text })
        // What concerns only the beginning of a line does not happen on one that is open.
        const spared = ['notLettingIn', 'silentAtOnce', 'hangingUpAtOnce'].includes(trouble)
        const fits = spared ? [...states, 'sent', 'pending'] : states
        expect({ trouble, outcome, fits: (fits as readonly State[]).includes(outcome.state) }).toMatchObject({ fits: true })
        const arrived = ['sent', 'pending'].includes(outcome.state) || kept === 1
        expect(platform.kept()).toEqual(arrived ? [outbound().platformIdentity] : [])
      },
    )

    test('meets nobody at all', async () => {
      const server = createServer()
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      const { port } = server.address() as AddressInfo
      await new Promise((done) => server.close(done))
      expect(await connector.send!(outbound(), contextAt(port))).toMatchObject({ state: 'retry', reason: expect.any(String) })
    })

    test('goes only where the program lets it', async () => {
      const reason = 'That is in a private network.'
      const outcome = await sendTo('taking', outbound(), { resolve: async () => ({ ok: false, reason }) })
      expect(['retry', 'reauthorize']).toContain(outcome.state)
      expect(platform.kept()).toEqual([])
    })

    test('has one answer for each message, also after a platform that answered twice', async () => {
      await sendTo('answeringTwice')
      expect(await sendTo('refusing')).toMatchObject({ state: 'rejected' })
      expect(platform.kept()).toEqual([])
    })

    test('carries the same name on every try', async () => {
      for (const attempt of [1, 2, 3]) {
        const now = () => new Date(TEST_NOW.getTime() + attempt * 60_000)
        await sendTo('taking', { ...outbound(), attempt }, { now })
        expect(platform.kept()).toEqual([outbound().platformIdentity])
      }
    })

    test('may be as long as the limits say, and not longer', async () => {
      const limits = connector.capabilities.textLimits
      const most = Math.min(...limits.map(({ max }) => max))
      const patient = { signal: AbortSignal.timeout(10_000) }
      const full = 'a'.repeat(most)
      expect(overLimit(limits, full)).toBeNull()
      expect(['sent', 'pending']).toContain((await sendTo('taking', { ...outbound(), text: full }, patient)).state)
      expect(await sendTo('taking', { ...outbound(), text: `${full}a` }, patient)).toMatchObject({ state: 'rejected' })
      expect(platform.kept()).toEqual([])
    })

    test('is held, not lost, when nothing is set', async () => {
      const outcome = await sendTo('taking', outbound(), { settings: {}, credentials: {} })
      expect(['reauthorize', 'retry']).toContain(outcome.state)
    })

    test('is not sent any more once the program is stopping', async () => {
      expect(await sendTo('taking', outbound(), { signal: AbortSignal.abort() })).toMatchObject({ state: 'retry' })
      expect(platform.kept()).toEqual([])
    })
  })
}
