// What polls bring in from a server that behaves as servers do: late and lost notifications, threads without end, posts that
// change and go.
import { describe, expect, test } from 'vitest'
import { mastodon } from './index.ts'
import { type LocalMastodon, startMastodonServer } from './testing/server.ts'
import type { Reader } from './testing/reader.ts'
import type { LocalAccount, LocalStatus } from './testing/state.ts'
import { useReader } from './testing/use-reader.ts'
import type { World } from './testing/world.ts'

let server: LocalMastodon
let world: World
let ada: LocalAccount
let reader: Reader
const { now, minutes, start, reading } = useReader((made) => ({ server, world, ada, reader } = made))

const say = (text: string, options = {}): LocalStatus => world.post(ada, `@hollow_air@social.example ${text}`, options)
const ours = (text: string, options = {}) => world.post(world.me, text, options)
const once = (...statuses: readonly LocalStatus[]) => new Map(statuses.map(({ id }) => [id, 1]))
const textsOf = () => reader.messages().map(({ text }) => text)

describe('polling', () => {
  test('begins where it is connected, tells what comes after once, and learns the server', async () => {
    say('long ago')
    await reader.poll()
    expect(reader.events).toEqual([])
    expect(reader.learned).toMatchObject({ handle: '@hollow_air@social.example', textMax: 500, application: 'Rapport' })
    const first = say('my bag is lost')
    minutes(1)
    await reader.poll()
    await reader.poll()
    expect(reader.counts()).toEqual(once(first))
    expect(reader.messages()[0]).toMatchObject({
      thread: { key: `tree:${first.id}`, visibility: 'public', shape: 'tree', subject: 'my bag is lost' },
      author: { externalId: ada.id, scope: 'social.example', handle: 'ada@trains.example' },
    })
  })

  test('an idle account costs three requests a step', async () => {
    await reader.poll()
    const before = server.requests.length
    minutes(1)
    await reader.poll()
    expect(server.requests.length - before).toBe(3)
  })

  test('a notification that is shown late, below those that were read already, is not lost', async () => {
    await reader.poll()
    const early = say('first')
    const hidden = world.notifications.pop()!
    const later = say('second')
    await reader.poll()
    expect(reader.counts()).toEqual(once(later))
    expect(Number(hidden['id'])).toBeLessThan(Number(world.notifications.at(-1)!['id']))
    world.notifications.splice(-1, 0, hidden)
    minutes(1)
    await reader.poll()
    expect(reader.counts()).toEqual(once(early, later))
  })

  test('what a thread is made of comes both ways, and everybody in it ends in the same tree', async () => {
    const root = ours('Bags fly free!')
    const bo = world.account('bo')
    const above = world.post(bo, '@hollow_air really?', { inReplyTo: root.id, silent: true })
    world.notifications.length = 0
    await reader.poll()
    const mention = say('mine does not', { inReplyTo: above.id })
    const below = world.post(bo, '@ada@trains.example nor mine', { inReplyTo: mention.id })
    minutes(1)
    await reader.poll()
    const tree = reader
      .messages()
      .map(({ externalId, thread, context, ours: own }) => [externalId, thread.key, context === true, own === true])
    expect(tree).toEqual([
      [root.id, `tree:${root.id}`, true, true],
      [above.id, `tree:${root.id}`, true, false],
      [mention.id, `tree:${root.id}`, false, false],
      [below.id, `tree:${root.id}`, true, false],
    ])
    const after = say('still not', { inReplyTo: below.id })
    minutes(1)
    await reader.poll()
    expect(reader.messages().at(-1)).toMatchObject({ externalId: after.id, thread: { key: `tree:${root.id}` } })
  })

  test('a thread goes on as it was when its root is deleted', async () => {
    await reader.poll()
    const root = say('lost bag')
    await reader.poll()
    const reply = say('and nobody answers', { inReplyTo: root.id })
    await reader.poll()
    world.remove(root.id)
    const third = say('hello?', { inReplyTo: reply.id })
    minutes(11)
    await reader.poll()
    expect(reader.messages().map(({ thread }) => thread.key)).toEqual(Array(3).fill(`tree:${root.id}`))
    expect(reader.events.filter(({ type }) => type === 'deletion')).toMatchObject([{ externalId: root.id }])
    expect(reader.counts()).toEqual(once(root, reply, third))
  })

  test('a post whose parent was deleted before is the root of what is left', async () => {
    await reader.poll()
    const gone = world.post(ada, 'never seen', { silent: true })
    const orphan = say('as I said', { inReplyTo: gone.id })
    world.remove(gone.id, { silent: true })
    await reader.poll()
    expect(reader.messages()).toMatchObject([{ externalId: orphan.id, thread: { key: `tree:${orphan.id}` } }])
  })

  test('a thread of 5,000 posts comes within bounds, in one step', { timeout: 60_000 }, async () => {
    const root = world.post(ada, 'Everybody hates this airline', { silent: true })
    let last = root
    for (let count = 0; count < 5000; count++)
      last = world.post(ada, `me too ${count}`, { silent: true, inReplyTo: last.id })
    await reader.poll()
    const mention = say('see?', { inReplyTo: last.id })
    expect(await reader.poll()).toBe(1)
    expect(reader.counts()).toEqual(once(mention))
    const around = reader.messages().filter(({ context }) => context)
    expect(around.length).toBeGreaterThan(10)
    expect(around.length).toBeLessThanOrEqual(100)
    expect(new Set(reader.messages().map(({ thread }) => thread.key))).toEqual(new Set([`tree:${root.id}`]))
    expect(JSON.stringify(reader.cursor).length).toBeLessThan(40_000)
  })

  test('a thread that can’t be read is walked up, and the message is not kept waiting', async () => {
    const root = world.post(ada, 'root', { silent: true })
    const middle = world.post(ada, 'middle', { silent: true, inReplyTo: root.id })
    await reader.poll()
    say('leaf', { inReplyTo: middle.id })
    server.trouble({ path: /context$/, how: { status: 500, body: { error: 'Oops' } } })
    await reader.poll()
    expect(textsOf()).toEqual(['root', 'middle', '@hollow_air@social.example leaf'])
    expect(new Set(reader.messages().map(({ thread }) => thread.key))).toEqual(new Set([`tree:${root.id}`]))
  })

  test('two hundred mentions in a burst come all, each once, over as many steps as it takes', async () => {
    await reader.poll()
    const all = Array.from({ length: 200 }, (_, index) => say(`bag ${index}`))
    expect(await reader.poll()).toBeGreaterThan(1)
    expect(reader.counts()).toEqual(once(...all))
    minutes(10)
    await reader.poll()
    expect(reader.counts()).toEqual(once(...all))
  })

  test('older mentions come when they are asked for, down to the day, beside new ones', async () => {
    const old = Array.from({ length: 90 }, (_, index) => {
      minutes(60)
      return say(`old ${index}`)
    })
    await reader.poll()
    const from = new Date(old[50]!.createdAt.getTime() - 1)
    reader.cursor = mastodon.backfill!(from, reader.cursor)
    expect(mastodon.progressOf!(reader.cursor)).toMatchObject({ done: 0, from: from.toISOString() })
    const fresh = say('new')
    await reader.poll()
    expect(reader.counts()).toEqual(once(...old.slice(50), fresh))
    expect(mastodon.progressOf!(reader.cursor)).toBeNull()
    reader.cursor = mastodon.backfill!(from, reader.cursor)
    expect(mastodon.progressOf!(reader.cursor)).toBeNull()
  })

  test('another account begins anew', async () => {
    await reader.poll()
    say('to the first')
    const other = await startMastodonServer({ now, handle: 'other' })
    try {
      other.world.post(other.world.account('bo'), '@other hello')
      const cursor = reader.cursor
      reader = reading({ server: other })
      reader.cursor = cursor
      await reader.poll()
      expect(reader.events).toEqual([])
      expect(reader.learned).toMatchObject({ handle: '@other@social.example' })
    } finally {
      await other.stop()
    }
  })

  test('servers of old are asked one by one', async () => {
    reader = await start({ old: true })
    await reader.poll()
    const first = say('bag')
    await reader.poll()
    world.edit(first.id, '@hollow_air@social.example bag!', { silent: true })
    minutes(11)
    await reader.poll()
    expect(reader.events.filter(({ type }) => type === 'edit')).toMatchObject([
      { text: '@hollow_air@social.example bag!' },
    ])
  })
})

