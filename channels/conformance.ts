// The suite that every channel passes. A channel's own test is one call of `runConformance` with its fixtures and, where it
// signs or sends, what is peculiar to it; whatever else it can do it tests beside that.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { withoutWorld } from '#platform/testing/without-world'
import { type Fixture, readFixtures } from './conformance-fixtures.ts'
import { describeReceiving, type ReceivingOptions } from './conformance-receiving.ts'
import { describeSending, type SendingOptions } from './conformance-sending.ts'
import { describeSocketSending, type SocketSendingOptions } from './conformance-sockets.ts'
import { describeSignature, type SigningOptions } from './conformance-signature.ts'
import type { Connector, ThreadState } from './connector.ts'
import { anOutbound, openLoopbackFetch, TEST_NOW, testContext } from './test-context.ts'

// A channel's tests may know this file and no other of the suite.
export { anOutbound, describeSocketSending, openLoopbackFetch, readFixtures, TEST_NOW, testContext }
export type { SocketPlatform, SocketTrouble } from './conformance-sockets.ts'

export interface ConformanceOptions extends ReceivingOptions {
  /** The channel's folder: `new URL('.', import.meta.url)`. */
  readonly folder: URL
  /** Demanded of connectors that verify. */
  readonly signing?: SigningOptions
  /** Demanded of connectors that push over HTTP. */
  readonly sending?: SendingOptions
  /** Demanded of connectors that push over a socket of their own (SMTP). */
  readonly sendingBySocket?: SocketSendingOptions
  /** A channel whose sending is proven in another test file names it. */
  readonly sendsElsewhere?: string
  /** Settings under which `canReply` says yes to a fresh thread. */
  readonly settings?: Readonly<Record<string, unknown>>
}

export function runConformance(connector: Connector, options: ConformanceOptions): void {
  const fixtures = readFixtures(new URL('fixtures/', options.folder))
  describe(`the channel ${connector.id}`, () => {
    describeShape(connector, options, fixtures)
    describeReceiving(connector, fixtures, options)
    if (connector.verify && options.signing) describeSignature(connector, fixtures[0]!.delivery.body, options.signing)
    if (connector.send && options.sending) describeSending(connector, options.sending)
    if (connector.send && options.sendingBySocket) describeSocketSending(connector, options.sendingBySocket)
    if (connector.send && connector.capabilities.delivery === 'fetch') describeLyingReady(connector)
  })
}

