import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SendOutcome } from '#channels/connector'
import { programActor } from '#platform/actor'
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
import { claimDue, leaseMs, type Claim } from './leaving.ts'
import { settle } from './outcomes.ts'
import { decideUnknown } from './second-tries.ts'

const database = useDatabase()

const claim = async (inbox: MadeInbox, when: Date): Promise<Claim | undefined> => {
  const actor = programActor(inbox.workspaceId, when)
  return (await database.db.write(actor, (tx) => claimDue(tx, actor, inbox.connection, 10)))[0]
}
const settled = (inbox: MadeInbox, claimed: Claim, outcome: SendOutcome, when = minute(62)) => {
  const actor = programActor(inbox.workspaceId, when)
  return database.db.write(actor, (tx) => settle(tx, actor, inbox.connection.id, claimed, outcome, true))
}
const outbound = (inbox: MadeInbox, id: string) =>
  database.db.read(inbox, (tx) =>
    tx.selectFrom('outbound').select(['state', 'attempts']).where('messageId', '=', id).executeTakeFirstOrThrow(),
  )

async function underWay() {
  const inbox = await anInbox(database.db)
  const conversation = await aConversation(database.db, inbox)
  const id = await anAnswer(database.db, inbox, at(inbox.owner, minute(60)), conversation.id)
  return { inbox, conversation, id, claimed: (await claim(inbox, minute(61)))! }
}
const receipt = (id: string, state: string, minutes = 63) => ({
  type: 'receipt',
  id,
  state,
  at: minute(minutes).toISOString(),
})

test('a receipt that is quicker than the platform’s answer is kept and counts', async () => {
  const { inbox, id, claimed } = await underWay()
  await takeIn(database.db, inbox, [receipt('p-1', 'delivered')])
  await settled(inbox, claimed, { state: 'sent', externalId: 'p-1' })
  expect(await messageRow(database.db, inbox, id)).toMatchObject({ state: 'delivered', externalId: 'p-1' })
})

test('a doubt or a retry that is written down after the message was settled sends nothing again', async () => {
  for (const late of [
    { state: 'retry', reason: 'late' },
    { state: 'unknown', reason: 'late' },
    { state: 'rejected', reason: 'late' },
  ] as const) {
    const { inbox, id, claimed } = await underWay()
    const second = (await claim(inbox, new Date(minute(61).getTime() + leaseMs({}))))!
    expect(second).toMatchObject({ messageId: id, doubtful: true })
    await settled(inbox, second, { state: 'sent', externalId: `e-${id}` })
    await settled(inbox, claimed, late)
    expect(await outbound(inbox, id)).toMatchObject({ state: 'settled' })
    expect((await messageRow(database.db, inbox, id)).state).toBe('sent')
    expect(await claim(inbox, minute(600))).toBeUndefined()
  }
})

test('what arrived has arrived, also when a claim says so that had run out', async () => {
  const { inbox, id, claimed } = await underWay()
  await claim(inbox, new Date(minute(61).getTime() + leaseMs({})))
  await settled(inbox, claimed, { state: 'sent', externalId: 'late' })
  expect(await outbound(inbox, id)).toMatchObject({ state: 'settled' })
  expect(await messageRow(database.db, inbox, id)).toMatchObject({ state: 'sent', externalId: 'late' })
})

test('nobody decides about an answer whose platform is being asked at that moment', async () => {
  const { inbox, id, claimed } = await underWay()
  await settled(inbox, claimed, { state: 'unknown', reason: 'timeout' })
  await claim(inbox, minute(70))
  const actor = at(inbox.owner, minute(70))
  for (const decision of ['send_again', 'arrived'] as const)
    await expect(database.db.write(actor, (tx) => decideUnknown(tx, actor, id, decision))).rejects.toMatchObject({
      status: 409,
    })
})

test('waiting for somebody to sign in again uses up no tries', async () => {
  const { inbox, id, claimed } = await underWay()
  await settled(inbox, claimed, { state: 'reauthorize', reason: 'token expired' })
  expect(await outbound(inbox, id)).toEqual({ state: 'queued', attempts: 0 })
})

test('receipts in any order and number end at the furthest of them, and failures are counted right', async () => {
  const rank: Record<string, number> = { sent: 0, failed: 1, delivered: 2, read: 3 }
  const receipts = fc.array(fc.constantFrom('delivered', 'read', 'failed'), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(receipts, fc.boolean(), async (states, doubtful) => {
      const { inbox, conversation, id, claimed } = await underWay()
      await settled(inbox, claimed, { state: 'sent', externalId: `r-${id}` })
      if (doubtful)
        await database.db.write(inbox, async (tx) => {
          await tx.updateTable('messages').set({ state: 'unknown' }).where('id', '=', id).execute()
          await tx.updateTable('conversations').set({ failedCount: 1 }).where('id', '=', conversation.id).execute()
        })
      let before = 0
      for (const state of states) {
        await takeIn(database.db, inbox, [receipt(`r-${id}`, state)])
        const now = rank[(await messageRow(database.db, inbox, id)).state!]!
        expect(now).toBeGreaterThanOrEqual(before)
        before = now
      }
      expect(before).toBe(Math.max(...states.map((state) => rank[state]!)))
      expect((await conversationRow(database.db, inbox, conversation.id)).failedCount).toBe(before === 1 ? 1 : 0)
    }),
    { numRuns: 20 },
  )
}, 60_000)

test('an edit in the batch of its deletion does not bring the words back', async () => {
  const inbox = await anInbox(database.db)
  const { messageIds, threadKey } = await aConversation(database.db, inbox, { texts: ['my secret'] })
  const { externalId, conversationId } = await messageRow(database.db, inbox, messageIds[0]!)
  await takeIn(database.db, inbox, [
    { type: 'deletion', id: externalId, at: minute(20).toISOString() },
    { type: 'edit', id: externalId, text: 'my secret again', at: minute(30).toISOString() },
    { type: 'deletion', id: externalId, at: minute(20).toISOString() },
  ])
  expect(threadKey).toBeTruthy()
  expect(await messageRow(database.db, inbox, messageIds[0]!)).toMatchObject({ body: '', deletedAt: minute(20) })
  expect((await conversationRow(database.db, inbox, conversationId)).preview).toBe('')
  const told = await database.db.read(inbox, (tx) =>
    tx.selectFrom('events').select('type').where('type', '=', 'inbox.message_deleted').execute(),
  )
  expect(told).toHaveLength(1)
})
