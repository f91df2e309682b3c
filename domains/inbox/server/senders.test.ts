import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { anAnswer, at, conversationRow, minute, type MadeInbox } from './factories.ts'
import { blockSender } from './senders.ts'
import { aMail, aMailbox, mailIn, seenIn } from './testing/mail.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await aMailbox(database.db)
})

function block(messageId: string, reason?: string) {
  const actor = at(inbox.owner, minute(30))
  return database.db.write(actor, (tx) => blockSender(tx, actor, { messageId, reason }))
}
const customers = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('customers').select(['id', 'name', 'blockedReason']).execute())

test('whom a message is from is blocked, its conversation is put away, and what they write next opens nothing', async () => {
  await mailIn(database.db, inbox, aMail('cheap', { from: 'eve@spam.example' }))
  const first = (await seenIn(database.db, inbox)).get('cheap')!
  const { customerId, resolved } = await block(first.id, 'Spam')
  expect(resolved).toBe(true)
  expect((await conversationRow(database.db, inbox, first.conversationId)).state).toBe('resolved')
  expect(await customers()).toMatchObject([{ id: customerId, blockedReason: 'Spam' }])
  await mailIn(database.db, inbox, aMail('cheaper', { from: 'eve@spam.example', at: 40 }))
  const second = (await seenIn(database.db, inbox)).get('cheaper')!
  expect(second.conversationId).not.toBe(first.conversationId)
  expect((await conversationRow(database.db, inbox, second.conversationId)).state).toBe('resolved')
})

test('somebody who only joined a conversation is blocked without putting away what is not theirs', async () => {
  await mailIn(database.db, inbox, aMail('a'))
  const { conversationId } = (await seenIn(database.db, inbox)).get('a')!
  // She has its signed address, so she is let in.
  await mailIn(database.db, inbox, aMail('b', { from: 'eve@spam.example', data: { proven: conversationId }, at: 1 }))
  const found = await seenIn(database.db, inbox)
  expect(found.get('b')!.conversationId).toBe(conversationId)
  expect((await block(found.get('b')!.id)).resolved).toBe(false)
  expect((await conversationRow(database.db, inbox, conversationId)).state).toBe('open')
  expect((await customers()).filter(({ blockedReason }) => blockedReason !== null)).toHaveLength(1)
})

test('our own words have nobody to block, and a foreign message is not here', async () => {
  await mailIn(database.db, inbox, aMail('a'))
  const { conversationId } = (await seenIn(database.db, inbox)).get('a')!
  const answer = await anAnswer(database.db, inbox, at(inbox.owner, minute(5)), conversationId)
  await expect(block(answer)).rejects.toMatchObject({ code: 'inbox.not_from_outside' })
  const other = await aMailbox(database.db)
  const actor = at(other.owner, minute(30))
  const { id } = (await seenIn(database.db, inbox)).get('a')!
  await expect(database.db.write(actor, (tx) => blockSender(tx, actor, { messageId: id }))).rejects.toMatchObject({
    status: 404,
  })
})
