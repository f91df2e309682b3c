// What goes out to a server that keeps what it takes, so that every outcome is held against the truth.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anOutbound, openLoopbackFetch, testContext } from '../conformance.ts'
import type { ModerationOrder, Outbound, OutboundMedia, PlatformContext } from '../connector.ts'
import { mastodon } from './index.ts'
import { describeHome } from './learn.ts'
import { withMentions } from './send.ts'
import { type LocalMastodon, type MastodonServerOptions, startMastodonServer } from './testing/server.ts'
import type { LocalAccount, LocalStatus } from './testing/state.ts'

let network: ReturnType<typeof openLoopbackFetch>
let server: LocalMastodon
let ada: LocalAccount
let question: LocalStatus
let context: PlatformContext
let at = 0

beforeAll(() => {
  network = openLoopbackFetch({ timeoutMs: 1500 })
})
afterAll(() => network.close())

async function start(options: MastodonServerOptions = {}, settings: Readonly<Record<string, unknown>> = {}) {
  await server?.stop()
  at = Date.parse('2026-09-01T12:00:00.000Z')
  const now = () => new Date((at += 10))
  server = await startMastodonServer({ now, ...options })
  ada = server.world.account('ada@trains.example')
  question = server.world.post(ada, '@hollow_air@social.example where is my bag?')
  const base = testContext({
    ...network,
    now,
    settings: { server: server.url, ...settings },
    credentials: { accessToken: server.token },
  })
  const described = await describeHome(base, { origin: server.url, token: server.token })
  if (!described.ok) throw new Error(described.reason)
  context = { ...base, settings: { ...described.learned, ...base.settings } }
}
beforeEach(() => start())
afterEach(() => server.stop())

const recipient = () => ({ externalId: ada.id, handle: 'ada@trains.example', scope: 'social.example' })
let count = 0
function answering(given: Partial<Outbound> = {}): Outbound {
  const messageId = `019936a0-0000-7000-8000-${String((count += 1)).padStart(12, '0')}`
  return anOutbound({
    messageId,
    platformIdentity: mastodon.identityFor(messageId, new Date(at), {}),
    threadKey: `tree:${question.id}`,
    visibility: 'public',
    parentExternalId: question.id,
    recipient: recipient(),
    text: 'On the next flight.',
    at: new Date(at),
    ...given,
  })
}
const inPrivate = (given: Partial<Outbound> = {}) =>
  answering({ threadKey: `line:${ada.id}`, visibility: 'private', parentExternalId: null, ...given })
const send = (outbound: Outbound, given: Partial<PlatformContext> = {}) =>
  mastodon.send!(outbound, { ...context, ...given })
const kept = () => [...server.world.statuses.values()].filter(({ by }) => by === server.world.me.id)
const post = /^\/api\/v1\/statuses$/

