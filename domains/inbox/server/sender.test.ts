import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import type { Connector, LookUpOutcome, Outbound, SendOutcome } from '#channels/connector'
import { programActor } from '#platform/actor'
import { testClock, type TestClock } from '#platform/clock'
import { useDatabase } from '#platform/testing/database'
import {
  aConversation,
  anAnswer,
  anInbox,
  at,
  conversationRow,
  messageRow,
  minute,
  takeIn,
  type MadeInbox,
} from './factories.ts'
import { liftGate, overrideGate, placeGate } from './gates.ts'
import { claimDue, leaseMs } from './leaving.ts'
import { OUTBOUND_SIGNAL } from './outbound-signal.ts'
import { decideUnknown, retryMessage } from './second-tries.ts'
import { runSender } from './sender.ts'

const database = useDatabase()
const running: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one[Symbol.asyncDispose]()
})

interface Post extends MadeInbox {
  readonly clock: TestClock
  readonly sent: Outbound[]
  readonly asked: Outbound[]
  /** Moves the clock and wakes the sender. */
  pass(milliseconds: number): void
  state(id: string): Promise<string | null>
  becomes(id: string, state: string): Promise<void>
}

async function aPost(
  given: {
    readonly send?: (outbound: Outbound, post: Post) => Promise<SendOutcome> | SendOutcome
    readonly lookUp?: ((outbound: Outbound) => LookUpOutcome) | null
    readonly start?: boolean
    readonly connector?: Partial<Connector>
  } = {},
): Promise<Post> {
  const sent: Outbound[] = []
  const asked: Outbound[] = []
  const { lookUp = () => ({ state: 'unknown', reason: 'nobody knows' }) as const } = given
  const clock = testClock(minute(60))
  const inbox = await anInbox(database.db, {
    connector: {
      ...given.connector,
      send: async (outbound) => {
        sent.push(outbound)
        return given.send?.(outbound, post) ?? { state: 'sent', externalId: `x-${outbound.messageId}` }
      },
      ...(lookUp === null
        ? { lookUp: undefined as never }
        : {
            lookUp: async (outbound) => {
              asked.push(outbound)
              return lookUp(outbound)
            },
          }),
    },
  })
  const post: Post = {
    ...inbox,
    clock,
    sent,
    asked,
    pass(milliseconds) {
      clock.advance(milliseconds)
      database.db.signals.send(OUTBOUND_SIGNAL)
    },
    state: async (id) => (await messageRow(database.db, inbox, id)).state,
    async becomes(id, state) {
      await expect.poll(() => post.state(id), { timeout: 5000, interval: 20 }).toBe(state)
    },
  }
  if (given.start !== false) startSender(post)
  return post
}

function startSender({ clock, known }: Post): void {
  const log = pino({ level: 'silent' })
  running.push(
    runSender({
      db: database.db,
      clock,
      log,
      known,
      network: { fetch: null as never, stream: null as never, resolve: null as never },
      openFile: async () => Buffer.alloc(0),
    }),
  )
}

const answerIn = async (post: Post, conversationId?: string) =>
  anAnswer(
    database.db,
    post,
    at(post.owner, post.clock.now()),
    conversationId ?? (await aConversation(database.db, post)).id,
  )
const claims = (post: Post) => {
  const actor = programActor(post.workspaceId, post.clock.now())
  return database.db.write(actor, (tx) => claimDue(tx, actor, post.connection, 10))
}

test('an answer is held ten seconds, and then it leaves once', async () => {
  const post = await aPost()
  const id = await answerIn(post)
  post.pass(9_999)
  await sleep(100)
  expect(post.sent).toEqual([])
  expect(await post.state(id)).toBe('held')
  post.pass(1)
  await post.becomes(id, 'sent')
  expect(post.sent.map(({ text, recipient }) => [text, recipient?.externalId?.slice(0, 2)])).toEqual([
    ['It is on its way.', 'c-'],
  ])
  expect((await messageRow(database.db, post, id)).externalId).toBe(`x-${id}`)
})

test('of a paused workspace nothing is claimed, whoever asks', async () => {
  const post = await aPost({ start: false })
  await answerIn(post)
  post.pass(10_000)
  const pause = (reason: string | null) =>
    database.db.write(post, (tx) =>
      tx.updateTable('workspaces').set({ outboundPausedReason: reason }).where('id', '=', post.workspaceId).execute(),
    )
  await pause('restored')
  expect(await claims(post)).toEqual([])
  await pause(null)
  expect(await claims(post)).toHaveLength(1)
})

