import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  answer,
  type FakePlatform,
  type FakeRequest,
  receiver,
  startFakePlatform,
} from '#platform/testing/fake-platform'
import { anOutbound, openLoopbackFetch, TEST_NOW, testContext } from '../conformance.ts'
import type { OutboundMedia } from '../connector.ts'
import { api } from './index.ts'
import { retryAfter } from './send.ts'
import { makeSecret, verify } from './verify.ts'

const credentials = { signingSecret: makeSecret(), callbackSecret: makeSecret() }

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
    expect(signed(request!)).toMatchObject({ ok: true })
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
      [
        contextWith({ textLimit: 5 }),
        anOutbound({ text: '123456' }),
        'The text has 6 characters; this connection takes 5',
      ],
      [
        contextWith(),
        anOutbound({ media: [file('big.png', Buffer.alloc(0), most + 1)] }),
        'big.png is larger than 1 MB',
      ],
      [
        contextWith(),
        anOutbound({ media: [file('liar.png', Buffer.alloc(most + 1), 1)] }),
        'liar.png is larger than 1 MB',
      ],
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
    expect(signed(request!)).toMatchObject({ ok: true })
  })

  test('stays in doubt where nobody can be asked, or all is answered with a yes', async () => {
    platform.script(answer(200, '<html>Welcome</html>'))
    expect(await api.lookUp!(anOutbound(), contextWith())).toMatchObject({ state: 'unknown' })
    expect(await api.lookUp!(anOutbound(), contextWith({ lookUpUrl: undefined }))).toMatchObject({ state: 'unknown' })
  })

  test('can be tried out: a signed word that is no message', async () => {
    platform.script(answer(204), answer(401, { error: 'wrong key' }))
    expect(await api.test!(contextWith())).toEqual({ ok: true, note: 'It answered 204.' })
    expect(signed(platform.requests[0]!)).toMatchObject({ ok: true })
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
