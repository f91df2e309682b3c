import { describe, expect, test } from 'vitest'
import { testContext } from '../conformance.ts'
import { NotFetched } from '../connector.ts'
import { bluesky } from './index.ts'
import { type Desk, openDesk } from './testing/desk.ts'
import type { BlueskyServer } from './testing/server.ts'
import { type DeskParts, mentionOf, messagesIn, useDesk } from './testing/use-desk.ts'
import type { Person } from './testing/world.ts'

let server: BlueskyServer
let desk: Desk
let mia: Person
let network: DeskParts['network']
useDesk({ timeoutMs: 5000 }, (made) => ({ server, desk, mia, network } = made))

const mention = (text: string) => mentionOf(desk, text)
const mentionUs = (by: Person, text = '@acme.test where is my order?') => server.world.post(by, text, mention(text))

describe('in public', () => {
  test('a mention becomes a message with everything that an answer needs', async () => {
    await desk.hear()
    const post = mentionUs(mia)
    const events = await desk.hear()
    expect(messagesIn(events)).toMatchObject([
      {
        externalId: post.uri,
        text: '@acme.test where is my order?',
        author: { externalId: mia.did, handle: 'mia.test', name: 'Mia', reach: 0 },
        thread: {
          key: post.uri,
          shape: 'tree',
          visibility: 'public',
          subject: 'where is my order?',
          facts: { rootUri: post.uri, rootCid: post.cid, lastUri: post.uri, lastCid: post.cid, replyDisabled: false },
        },
        url: `https://bsky.app/profile/${mia.did}/post/${post.uri.split('/').at(-1)}`,
      },
    ])
    expect(messagesIn(events)[0]).not.toHaveProperty('context')
    expect(desk.learned).toMatchObject({ did: desk.person.did, handle: 'acme.test', chatAccess: 'open' })
  })

  test('what was there before the first look comes when it is young, once', async () => {
    const old = mentionUs(mia, '@acme.test long ago')
    server.world.pass(4 * 24 * 3600_000)
    const young = mentionUs(mia, '@acme.test just now')
    const events = await desk.hear()
    expect(messagesIn(events).map(({ externalId }) => externalId)).toEqual([young.uri])
    expect(messagesIn(await desk.hear())).toEqual([])
    desk.cursor = bluesky.backfill!(new Date('2026-08-01T00:00:00Z'), desk.cursor)
    expect(bluesky.progressOf!(desk.cursor)).toMatchObject({ done: 0, from: '2026-08-01T00:00:00.000Z' })
    expect(messagesIn(await desk.hear()).map(({ externalId }) => externalId)).toContain(old.uri)
    expect(bluesky.progressOf!(desk.cursor)).toBeNull()
  })

  test('looking back may be asked for before the first step', async () => {
    const old = mentionUs(mia, '@acme.test long ago')
    server.world.pass(30 * 24 * 3600_000)
    desk.cursor = bluesky.backfill!(new Date('2026-08-01T00:00:00Z'), null)
    expect(messagesIn(await desk.hear()).map(({ externalId }) => externalId)).toEqual([old.uri])
  })

  test('an answer to us comes with what it answers; strangers around it are shown and nobody waits', async () => {
    await desk.hear()
    const ours = server.world.post(desk.person, 'We open at nine.')
    const stranger = server.world.addPerson({ handle: 'zoe.test' })
    const aside = server.world.reply(stranger, server.world.post(stranger, 'Good shop'), 'indeed')
    const answer = server.world.reply(mia, ours, 'And on Sunday?')
    const other = server.world.post(mia, 'unrelated')
    const events = messagesIn(await desk.hear())
    expect(events.map(({ externalId, ours = false, context = false }) => ({ externalId, ours, context }))).toEqual([
      { externalId: ours.uri, ours: true, context: false },
      { externalId: answer.uri, ours: false, context: false },
    ])
    expect(events[1]).toMatchObject({
      parentExternalId: ours.uri,
      thread: { key: ours.uri, subject: 'We open at nine.' },
    })
    expect(events.map(({ externalId }) => externalId)).not.toContain(aside.uri)
    expect(events.map(({ externalId }) => externalId)).not.toContain(other.uri)
  })

  test('ancestors and later answers of others are context, in their order', async () => {
    await desk.hear()
    const zoe = server.world.addPerson({ handle: 'zoe.test' })
    const root = server.world.post(zoe, 'Who knows Acme?')
    const middle = server.world.reply(mia, root, 'I do')
    const text = '@acme.test is it true?'
    const call = server.world.reply(zoe, middle, text, mention(text))
    const below = server.world.reply(mia, call, 'Surely')
    const events = messagesIn(await desk.hear())
    expect(events.map(({ externalId, context = false }) => [externalId, context])).toEqual([
      [root.uri, true],
      [middle.uri, true],
      [call.uri, false],
      [below.uri, true],
    ])
    expect(new Set(events.map(({ thread }) => thread.key))).toEqual(new Set([root.uri]))
  })

  test('a deleted and a blocked parent keep their places', async () => {
    await desk.hear()
    const zoe = server.world.addPerson({ handle: 'zoe.test' })
    const root = server.world.post(zoe, 'Gone tomorrow')
    const text = '@acme.test look'
    const call = server.world.reply(mia, root, text, mention(text))
    server.world.remove(root.uri)
    expect(messagesIn(await desk.hear())).toMatchObject([
      { externalId: root.uri, text: 'This post is no longer there.', context: true, author: { externalId: zoe.did } },
      { externalId: call.uri },
    ])
    const angry = server.world.addPerson({ handle: 'angry.test' })
    const hidden = server.world.post(angry, 'They are bad')
    server.world.write(angry.did, 'app.bsky.graph.block', {
      $type: 'app.bsky.graph.block',
      subject: desk.person.did,
      createdAt: '2026-09-01T12:00:00.000Z',
    })
    const again = server.world.reply(mia, hidden, text, mention(text))
    expect(messagesIn(await desk.hear())).toMatchObject([
      { externalId: hidden.uri, text: 'This post is hidden by a block.', author: { externalId: angry.did } },
      { externalId: again.uri },
    ])
  })

  test('likes, reposts and quotes are deeds on the post; a quote is a message too', async () => {
    await desk.hear()
    const ours = server.world.post(desk.person, 'News')
    const like = server.world.like(mia, ours)
    const repost = server.world.repost(mia, ours)
    const quote = server.world.post(mia, 'Really?', {
      embed: { $type: 'app.bsky.embed.record', record: { uri: ours.uri, cid: ours.cid } },
    })
    const events = await desk.hear()
    const deeds = events.flatMap((event) => (event.type === 'engagement' && event.deed ? [event] : []))
    expect(deeds.map(({ externalId, deed }) => [externalId, deed!.kind, deed!.externalId])).toEqual([
      [ours.uri, 'like', like.uri],
      [ours.uri, 'repost', repost.uri],
      [ours.uri, 'quote', quote.uri],
    ])
    expect(messagesIn(events)).toMatchObject([
      { externalId: quote.uri, embeds: [{ kind: 'quote', text: 'News', author: 'acme.test' }] },
    ])
  })

  test('what our people answer elsewhere stands in its thread as ours', async () => {
    await desk.hear()
    const post = mentionUs(mia)
    await desk.hear()
    const answer = server.world.reply(desk.person, post, 'On its way, says the phone')
    expect(messagesIn(await desk.hear())).toMatchObject([
      { externalId: answer.uri, ours: true, parentExternalId: post.uri, thread: { key: post.uri } },
    ])
    expect(messagesIn(await desk.hear())).toEqual([])
  })

  test('an hour of silence is caught up without a gap and without a double', async () => {
    await desk.hear()
    const posts = Array.from({ length: 230 }, (_, index) => mentionUs(mia, `@acme.test number ${index}`))
    server.world.pass(3600_000)
    const heard = messagesIn(await desk.hear()).map(({ externalId }) => externalId)
    expect(new Set(heard)).toEqual(new Set(posts.map(({ uri }) => uri)))
    expect(heard).toHaveLength(230)
    expect(messagesIn(await desk.hear())).toEqual([])
  })

  test('what comes while a long way is walked back is not skipped', async () => {
    await desk.hear()
    const first = Array.from({ length: 120 }, (_, index) => mentionUs(mia, `@acme.test early ${index}`))
    const heard: string[] = []
    const second: string[] = []
    for (let more = true; more;) {
      const step = await desk.step()
      heard.push(...messagesIn(step.events).map(({ externalId }) => externalId))
      if (second.length < 30) second.push(...Array.from({ length: 10 }, () => mentionUs(mia, '@acme.test late').uri))
      more = step.more
    }
    heard.push(...messagesIn(await desk.hear()).map(({ externalId }) => externalId))
    expect(new Set(heard)).toEqual(new Set([...first.map(({ uri }) => uri), ...second]))
  })

  test('a thread of 5,000 answers stays small, and the answer to us is in it', { timeout: 60_000 }, async () => {
    await desk.hear()
    const ours = server.world.post(desk.person, 'Ask us anything')
    for (let index = 0; index < 5000; index++) server.world.reply(mia, ours, `question ${index}`)
    const text = '@acme.test hello?'
    const zoe = server.world.addPerson({ handle: 'zoe.test' })
    const call = server.world.reply(zoe, ours, text, mention(text))
    server.world.noticed.splice(0, server.world.noticed.length - 1)
    const { events, bodies } = await desk.step()
    expect(messagesIn(events).map(({ externalId }) => externalId)).toEqual([ours.uri, call.uri])
    expect(Math.max(...bodies.map((body) => body.length))).toBeLessThan(100_000)
  })

  test('a thread that can’t be fetched does not hold its message up', async () => {
    await desk.hear()
    const post = mentionUs(mia)
    server.trouble('app.bsky.feed.getPostThread', { status: 502, error: 'UpstreamFailure' })
    server.trouble('app.bsky.actor.getProfiles', { status: 502, error: 'UpstreamFailure' })
    expect(messagesIn(await desk.hear())).toMatchObject([{ externalId: post.uri, thread: { key: post.uri } }])
  })

  test('labels are a warning, and a program says that it is one', async () => {
    await desk.hear()
    mia.labels = ['bot']
    const post = mentionUs(mia)
    server.world.labels.set(post.uri, ['graphic-media', 'nobody-knows'])
    expect(messagesIn(await desk.hear())).toMatchObject([
      { warning: 'Labelled: graphic media', author: { isBot: true } },
    ])
  })
})

