import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { getConversation } from './conversations.ts'
import { anAnswer, aMessage, at, conversationRow, messageRow, minute, takeIn, type MadeInbox } from './factories.ts'
import { claimDue } from './leaving.ts'
import { settle } from './outcomes.ts'
import { aMail, aMailbox, mailIn, seenIn } from './testing/mail.ts'
import { moveMessage, splitMessage } from './reorganising.ts'
import { searchMessages } from './search-hits.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await aMailbox(database.db)
})
const seen = () => seenIn(database.db, inbox)
const connectionOf = (id: string) => inbox.known.byId(inbox.workspaceId, id)
const taken = (...mails: readonly object[]) => mailIn(database.db, inbox, ...mails)

function move(messageId: string, conversationId: string, moment = 30) {
  const actor = at(inbox.owner, minute(moment))
  return database.db.write(actor, (tx) => moveMessage(tx, actor, connectionOf, { messageId, conversationId }))
}
function split(messageId: string, following = false, moment = 30) {
  const actor = at(inbox.owner, minute(moment))
  return database.db.write(actor, (tx) => splitMessage(tx, actor, connectionOf, { messageId, following }))
}
async function leave(conversationId: string, moment: number): Promise<string> {
  const id = await anAnswer(database.db, inbox, at(inbox.owner, minute(moment)), conversationId)
  const later = at(inbox.owner, minute(moment + 1))
  await database.db.write(later, async (tx) => {
    for (const claim of await claimDue(tx, later, inbox.connection, 10))
      await settle(tx, later, inbox.connection.id, claim, { state: 'sent', externalId: claim.platformIdentity }, false)
  })
  return id
}

/** What a row must say, found from the thread by other words than the product's. */
async function recomputed(id: string) {
  const all = await database.db.read(inbox, (tx) =>
    tx
      .selectFrom('messages')
      .selectAll()
      .where('conversationId', '=', id)
      .orderBy('occurredAt')
      .orderBy('seq')
      .execute(),
  )
  const told = all.filter(({ kind, state }) => kind !== 'system' && state !== 'cancelled')
  const inbound = told.filter(({ kind }) => kind === 'in')
  const lastOut = told.filter(({ kind }) => kind === 'out').at(-1)
  const waits = inbound.find(({ occurredAt }) => !lastOut || occurredAt > lastOut.occurredAt)
  return {
    messageCount: told.length,
    lastSeq: Math.max(...all.map(({ seq }) => seq)),
    lastInboundSeq: Math.max(0, ...inbound.map(({ seq }) => seq)),
    preview: told.at(-1)?.body ?? '',
    previewKind: told.at(-1)?.kind ?? 'in',
    lastInboundAt: inbound.at(-1)?.occurredAt ?? null,
    waitingSince: waits?.occurredAt ?? null,
    ...(told.length > 0 && { firstMessageAt: told[0]!.occurredAt, lastActivityAt: told.at(-1)!.occurredAt }),
  }
}
async function expectRowsRight(...ids: readonly string[]) {
  for (const id of ids) expect(await conversationRow(database.db, inbox, id)).toMatchObject(await recomputed(id))
}
const parts = (id: string) =>
  database.db.read(inbox, (tx) =>
    tx
      .selectFrom('conversationParticipants as p')
      .innerJoin('identities as i', 'i.id', 'p.identityId')
      .select('i.externalId')
      .where('p.conversationId', '=', id)
      .orderBy('i.externalId')
      .execute()
      .then((rows) => rows.map(({ externalId }) => externalId)),
  )

async function twoConversations() {
  await taken(
    aMail('a', { text: 'where is my bag' }),
    aMail('s', { from: 'ann@else.example', follows: ['a'], at: 2, text: 'it is my bag too, unicorn' }),
    aMail('b', { follows: ['a'], at: 3, text: 'any news' }),
  )
  const found = await seen()
  return { a: found.get('a')!, s: found.get('s')!, b: found.get('b')! }
}