test('answers of one conversation leave in the order in which they were written, each after the one before', async () => {
  let fail = true
  const post = await aPost({
    send: () => (fail ? { state: 'retry', reason: 'busy' } : { state: 'sent', externalId: crypto.randomUUID() }),
  })
  const { id: conversation } = await aConversation(database.db, post)
  const first = await answerIn(post, conversation)
  const second = await answerIn(post, conversation)
  const elsewhere = await answerIn(post)
  post.pass(10_000)
  await post.becomes(first, 'queued')
  await post.becomes(elsewhere, 'queued')
  expect(await post.state(second)).toBe('held')
  fail = false
  post.pass(2000)
  await post.becomes(second, 'sent')
  const order = post.sent.map(({ messageId }) => messageId).filter((id) => id !== elsewhere)
  expect(order).toEqual([first, first, second])
  expect(
    new Set(post.sent.filter(({ messageId }) => messageId === first).map(({ platformIdentity }) => platformIdentity))
      .size,
  ).toBe(1)
})

test('a closed gate keeps an answer, lifting it frees it, and going against it stands in the thread with its reason', async () => {
  const post = await aPost()
  const { id: conversation } = await aConversation(database.db, post)
  const actor = at(post.owner, post.clock.now())
  const place = (kind: string) =>
    database.db.write(actor, (tx) => placeGate(tx, actor, { conversationId: conversation, kind, reason: 'Ask first' }))
  const gates = [await place('approval'), await place('must_read')]
  const id = await answerIn(post, conversation)
  post.pass(10_000)
  await sleep(150)
  expect(post.sent).toEqual([])
  await database.db.write(actor, (tx) => liftGate(tx, actor, conversation, gates[0]!))
  await sleep(150)
  expect(post.sent).toEqual([])
  await database.db.write(actor, (tx) =>
    overrideGate(tx, actor, { conversationId: conversation, gateId: gates[1]!, reason: 'The house is on fire' }),
  )
  await post.becomes(id, 'sent')
  const record = await database.db.read(post, (tx) =>
    tx
      .selectFrom('messages')
      .select('data')
      .where('body', '=', 'gate_overridden')
      .where('conversationId', '=', conversation)
      .execute(),
  )
  expect(record).toEqual([{ data: { gateId: gates[1], reason: 'The house is on fire' } }])
})

test('a platform that asks for patience stops its connection until then', async () => {
  const until = minute(70)
  let asked = 0
  const post = await aPost({
    send: () =>
      asked++ === 0
        ? { state: 'retry', reason: '429', retryAt: until }
        : { state: 'sent', externalId: crypto.randomUUID() },
    connector: { budget: { count: 1, perSeconds: 1, concurrent: 1 } },
  })
  const ids = [await answerIn(post), await answerIn(post)]
  post.pass(10_000)
  await expect.poll(() => asked).toBe(1)
  post.pass(60_000)
  await sleep(150)
  expect(asked).toBe(1)
  post.pass(until.getTime() - post.clock.now().getTime())
  await expect.poll(() => (post.pass(1100), asked), { interval: 100, timeout: 5000 }).toBe(3)
  for (const id of ids) await post.becomes(id, 'sent')
})

test('patience for one message holds up no other', async () => {
  let tries = 0
  const post = await aPost({
    send: () =>
      tries++ === 0
        ? { state: 'retry', reason: 'grey-listed', retryAt: minute(75), onlyThis: true }
        : { state: 'sent', externalId: crypto.randomUUID() },
    connector: { budget: { count: 1, perSeconds: 1, concurrent: 1 } },
  })
  const [first, second] = [await answerIn(post), await answerIn(post)]
  post.pass(10_000)
  await post.becomes(first, 'queued')
  post.pass(1100)
  await post.becomes(second, 'sent')
  post.pass(15 * 60_000)
  await post.becomes(first, 'sent')
  // The same moment on every try: when its writer sent it.
  expect(post.sent.map(({ at: when }) => when)).toEqual([minute(60), minute(60), minute(60)])
})