describe('an answer', () => {
  test('hangs below what it answers, names who wrote it, and says where it can be seen', async () => {
    const outcome = await send(answering())
    expect(kept()).toMatchObject([
      { text: '@ada@trains.example On the next flight.', inReplyTo: question.id, visibility: 'public', warning: '' },
    ])
    expect(outcome).toMatchObject({
      state: 'sent',
      externalId: kept()[0]!.id,
      url: expect.stringContaining(kept()[0]!.id),
    })
  })

  test('is as public as what it answers or less, whatever is asked for', async () => {
    const cases = [
      ['public', 'public', {}, 'public'],
      ['unlisted', 'public', {}, 'unlisted'],
      ['private', 'public', {}, 'private'],
      ['direct', 'public', {}, 'direct'],
      ['public', 'private', {}, 'direct'],
      ['unlisted', 'private', {}, 'direct'],
      ['public', 'public', { replyVisibility: 'unlisted' }, 'unlisted'],
      ['private', 'public', { replyVisibility: 'unlisted' }, 'private'],
    ] as const
    for (const [theirs, asked, settings, wanted] of cases) {
      const theirPost = server.world.post(ada, '@hollow_air@social.example hm', { visibility: theirs })
      const outbound =
        asked === 'private'
          ? inPrivate({ parentExternalId: theirPost.id })
          : answering({ parentExternalId: theirPost.id })
      await send(outbound, { settings: { ...context.settings, ...settings } })
      expect([theirs, asked, kept().at(-1)!.visibility]).toEqual([theirs, asked, wanted])
    }
  })

  test('to a kind of visibility that nobody has heard of goes to nobody else', async () => {
    Object.assign(question, { visibility: 'circle' })
    server.world.statuses.set(question.id, { ...question, text: '@hollow_air@social.example x' })
    await send(answering())
    expect(kept().at(-1)!.visibility).toBe('direct')
  })

  test('does not name twice who is named already, in whatever spelling', () => {
    const names = (text: string) => withMentions(text, ['ada@trains.example', 'bo@social.example'], 'social.example')
    expect(names('Hello')).toBe('@ada@trains.example @bo Hello')
    expect(names('@Ada@Trains.Example hello @bo.')).toBe('@Ada@Trains.Example hello @bo.')
    expect(names('@bo@social.example: mail me at x@ada.example')).toBe(
      '@ada@trains.example @bo@social.example: mail me at x@ada.example',
    )
    expect(names('https://social.example/@bo hi')).toBe('@ada@trains.example @bo https://social.example/@bo hi')
  })

  test('goes on below itself as a chain, still naming the customer', async () => {
    const first = await send(answering({ text: 'First part' }))
    if (first.state !== 'sent') throw new Error('not sent')
    await send(
      answering({ text: 'second part', parentExternalId: first.externalId, follows: [question.id, first.externalId] }),
    )
    expect(kept().at(-1)).toMatchObject({ inReplyTo: first.externalId, text: '@ada@trains.example second part' })
    const full = 'x'.repeat(500)
    await send(answering({ text: full, parentExternalId: first.externalId }))
    expect(kept().at(-1)).toMatchObject({ inReplyTo: first.externalId, text: full })
  })

  test('begins with a name that counts, so that whoever splits a text can count it in', async () => {
    const opening = mastodon.openingOf!(recipient(), context.settings)
    expect(opening).toBe('@ada@trains.example ')
    expect(mastodon.openingOf!({ ...recipient(), handle: 'bo@social.example' }, context.settings)).toBe('@bo ')
    const text = 'x'.repeat(500 - '@ada '.length)
    expect(await send(answering({ text }))).toMatchObject({ state: 'sent' })
    expect(kept().at(-1)!.text).toBe(opening + text)
    expect(await send(answering({ text: `${text}x` }))).toMatchObject({ state: 'rejected' })
  })

  test('may be hidden behind a line of warning, which counts', async () => {
    await send(answering({ warning: 'lost bags' }))
    expect(kept()[0]).toMatchObject({ warning: 'lost bags' })
    const name = '@ada '.length
    expect(await send(answering({ text: 'x'.repeat(500 - name - 5), warning: '12345' }))).toMatchObject({
      state: 'sent',
    })
    expect(await send(answering({ text: 'x'.repeat(500 - name - 4), warning: '12345' }))).toMatchObject({
      state: 'rejected',
      reason: expect.stringContaining('501'),
    })
  })

  test('is as long as this server allows, and what is sent fits it', async () => {
    await start({ maxCharacters: 1000 })
    expect(mastodon.textLimitsOf!(context.settings, 'public')).toEqual([
      { unit: 'grapheme', max: 1000, linksCountAs: 23, mentionsWithoutServer: true, countsWarning: true },
    ])
    expect(await send(answering({ text: '👩‍👩‍👧‍👦'.repeat(995) }))).toMatchObject({ state: 'sent' })
    expect(await send(answering({ text: '👩‍👩‍👧‍👦'.repeat(996) }))).toMatchObject({ state: 'rejected' })
    expect(kept()).toHaveLength(1)
  })

  test('to what is gone is refused before anything leaves; a private line goes on without it', async () => {
    const gone = answering()
    server.world.remove(question.id)
    expect(await send(gone)).toEqual({ state: 'rejected', reason: 'The post that this answers is not there any more' })
    expect(await send(inPrivate({ parentExternalId: question.id }))).toMatchObject({ state: 'sent' })
    expect(kept()).toMatchObject([{ visibility: 'direct', inReplyTo: null }])
  })

  test('in private reaches whoever is in the line: one by name, a crowd by what it answers', async () => {
    const bo = server.world.account('bo')
    await send(inPrivate())
    expect(kept()[0]).toMatchObject({ text: '@ada@trains.example On the next flight.', visibility: 'direct' })
    const theirs = server.world.post(ada, '@hollow_air@social.example @bo both', { visibility: 'direct' })
    await send(inPrivate({ threadKey: `line:${ada.id}+${bo.id}`, parentExternalId: theirs.id }))
    expect(kept()[1]).toMatchObject({ text: '@ada@trains.example @bo On the next flight.', inReplyTo: theirs.id })
    await send(inPrivate({ recipient: { externalId: bo.id, handle: null, scope: '' }, threadKey: `line:${bo.id}` }))
    expect(kept()[2]!.text).toBe('@bo On the next flight.')
  })
})

