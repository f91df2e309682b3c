import { describe, expect, test } from 'vitest'
import sharp from 'sharp'
import type { Outbound, PlatformContext } from '../connector.ts'
import { metaTags } from './card.ts'
import { bluesky } from './index.ts'
import { faultOf } from './testing/lexicons.ts'
import { aFile, type Desk } from './testing/desk.ts'
import type { BlueskyServer } from './testing/server.ts'
import { answerTo as answerIn, type DeskParts, useDesk } from './testing/use-desk.ts'
import type { Person, Stored } from './testing/world.ts'
import { isTid } from './tid.ts'

let made: DeskParts
let server: BlueskyServer
let desk: Desk
let mia: Person
let post: Stored
useDesk({ timeoutMs: 400 }, (parts) => {
  made = parts
  ;({ server, desk, mia } = made)
  post = server.world.post(mia, 'Where is my order?')
  desk.learned['did'] = desk.person.did
})

const answerTo = (to: Stored, given: Partial<Outbound> = {}) => answerIn(made, to, given)
const send = (outbound: Outbound, context: PlatformContext = desk.context) => bluesky.send!(outbound, context)
const ours = () => server.world.recordsOf(desk.person.did, 'app.bsky.feed.post')
// Keys of one instant are in no order; what was written last stands last.
const newest = () =>
  [...server.world.records.values()].filter(({ uri }) => uri.startsWith(`at://${desk.person.did}/`)).at(-1)!.value

describe('an answer in public', () => {
  test('is a record under the name that it got before, with the first post and the one it answers', async () => {
    const middle = server.world.reply(mia, post, 'Hello?')
    const outbound = answerTo(middle)
    const outcome = await send(outbound)
    expect(outcome).toMatchObject({
      state: 'sent',
      externalId: outbound.platformIdentity,
      url: `https://bsky.app/profile/${desk.person.did}/post/${outbound.platformIdentity.split('/').at(-1)}`,
    })
    expect(isTid(outbound.platformIdentity.split('/').at(-1)!)).toBe(true)
    expect(newest()).toMatchObject({
      text: 'On its way.',
      reply: { root: { uri: post.uri, cid: post.cid }, parent: { uri: middle.uri, cid: middle.cid } },
    })
  })

  test('asks for no names that the thread tells', async () => {
    const threadFacts = { rootUri: post.uri, rootCid: post.cid, lastUri: post.uri, lastCid: post.cid }
    expect(await send(answerTo(post, { threadFacts, parentExternalId: null }))).toMatchObject({ state: 'sent' })
    expect(server.count('com.atproto.repo.getRecord')).toBe(0)
    expect(newest()).toMatchObject({ reply: { root: { uri: post.uri }, parent: { uri: post.uri } } })
  })

  test('to a post that was deleted is refused, and says so', async () => {
    server.world.remove(post.uri)
    expect(await send(answerTo(post))).toEqual({
      state: 'rejected',
      reason: 'The post that this answers is no longer there',
    })
  })

  test('marks links, people and tags by bytes, and leaves alone who is not there', async () => {
    const text = 'Grüße 👋🏽 @mia.test und @nobody.test, siehe https://shop.example/a?b=1. #danke'
    await send(answerTo(post, { text }))
    const bytes = Buffer.from(text)
    const facets = newest()['facets'] as { index: { byteStart: number; byteEnd: number }; features: object[] }[]
    expect(
      facets.map(({ index, features }) => [bytes.subarray(index.byteStart, index.byteEnd).toString(), ...features]),
    ).toEqual([
      ['@mia.test', { $type: 'app.bsky.richtext.facet#mention', did: mia.did }],
      ['https://shop.example/a?b=1', { $type: 'app.bsky.richtext.facet#link', uri: 'https://shop.example/a?b=1' }],
      ['#danke', { $type: 'app.bsky.richtext.facet#tag', tag: 'danke' }],
    ])
  })

  test('may have 300 letters of many bytes each, and no more than 3,000 bytes', async () => {
    expect(await send(answerTo(post, { text: '🏽'.repeat(300) }))).toMatchObject({ state: 'sent' })
    // A family of four is one letter of 25 bytes.
    const outcome = await send(answerTo(post, { text: '👨‍👩‍👧‍👦'.repeat(121) }))
    expect(outcome).toEqual({ state: 'rejected', reason: 'The text has 3025 bytes; it may have 3000' })
  })
})

