import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { SendOutcome } from '#channels/connector'
import { programActor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import {
  conversationRoutes,
  labelRoutes,
  networkRoutes,
  messageRoutes,
  originalRoutes,
  reorganisingRoutes,
} from '../contract.ts'
import { resolveConversation } from './conversations.ts'
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
import { claimDue, type Claim } from './leaving.ts'
import { listMessages } from './messages.ts'
import { settle } from './outcomes.ts'
import { searchMessages } from './search-hits.ts'
import { discardMessage, retryMessage } from './second-tries.ts'
import { listUnsettled } from './unsettled.ts'

const database = useDatabase()

const claim = async (inbox: MadeInbox, when: Date): Promise<Claim | undefined> => {
  const actor = programActor(inbox.workspaceId, when)
  return (await database.db.write(actor, (tx) => claimDue(tx, actor, inbox.connection, 10)))[0]
}

/** An answer of minute 60 that ended like this. */
async function ended(outcome: SendOutcome) {
  const inbox = await anInbox(database.db)
  const conversation = await aConversation(database.db, inbox)
  const id = await anAnswer(database.db, inbox, at(inbox.owner, minute(60)), conversation.id, {
    body: 'The parrot flew.',
  })
  const claimed = (await claim(inbox, minute(61)))!
  const actor = programActor(inbox.workspaceId, minute(62))
  await database.db.write(actor, (tx) => settle(tx, actor, inbox.connection.id, claimed, outcome, false))
  return { inbox, conversation, id, actor: at(inbox.owner, minute(70)) }
}
const rejected = { state: 'rejected', reason: 'The number does not exist.' } as const
const doubtful = { state: 'unknown', reason: 'The line broke.' } as const

test.each([rejected, doubtful])('an answer that ended as $state can be discarded and never leaves', async (outcome) => {
  const { inbox, conversation, id, actor } = await ended(outcome)
  const { db } = database
  const found = () => db.read(actor, (tx) => listUnsettled(tx, actor, {}))
  expect((await found()).items.map(({ message }) => message.id)).toEqual([id])
  expect(await conversationRow(db, inbox, conversation.id)).toMatchObject({ state: 'waiting', failedCount: 1 })

  await db.write(actor, (tx) => discardMessage(tx, actor, id))
  expect((await found()).items).toEqual([])
  expect(await claim(inbox, minute(5000))).toBeUndefined()
  expect(await messageRow(db, inbox, id)).toMatchObject({ state: 'cancelled' })
  // The customer waits for us again, since they wrote.
  expect(await conversationRow(db, inbox, conversation.id)).toMatchObject({
    state: 'open',
    failedCount: 0,
    waitingSince: minute(0),
    preview: 'Where is my bag?',
  })
  const thread = await db.read(actor, (tx) => listMessages(tx, actor, { conversationId: conversation.id }))
  expect(thread.items.map(({ kind, body }) => [kind, body])).toEqual([
    ['system', 'discarded'],
    ['in', 'Where is my bag?'],
  ])
  expect((await db.read(actor, (tx) => searchMessages(tx, actor, { q: 'parrot' }))).items).toEqual([])
})

test('discarding opens no conversation that was resolved meanwhile', async () => {
  const { inbox, conversation, id, actor } = await ended(rejected)
  await database.db.write(actor, (tx) => resolveConversation(tx, actor, { id: conversation.id }))
  await database.db.write(actor, (tx) => discardMessage(tx, actor, id))
  expect(await conversationRow(database.db, inbox, conversation.id)).toMatchObject({
    state: 'resolved',
    waitingSince: null,
  })
})

test('discarding keeps the turn that something later gave', async () => {
  const { inbox, conversation, id, actor } = await ended(rejected)
  const { threadKey } = conversation
  const author = { id: 'c-later', name: 'Jo Customer' }
  await takeIn(database.db, inbox, [
    { type: 'message', id: 'later', thread: { key: threadKey }, author, text: 'Hello?', at: minute(65).toISOString() },
  ])
  await database.db.write(actor, (tx) => discardMessage(tx, actor, id))
  expect(await conversationRow(database.db, inbox, conversation.id)).toMatchObject({ state: 'open', preview: 'Hello?' })
})

test('only what failed or is in doubt can be discarded, and once', async () => {
  const { id, actor } = await ended(rejected)
  await database.db.write(actor, (tx) => retryMessage(tx, actor, id))
  const refusal = { status: 422, code: 'inbox.not_unsettled' }
  await expect(database.db.write(actor, (tx) => discardMessage(tx, actor, id))).rejects.toMatchObject(refusal)
  const other = await ended(doubtful)
  await database.db.write(other.actor, (tx) => discardMessage(tx, other.actor, other.id))
  await expect(database.db.write(other.actor, (tx) => discardMessage(tx, other.actor, other.id))).rejects.toMatchObject(
    refusal,
  )
})

test('nobody discards an answer whose platform is being asked at that moment', async () => {
  const inbox = await anInbox(database.db)
  const conversation = await aConversation(database.db, inbox)
  const id = await anAnswer(database.db, inbox, at(inbox.owner, minute(60)), conversation.id)
  const claimed = (await claim(inbox, minute(61)))!
  const program = programActor(inbox.workspaceId, minute(62))
  await database.db.write(program, (tx) => settle(tx, program, inbox.connection.id, claimed, doubtful, true))
  expect(await claim(inbox, minute(70))).toMatchObject({ messageId: id })
  const actor = at(inbox.owner, minute(70))
  await expect(database.db.write(actor, (tx) => discardMessage(tx, actor, id))).rejects.toMatchObject({ status: 409 })
})

test('every problem that the inbox answers with is named by a route', () => {
  const named = new Set(
    [conversationRoutes, messageRoutes, labelRoutes, originalRoutes, reorganisingRoutes, networkRoutes].flatMap(
      (table) =>
        Object.values(table).flatMap((route) => ('problems' in route ? (route.problems as readonly string[]) : [])),
    ),
  )
  const thrown = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(
        /new Problem\(\s*\d+,\s*'((?:inbox|files)\.\w+)'/g,
      ),
    ])
    .map(([, code]) => code)
  expect(thrown.length).toBeGreaterThan(15)
  expect(thrown.filter((code) => !named.has(code!))).toEqual([])
})
