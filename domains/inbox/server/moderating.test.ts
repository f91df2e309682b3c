// Asking the platform to hide, remove, report, block or mute.
import { beforeEach, expect, test } from 'vitest'
import type { ModerationOrder, ModerationOutcome } from '#channels/connector'
import { programActor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { useDatabase } from '#platform/testing/database'
import { anAnswer, anInbox, at, minute, takeIn, type MadeInbox } from './factories.ts'
import { getMessages } from './messages.ts'
import { doModeration, moderateMessage, nextOf } from './moderating.ts'
import { aPost, square } from './testing/square.ts'

const database = useDatabase()
let inbox: MadeInbox
let answers: ModerationOutcome[]
const orders: ModerationOrder[] = []
const clock = testClock(minute(60))

beforeEach(async () => {
  orders.length = 0
  answers = []
  const base = (await anInbox(database.db)).connection.connector
  inbox = await anInbox(database.db, {
    connector: {
      ...square,
      capabilities: { ...base.capabilities, moderation: ['hide', 'remove', 'block'] },
      moderate: async (order) => {
        orders.push(order)
        const answer = answers.shift()
        if (!answer) throw new Error('no line')
        return answer
      },
    },
  })
  await takeIn(database.db, inbox, [aPost({ externalId: 'said' })], minute(1))
})

const messageId = async (kind = 'in') =>
  (
    await database.db.read(inbox, (tx) =>
      tx.selectFrom('messages').select('id').where('kind', '=', kind).executeTakeFirstOrThrow(),
    )
  ).id
const ask = async (action: 'hide' | 'remove' | 'block' | 'mute', id?: string) => {
  const actor = at(inbox.owner, minute(59))
  const message = id ?? (await messageId())
  return database.db.write(actor, (tx) =>
    moderateMessage(tx, actor, inbox.connection, { messageId: message, action, reason: 'Threatens a colleague' }),
  )
}
const work = (id: string) =>
  doModeration(
    {
      db: database.db,
      known: inbox.known,
      clock,
      network: {
        fetch: async () => ({ ok: false, sent: 'no', reason: '' }),
        resolve: async () => ({ ok: false, reason: '' }),
        stream: async () => ({ ok: false, sent: 'no', reason: '' }),
      },
    },
    programActor(inbox.workspaceId, minute(60)),
    id,
  )
const jobs = () =>
  database.db.read(inbox, (tx) =>
    tx.selectFrom('moderations').select(['state', 'stateReason', 'attempts', 'settledAt']).execute(),
  )

test('is done once, however often the job runs, and stands beside the message with its reason and its asker', async () => {
  answers = [{ state: 'done' }]
  const { id } = await ask('hide')
  await work(id)
  await work(id)
  expect(orders).toEqual([
    {
      action: 'hide',
      externalId: 'said',
      author: { externalId: 'jo', handle: 'jo@square.example', scope: '' },
      reason: 'Threatens a colleague',
      ours: false,
    },
  ])
  const [message] = await database.db.read(inbox, async (tx) => getMessages(tx, inbox.owner, [await messageId()]))
  expect(message!.moderations).toEqual([
    {
      id,
      action: 'hide',
      reason: 'Threatens a colleague',
      state: 'done',
      stateReason: null,
      askedBy: inbox.owner.id,
      askedAt: minute(59).toISOString(),
    },
  ])
  const told = await database.db.read(inbox, (tx) =>
    tx
      .selectFrom('events')
      .select(['type', 'actorKind'])
      .where('type', '=', 'inbox.message_moderated')
      .orderBy('seq')
      .execute(),
  )
  expect(told.map(({ actorKind }) => actorKind)).toEqual(['member', 'program'])
  const lines = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select(['body', 'data']).where('kind', '=', 'system').execute(),
  )
  expect(lines).toMatchObject([
    { body: 'moderated', data: { action: 'hide', state: 'done', reason: 'Threatens a colleague' } },
  ])
})

test('is tried again after a busy platform, a broken line, and a sign-in that a person has to renew', async () => {
  answers = [{ state: 'retry', reason: 'busy' }]
  const { id } = await ask('remove')
  await work(id)
  expect(await jobs()).toMatchObject([{ state: 'waiting', stateReason: 'busy', attempts: 1, settledAt: null }])
  await work(id)
  expect(await jobs()).toMatchObject([{ state: 'waiting', stateReason: 'no line', attempts: 2 }])
  answers = [{ state: 'reauthorize', reason: 'Sign in again.' }]
  await work(id)
  expect(await jobs()).toMatchObject([{ state: 'waiting', attempts: 2 }])
  const health = await database.db.read(inbox, (tx) =>
    tx
      .selectFrom('connections')
      .select(['health', 'healthReason'])
      .where('id', '=', inbox.connection.id)
      .executeTakeFirstOrThrow(),
  )
  expect(health).toEqual({ health: 'broken', healthReason: 'Sign in again.' })
  answers = [{ state: 'gone' }]
  await work(id)
  expect(await jobs()).toMatchObject([{ state: 'gone', stateReason: null }])
})

test('what the platform refuses is told', async () => {
  answers = [{ state: 'rejected', reason: 'Not your post.' }]
  await work((await ask('remove')).id)
  expect(await jobs()).toMatchObject([{ state: 'rejected', stateReason: 'Not your post.' }])
})

test('what can’t be done is not asked for', async () => {
  await expect(ask('mute')).rejects.toMatchObject({ code: 'inbox.cannot_moderate' })
  await ask('hide')
  await expect(ask('hide')).rejects.toMatchObject({ code: 'inbox.moderated_already' })
  const [{ id }] = (await database.db.read(inbox, (tx) => tx.selectFrom('conversations').select('id').execute())) as [
    { id: string },
  ]
  const own = await anAnswer(database.db, inbox, at(inbox.owner, minute(58)), id)
  await expect(ask('block', own)).rejects.toMatchObject({ code: 'inbox.cannot_moderate' })
  await expect(ask('remove', own)).rejects.toMatchObject({ code: 'inbox.cannot_moderate' })
})

test('it is tried later and later, never before the platform’s own time, and given up in words', () => {
  const busy = { state: 'retry', reason: 'busy' } as const
  const wait = (attempts: number) => (nextOf(minute(0), attempts, busy).at!.getTime() - minute(0).getTime()) / 1000
  expect([1, 2, 3].map(wait)).toEqual([30, 120, 600])
  expect(nextOf(minute(0), 1, { ...busy, retryAt: minute(9) }).at).toEqual(minute(9))
  expect(nextOf(minute(0), 8, busy)).toEqual({ state: 'rejected', reason: 'Tried 8 times: busy', at: null })
})