describe('afterwards', () => {
  const later = () => server.world.pass(3 * 60_000)

  test('counts, a new handle, a deleted post and a deleted account are told', async () => {
    await desk.hear()
    const post = mentionUs(mia)
    const zoe = server.world.addPerson({ handle: 'zoe.test' })
    const other = mentionUs(zoe)
    await desk.hear()
    server.world.like(zoe, post)
    mia.handle = 'mia.example'
    server.world.remove(other.uri)
    zoe.state = 'deleted'
    later()
    const events = await desk.hear()
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'engagement',
        externalId: post.uri,
        counts: expect.objectContaining({ likes: 1 }),
      }),
    )
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'identity',
        author: expect.objectContaining({ externalId: mia.did, handle: 'mia.example' }),
      }),
    )
    expect(events).toContainEqual(expect.objectContaining({ type: 'deletion', externalId: other.uri }))
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'identity', author: { externalId: zoe.did }, gone: true }),
    )
    later()
    expect(await desk.hear()).toEqual([])
  })

  test('the posts of somebody who switched their account off wait for them; of one taken down they are gone', async () => {
    await desk.hear()
    mentionUs(mia)
    const zoe = server.world.addPerson({ handle: 'zoe.test' })
    const other = mentionUs(zoe)
    await desk.hear()
    mia.state = 'deactivated'
    zoe.state = 'takendown'
    later()
    expect(await desk.hear()).toEqual([
      expect.objectContaining({ type: 'deletion', externalId: other.uri }),
      expect.objectContaining({ type: 'identity', author: { externalId: zoe.did }, gone: true }),
    ])
    mia.state = 'active'
    later()
    expect((await desk.hear()).filter(({ type }) => type === 'deletion')).toEqual([])
  })

  test('a post that a block hides is not taken for deleted', async () => {
    await desk.hear()
    mentionUs(mia)
    await desk.hear()
    server.world.write(mia.did, 'app.bsky.graph.block', {
      $type: 'app.bsky.graph.block',
      subject: desk.person.did,
      createdAt: '2026-09-01T12:00:00.000Z',
    })
    later()
    expect((await desk.hear()).filter(({ type }) => type === 'deletion')).toEqual([])
  })

  test('a thread that its owner closes says so', async () => {
    await desk.hear()
    const post = mentionUs(mia)
    await desk.hear()
    later()
    await desk.hear()
    const rkey = post.uri.split('/').at(-1)!
    const gate = { $type: 'app.bsky.feed.threadgate', post: post.uri, allow: [], createdAt: '2026-09-01T12:00:00.000Z' }
    server.world.write(mia.did, 'app.bsky.feed.threadgate', gate, rkey)
    later()
    expect(await desk.hear()).toContainEqual(
      expect.objectContaining({
        type: 'thread',
        thread: expect.objectContaining({ key: post.uri, facts: { replyDisabled: true } }),
      }),
    )
  })
})