describe('private mentions', () => {
  test('are a line of their own beside a public thread of the same person', async () => {
    await reader.poll()
    const open = say('bag lost')
    const secret = say('my booking is XK742', { visibility: 'direct', inReplyTo: open.id })
    await reader.poll()
    expect(reader.messages().map(({ thread }) => [thread.key, thread.visibility])).toEqual([
      [`tree:${open.id}`, 'public'],
      [`line:${ada.id}`, 'private'],
    ])
    expect(reader.counts()).toEqual(once(open, secret))
    const line = await mastodon.privateLine!({ externalId: ada.id, handle: null, scope: '' }, reader.context())
    expect(line).toMatchObject({ ok: true, threadKey: `line:${ada.id}` })
  })

  test('that the server keeps from notifications come by their conversation, those between too', async () => {
    await reader.poll()
    const first = say('one', { visibility: 'direct', silent: true })
    world.notifications.length = 0
    await reader.poll()
    const second = say('two', { visibility: 'direct', silent: true, inReplyTo: first.id })
    const third = say('three', { visibility: 'direct', silent: true, inReplyTo: second.id })
    const fourth = say('four', { visibility: 'direct', silent: true, inReplyTo: third.id })
    world.notifications.length = 0
    await reader.poll()
    expect(reader.counts()).toEqual(once(first, second, third, fourth))
  })

  test('are never told as what stands around a public post', async () => {
    await reader.poll()
    const bo = world.account('bo')
    const secret = say('between us', { visibility: 'direct', silent: true })
    world.notifications.length = 0
    world.post(bo, '@hollow_air and in public', { inReplyTo: secret.id })
    await reader.poll()
    expect(
      reader.messages().filter(({ externalId, thread }) => externalId === secret.id && thread.visibility !== 'private'),
    ).toEqual([])
  })

  test('what we wrote elsewhere in answer to somebody has left already; what Rapport itself just sent is no news', async () => {
    await reader.poll()
    const question = say('any news?')
    ours('@ada@trains.example from here', { inReplyTo: question.id, application: 'Rapport' })
    const elsewhere = ours('@ada@trains.example from the web', { inReplyTo: question.id, application: 'Web' })
    ours('Happy Monday!', { application: 'Web' })
    await reader.poll()
    expect(reader.messages().filter((message) => message.ours)).toMatchObject([
      { externalId: elsewhere.id, thread: { key: `tree:${question.id}` } },
    ])
  })
})

