// What streams bring in that drop, double and reorder, and what is caught up with after them.
import { describe, expect, test } from 'vitest'
import { mastodon } from './index.ts'
import type { LocalMastodon } from './testing/server.ts'
import type { Reader } from './testing/reader.ts'
import type { LocalAccount, LocalStatus } from './testing/state.ts'
import { useReader } from './testing/use-reader.ts'
import type { World } from './testing/world.ts'

let server: LocalMastodon
let world: World
let ada: LocalAccount
let reader: Reader
const { minutes, reading } = useReader((made) => ({ server, world, ada, reader } = made))

const say = (text: string, options = {}): LocalStatus => world.post(ada, `@hollow_air@social.example ${text}`, options)
const ours = (text: string, options = {}) => world.post(world.me, text, options)
const once = (...statuses: readonly LocalStatus[]) => new Map(statuses.map(({ id }) => [id, 1]))

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 300 && !holds(); turn++) await new Promise((done) => setTimeout(done, 10))
  expect(holds()).toBe(true)
}
const listening = async () => {
  const line = reader.listen()
  await until(() => server.streams.count() === 2 && reader.steps > 0)
  return line
}

describe('listening', () => {
  test('tells at once of mentions, private ones, edits, deletions, and what we write elsewhere; each once', async () => {
    const line = await listening()
    const mention = say('bag lost')
    await until(() => reader.messages().length === 1)
    const secret = say('XK742', { visibility: 'direct' })
    await until(() => reader.messages().length === 2)
    world.edit(mention.id, '@hollow_air@social.example bag found')
    const own = ours('@ada@trains.example good', { inReplyTo: mention.id, application: 'Web' })
    await until(() => reader.messages().length === 3)
    world.remove(secret.id)
    await until(() => reader.events.some(({ type }) => type === 'deletion'))
    expect(await line.stop()).toBeNull()
    expect(reader.counts()).toEqual(once(mention, secret, own))
    expect(reader.events.filter(({ type }) => type === 'edit')).toMatchObject([
      { text: '@hollow_air@social.example bag found' },
    ])
    await until(() => server.streams.count() === 0)
  })

  test('dropped for an hour, it catches up: nothing lost, nothing doubled, then it goes on', async () => {
    const first = await listening()
    const before = say('before')
    await until(() => reader.messages().length === 1)
    server.streams.drop()
    expect(await first.ended).toMatchObject({ name: 'NotFetched', kind: 'later' })
    const missed = Array.from({ length: 60 }, (_, index) => {
      minutes(1)
      return say(`missed ${index}`, index % 3 === 0 ? { visibility: 'direct' } : {})
    })
    const second = await listening()
    await until(() => reader.messages().length >= 61)
    const after = say('after')
    await until(() => reader.messages().length >= 62)
    expect(await second.stop()).toBeNull()
    await reader.poll()
    expect(reader.counts()).toEqual(once(before, ...missed, after))
  })

  test('what happens while it is catching up is told after it, once', async () => {
    await reader.poll()
    const missed = say('missed')
    server.streams.hold()
    const line = await listening()
    const between = say('between')
    server.streams.release()
    const last = say('last')
    await until(() => reader.counts().size === 3)
    await line.stop()
    expect(reader.counts()).toEqual(once(missed, between, last))
  })

  test('doubled and reordered events come each once, and polls agree with streams', async () => {
    const line = await listening()
    server.streams.hold()
    const all = Array.from({ length: 12 }, (_, index) => {
      minutes(1 / 60)
      return say(`bag ${index}`, index % 4 === 0 ? { visibility: 'direct' } : {})
    })
    server.streams.release((held) => [...held.toReversed(), ...held])
    await until(() => reader.counts().size === 12)
    await line.stop()
    minutes(1)
    await reader.poll()
    expect(reader.counts()).toEqual(once(...all))
  })

  test('a deletion that overtakes its post, and an edit of a post that nobody knows, do no harm', async () => {
    const line = await listening()
    server.streams.hold()
    const brief = say('oops')
    world.remove(brief.id)
    const stranger = world.post(ada, 'to nobody')
    world.edit(stranger.id, 'still to nobody')
    const kept = say('kept')
    server.streams.release((held) => held.toReversed())
    await until(() => reader.counts().has(kept.id))
    server.streams.say(
      'event: filters_changed\ndata: undefined\n\nevent: announcement\ndata: {"id":"1"}\n\nevent: notification\ndata: {broken\n\n',
    )
    const last = say('last')
    await until(() => reader.counts().has(last.id))
    await line.stop()
    expect(reader.events.filter(({ type }) => type === 'edit')).toEqual([])
    minutes(11)
    await reader.poll()
    expect([...reader.counts().values()].every((count) => count === 1)).toBe(true)
  })

  test('a step that was not stored ends it, and the next begins where the stored one stands', async () => {
    await reader.poll()
    const context = reader.context()
    const { cursor } = reader
    say('one')
    const failing = mastodon.stream!(cursor, async () => Promise.reject(new Error('not stored')), context)
    await expect(failing).rejects.toThrow('not stored')
    await reader.poll()
    expect(reader.messages()).toHaveLength(1)
  })

  test('a revoked token is told as something to act on: polling, listening, in the middle of listening', async () => {
    const line = await listening()
    say('heard')
    await until(() => reader.messages().length === 1)
    server.revoke()
    expect(await line.ended).toMatchObject({ kind: 'later' })
    expect(await reader.listen().ended).toMatchObject({ name: 'NotFetched', kind: 'reauthorize' })
    await expect(reader.poll()).rejects.toMatchObject({ kind: 'reauthorize' })
    expect(
      await reading({ token: 'wrong-token' })
        .poll()
        .catch((error: unknown) => error),
    ).toMatchObject({ kind: 'reauthorize' })
  })
})