describe('files', () => {
  const file = (given: Partial<OutboundMedia> = {}): OutboundMedia => ({
    name: 'bag.png',
    mediaType: 'image/png',
    size: 4,
    alt: 'A bag, "green"',
    read: async () => Buffer.from([0x89, 0x50, 0x0d, 0x0a]),
    ...given,
  })

  test('go up with what they show in words, and a film is waited for', async () => {
    await start({ processing: 3 })
    const film = file({ name: 'film.mp4', mediaType: 'video/mp4', alt: null })
    expect(await send(answering({ media: [file(), film] }))).toMatchObject({ state: 'sent' })
    expect(kept()[0]!.media).toMatchObject([
      { type: 'image', description: 'A bag, "green"' },
      { type: 'video', description: null },
    ])
  })

  test('that are too many, too large, of another kind, or told in too many words are refused in words', async () => {
    const refused: [readonly OutboundMedia[], RegExp][] = [
      [Array(5).fill(file()), /4 files/],
      [[file({ size: 17 * 1024 * 1024 })], /16 MB/],
      [[file({ mediaType: 'application/pdf', name: 'a.pdf' })], /a\.pdf/],
      [[file({ alt: 'x'.repeat(1501) })], /1500/],
    ]
    for (const [media, reason] of refused)
      expect(await send(answering({ media }))).toMatchObject({
        state: 'rejected',
        reason: expect.stringMatching(reason),
      })
    expect(server.requests.filter(({ path }) => path === '/api/v2/media')).toEqual([])
    expect(kept()).toEqual([])
  })

  test('that the server stumbles over keep the answer here, surely', async () => {
    server.trouble({ path: /media$/, how: 'hang up' })
    expect(await send(answering({ media: [file()] }))).toMatchObject({ state: 'retry' })
    server.trouble({ path: /media$/, how: { status: 422, body: { error: 'File is invalid' } } })
    expect(await send(answering({ media: [file()] }))).toMatchObject({
      state: 'rejected',
      reason: /File is invalid/ as never,
    })
    expect(kept()).toEqual([])
  })

  test('that are never ready are given up in time', async () => {
    await start({ processing: 1000 })
    const outcome = send(answering({ media: [file({ mediaType: 'video/mp4' })] }), {
      now: () => new Date((at += 6000)),
    })
    expect(await outcome).toMatchObject({ state: 'retry', reason: expect.stringContaining('still working') })
    expect(kept()).toEqual([])
  })
})

describe('a doubt', () => {
  const lookUp = (outbound: Outbound) => mastodon.lookUp!(outbound, context)

  test.each([
    ['hang', 'public'],
    ['hang up', 'public'],
    ['hang', 'private'],
  ] as const)(
    'after a server that took it and would %s (%s) is settled by looking: found, not doubled',
    async (how, visibility) => {
      const outbound =
        visibility === 'public'
          ? answering({ text: 'See https://hollow.example/a/very/long/address/of/a/page & come' })
          : inPrivate()
      server.trouble({ method: 'POST', path: post, when: 'after', how })
      expect(await send(outbound)).toMatchObject({ state: 'unknown' })
      expect(kept()).toHaveLength(1)
      expect(await lookUp(outbound)).toMatchObject({ state: 'found', externalId: kept()[0]!.id })
      // Sent once more in spite of it, within the hour, the server knows it.
      expect(await send({ ...outbound, attempt: 2 })).toMatchObject({ state: 'sent', externalId: kept()[0]!.id })
      expect(kept()).toHaveLength(1)
    },
  )

  test('after one that never got it is settled too, and also without the source of posts', async () => {
    const outbound = answering()
    server.trouble({ method: 'POST', path: post, how: 'hang up' })
    expect(await send(outbound)).toMatchObject({ state: 'unknown' })
    expect(await lookUp(outbound)).toEqual({ state: 'absent' })
    await send(outbound)
    server.trouble({ path: /source$/, how: { status: 404 }, times: 5 })
    expect(await lookUp(outbound)).toMatchObject({ state: 'found' })
  })

  test('does not take another answer in the same words for it', async () => {
    const before = await send(answering({ text: 'Thank you!' }))
    if (before.state !== 'sent') throw new Error('not sent')
    const again = answering({ text: 'Thank you!', follows: [question.id, before.externalId] })
    server.trouble({ method: 'POST', path: post, how: 'hang up' })
    expect(await send(again)).toMatchObject({ state: 'unknown' })
    expect(await lookUp(again)).toEqual({ state: 'absent' })
  })

  test('about a post of long ago looks as far back as that, page by page', async () => {
    const outbound = answering()
    server.trouble({ method: 'POST', path: post, when: 'after', how: 'hang up' })
    await send(outbound)
    for (let index = 0; index < 100; index++) server.world.post(server.world.me, `post ${index}`)
    expect(await lookUp(outbound)).toMatchObject({ state: 'found' })
    for (let index = 0; index < 200; index++) server.world.post(server.world.me, `more ${index}`)
    expect(await lookUp(outbound)).toMatchObject({ state: 'unknown' })
  })

  test('stays one when the token is revoked', async () => {
    const outbound = answering()
    server.revoke()
    expect(await send(outbound)).toMatchObject({ state: 'reauthorize' })
    expect(await lookUp(outbound)).toMatchObject({ state: 'unknown' })
  })
})

