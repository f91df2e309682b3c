// A public tree and the private line of who complained in it, as one conversation.
import { beforeEach, expect, test } from 'vitest'
import type { Connector } from '#channels/connector'
import { testClock } from '#platform/clock'
import { useDatabase } from '#platform/testing/database'
import { getConversation } from './conversations.ts'
import { anAnswer, anInbox, at, conversationRow, minute, takeIn, type MadeInbox } from './factories.ts'
import { inviteToPrivate } from './inviting.ts'
import { getMessages } from './messages.ts'
import { letLeave } from './testing/square-post.ts'
import { aPost, aPrivateWord, square } from './testing/square.ts'

const database = useDatabase()
const asked: unknown[] = []
const privateLine: NonNullable<Connector['privateLine']> = async (person) => {
  asked.push(person)
  return person.handle === 'shut@square.example'
    ? { ok: false, why: 'Shut takes no messages.' }
    : { ok: true, threadKey: `line of ${person.externalId}`, facts: { invited: true } }
}
let inbox: MadeInbox
beforeEach(async () => {
  asked.length = 0
  const base = (await anInbox(database.db)).connection.connector
  inbox = await anInbox(database.db, {
    connector: { ...square, capabilities: { ...base.capabilities, invitesToPrivate: true }, privateLine },
  })
})

const into = (...events: object[]) => takeIn(database.db, inbox, events, minute(90))
const conversations = () =>
  database.db.read(inbox, (tx) => tx.selectFrom('conversations').selectAll().orderBy('firstMessageAt').execute())
const open = (id: string) =>
  database.db.read(inbox, (tx) => getConversation(tx, at(inbox.owner, minute(95)), id, inbox.connection))
const invite = (conversationId: string, messageId?: string) =>
  inviteToPrivate(
    {
      db: database.db,
      clock: testClock(minute(91)),
      network: {
        fetch: async () => ({ ok: false, sent: 'no', reason: 'none' }),
        resolve: async () => ({ ok: false, reason: 'none' }),
        stream: async () => ({ ok: false, sent: 'no', reason: 'none' }),
      },
    },
    at(inbox.owner, minute(91)),
    inbox.connection,
    { conversationId, messageId },
  )
const answer = (id: string, given: object) => anAnswer(database.db, inbox, at(inbox.owner, minute(92)), id, given)
const leave = () => letLeave(database.db, inbox, minute(100))

async function complaint() {
  await into(aPost({ externalId: 'said' }))
  const { id } = (await conversations())[0]!
  return id
}

test('an invited customer’s private answer lands in the same conversation, and each answer goes where it is meant', async () => {
  const id = await complaint()
  const threadId = await invite(id)
  expect(asked).toEqual([{ externalId: 'jo', handle: 'jo@square.example', scope: '' }])
  await answer(id, { body: 'Please tell me your number here.', threadId, visibility: 'private' })
  await into(aPrivateWord({ externalId: 'number', at: minute(93) }))
  expect(await conversations()).toHaveLength(1)
  // Nothing is named: it goes to where the last word was said.
  await answer(id, { body: 'Thank you, it comes tomorrow.' })
  await answer(id, { body: 'This is solved.', threadId: null, visibility: 'public', resolve: true })
  const sent = await leave()
  expect(
    sent.map(({ text, visibility, threadKey, parentExternalId, recipient }) => [
      text,
      visibility,
      threadKey,
      parentExternalId,
      recipient?.externalId,
    ]),
  ).toEqual([
    ['Please tell me your number here.', 'private', 'line of jo', null, 'jo'],
    ['Thank you, it comes tomorrow.', 'private', 'line of jo', null, 'jo'],
    ['This is solved.', 'public', 'tree', null, 'jo'],
  ])
  expect(sent[0]!.threadFacts).toEqual({ invited: true })
  expect(sent[2]!.threadFacts).toEqual({})
  expect(sent[1]!.follows).not.toContain('said')
  const { threads, state, visibility } = await open(id)
  expect([state, visibility]).toEqual(['resolved', 'public'])
  expect(threads).toMatchObject([
    { id: null, visibility: 'public', who: null, canReply: { ok: true, how: 'Public answer' } },
    { id: threadId, visibility: 'private', who: 'Jo Customer', canReply: { ok: true, how: 'Private answer' } },
  ])
  const shown = await database.db.read(inbox, async (tx) =>
    getMessages(
      tx,
      inbox.owner,
      (await tx.selectFrom('messages').select('id').where('externalId', '=', 'number').execute()).map((one) => one.id),
    ),
  )
  expect(shown[0]).toMatchObject({ visibility: 'private', threadId })
})