test('a message that is moved is there with words, keys and author, and both rows are as if it had always been', async () => {
  const { a, s } = await twoConversations()
  await move(s.id, a.conversationId)
  await expectRowsRight(a.conversationId, s.conversationId)
  expect(await conversationRow(database.db, inbox, s.conversationId)).toMatchObject({
    state: 'resolved',
    messageCount: 0,
  })
  expect(await messageRow(database.db, inbox, s.id)).toMatchObject({ placedBy: 'moved', parentId: a.id })
  expect(await parts(a.conversationId)).toEqual(['ann@else.example', 'jo@customer.example'])
  expect(await parts(s.conversationId)).toEqual([])
  const hits = await database.db.read(inbox.owner, (tx) => searchMessages(tx, inbox.owner, { q: 'unicorn' }))
  expect(hits.items).toMatchObject([{ messageId: s.id, conversation: { id: a.conversationId } }])
  // Both the moved message and its author are at home there now.
  await taken(aMail('t', { from: 'ann@else.example', follows: ['s'], at: 40 }))
  expect((await seen()).get('t')).toMatchObject({ placedBy: 'follows', conversationId: a.conversationId })
  await expectRowsRight(a.conversationId)
  const lines = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select(['conversationId', 'body', 'authorName']).where('kind', '=', 'system').execute(),
  )
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ conversationId: s.conversationId, body: 'moved_out' }),
      expect.objectContaining({ conversationId: a.conversationId, body: 'moved_in' }),
    ]),
  )
  const told = await database.db.read(inbox, (tx) =>
    tx.selectFrom('events').select('subjectId').where('type', '=', 'inbox.message_moved').execute(),
  )
  expect(told.map(({ subjectId }) => subjectId).sort()).toEqual([a.conversationId, s.conversationId].sort())
})

test('a message split off has a conversation of its author’s, alone or with all that followed', async () => {
  const { a, s, b } = await twoConversations()
  await move(s.id, a.conversationId)
  const alone = await split(s.id)
  await expectRowsRight(a.conversationId, alone)
  expect(await conversationRow(database.db, inbox, alone)).toMatchObject({
    customerName: 'ann',
    state: 'open',
    messageCount: 1,
  })
  expect(await parts(a.conversationId)).toEqual(['jo@customer.example'])
  await leave(a.conversationId, 50)
  const rest = await split(b.id, true, 60)
  await expectRowsRight(a.conversationId, rest)
  expect((await conversationRow(database.db, inbox, rest)).messageCount).toBe(2)
  const { linked } = await database.db.read(inbox.owner, (tx) =>
    getConversation(tx, inbox.owner, rest, inbox.connection),
  )
  expect(linked).toMatchObject([{ conversationId: a.conversationId, reason: 'split_from' }])
  await expect(split(a.id)).rejects.toMatchObject({ code: 'inbox.only_message' })
  // An answer from there goes to who is there.
  await leave(alone, 70)
  await expectRowsRight(alone)
})

test('nothing is moved while an answer is on its way, to where it is, or from where its platform put it', async () => {
  const { a, s } = await twoConversations()
  await anAnswer(database.db, inbox, at(inbox.owner, minute(10)), a.conversationId)
  await expect(move(s.id, a.conversationId)).rejects.toMatchObject({ code: 'inbox.under_way' })
  await expect(split(a.id)).rejects.toMatchObject({ code: 'inbox.under_way' })
  await expect(move(s.id, s.conversationId)).rejects.toMatchObject({ code: 'inbox.already_there' })
  await expect(move(s.id, randomUUIDv7())).rejects.toMatchObject({ code: 'inbox.no_such_conversation' })
  await takeIn(database.db, inbox, [aMessage({ id: 'named' })])
  const named = (await seen()).get('named')!
  await expect(move(named.id, s.conversationId)).rejects.toMatchObject({ code: 'inbox.not_movable' })
})