test('a rate limit is waited out until the window ends, before and at the post itself', async () => {
  server.exhaust()
  const until = new Date('2026-09-01T12:05:00.000Z')
  const outcome = await send(answering())
  expect(outcome).toMatchObject({ state: 'retry' })
  expect('retryAt' in outcome && Math.abs(outcome.retryAt!.getTime() - until.getTime())).toBeLessThan(1000)
  expect(await send(inPrivate())).toMatchObject({ state: 'retry' })
  expect(kept()).toEqual([])
})

describe('moderation', () => {
  const order = (given: Partial<ModerationOrder>): ModerationOrder => ({
    action: 'report',
    externalId: question.id,
    author: recipient(),
    reason: 'Spam, again and again',
    ours: false,
    ...given,
  })
  const moderate = (given: Partial<ModerationOrder>) => mastodon.moderate!(order(given), context)

  test('reports with the post and the reason, to the other server too', async () => {
    expect(await moderate({ reason: 'x'.repeat(2000) })).toEqual({ state: 'done' })
    expect(server.world.acts).toMatchObject([
      { act: 'report', account: ada.id, statuses: [question.id], comment: 'x'.repeat(1000), forward: 'true' },
    ])
  })

  test('blocks, mutes and back, twice as well as once', async () => {
    for (const action of ['block', 'block', 'unblock', 'mute', 'unmute'] as const)
      expect(await moderate({ action, externalId: null })).toEqual({ state: 'done' })
    expect(server.world.acts.map(({ act }) => act)).toEqual(['block', 'block', 'unblock', 'mute', 'unmute'])
    expect(await moderate({ action: 'block', author: null })).toEqual({ state: 'done' })
  })

  test('removes our own posts and nobody else’s, and hides none', async () => {
    const sent = await send(answering())
    const id = sent.state === 'sent' ? sent.externalId : ''
    expect(await moderate({ action: 'remove' })).toMatchObject({ state: 'rejected' })
    expect(await moderate({ action: 'hide' })).toMatchObject({ state: 'rejected' })
    expect(await moderate({ action: 'remove', externalId: id, ours: true })).toEqual({ state: 'done' })
    expect(kept()).toEqual([])
    expect(await moderate({ action: 'remove', externalId: id, ours: true })).toEqual({ state: 'gone' })
  })

  test('tells what the server says: gone, revoked, busy, silent', async () => {
    const path = /block$/
    expect(await moderate({ action: 'block', author: { ...recipient(), externalId: '12' } })).toEqual({ state: 'gone' })
    server.trouble({ path, how: { status: 503, headers: { 'retry-after': '30' } } })
    expect(await moderate({ action: 'block' })).toMatchObject({ state: 'retry', retryAt: expect.any(Date) })
    server.trouble({ path, how: 'hang up' })
    expect(await moderate({ action: 'block' })).toMatchObject({ state: 'retry' })
    server.revoke()
    expect(await moderate({ action: 'block' })).toMatchObject({ state: 'reauthorize' })
  })
})

describe('a private line', () => {
  const line = () => mastodon.privateLine!(recipient(), context)

  test('is the one that their private mentions come with', async () => {
    expect(await line()).toEqual({ ok: true, threadKey: `line:${ada.id}`, facts: { visibility: 'direct' } })
  })

  test('is not offered to who is gone, suspended, moved, or can’t be asked about', async () => {
    ada.fields['moved'] = server.world.accountOf(server.world.account('ada@steam.example'))
    expect(await line()).toEqual({ ok: false, why: 'This account moved to @ada@steam.example.' })
    ada.fields['suspended'] = true
    expect(await line()).toEqual({ ok: false, why: 'This account is suspended.' })
    ada.gone = true
    expect(await line()).toEqual({ ok: false, why: 'This account is not there any more.' })
    server.trouble({ path: /accounts/, how: 'hang up' })
    expect(await line()).toMatchObject({ ok: false, why: expect.stringContaining('could not be asked') })
  })
})
