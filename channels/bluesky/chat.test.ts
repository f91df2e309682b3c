import { describe, expect, test } from 'vitest'
import { testContext } from '../conformance.ts'
import type { Outbound, PlatformContext } from '../connector.ts'
import { bluesky } from './index.ts'
import { type Desk, openDesk } from './testing/desk.ts'
import type { BlueskyServer } from './testing/server.ts'
import { answerTo as answerIn, type DeskParts, useDesk } from './testing/use-desk.ts'
import type { Person, Stored } from './testing/world.ts'

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

describe('an answer in private', () => {
  const line = async () => {
    const opened = await bluesky.privateLine!({ externalId: mia.did, handle: null, scope: '' }, desk.context)
    if (!opened.ok) throw new Error(opened.why)
    return opened.threadKey
  }
  const inChat = (threadKey: string, given: Partial<Outbound> = {}) =>
    answerTo(post, { visibility: 'private', threadKey, parentExternalId: null, text: 'In private then.', ...given })
  const said = () => [...server.world.chats.convos.values()].flatMap(({ messages }) => messages)

  test('goes to the one conversation with that person', async () => {
    const threadKey = await line()
    expect(await line()).toBe(threadKey)
    const outcome = await send(inChat(threadKey))
    expect(said()).toMatchObject([{ text: 'In private then.', sender: desk.person.did }])
    expect(outcome).toEqual({ state: 'sent', externalId: `${threadKey}/${said()[0]!.id}` })
  })

  test.each([
    ['none', 'takes no direct messages'],
    ['following', 'only from accounts that they follow'],
  ] as const)('is not possible with somebody who takes from %s', async (allowIncoming, words) => {
    mia.allowIncoming = allowIncoming
    const opened = await bluesky.privateLine!({ externalId: mia.did, handle: null, scope: '' }, desk.context)
    expect(opened).toEqual({ ok: false, why: expect.stringContaining(words) })
  })

  test('needs keys that open the chat', async () => {
    desk = openDesk(server, testContext({ fetch: made.network.fetch }), { chat: false })
    const opened = await bluesky.privateLine!({ externalId: mia.did, handle: null, scope: '' }, desk.context)
    expect(opened).toEqual({ ok: false, why: expect.stringContaining('app password') })
    expect(server.count('com.atproto.server.refreshSession')).toBe(0)
  })

  test('accepts a request by answering it', async () => {
    const convo = server.world.chats.between(desk.person.did, mia.did)
    convo.requests.add(desk.person.did)
    await send(inChat(`convo:${convo.id}`, { threadFacts: { status: 'request' } }))
    expect(server.count('chat.bsky.convo.acceptConvo')).toBe(1)
    expect(convo.requests.size).toBe(0)
  })

  test('whose answer was lost is found by its words, and not said twice', async () => {
    const threadKey = await line()
    const outbound = inChat(threadKey)
    server.trouble('chat.bsky.convo.sendMessage', 'hang up after')
    expect(await send(outbound)).toMatchObject({ state: 'unknown' })
    server.world.pass(20 * 60_000)
    const later = { ...outbound, at: server.world.now(), attempt: 2 }
    expect(await bluesky.lookUp!(later, desk.context)).toEqual({
      state: 'found',
      externalId: `${threadKey}/${said()[0]!.id}`,
    })
    expect(await send(later)).toMatchObject({ state: 'sent' })
    expect(said()).toHaveLength(1)
  })

  test('that says again what was said before is not taken for it', async () => {
    const threadKey = await line()
    await send(inChat(threadKey))
    server.world.pass(3600_000)
    const again = inChat(threadKey)
    expect(await bluesky.lookUp!(again, desk.context)).toEqual({ state: 'absent' })
    expect(await send({ ...again, attempt: 2 })).toMatchObject({ state: 'sent' })
    expect(said()).toHaveLength(2)
  })

  test('into a locked or lost conversation is refused in words', async () => {
    const convo = server.world.chats.between(desk.person.did, mia.did)
    convo.locked = true
    expect(await send(inChat(`convo:${convo.id}`))).toEqual({ state: 'rejected', reason: 'The conversation is locked' })
    expect(await send(inChat('convo:3zzzzzzzzzzzz'))).toMatchObject({ state: 'rejected' })
    expect(await send(inChat(post.uri))).toMatchObject({ state: 'rejected', reason: 'This thread is no chat' })
  })
})
