import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, type FakePlatform, type FakeRequest, receiver, startFakePlatform } from '#platform/testing/fake-platform'
import { anOutbound, openLoopbackFetch, runConformance, TEST_NOW, testContext } from '../conformance.ts'
import type { OutboundMedia, ThreadState } from '../connector.ts'
import { api } from './index.ts'
import { retryAfter } from './send.ts'
import { keysOf, makeSecret, signatureHeaders, verify } from './verify.ts'

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

describe('the signature', () => {
  // The worked example that libraries of the scheme are tested with, so that both ends can't be wrong in the same way.
  test('is what the specification says, to the byte', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const at = new Date(1614265330_000)
    const body = '{"test": 2432232314}'
    const headers = signatureHeaders(keysOf(secret), 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, body)
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
    const delivery = { headers, body: Buffer.from(body), receivedAt: at }
    expect(verify(delivery, { signingSecret: secret })).toEqual({ ok: true })
  })

  const body = Buffer.from('{}')
  const signedBy = (secrets: string) => ({
    headers: signatureHeaders(keysOf(secrets), 'evt_1', TEST_NOW, body),
    body,
    receivedAt: TEST_NOW,
  })
  const [old, fresh] = [makeSecret(), makeSecret()]

  test('holds while a key is changed, whichever side changes first', () => {
    expect(signedBy(`${old} ${fresh}`).headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/)
    for (const [theirs, ours] of [
      [`${old} ${fresh}`, old],
      [`${old} ${fresh}`, fresh],
      [old, `${old} ${fresh}`],
      [fresh, `${old} ${fresh}`],
    ] as const) {
      expect(verify(signedBy(theirs), { signingSecret: ours })).toEqual({ ok: true })
    }
    expect(verify(signedBy(old), { signingSecret: fresh })).toEqual({ ok: false, reason: 'bad_signature' })
  })

  test('of another kind beside ours is passed over', () => {
    const delivery = signedBy(old)
    const signature = `v1a,${'A'.repeat(86)}== ${delivery.headers['webhook-signature']}`
    const headers = { ...delivery.headers, 'webhook-signature': signature }
    expect(verify({ ...delivery, headers }, { signingSecret: old })).toEqual({ ok: true })
  })

  test.each([
    ['without an id', { 'webhook-id': '' }],
    ['with a full stop in its id', { 'webhook-id': 'evt_1.2' }],
    ['with a timestamp that is no number', { 'webhook-timestamp': 'now' }],
    ['with a negative timestamp', { 'webhook-timestamp': '-1' }],
    ['without a signature', { 'webhook-signature': ' ' }],
    ['with eleven signatures', { 'webhook-signature': Array.from({ length: 11 }, () => 'v1,AA==').join(' ') }],
  ])('%s is malformed', (_what, change) => {
    const delivery = signedBy(old)
    const headers = { ...delivery.headers, ...change }
    expect(verify({ ...delivery, headers }, { signingSecret: old })).toEqual({ ok: false, reason: 'malformed' })
  })

  test('cut at another full stop does not fit', () => {
    const at = '1788264000'
    const key = keysOf(old)[0]!
    const whole = createHmac('sha256', key).update(`a.${at}.5.{}`).digest('base64')
    // The same signed text, claimed as id `a.<time>`, time 5.
    const headers = { 'webhook-id': `a.${at}`, 'webhook-timestamp': '5', 'webhook-signature': `v1,${whole}` }
    expect(verify({ headers, body, receivedAt: new Date(5000) }, { signingSecret: old }).ok).toBe(false)
  })

  test.each(['', 'secret', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'A'.repeat(200)}`, `${old} nonsense`])(
    'has no key in "%s"',
    (secret) => expect(keysOf(secret)).toEqual([]),
  )
})

describe('a batch', () => {
  const receive = (body: unknown) =>
    api.receive(
      { id: 'd', headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt: TEST_NOW },
      { connectionId: 'c', settings: {} },
    )
  const deletions = (count: number) => Array.from({ length: count }, (_, index) => ({ type: 'deletion', id: `m${index}` }))

  test('of two hundred is taken, of one more is not', () => {
    expect(receive({ events: deletions(200) })).toHaveLength(200)
    expect(receive({ events: [] })).toEqual([])
    expect(() => receive({ events: deletions(201) })).toThrow('events: 201 are more than 200')
  })

  test('names the place of what is wrong in it', () => {
    const events = [{ type: 'deletion', id: 'x' }, { type: 'message', id: 'y', text: 'hi', thread: { key: 5 } }]
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
    expect(api.canReply(thread(), TEST_NOW, settings)).toEqual({ ok: true, how: 'Private answer', until: null, cost: null })
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

describe('an answer', () => {
  let platform: FakePlatform
  const network = openLoopbackFetch({ timeoutMs: 1000 })
  beforeAll(async () => {
    platform = await startFakePlatform()
  })
  afterAll(async () => {
    await network.close()
    await platform.stop()
  })
  const contextWith = (given: Record<string, unknown> = {}) =>
    testContext({
      fetch: network.fetch,
      credentials,
      settings: { callbackUrl: `${platform.url}/answers`, lookUpUrl: `${platform.url}/known?desk=1`, ...given },
    })
  const signed = ({ headers, body }: FakeRequest) =>
    verify({ headers, body, receivedAt: TEST_NOW }, { signingSecret: credentials.callbackSecret })
  const file = (name: string, bytes: Buffer, size = bytes.length): OutboundMedia => ({
    name,
    mediaType: 'image/png',
    size,
    alt: 'A picture',
    read: async () => bytes,
  })

  test('carries all that the other side needs, signed with the outgoing secret', async () => {
    platform.script(answer(200, { externalId: 'reply-991' }))
    const outbound = anOutbound({
      subject: 'Your bag',
      parentExternalId: 'ticket-8841/1',
      media: [file('tag.png', Buffer.from('png'))],
      threadFacts: { booking: 'X7QK2P' },
    })
    expect(await api.send!(outbound, contextWith())).toEqual({ state: 'sent', externalId: 'reply-991' })
    const [request] = platform.requests
    expect(request).toMatchObject({ method: 'POST', path: '/answers', headers: { 'content-type': 'application/json' } })
    expect(signed(request!)).toEqual({ ok: true })
    expect(JSON.parse(request!.body.toString())).toEqual({
      version: 1,
      type: 'answer',
      messageId: outbound.messageId,
      thread: { key: 'thread-1', visibility: 'private', facts: { booking: 'X7QK2P' } },
      inReplyTo: 'ticket-8841/1',
      recipient: { id: 'customer-1', handle: 'ada', scope: '' },
      author: { name: 'Jo from support' },
      text: 'Your bag is on the next flight.',
      subject: 'Your bag',
      media: [{ name: 'tag.png', mediaType: 'image/png', size: 3, alt: 'A picture', content: 'cG5n' }],
      at: '2026-09-01T12:00:00.000Z',
    })
  })

  test('keeps its own name where the other side gives none', async () => {
    const outbound = anOutbound()
    for (const body of [{}, { externalId: null }, { externalId: '' }, { externalId: 'a\nb' }, [], 'thanks']) {
      platform.script(answer(200, body))
      const outcome = await api.send!(outbound, contextWith())
      expect(outcome).toEqual({ state: 'sent', externalId: outbound.platformIdentity })
    }
    platform.script(answer(201, { externalId: 77 }))
    expect(await api.send!(outbound, contextWith())).toEqual({ state: 'sent', externalId: '77' })
  })

  test('is pending at 202, and was sent before at 409', async () => {
    platform.script(answer(202, { externalId: 'q-1' }), answer(409, { externalId: 'reply-991' }))
    expect(await api.send!(anOutbound(), contextWith())).toEqual({ state: 'pending', externalId: 'q-1' })
    expect(await api.send!(anOutbound(), contextWith())).toEqual({ state: 'sent', externalId: 'reply-991' })
  })

  test('is rejected in the other side’s words, three hundred characters of them', async () => {
    platform.script(answer(422, { reason: `No\n\tsuch ${'x'.repeat(400)}` }), answer(400, '<b>Bad</b>'), answer(404))
    const context = contextWith()
    const reasons = []
    for (let time = 0; time < 3; time++) {
      const outcome = await api.send!(anOutbound(), context)
      reasons.push('reason' in outcome && outcome.reason)
    }
    expect(reasons).toEqual([`422: No such ${'x'.repeat(292)}`, '400: <b>Bad</b>', '404: no reason given'])
  })

  test('that is too much for the other side never leaves', async () => {
    const most = 1024 * 1024
    platform.script(answer(200))
    const refused = [
      [contextWith({ textLimit: 5 }), anOutbound({ text: '123456' }), 'The text has 6 characters; this connection takes 5'],
      [contextWith(), anOutbound({ media: [file('big.png', Buffer.alloc(0), most + 1)] }), 'big.png is larger than 1 MB'],
      [contextWith(), anOutbound({ media: [file('liar.png', Buffer.alloc(most + 1), 1)] }), 'liar.png is larger than 1 MB'],
      [contextWith(), anOutbound({ media: Array(6).fill(file('a.png', Buffer.alloc(1), most)) }), 'larger than 5 MB'],
      [contextWith(), anOutbound({ media: Array(11).fill(file('a.png', Buffer.alloc(1))) }), '11 files are more than'],
    ] as const
    for (const [context, outbound, reason] of refused) {
      const outcome = await api.send!(outbound, context)
      expect(outcome).toEqual({ state: 'rejected', reason: expect.stringContaining(reason) })
    }
    expect(platform.requests).toEqual([])
  })

  test('whose file cannot be read now is tried again later', async () => {
    const lost = { ...file('a.png', Buffer.alloc(1)), read: () => Promise.reject(new Error('disk')) }
    expect(await api.send!(anOutbound({ media: [lost] }), contextWith())).toMatchObject({ state: 'retry' })
  })

  test('tried again after an error is taken once by a receiver that keeps the ids', async () => {
    const desk = receiver()
    platform.script(desk.take(answer(500)), desk.take(answer(503)), desk.take(answer(200)))
    const states = []
    for (const attempt of [1, 2, 3]) states.push((await api.send!(anOutbound({ attempt }), contextWith())).state)
    expect(states).toEqual(['retry', 'retry', 'sent'])
    expect([...desk.arrivals]).toEqual([[anOutbound().platformIdentity, 3]])
    expect(desk.taken.size).toBe(1)
    expect(new Set(platform.requests.map(({ body }) => body.toString())).size).toBe(1)
  })

  test('in doubt is asked about by its id, signed', async () => {
    platform.script(answer(200, { externalId: 'reply-991' }))
    expect(await api.lookUp!(anOutbound(), contextWith())).toEqual({ state: 'found', externalId: 'reply-991' })
    const [request] = platform.requests
    expect(request).toMatchObject({ method: 'GET', path: `/known?desk=1&id=${anOutbound().platformIdentity}` })
    expect(signed(request!)).toEqual({ ok: true })
  })

  test('stays in doubt where nobody can be asked, or all is answered with a yes', async () => {
    platform.script(answer(200, '<html>Welcome</html>'))
    expect(await api.lookUp!(anOutbound(), contextWith())).toMatchObject({ state: 'unknown' })
    expect(await api.lookUp!(anOutbound(), contextWith({ lookUpUrl: undefined }))).toMatchObject({ state: 'unknown' })
  })

  test('can be tried out: a signed word that is no message', async () => {
    platform.script(answer(204), answer(401, { error: 'wrong key' }))
    expect(await api.test!(contextWith())).toEqual({ ok: true, note: 'It answered 204.' })
    expect(signed(platform.requests[0]!)).toEqual({ ok: true })
    expect(JSON.parse(platform.requests[0]!.body.toString())).toMatchObject({ type: 'test' })
    expect(await api.test!(contextWith())).toEqual({
      ok: false,
      reason: 'It answered 401: wrong key',
      field: 'callbackUrl',
    })
    expect(await api.test!(contextWith({ callbackUrl: undefined }))).toMatchObject({ ok: true })
    expect(await api.test!(contextWith({ callbackUrl: 'desk' }))).toMatchObject({ ok: false, field: 'callbackUrl' })
    expect(await api.test!({ ...contextWith(), credentials: {} })).toMatchObject({ ok: false, field: 'callbackSecret' })
  })
})

test.each([
  ['7', 7],
  [' 0 ', 0],
  ['999999999', 86_400],
  ['Tue, 01 Sep 2026 12:01:30 GMT', 90],
  ['Tue, 01 Sep 2020 12:01:30 GMT', 0],
  ['-5', null],
  ['soon', null],
  ['', null],
  [undefined, null],
] as const)('Retry-After "%s" waits %s seconds', (header, seconds) => {
  const at = retryAfter(header, TEST_NOW)
  expect(at && (at.getTime() - TEST_NOW.getTime()) / 1000).toBe(seconds)
})