describe('what goes with it', () => {
  const picture = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#336699' } })
      .png()
      .toBuffer()

  test('pictures with their words and their shape', async () => {
    const media = [
      aFile('a.png', 'image/png', await picture(40, 30), 'A blue field'),
      aFile('b.png', 'image/png', await picture(3, 9)),
    ]
    expect(await send(answerTo(post, { media }))).toMatchObject({ state: 'sent' })
    expect(newest()['embed']).toMatchObject({
      $type: 'app.bsky.embed.images',
      images: [
        {
          alt: 'A blue field',
          aspectRatio: { width: 40, height: 30 },
          image: { $type: 'blob', mimeType: 'image/png' },
        },
        { alt: '', aspectRatio: { width: 3, height: 9 } },
      ],
    })
  })

  test('a picture that is too large is made smaller, one with notes loses them', async () => {
    const noise = Buffer.from(
      Array.from({ length: 1600 * 1200 * 3 }, (_, index) => ((index * 7919) % 251) ^ ((index >> 5) % 256)),
    )
    const large = await sharp(noise, { raw: { width: 1600, height: 1200, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer()
    expect(large.length).toBeGreaterThan(2_000_000)
    const noted = await sharp(await picture(20, 10))
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .jpeg()
      .toBuffer()
    const media = [aFile('large.png', 'image/png', large), aFile('noted.jpg', 'image/jpeg', noted)]
    expect(await send(answerTo(post, { media }))).toMatchObject({ state: 'sent' })
    for (const { bytes } of server.world.blobs.values()) {
      expect(bytes.length).toBeLessThanOrEqual(2_000_000)
      expect(bytes.includes('secret place')).toBe(false)
    }
  })

  test('a video with its words and shape, and nothing beside it', async () => {
    const box = (name: string, ...inside: Buffer[]) => {
      const body = Buffer.concat(inside)
      const head = Buffer.alloc(8)
      head.writeUInt32BE(body.length + 8)
      head.write(name, 4, 'latin1')
      return Buffer.concat([head, body])
    }
    const track = Buffer.alloc(84)
    track.writeUInt32BE((1280 << 16) >>> 0, 76)
    track.writeUInt32BE((720 << 16) >>> 0, 80)
    const video = Buffer.concat([box('ftyp', Buffer.from('isom0000')), box('moov', box('trak', box('tkhd', track)))])
    const file = aFile('fall.mp4', 'video/mp4', video, 'A fall')
    expect(await send(answerTo(post, { media: [file] }))).toMatchObject({ state: 'sent' })
    expect(newest()['embed']).toMatchObject({
      $type: 'app.bsky.embed.video',
      alt: 'A fall',
      aspectRatio: { width: 1280, height: 720 },
    })
    expect(await send(answerTo(post, { media: [file, file] }))).toMatchObject({ state: 'rejected' })
    const none = aFile('no.mp4', 'video/mp4', Buffer.from('not a video at all'))
    expect(await send(answerTo(post, { media: [none] }))).toMatchObject({
      state: 'rejected',
      reason: 'no.mp4 is no MP4 video',
    })
    expect(ours()).toHaveLength(1)
  })

  test('too many pictures, no picture, or one that can’t be read', async () => {
    const one = aFile('a.png', 'image/png', await picture(2, 2))
    expect(await send(answerTo(post, { media: [one, one, one, one, one] }))).toMatchObject({ state: 'rejected' })
    expect(await send(answerTo(post, { media: [aFile('a.png', 'image/png', Buffer.from('no'))] }))).toMatchObject({
      state: 'rejected',
    })
    const lost = { ...one, read: () => Promise.reject(new Error('disk')) }
    expect(await send(answerTo(post, { media: [lost] }))).toMatchObject({ state: 'retry' })
    expect(ours()).toEqual([])
  })

  test('a link to a post becomes a quote, with pictures too', async () => {
    const other = server.world.post(mia, 'A statement')
    const text = `As we said: https://bsky.app/profile/${mia.did}/post/${other.uri.split('/').at(-1)}`
    await send(answerTo(post, { text }))
    expect(newest()['embed']).toEqual({ $type: 'app.bsky.embed.record', record: { uri: other.uri, cid: other.cid } })
    await send(answerTo(post, { text, media: [aFile('a.png', 'image/png', await picture(2, 2))] }))
    expect(newest()['embed']).toMatchObject({
      $type: 'app.bsky.embed.recordWithMedia',
      record: { record: { uri: other.uri } },
      media: { $type: 'app.bsky.embed.images' },
    })
  })

  test('a link gets the card of its page, unless it has none or nobody wants one', async () => {
    const thumb = await picture(60, 30)
    const page =
      '<html><head><title>x</title><meta property="og:title" content="Where is my order? &amp; more"><meta content="Track it" name="description"><meta property="og:image" content="/t.png"></head></html>'
    const fetch: PlatformContext['fetch'] = async (url, init) => {
      if (url === 'https://shop.example/help')
        return {
          ok: true,
          status: 200,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          body: Buffer.from(page),
        }
      if (url === 'https://shop.example/t.png')
        return { ok: true, status: 200, headers: { 'content-type': 'image/png' }, body: thumb }
      if (url.startsWith('https://')) return { ok: false, sent: 'no', reason: 'Not in this test' }
      return made.network.fetch(url, init)
    }
    const context = Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(desk.context), fetch: { value: fetch } },
    ) as PlatformContext
    const text = 'See https://shop.example/help for more'
    await send(answerTo(post, { text }), context)
    expect(newest()['embed']).toMatchObject({
      $type: 'app.bsky.embed.external',
      external: {
        uri: 'https://shop.example/help',
        title: 'Where is my order? & more',
        description: 'Track it',
        thumb: { $type: 'blob' },
      },
    })
    await send(answerTo(post, { text: 'See https://gone.example/' }), context)
    expect(newest()).not.toHaveProperty('embed')
    desk.settings['linkCards'] = false
    await send(answerTo(post, { text }), context)
    expect(newest()).not.toHaveProperty('embed')
  })

  test('a page can’t hold the reader up', () => {
    const since = performance.now()
    expect(metaTags(`<meta ${'a '.repeat(200_000)}`).size).toBe(0)
    expect(metaTags('<meta property="og:title" content="'.repeat(20_000)).size).toBeLessThan(2)
    expect(performance.now() - since).toBeLessThan(1000)
  })
})

describe('a doubt', () => {
  test('after a lost answer is settled by the key, and nothing is doubled', async () => {
    const outbound = answerTo(post)
    server.trouble('com.atproto.repo.createRecord', 'silence after')
    expect(await send(outbound)).toMatchObject({ state: 'unknown' })
    expect(await bluesky.lookUp!(outbound, desk.context)).toMatchObject({
      state: 'found',
      externalId: outbound.platformIdentity,
    })
    // Also where nobody asked first.
    expect(await send({ ...outbound, attempt: 2 })).toMatchObject({
      state: 'sent',
      externalId: outbound.platformIdentity,
    })
    expect(ours()).toHaveLength(1)
  })

  test('after a request that never came is settled too, and the answer leaves', async () => {
    const outbound = answerTo(post)
    server.trouble('com.atproto.repo.createRecord', 'hang up before')
    expect(await send(outbound)).toMatchObject({ state: 'unknown' })
    expect(await bluesky.lookUp!(outbound, desk.context)).toEqual({ state: 'absent' })
    expect(await send({ ...outbound, attempt: 2 })).toMatchObject({ state: 'sent' })
    expect(ours()).toHaveLength(1)
  })

  test('is none where the limit is met before the post: it waits for the moment that the server named', async () => {
    const limit = { status: 429, error: 'RateLimitExceeded', headers: { 'retry-after': '281' } }
    server.trouble('com.atproto.repo.getRecord', limit)
    server.trouble('app.bsky.feed.getPosts', limit)
    const retryAt = new Date(server.world.now().getTime() + 281_000)
    expect(await send(answerTo(post))).toMatchObject({ state: 'retry', retryAt })
    expect(ours()).toEqual([])
  })

  test('of a second try on the same key does no harm', async () => {
    const outbound = answerTo(post)
    await Promise.all([send(outbound), send(outbound), send(outbound)])
    expect(ours()).toHaveLength(1)
  })

  test('of half a thread: what left stays, what did not follows', async () => {
    const first = answerTo(post, { text: 'One of two' })
    expect(await send(first)).toMatchObject({ state: 'sent' })
    const [stored] = ours()
    const second = answerTo(stored!, { text: 'Two of two' })
    server.trouble('com.atproto.repo.createRecord', {
      status: 429,
      error: 'RateLimitExceeded',
      headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '1788264600' },
    })
    expect(await send(second)).toMatchObject({ state: 'retry', retryAt: new Date(1788264600_000) })
    expect(await send({ ...second, attempt: 2 })).toMatchObject({ state: 'sent' })
    expect(
      ours()
        .map(({ value }) => value['text'])
        .sort(),
    ).toEqual(['One of two', 'Two of two'])
    expect(newest()).toMatchObject({ reply: { root: { uri: post.uri }, parent: { uri: stored!.uri } } })
  })
})

test('the lexicons that answers are held against do refuse', () => {
  const text = 'a'.repeat(301)
  const record = { $type: 'app.bsky.feed.post', text, createdAt: '2026-09-01T12:00:00.000Z' }
  expect(faultOf('record', 'app.bsky.feed.post', record)).toContain('must not be longer than 300 graphemes')
  expect(faultOf('output', 'app.bsky.feed.getPosts', { posts: [{}] })).not.toBeNull()
})