describe('a server that does not say by which application a post was written', () => {
  test('tells of ours later, when whoever sent them knows their names', async () => {
    server.trouble({ path: /apps\/verify_credentials/, how: { status: 404, body: {} }, times: 99 })
    await reader.poll()
    expect(reader.learned['application']).toBeUndefined()
    const question = say('any news?')
    const answer = ours('@ada@trains.example soon', { inReplyTo: question.id })
    const secret = ours('@ada@trains.example XK742', { visibility: 'direct' })
    await reader.poll()
    expect(reader.counts()).toEqual(once(question))
    minutes(2)
    await reader.poll()
    await reader.poll()
    expect(reader.counts()).toEqual(once(question, answer, secret))
  })
})

describe('what happens to posts', () => {
  test('edits and deletions during an outage are found afterwards; so are answers and counts', async () => {
    await reader.poll()
    const [edited, removed, answered] = [say('one'), say('two'), say('three')]
    await reader.poll()
    world.edit(edited.id, '@hollow_air@social.example one, corrected', { silent: true })
    world.remove(removed.id, { silent: true })
    const bo = world.account('bo')
    const answer = world.post(bo, '@ada@trains.example me too', { inReplyTo: answered.id })
    world.like(bo, answered.id)
    minutes(11)
    reader.events.length = 0
    await reader.poll()
    expect(reader.events).toMatchObject([
      { type: 'edit', externalId: edited.id, text: '@hollow_air@social.example one, corrected' },
      { type: 'engagement', externalId: edited.id },
      { type: 'deletion', externalId: removed.id },
      { type: 'engagement', externalId: answered.id, counts: { likes: 1, replies: 1 } },
      { type: 'message', externalId: answer.id, context: true, thread: { key: `tree:${answered.id}` } },
    ])
    minutes(11)
    reader.events.length = 0
    await reader.poll()
    expect(reader.events).toEqual([])
  })

  test('a page of some proxy that finds nothing deletes nothing', async () => {
    await reader.poll()
    say('one')
    await reader.poll()
    minutes(11)
    server.trouble({ path: /\/statuses/, how: { status: 404, body: '<html>Nothing here</html>' }, times: 50 })
    await reader.poll().catch(() => {})
    minutes(11)
    server.trouble({ path: /v1\/statuses\/?/, how: { status: 404, body: '<html>Nothing here</html>' }, times: 50 })
    await reader.poll().catch(() => {})
    expect(reader.events.filter(({ type }) => type === 'deletion')).toEqual([])
  })

  test('the author of a post that is gone is looked after: deleted, suspended', async () => {
    await reader.poll()
    const bo = world.account('bo')
    const [first, second] = [say('one'), world.post(bo, '@hollow_air two')]
    await reader.poll()
    for (const { id } of [first, second]) world.remove(id, { silent: true })
    ada.gone = true
    bo.fields['suspended'] = true
    minutes(11)
    await reader.poll()
    expect(reader.events.filter(({ type }) => type === 'identity')).toMatchObject([
      { gone: true, author: { externalId: ada.id } },
      { gone: true, author: { externalId: bo.id } },
    ])
  })

  test('favourites and boosts of ours are deeds that count once', async () => {
    const advert = ours('Bags!')
    await reader.poll()
    world.like(ada, advert.id)
    world.boost(ada, advert.id)
    world.like(ada, advert.id)
    await reader.poll()
    expect(reader.events).toMatchObject([
      { type: 'engagement', externalId: advert.id, deed: { kind: 'like', by: { externalId: ada.id } } },
      { type: 'engagement', externalId: advert.id, deed: { kind: 'repost' } },
      { type: 'engagement', externalId: advert.id, deed: { kind: 'like' } },
    ])
    const deeds = reader.events.map((event) => (event.type === 'engagement' ? event.deed!.externalId : ''))
    expect(new Set(deeds).size).toBe(2)
  })
})
