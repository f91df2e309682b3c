import { beforeEach, expect, test } from 'vitest'
import { programActor, type Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { aMember } from '../../workspaces/server/factories.ts'
import {
  assignConversation,
  getConversation,
  markRead,
  reopenConversation,
  resolveConversation,
  snoozeConversation,
  wakeConversation,
} from './conversations.ts'
import {
  aConversation,
  aMessage,
  anInbox,
  at,
  conversationRow,
  DAY,
  minute,
  takeIn,
  type MadeInbox,
} from './factories.ts'
import { archiveLabel, createLabel, labelConversation } from './labels.ts'
import { listConversations } from './lists.ts'

const database = useDatabase()
let inbox: MadeInbox
let owner: Actor
let conversation: { readonly id: string; readonly threadKey: string }
beforeEach(async () => {
  inbox = await anInbox(database.db)
  owner = at(inbox.owner, minute(60))
  conversation = await aConversation(database.db, inbox)
})

const row = () => conversationRow(database.db, inbox, conversation.id)
const write = <T>(work: Parameters<typeof database.db.write<T>>[1], actor: Actor = owner) =>
  database.db.write(actor, work)
const writes = (minutes: number) =>
  takeIn(
    database.db,
    inbox,
    [aMessage({ thread: { key: conversation.threadKey }, at: minute(minutes).toISOString() })],
    minute(minutes),
  )
const episodes = () =>
  database.db.read(inbox, (tx) =>
    tx
      .selectFrom('episodes')
      .select(['episode', 'resolvedAt'])
      .where('conversationId', '=', conversation.id)
      .orderBy('episode')
      .execute(),
  )

test('opening again what was resolved by a slip stays in its episode, and the customer waits since when they did', async () => {
  await write((tx) => resolveConversation(tx, owner, { id: conversation.id }))
  expect(await row()).toMatchObject({ state: 'resolved', waitingSince: null, resolvedAt: minute(60) })
  await write((tx) => reopenConversation(tx, owner, { id: conversation.id }))
  expect(await row()).toMatchObject({ state: 'open', waitingSince: DAY, priorityAt: DAY, resolvedAt: null })
  expect(await episodes()).toEqual([{ episode: 1, resolvedAt: null }])
})

test('a customer who writes after the end begins the next episode', async () => {
  await write((tx) => resolveConversation(tx, owner, { id: conversation.id }))
  await writes(90)
  expect(await row()).toMatchObject({ state: 'open', episode: 2, waitingSince: minute(90) })
  expect(await episodes()).toEqual([
    { episode: 1, resolvedAt: minute(60) },
    { episode: 2, resolvedAt: null },
  ])
})

test('a snoozed conversation comes back at its time, late as the job may be, and once', async () => {
  await write((tx) => snoozeConversation(tx, owner, { id: conversation.id, until: minute(120) }))
  const wake = (minutes: number) => {
    const actor = programActor(inbox.workspaceId, minute(minutes))
    return write((tx) => wakeConversation(tx, actor, conversation.id), actor)
  }
  await wake(100)
  expect((await row()).state).toBe('snoozed')
  // The queue's clock is a little ahead of ours, and nobody would come a second time.
  await wake(119.5)
  expect(await row()).toMatchObject({ state: 'open', snoozedUntil: null })
  const { version } = await row()
  await wake(500)
  expect((await row()).version).toBe(version)
})

test('a customer who writes wakes what was put away', async () => {
  await write((tx) => snoozeConversation(tx, owner, { id: conversation.id, until: minute(120) }))
  await writes(70)
  expect(await row()).toMatchObject({ state: 'open', snoozedUntil: null })
  const past = write((tx) => snoozeConversation(tx, owner, { id: conversation.id, until: minute(60) }))
  await expect(past).rejects.toMatchObject({ code: 'inbox.past_moment' })
})

test('nothing is given to somebody who may not answer, is not here, or is of another workspace', async () => {
  const stranger = await anInbox(database.db)
  const ids = [
    (await aMember(database.db, inbox.workspaceId, 'viewer')).id,
    (await aMember(database.db, inbox.workspaceId, 'agent', { state: 'suspended' })).id,
    stranger.owner.id,
  ]
  for (const assigneeId of ids)
    await expect(
      write((tx) => assignConversation(tx, owner, { id: conversation.id, assigneeId })),
    ).rejects.toMatchObject({
      code: 'inbox.no_such_member',
    })
})

test('who looked at an older version is told, and nothing is overwritten', async () => {
  const { version } = await row()
  await writes(61)
  for (const change of [resolveConversation, reopenConversation])
    await expect(write((tx) => change(tx, owner, { id: conversation.id, version }))).rejects.toMatchObject({
      status: 409,
      details: { version: version + 1 },
    })
})

test('what was read stays read, and a new message makes it unread', async () => {
  const unread = async () => (await database.db.read(owner, (tx) => listConversations(tx, owner, {}))).items[0]!.unread
  expect(await unread()).toBe(true)
  const { lastSeq } = await row()
  await write((tx) => markRead(tx, owner, conversation.id, lastSeq + 1000))
  expect(await unread()).toBe(false)
  await write((tx) => markRead(tx, owner, conversation.id, 0))
  expect(await unread()).toBe(false)
  await writes(70)
  expect(await unread()).toBe(true)
  const opened = await database.db.read(owner, (tx) => getConversation(tx, owner, conversation.id, inbox.connection))
  expect(opened).toMatchObject({ readSeq: lastSeq, canReply: { ok: true } })
})

test('a retired label leaves its conversations, and two that make the same one at once end with one', async () => {
  const made = await Promise.allSettled(
    Array.from({ length: 4 }, () => write((tx) => createLabel(tx, owner, { name: 'Bags', tone: 'blue' }))),
  )
  const labels = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(labels).toHaveLength(1)
  for (const one of made)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'inbox.label_exists' })
  await write((tx) => labelConversation(tx, owner, { id: conversation.id, add: [labels[0]!.id] }))
  expect((await row()).labelIds).toEqual([labels[0]!.id])
  await write((tx) => archiveLabel(tx, owner, labels[0]!.id))
  expect((await row()).labelIds).toEqual([])
})
