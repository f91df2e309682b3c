import { describe, expect, test } from 'vitest'
import { testContext } from '../conformance.ts'
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

describe('in private', () => {
  test('what was said before the first look and after it comes once, with who said it', async () => {
    const convo = server.world.chats.between(desk.person.did, mia.did)
    const before = server.world.chats.say(mia.did, convo, 'Hello, are you there?')
    const first = messagesIn(await desk.hear())
    expect(first).toMatchObject([
      {
        externalId: `convo:${convo.id}/${before.id}`,
        text: 'Hello, are you there?',
        author: { externalId: mia.did, handle: 'mia.test' },
        thread: { key: `convo:${convo.id}`, shape: 'line', visibility: 'private', facts: { status: 'accepted' } },
      },
    ])
    server.world.chats.say(desk.person.did, convo, 'We are, says the phone')
    const after = server.world.chats.say(mia.did, convo, 'Good')
    const second = messagesIn(await desk.hear())
    expect(second.map(({ text, ours = false }) => [text, ours])).toEqual([
      ['We are, says the phone', true],
      ['Good', false],
    ])
    server.world.chats.react(mia.did, convo, after, '👍')
    server.world.chats.deleteFor(desk.person.did, convo, before)
    expect(await desk.hear()).toMatchObject([
      { type: 'engagement', deed: { kind: 'like', by: { externalId: mia.did } } },
      { type: 'deletion', externalId: `convo:${convo.id}/${before.id}` },
    ])
    expect(await desk.hear()).toEqual([])
  })

  test('an hour of silence is caught up from the log', async () => {
    const convo = server.world.chats.between(desk.person.did, mia.did)
    server.world.chats.say(mia.did, convo, 'first')
    await desk.hear()
    for (let index = 0; index < 250; index++) server.world.chats.say(mia.did, convo, `line ${index}`)
    server.world.pass(3600_000)
    expect(messagesIn(await desk.hear()).map(({ text }) => text)).toEqual(
      Array.from({ length: 250 }, (_, i) => `line ${i}`),
    )
  })

  test('an app password without chat reads in public and says so', async () => {
    desk = openDesk(server, testContext({ fetch: network.fetch }), { chat: false })
    await desk.hear()
    const post = mentionUs(mia)
    expect(messagesIn(await desk.hear())).toMatchObject([{ externalId: post.uri }])
    expect(desk.learned).toMatchObject({ chatAccess: 'refused', chatReason: expect.stringContaining('app password') })
    const asked = server.count('chat.bsky.convo.getLog')
    await desk.hear()
    expect(server.count('chat.bsky.convo.getLog')).toBe(asked)
    const thread = { visibility: 'private', lastInboundAt: null, facts: {} } as const
    expect(bluesky.canReply(thread, server.world.now(), desk.context.settings)).toMatchObject({ ok: false })
    expect(await bluesky.test!(desk.context)).toMatchObject({
      ok: true,
      note: expect.stringContaining('public posts only'),
    })
  })

  test('a chat out of order does not hold up the public', async () => {
    await desk.hear()
    const post = mentionUs(mia)
    server.trouble('chat.bsky.convo.getLog', { status: 502, error: 'UpstreamFailure' })
    expect(messagesIn(await desk.hear())).toMatchObject([{ externalId: post.uri }])
    expect(desk.learned).toMatchObject({ chatAccess: 'trouble' })
    server.world.pass(120_000)
    await desk.hear()
    expect(desk.learned).toMatchObject({ chatAccess: 'open', chatReason: null })
  })
})