test('an answer hangs below a message of its own thread only', async () => {
  const id = await complaint()
  const threadId = await invite(id)
  const [said] = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select('id').where('kind', '=', 'in').execute(),
  )
  await answer(id, { parentId: said!.id, threadId, visibility: 'private' })
  await answer(id, { parentId: said!.id })
  const sent = await leave()
  expect(sent.map(({ visibility, parentExternalId }) => [visibility, parentExternalId])).toEqual([
    ['private', null],
    ['public', 'said'],
  ])
})

test('nothing is seen by others than its writer believes', async () => {
  const id = await complaint()
  const threadId = await invite(id)
  await expect(answer(id, { threadId: null, visibility: 'private' })).rejects.toMatchObject({
    code: 'inbox.other_visibility',
  })
  await expect(answer(id, { threadId, visibility: 'public' })).rejects.toMatchObject({ code: 'inbox.other_visibility' })
  await expect(answer(id, { threadId: '01900000-0000-7000-8000-000000000000' })).rejects.toMatchObject({
    code: 'inbox.no_such_thread',
  })
  // They wrote in private while the composer still stood at public.
  await into(aPrivateWord({ at: minute(93) }))
  await expect(answer(id, { visibility: 'public' })).rejects.toMatchObject({ code: 'inbox.other_visibility' })
})

test('what was said in private is not answered in public by default, wherever it stands', async () => {
  const id = await complaint()
  await into(
    aPrivateWord({
      externalId: 'secret',
      thread: { key: 'tree', shape: 'tree', visibility: 'private' },
      at: minute(93),
    }),
  )
  await expect(answer(id, {})).rejects.toMatchObject({ code: 'inbox.choose_thread' })
})

test('the line goes to the conversation that invited last, also one that had it to itself before', async () => {
  await into(
    aPrivateWord({
      externalId: 'old',
      thread: { key: 'line of jo', shape: 'line', visibility: 'private', facts: { since: 1 } },
      at: minute(-60),
    }),
  )
  await into(
    aPost({ externalId: 'one' }),
    aPost({ externalId: 'two', thread: { key: 'other tree', shape: 'tree', visibility: 'public' }, at: minute(1) }),
  )
  const [own, first, second] = (await conversations()).map((row) => row.id) as [string, string, string]
  const where = async (externalId: string) =>
    (
      await database.db.read(inbox, (tx) =>
        tx
          .selectFrom('messages')
          .select('conversationId')
          .where('externalId', '=', externalId)
          .executeTakeFirstOrThrow(),
      )
    ).conversationId
  expect(await where('old')).toBe(own)
  await invite(first)
  await into(aPrivateWord({ externalId: 'p1', at: minute(92) }))
  expect(await where('p1')).toBe(first)
  await invite(second)
  await into(aPrivateWord({ externalId: 'p2', at: minute(93) }))
  expect(await where('p2')).toBe(second)
  expect((await open(first)).threads).toHaveLength(1)
  expect((await open(second)).threads).toHaveLength(2)
  // Windows and facts go with the line; a thread change reaches both that have it.
  await into({
    type: 'thread',
    thread: { key: 'line of jo', shape: 'line', visibility: 'private', facts: { closed: 'They left.' } },
    at: minute(94),
  })
  expect((await open(second)).threads[1]).toMatchObject({ canReply: { ok: false, why: 'They left.' } })
  expect((await open(second)).threads[0]).toMatchObject({ canReply: { ok: true } })
})

test('who can’t be asked is not, with the reason', async () => {
  await into(aPost({ author: { externalId: 'shut', name: 'Shut', handle: 'shut@square.example' } }))
  const { id } = (await conversations())[0]!
  await expect(invite(id)).rejects.toMatchObject({ code: 'inbox.no_private_line', message: 'Shut takes no messages.' })
  expect((await open(id)).threads).toHaveLength(1)
})

test('what is said in public leaves the window of the private line alone, and the other way round', async () => {
  const id = await complaint()
  await invite(id)
  await into(aPrivateWord({ at: minute(93) }), aPost({ externalId: 'again', at: minute(94) }))
  const beside = await database.db.read(inbox, (tx) =>
    tx.selectFrom('conversationThreads').selectAll().executeTakeFirstOrThrow(),
  )
  expect(beside.lastInboundAt).toEqual(minute(93))
  await into(aPrivateWord({ at: minute(95) }))
  expect((await conversationRow(database.db, inbox, id)).lastInboundAt).toEqual(minute(94))
})