function describeShape(connector: Connector, options: ConformanceOptions, fixtures: readonly Fixture[]): void {
  const { capabilities, settings } = connector
  const file = (name: string) => fileURLToPath(new URL(name, options.folder))

  describe('itself', () => {
    test('lies in the folder of its name, with a README and an icon', () => {
      expect(options.folder.pathname).toMatch(new RegExp(`/channels/${connector.id}/$`))
      expect(connector.id).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(readFileSync(file('README.md'), 'utf8').length).toBeGreaterThan(500)
      expect(readFileSync(file('icon.svg'), 'utf8')).toMatch(/^<svg [\s\S]*viewBox=/)
      expect(readFileSync(file('icon.svg'), 'utf8')).not.toMatch(/<script|\son\w+=|href=/i)
      expect(existsSync(file('index.ts'))).toBe(true)
      expect(fixtures.length).toBeGreaterThan(0)
    })

    test('has each method that it claims, and claims each that it has', () => {
      const receives = (way: (typeof capabilities.receives)[number]) => capabilities.receives.includes(way)
      expect({
        send: connector.send !== undefined,
        lookUp: connector.lookUp !== undefined,
        verify: connector.verify !== undefined,
        poll: connector.poll !== undefined,
        stream: connector.stream !== undefined,
        listen: connector.listen !== undefined,
        addressesOf: connector.addressesOf !== undefined,
      }).toEqual({
        send: capabilities.sends,
        lookUp: capabilities.canLookUp,
        verify: receives('webhook'),
        poll: receives('poll'),
        stream: receives('stream'),
        listen: receives('smtp'),
        addressesOf: receives('smtp'),
      })
      if (connector.backfill || connector.progressOf) expect(connector.poll, 'looking back needs poll').toBeDefined()
    })

    test('brings what the rest of this suite needs', () => {
      if (connector.verify) expect(options.signing, 'signing').toBeDefined()
      const pushes = connector.send !== undefined && capabilities.delivery === 'push'
      if (pushes) {
        const proof = options.sending ?? options.sendingBySocket ?? options.sendsElsewhere
        expect(proof, 'sending, sendingBySocket or sendsElsewhere').toBeDefined()
      }
    })

    test('says what it can do as data, without contradiction', () => {
      expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities)
      for (const list of [capabilities.receives, capabilities.visibility, capabilities.shapes]) {
        expect(list.length).toBeGreaterThan(0)
        expect(new Set(list).size).toBe(list.length)
      }
      for (const { max } of capabilities.textLimits) expect(max).toBeGreaterThan(0)
      if (capabilities.sends) expect(capabilities.textLimits.length, 'a sender has a text limit').toBeGreaterThan(0)
      if (capabilities.media) expect(capabilities.media.types.every((type) => /^[a-z]+\/.*$/.test(type))).toBe(true)
      const { count, perSeconds, concurrent } = connector.budget
      for (const number of [count, perSeconds, concurrent]) expect(number).toBeGreaterThan(0)
      expect(connector.summary).toMatch(/^[A-Z].{10,140}\.$/)
    })

    test('has settings that are closed, titled, and seal what is secret', () => {
      const schema = JSON.parse(JSON.stringify(settings)) as {
        additionalProperties?: boolean
        properties: Record<string, { title?: string; format?: string; pattern?: string }>
      }
      expect(schema.additionalProperties).toBe(false)
      for (const [name, field] of Object.entries(schema.properties)) {
        expect(field.title, `${name} has no title`).toBeTruthy()
        // As browsers read it; one that they can't read they leave out.
        if (field.pattern) expect(() => new RegExp(field.pattern!, 'v'), `${name}: ${field.pattern}`).not.toThrow()
        if (/secret|token|password|key$/i.test(name)) expect(field.format, name).toBe('password')
      }
      const first = connector.generate?.() ?? {}
      const second = connector.generate?.() ?? {}
      for (const [name, value] of Object.entries(first)) {
        expect(schema.properties[name], `${name} is generated and not in settings`).toBeDefined()
        expect(second[name], `${name} is the same for everyone`).not.toBe(value)
      }
    })

    test('names a message before it is sent: always the same, never twice', () => {
      const at = new Date('2026-09-01T12:00:00.123Z')
      const name = (id: string) => {
        const visit = withoutWorld(() => connector.identityFor(id, at, options.settings ?? {}))
        expect(visit.touched).toEqual([])
        return 'value' in visit.outcome ? visit.outcome.value : ''
      }
      const ids = Array.from({ length: 1000 }, () => randomUUID())
      // Ids made in the same instant share all but their end.
      ids.push('019936a0-0000-7000-8000-000000000001', '019936a0-0000-7000-8000-000000000002')
      const names = ids.map(name)
      expect(ids.map(name)).toEqual(names)
      expect(new Set(names).size).toBe(ids.length)
      for (const one of names) expect(one).toMatch(/^[\x21-\x7e]{1,255}$/)
    })

    test('tells whether a thread can be answered, from what it is told alone', () => {
      const threads: ThreadState[] = capabilities.visibility.flatMap((visibility) => [
        { visibility, lastInboundAt: TEST_NOW, facts: {} },
        { visibility, lastInboundAt: null, facts: {} },
        { visibility, lastInboundAt: new Date(0), facts: { odd: [null, {}], replyUntil: 7, closed: {} } },
      ])
      for (const [index, thread] of threads.entries()) {
        const visit = withoutWorld(() => connector.canReply(thread, TEST_NOW, options.settings ?? {}))
        expect(visit.touched).toEqual([])
        const told = 'value' in visit.outcome ? visit.outcome.value : null
        expect(told && (told.ok ? told.how : told.why)).toMatch(/\S/)
        // A connector that never sends says so for every thread.
        if (index % 3 === 0) expect(told?.ok, JSON.stringify(told)).toBe(capabilities.sends)
      }
    })

    test('does not change while it works', async () => {
      const print = () => createHash('sha256').update(JSON.stringify({ capabilities, settings })).digest('hex')
      const before = print()
      for (const { delivery, settings } of fixtures) {
        try {
          await connector.receive(delivery, { connectionId: 'connection', settings })
        } catch {
          // Fixtures that are not understood are judged elsewhere.
        }
      }
      expect(print()).toBe(before)
    })
  })
}

/** Where the customer comes to fetch, sending is only a word: no network, no failure. */
function describeLyingReady(connector: Connector): void {
  test('an answer lies ready without any network', async () => {
    const outbound = anOutbound({ platformIdentity: connector.identityFor(anOutbound().messageId, TEST_NOW, {}) })
    const outcome = await connector.send!(outbound, testContext())
    expect(['sent', 'pending']).toContain(outcome.state)
  })
}