describe('trouble', () => {
  test('a limit is kept to the moment that the server names', async () => {
    await desk.hear()
    server.trouble('app.bsky.notification.listNotifications', {
      status: 429,
      error: 'RateLimitExceeded',
      headers: { 'retry-after': '90' },
    })
    const error = await desk.step().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotFetched)
    expect(error).toMatchObject({ kind: 'later', retryAt: new Date(server.world.now().getTime() + 90_000) })
    await expect(desk.hear()).resolves.toEqual([])
  })

  test('a password taken back breaks the connection at once', async () => {
    await desk.hear()
    server.sessions.revoke()
    desk.person.appPasswords.clear()
    const error = await desk.step().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      kind: 'reauthorize',
      message: expect.stringContaining('Invalid identifier or password'),
    })
  })

  test('another account under the same cursor starts from its own', async () => {
    await desk.hear()
    mentionUs(mia)
    await desk.hear()
    const other = openDesk(server, testContext({ fetch: network.fetch }), { handle: 'other.test' })
    other.cursor = desk.cursor
    await other.hear()
    expect(other.cursor).toMatchObject({ did: other.person.did, watch: { posts: [] } })
  })

  test('an AppView may be named, by its service or by its address', async () => {
    for (const appView of ['did:web:appview.example', 'did:web:appview.example#bsky_appview', server.url]) {
      const named = openDesk(server, testContext({ fetch: network.fetch }), { settings: { appView } })
      await named.hear()
      const post = mentionUs(mia)
      expect(
        messagesIn(await named.hear()).map(({ externalId }) => externalId),
        appView,
      ).toContain(post.uri)
    }
    expect(
      server.requests.some(({ headers }) => headers['atproto-proxy'] === 'did:web:appview.example#bsky_appview'),
    ).toBe(true)
    expect(server.count('com.atproto.server.getServiceAuth')).toBeGreaterThan(0)
    const wrong = openDesk(server, testContext({ fetch: network.fetch }), {
      settings: { appView: 'did:web:elsewhere.example' },
    })
    expect(await bluesky.test!(wrong.context)).toMatchObject({ ok: false, field: 'appView' })
  })
})