test('a mail is not moved to where its words would be read by somebody else', async () => {
  const { s } = await twoConversations()
  const chat = await aMailbox(database.db, { workspace: inbox, connector: {} })
  await takeIn(database.db, chat, [aMessage({ id: 'hello', thread: { key: 'visit' }, author: { id: 'v1' } })])
  const visit = (await seen()).get('hello')!.conversationId
  const actor = at(inbox.owner, minute(30))
  const either = async (id: string) =>
    (await chat.known.byId(inbox.workspaceId, id)) ?? (await inbox.known.byId(inbox.workspaceId, id))
  await expect(
    database.db.write(actor, (tx) => moveMessage(tx, actor, either, { messageId: s.id, conversationId: visit })),
  ).rejects.toMatchObject({ code: 'inbox.not_movable' })
})

test('a mail in a chat is split off with the mails that follow and answered by mail, or moved; the chat itself stays', async () => {
  const chat = await aMailbox(database.db, { workspace: inbox, connector: {} })
  const said = (id: string, moment: number) =>
    aMessage({ id, thread: { key: 'visit' }, author: { id: 'v1', name: 'Visitor' }, at: minute(moment).toISOString() })
  await takeIn(database.db, chat, [said('hello', 0)])
  const visit = (await seen()).get('hello')!.conversationId
  await taken(
    aMail('one', { data: { proven: visit }, at: 1 }),
    aMail('two', { data: { proven: visit }, at: 2 }),
    aMail('other', { from: 'ann@else.example', at: 2 }),
  )
  await takeIn(database.db, chat, [said('again', 3)])
  const found = await seen()
  const either = async (id: string) =>
    (await chat.known.byId(inbox.workspaceId, id)) ?? (await inbox.known.byId(inbox.workspaceId, id))
  const actor = at(inbox.owner, minute(30))
  const id = await database.db.write(actor, (tx) =>
    splitMessage(tx, actor, either, { messageId: found.get('one')!.id, following: true }),
  )
  await expectRowsRight(visit, id)
  expect(await conversationRow(database.db, inbox, id)).toMatchObject({
    connectionId: inbox.connection.id,
    channel: inbox.connection.channel,
    customerName: 'jo',
    messageCount: 2,
  })
  expect(await conversationRow(database.db, inbox, visit)).toMatchObject({ messageCount: 2, customerName: 'Visitor' })
  await leave(id, 40)
  const move = (messageId: string, conversationId: string) =>
    database.db.write(at(inbox.owner, minute(60)), (tx) =>
      moveMessage(tx, at(inbox.owner, minute(60)), either, { messageId, conversationId }),
    )
  await taken(aMail('three', { data: { proven: visit }, at: 50 }))
  await move((await seen()).get('three')!.id, found.get('other')!.conversationId)
  await expectRowsRight(visit, found.get('other')!.conversationId)
  // Back into the chat it can't go, and what was said in the chat goes nowhere.
  await expect(move((await seen()).get('three')!.id, visit)).rejects.toMatchObject({ code: 'inbox.not_movable' })
  await expect(move(found.get('hello')!.id, id)).rejects.toMatchObject({ code: 'inbox.not_movable' })
})

test('what a member can not see, they can neither move nor fill', async () => {
  const { a, s } = await twoConversations()
  const team = await aTeam(database.db, inbox.workspaceId)
  const agent = at(await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [] }), minute(30))
  await database.db.write(inbox, (tx) =>
    tx.updateTable('conversations').set({ teamId: team.id }).where('id', '=', a.conversationId).execute(),
  )
  const moving = (messageId: string, conversationId: string) =>
    database.db.write(agent, (tx) => moveMessage(tx, agent, connectionOf, { messageId, conversationId }))
  await expect(moving(s.id, a.conversationId)).rejects.toMatchObject({ code: 'inbox.no_such_conversation' })
  await expect(moving(a.id, s.conversationId)).rejects.toMatchObject({ status: 404 })
})