test('asking after a doubt uses nothing of the allowance', async () => {
  const post = await aPost({
    send: ({ text }) =>
      text === 'doubtful' ? { state: 'unknown', reason: 'lost' } : { state: 'sent', externalId: crypto.randomUUID() },
    lookUp: ({ messageId }) => ({ state: 'found', externalId: messageId }),
    connector: { budget: { count: 2, perSeconds: 3600, concurrent: 2 } },
  })
  const { id } = await aConversation(database.db, post)
  const doubtful = await anAnswer(database.db, post, at(post.owner, post.clock.now()), id, { body: 'doubtful' })
  post.pass(10_000)
  await post.becomes(doubtful, 'unknown')
  post.pass(2100)
  await post.becomes(doubtful, 'sent')
  // One of the two is left: the question has given its turn back.
  const after = await answerIn(post)
  post.pass(10_000)
  await post.becomes(after, 'sent')
})

test('a claim lasts longer than its channel may take', () => {
  expect(leaseMs({})).toBe(90_000)
  expect(leaseMs({ sendSeconds: 300 })).toBeGreaterThan(300_000)
})

test('a program that died while sending leaves a doubt: the platform is asked, and what it has is not sent again', async () => {
  const post = await aPost({
    start: false,
    lookUp: ({ messageId }) => ({ state: 'found', externalId: `found-${messageId}` }),
  })
  const id = await answerIn(post)
  post.clock.advance(10_000)
  expect(await claims(post)).toMatchObject([{ messageId: id, doubtful: false }]) // and here it died
  startSender(post)
  await sleep(100)
  expect(post.asked).toEqual([])
  post.pass(leaseMs({}))
  await post.becomes(id, 'sent')
  expect([post.asked.length, post.sent.length]).toEqual([1, 0])
})

test('in doubt, a clear no lets it leave, under the same name', async () => {
  const post = await aPost({ start: false, lookUp: () => ({ state: 'absent' }) })
  const id = await answerIn(post)
  post.clock.advance(10_000)
  const [claim] = await claims(post)
  startSender(post)
  post.pass(leaseMs({}))
  await post.becomes(id, 'sent')
  expect(post.sent.map(({ platformIdentity }) => platformIdentity)).toEqual([claim!.platformIdentity])
})

test('where nobody can be asked a person decides: it arrived, or send it again', async () => {
  const post = await aPost({ lookUp: null, send: () => ({ state: 'unknown', reason: 'the line broke' }) })
  const id = await answerIn(post)
  post.pass(10_000)
  await post.becomes(id, 'unknown')
  post.pass(24 * 3_600_000)
  await sleep(100)
  expect(post.sent).toHaveLength(1)
  const { conversationId } = await messageRow(database.db, post, id)
  expect((await conversationRow(database.db, post, conversationId)).failedCount).toBe(1)
  const actor = at(post.owner, post.clock.now())
  await database.db.write(actor, (tx) => decideUnknown(tx, actor, id, 'send_again'))
  await expect.poll(() => post.sent.length).toBe(2)
  await post.becomes(id, 'unknown')
  await database.db.write(actor, (tx) => decideUnknown(tx, actor, id, 'arrived'))
  expect(await post.state(id)).toBe('sent')
  expect((await conversationRow(database.db, post, conversationId)).failedCount).toBe(0)
  await expect(database.db.write(actor, (tx) => decideUnknown(tx, actor, id, 'arrived'))).rejects.toThrow(/known/)
  await expect(database.db.write(actor, (tx) => retryMessage(tx, actor, id))).rejects.toThrow(/Only a failed/)
})

test('our own message that comes back before the platform has answered is one message, not two', async () => {
  const post = await aPost({
    send: async ({ messageId, threadKey, text }, here) => {
      const echo = {
        type: 'message',
        id: `x-${messageId}`,
        ours: true,
        thread: { key: threadKey },
        author: { id: 'us' },
        text,
      }
      await takeIn(database.db, here, [echo, { type: 'receipt', id: 'y', state: 'read' }], here.clock.now())
      return { state: 'sent', externalId: `x-${messageId}` }
    },
  })
  const { id: conversation } = await aConversation(database.db, post)
  const id = await answerIn(post, conversation)
  post.pass(10_000)
  await post.becomes(id, 'sent')
  const rows = await database.db.read(post, (tx) =>
    tx
      .selectFrom('messages')
      .select(['id'])
      .where('conversationId', '=', conversation)
      .where('state', '<>', 'cancelled')
      .execute(),
  )
  expect(rows).toEqual([{ id }])
  expect(await conversationRow(database.db, post, conversation)).toMatchObject({
    messageCount: 2,
    preview: 'It is on its way.',
  })
  const words = await database.db.read(post, (tx) =>
    tx.selectFrom('messageSearch').select('messageId').where('conversationId', '=', conversation).execute(),
  )
  expect(words).toHaveLength(2)
})
