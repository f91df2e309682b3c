import { describe, expect, test } from 'vitest'
import { compileSchema } from '#platform/http/validate'
import { answer } from '#platform/testing/fake-platform'
import { runConformance, TEST_NOW } from '../conformance.ts'
import type { ThreadState } from '../connector.ts'
import { api } from './index.ts'
import { keysOf, makeSecret, signatureHeaders } from './verify.ts'

const credentials = { signingSecret: makeSecret(), callbackSecret: makeSecret() }
const settings = { callbackUrl: 'https://desk.airline.example/answers' }

runConformance(api, {
  folder: new URL('.', import.meta.url),
  openMaps: ['facts', 'attributes', 'data'],
  settings,
  signing: {
    credentials,
    otherCredentials: { signingSecret: makeSecret() },
    sign: (body, at, by) => signatureHeaders(keysOf(by['signingSecret']), 'evt_1', at, body),
    windowSeconds: 300,
  },
  sending: {
    connect: (url) => ({
      settings: { callbackUrl: `${url}/answers`, lookUpUrl: `${url}/answers/known?desk=1` },
      credentials,
    }),
    taken: { status: 200, body: { externalId: 'reply-991' } },
    identityIn: ({ headers }) => headers['webhook-id'],
    lookUp: { found: () => answer(200, { externalId: 'reply-991' }), absent: answer(404) },
    overLimit: 'rejected',
    outcomes: {
      unauthorised: 'reauthorize',
      forbidden: 'reauthorize',
      missing: 'rejected',
      gone: 'rejected',
      invalid: 'rejected',
      limited: 'retry',
      limitedToADate: 'retry',
      limitedOddly: 'retry',
      // The receiver drops what it has seen by its id, so trying again can't double it.
      broken: 'retry',
      away: 'retry',
      refusing: 'retry',
      redirecting: 'unknown',
      late: 'unknown',
      silent: 'unknown',
      hangingUp: 'unknown',
      closingHalfway: 'unknown',
      endless: 'unknown',
      // It said 200; what else it said does not matter.
      babbling: 'sent',
      answeringTwice: 'sent',
    },
  },
})

describe('settings', () => {
  const check = compileSchema({ schema: api.settings, httpPart: 'body', method: 'POST', url: '' }) as (
    value: unknown,
  ) => { readonly error?: { readonly fields?: readonly { readonly path: string }[] } }
  const wrong = (value: unknown) => check(value).error?.fields?.map(({ path }) => path) ?? []

  test('may be none but what the program makes itself', () => {
    expect(wrong(api.generate!())).toEqual([])
    expect(wrong({})).toEqual([])
  })

  test('may all be set, a secret twice while it is changed', () => {
    const twice = `${makeSecret()} ${makeSecret()}`
    const all = { lookUpUrl: 'http://desk.example:8080/known', shape: 'tree', textLimit: 500, replyWindowHours: 0.5 }
    expect(wrong({ ...settings, ...all, signingSecret: twice, callbackSecret: twice })).toEqual([])
  })

  test.each([
    ['callbackUrl', 'desk.example'],
    ['lookUpUrl', 'ftp://desk.example'],
    ['shape', 'circle'],
    ['textLimit', 100_001],
    ['replyWindowHours', 0],
    ['signingSecret', 'a word'],
    ['callbackSecret', 'whsec_short'],
    ['colour', 'blue'],
  ])('refuse %s: %s', (name, value) => {
    expect(wrong({ [name]: value })).toEqual([name])
  })
})

describe('a batch', () => {
  const receive = (body: unknown) =>
    api.receive(
      { id: 'd', headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: TEST_NOW },
      { connectionId: 'c', settings: {} },
    )
  const deletions = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ type: 'deletion', id: `m${index}` }))

  test('of two hundred is taken, of one more is not', () => {
    expect(receive({ events: deletions(200) })).toHaveLength(200)
    expect(receive({ events: [] })).toEqual([])
    expect(() => receive({ events: deletions(201) })).toThrow('events: 201 are more than 200')
  })

  test('names the place of what is wrong in it', () => {
    const events = [
      { type: 'deletion', id: 'x' },
      { type: 'message', id: 'y', text: 'hi', thread: { key: 5 } },
    ]
    expect(() => receive({ events })).toThrow(/^events\.1(\.\w+)*: /)
    expect(() => receive({ events: [{ type: 'poll' }] })).toThrow(/^events\.0\.type: "poll" is not one of message, /)
    expect(() => receive({ events: ['x'] })).toThrow('events.0: must be object')
  })
})

describe('whether a thread can be answered', () => {
  const thread = (given: Partial<ThreadState> = {}): ThreadState => ({
    visibility: 'private',
    lastInboundAt: TEST_NOW,
    facts: {},
    ...given,
  })
  const at = (hours: number) => new Date(TEST_NOW.getTime() + hours * 3_600_000)

  test('depends on an address for answers', () => {
    expect(api.canReply(thread(), TEST_NOW, {})).toMatchObject({ ok: false })
    expect(api.canReply(thread(), TEST_NOW, settings)).toEqual({
      ok: true,
      how: 'Private answer',
      until: null,
      cost: null,
    })
  })

  test('ends with the window, or earlier when the other side says so', () => {
    const windowed = { ...settings, replyWindowHours: 24 }
    expect(api.canReply(thread(), at(23), windowed)).toMatchObject({ ok: true, until: at(24) })
    expect(api.canReply(thread(), at(24), windowed)).toMatchObject({ ok: false, why: 'The time to answer is over.' })
    const facts = { replyUntil: at(2).toISOString() }
    expect(api.canReply(thread({ facts }), at(1), windowed)).toMatchObject({ ok: true, until: at(2) })
    expect(api.canReply(thread({ facts }), at(3), windowed)).toMatchObject({ ok: false })
  })

  test('is over when the thread is closed, in the other side’s words where there are any', () => {
    expect(api.canReply(thread({ facts: { closed: true } }), TEST_NOW, settings)).toMatchObject({ ok: false })
    const closed = thread({ facts: { closed: 'Settled at the counter' } })
    expect(api.canReply(closed, TEST_NOW, settings)).toEqual({ ok: false, why: 'Settled at the counter' })
    expect(api.canReply(thread({ facts: { closed: false } }), TEST_NOW, settings)).toMatchObject({ ok: true })
  })
})
