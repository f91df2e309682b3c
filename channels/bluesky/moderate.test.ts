import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openLoopbackFetch, testContext } from '../conformance.ts'
import type { Moderation, ModerationOrder } from '../connector.ts'
import { bluesky } from './index.ts'
import { type Desk, openDesk } from './testing/desk.ts'
import { type BlueskyServer, startBlueskyServer, stopSound } from './testing/server.ts'
import type { Person, Stored } from './testing/world.ts'

let network: ReturnType<typeof openLoopbackFetch>
let server: BlueskyServer
let desk: Desk
let mia: Person
let ours: Stored
let answer: Stored

beforeAll(() => void (network = openLoopbackFetch({ timeoutMs: 2000 })))
afterAll(() => network.close())
beforeEach(async () => {
  server = await startBlueskyServer()
  desk = openDesk(server, testContext({ fetch: network.fetch }))
  mia = server.world.addPerson({ handle: 'mia.test' })
  ours = server.world.post(desk.person, 'News')
  answer = server.world.reply(mia, ours, 'You are all crooks')
})
// Whatever went over the wire keeps the lexicons.
afterEach(() => stopSound(server))

const act = (action: Moderation, given: Partial<ModerationOrder> = {}) =>
  bluesky.moderate!(
    {
      action,
      externalId: answer.uri,
      author: { externalId: mia.did, handle: null, scope: '' },
      reason: 'Insults our people',
      ours: false,
      ...given,
    },
    desk.context,
  )
const gates = () => server.world.recordsOf(desk.person.did, 'app.bsky.feed.threadgate')
const blocks = () => server.world.recordsOf(desk.person.did, 'app.bsky.graph.block')

describe('a post', () => {
  test('below ours is hidden for everybody, once, and others stay hidden', async () => {
    const second = server.world.reply(mia, answer, 'All of you')
    expect(await act('hide')).toEqual({ state: 'done' })
    expect(await act('hide')).toEqual({ state: 'done' })
    expect(await act('hide', { externalId: second.uri })).toEqual({ state: 'done' })
    expect(gates()).toHaveLength(1)
    expect(gates()[0]).toMatchObject({
      uri: ours.uri.replace('app.bsky.feed.post', 'app.bsky.feed.threadgate'),
      value: { post: ours.uri, hiddenReplies: [answer.uri, second.uri] },
    })
  })

  test('hidden while somebody else changes the same rules is tried again', async () => {
    await act('hide')
    server.trouble('com.atproto.repo.putRecord', { status: 400, error: 'InvalidSwap' })
    const second = server.world.reply(mia, answer, 'All of you')
    expect(await act('hide', { externalId: second.uri })).toMatchObject({ state: 'retry' })
  })

  test('in a thread of others can’t be hidden, nor theirs removed', async () => {
    const theirs = server.world.reply(mia, server.world.post(mia, 'My own'), 'and more')
    expect(await act('hide', { externalId: theirs.uri })).toMatchObject({ state: 'rejected' })
    expect(await act('remove')).toMatchObject({ state: 'rejected' })
  })

  test('of ours is removed, twice without harm', async () => {
    expect(await act('remove', { externalId: ours.uri, ours: true })).toEqual({ state: 'done' })
    expect(await act('remove', { externalId: ours.uri, ours: true })).toEqual({ state: 'done' })
    expect(server.world.records.has(ours.uri)).toBe(false)
  })

  test('is reported with the reason; when it is gone, its author is', async () => {
    expect(await act('report')).toEqual({ state: 'done' })
    server.world.remove(answer.uri)
    expect(await act('report')).toEqual({ state: 'done' })
    expect(await act('report', { author: null })).toEqual({ state: 'gone' })
    expect(server.world.reports).toMatchObject([
      {
        reason: 'Insults our people',
        subject: { $type: 'com.atproto.repo.strongRef', uri: answer.uri, cid: answer.cid },
      },
      { subject: { $type: 'com.atproto.admin.defs#repoRef', did: mia.did } },
    ])
  })

  test('that is gone needs no hiding', async () => {
    server.world.remove(answer.uri)
    expect(await act('hide')).toEqual({ state: 'gone' })
  })
})

describe('a person', () => {
  test('is blocked by one record, and let in again', async () => {
    expect(await act('block')).toEqual({ state: 'done' })
    expect(await act('block')).toEqual({ state: 'done' })
    expect(blocks().map(({ value }) => value['subject'])).toEqual([mia.did])
    expect(await act('unblock')).toEqual({ state: 'done' })
    expect(blocks()).toEqual([])
  })

  test('blocked in the app is let in too', async () => {
    server.world.write(desk.person.did, 'app.bsky.graph.block', {
      $type: 'app.bsky.graph.block',
      subject: mia.did,
      createdAt: '2026-09-01T12:00:00.000Z',
    })
    expect(await act('unblock')).toEqual({ state: 'done' })
    expect(blocks()).toEqual([])
  })

  test('is muted and heard again', async () => {
    expect(await act('mute')).toEqual({ state: 'done' })
    expect(server.world.mutes).toEqual(new Set([`${desk.person.did} ${mia.did}`]))
    expect(await act('unmute')).toEqual({ state: 'done' })
    expect(server.world.mutes.size).toBe(0)
  })

  test('who is ourselves, or nobody, is refused', async () => {
    expect(await act('block', { author: { externalId: desk.person.did, handle: null, scope: '' } })).toMatchObject({
      state: 'rejected',
    })
    expect(await act('mute', { author: null, externalId: null })).toMatchObject({ state: 'rejected' })
  })
})

test('a message of a chat is removed from our side', async () => {
  const convo = server.world.chats.between(desk.person.did, mia.did)
  const message = server.world.chats.say(desk.person.did, convo, 'wrong window')
  expect(await act('remove', { externalId: `convo:${convo.id}/${message.id}`, ours: true })).toEqual({ state: 'done' })
  expect(server.world.chats.log.at(-1)).toMatchObject({ kind: 'logDeleteMessage', to: desk.person.did })
})

test('trouble is told apart: later, or by a person', async () => {
  server.trouble('app.bsky.graph.muteActor', {
    status: 429,
    error: 'RateLimitExceeded',
    headers: { 'retry-after': '5' },
  })
  expect(await act('mute')).toMatchObject({ state: 'retry', retryAt: new Date(server.world.now().getTime() + 5000) })
  server.trouble('app.bsky.graph.muteActor', 'hang up after')
  expect(await act('mute')).toMatchObject({ state: 'retry' })
  server.sessions.revoke()
  desk.person.appPasswords.clear()
  expect(await act('mute')).toMatchObject({ state: 'reauthorize' })
})
