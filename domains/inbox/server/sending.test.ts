import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { assignConversation, resolveConversation, snoozeConversation } from './conversations.ts'
import { getDraft, saveDraft } from './drafts.ts'
import {
  aConversation,
  anAnswer,
  anInbox,
  at,
  conversationRow,
  DAY,
  messageRow,
  minute,
  takeIn,
  aMessage,
  type MadeInbox,
} from './factories.ts'
import { writeNote } from './messages.ts'
import { searchMessages } from './search-hits.ts'
import { undoMessage } from './taking-back.ts'
import { addUpload } from './uploads.ts'

const database = useDatabase()
let inbox: MadeInbox
let agent: Actor & { readonly id: string }
beforeEach(async () => {
  inbox = await anInbox(database.db)
  agent = at(await aMember(database.db, inbox.workspaceId, 'agent'), minute(60))
})

const row = (id: string) => conversationRow(database.db, inbox, id)
const undo = (id: string, actor = agent) => database.db.write(actor, (tx) => undoMessage(tx, actor, id))
const episode = (id: string) =>
  database.db.read(inbox, (tx) =>
    tx.selectFrom('episodes').selectAll().where('conversationId', '=', id).executeTakeFirstOrThrow(),
  )
const anUpload = (actor: Actor) =>
  database.db.write(actor, (tx) =>
    addUpload(tx, actor, {
      sha256: 'a'.repeat(64),
      size: 9,
      name: 'bill.pdf',
      mediaType: 'application/pdf',
      kind: 'pdf',
      width: null,
      height: null,
    }),
  )
/** What a person sees of a conversation: all of the row but its counters. */
const shown = async (id: string) => {
  const { version: _version, lastSeq: _lastSeq, lastActivityAt: _activity, ...rest } = await row(id)
  return rest
}

test('an answer passes the turn to the customer and becomes its author’s conversation', async () => {
  const { id } = await aConversation(database.db, inbox)
  const answer = await anAnswer(database.db, inbox, agent, id)
  expect(await row(id)).toMatchObject({
    state: 'waiting',
    waitingSince: null,
    assigneeId: agent.id,
    preview: 'It is on its way.',
    previewKind: 'out',
  })
  expect(await messageRow(database.db, inbox, answer)).toMatchObject({
    state: 'held',
    memberId: agent.id,
    authorName: 'A agent',
  })
  expect((await episode(id)).firstAnswerAt).toEqual(minute(60))
})

test('taking an answer back leaves everything as if it had never been written, and the words in the draft', async () => {
  const long = 'A long story. '.repeat(40)
  const open = await aConversation(database.db, inbox, { texts: ['hello', long] })
  const snoozed = await aConversation(database.db, inbox)
  const resolved = await aConversation(database.db, inbox)
  await database.db.write(agent, (tx) => snoozeConversation(tx, agent, { id: snoozed.id, until: minute(600) }))
  await database.db.write(agent, (tx) => resolveConversation(tx, agent, { id: resolved.id }))
  for (const { id } of [open, snoozed, resolved]) {
    const [before, hours] = [await shown(id), await episode(id)]
    const upload = await anUpload(agent)
    const answer = await anAnswer(database.db, inbox, agent, id, {
      attachmentIds: [upload.id],
      resolve: id === open.id,
    })
    const draft = await undo(answer)
    expect(draft).toMatchObject({ body: 'It is on its way.', version: 1 })
    expect(draft.attachments.map(({ name }) => name)).toEqual(['bill.pdf'])
    expect(await shown(id)).toEqual({ ...before, priorityAt: expect.any(Date) })
    expect(await episode(id)).toEqual({ ...hours, resolvedAt: hours.resolvedAt })
    expect((await messageRow(database.db, inbox, answer)).body).toBe('')
    await expect(undo(answer)).rejects.toMatchObject({ code: 'inbox.already_sent' })
  }
})

test('a customer who wrote in the ten seconds keeps the conversation open', async () => {
  const { id, threadKey } = await aConversation(database.db, inbox)
  const answer = await anAnswer(database.db, inbox, agent, id)
  await takeIn(database.db, inbox, [
    aMessage({ thread: { key: threadKey }, text: 'wait', at: minute(60).toISOString() }),
  ])
  await undo(answer)
  expect(await row(id)).toMatchObject({ state: 'open', waitingSince: DAY, preview: 'wait' })
})

test('only its author takes an answer back, and a token gets its words back without a draft', async () => {
  const { id } = await aConversation(database.db, inbox)
  const answer = await anAnswer(database.db, inbox, agent, id)
  await expect(undo(answer, at(inbox.owner as typeof agent, minute(60)))).rejects.toMatchObject({
    code: 'inbox.not_yours',
  })
  const token: Actor & { readonly id: string } = { ...agent, kind: 'token', id: randomUUIDv7() }
  const theirs = await anAnswer(database.db, inbox, token, id, { body: 'by a program' })
  expect(await undo(theirs, token)).toMatchObject({ body: 'by a program', version: 0 })
})

test('sending twice with one id sends once, also at the same moment', async () => {
  const { id } = await aConversation(database.db, inbox)
  const clientId = randomUUIDv7()
  await Promise.all(Array.from({ length: 5 }, () => anAnswer(database.db, inbox, agent, id, { clientId })))
  expect(await row(id)).toMatchObject({ messageCount: 2 })
  const other = await aConversation(database.db, inbox)
  await expect(anAnswer(database.db, inbox, agent, other.id, { clientId })).rejects.toMatchObject({
    code: 'inbox.id_taken',
  })
})

test('too long, empty, or where nothing can be answered is refused in words', async () => {
  const { id } = await aConversation(database.db, inbox)
  await expect(anAnswer(database.db, inbox, agent, id, { body: 'x'.repeat(100_001) })).rejects.toMatchObject({
    status: 422,
    code: 'inbox.too_long',
    details: { limit: 100_000, length: 100_001, unit: 'utf16' },
  })
  await expect(anAnswer(database.db, inbox, agent, id, { body: ' \n ' })).rejects.toMatchObject({
    code: 'inbox.empty_message',
  })
  await expect(anAnswer(database.db, inbox, agent, id, { parentId: randomUUIDv7() })).rejects.toMatchObject({
    code: 'inbox.no_such_parent',
  })
  for (const connection of [
    { ...inbox.connection, state: 'paused' as const },
    { ...inbox.connection, settings: {} },
  ])
    await expect(anAnswer(database.db, { ...inbox, connection }, agent, id)).rejects.toMatchObject({
      code: 'inbox.cannot_reply',
    })
})

test('answering a resolved conversation opens its episode again', async () => {
  const { id } = await aConversation(database.db, inbox)
  await database.db.write(agent, (tx) => resolveConversation(tx, agent, { id }))
  await anAnswer(database.db, inbox, agent, id)
  expect(await row(id)).toMatchObject({ state: 'waiting', resolvedAt: null })
  expect((await episode(id)).resolvedAt).toBeNull()
})

test('answers are found by their words until they are taken back', async () => {
  const { id } = await aConversation(database.db, inbox)
  const answer = await anAnswer(database.db, inbox, agent, id, { body: 'your Köffer is found' })
  const hits = async () =>
    (await database.db.read(agent, (tx) => searchMessages(tx, agent, { q: 'koffer' }))).items.length
  expect(await hits()).toBe(1)
  await undo(answer)
  expect(await hits()).toBe(0)
})

test('nobody puts a file of somebody else into their own words', async () => {
  const team = await aTeam(database.db, inbox.workspaceId)
  const secret = await aConversation(database.db, inbox, { teamId: team.id })
  const mine = await aConversation(database.db, inbox)
  const waiting = await anUpload(inbox.owner)
  const used = await anUpload(inbox.owner)
  await anAnswer(database.db, inbox, at(inbox.owner, minute(60)), secret.id, { attachmentIds: [used.id] })
  for (const { id } of [waiting, used]) {
    const attachmentIds = [id]
    const refused = { code: 'inbox.no_such_attachment' }
    await expect(anAnswer(database.db, inbox, agent, mine.id, { attachmentIds })).rejects.toMatchObject(refused)
    const note = { conversationId: mine.id, body: 'look', clientId: randomUUIDv7(), attachmentIds }
    await expect(database.db.write(agent, (tx) => writeNote(tx, agent, note))).rejects.toMatchObject(refused)
    const draft = { conversationId: mine.id, kind: 'out' as const, body: 'x', version: 0, attachmentIds }
    await expect(database.db.write(agent, (tx) => saveDraft(tx, agent, draft))).rejects.toMatchObject(refused)
  }
})

test('a note under the id of a message elsewhere is refused, so that nobody reads that message by it', async () => {
  const other = await aConversation(database.db, inbox)
  const { id } = await aConversation(database.db, inbox)
  const note = { conversationId: id, body: 'x', clientId: other.messageIds[0]! }
  await expect(database.db.write(agent, (tx) => writeNote(tx, agent, note))).rejects.toMatchObject({ status: 409 })
})

test('of two windows that save one draft the later is told, also at the same moment', async () => {
  const { id } = await aConversation(database.db, inbox)
  const save = (body: string, version: number) =>
    database.db.write(agent, (tx) => saveDraft(tx, agent, { conversationId: id, kind: 'out', body, version }))
  const both = await Promise.allSettled([save('one', 0), save('two', 0)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const kept = await database.db.read(agent, (tx) => getDraft(tx, agent, id))
  await expect(save('stale', 0)).rejects.toMatchObject({ status: 409, details: { draft: kept } })
  const edits = await Promise.allSettled([save('three', 1), save('four', 1)])
  expect(edits.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await save('', 2)).toBeNull()
})

test('who had a conversation alone hears that it was given to somebody else', async () => {
  const team = await aTeam(database.db, inbox.workspaceId)
  const { id } = await aConversation(database.db, inbox, { teamId: team.id, assigneeId: agent.id })
  const actor = at(inbox.owner, minute(60))
  await database.db.write(actor, (tx) => assignConversation(tx, actor, { id, assigneeId: inbox.owner.id }))
  const [event] = await database.db.read(inbox, (tx) =>
    tx.selectFrom('events').select('visibility').where('type', '=', 'inbox.conversation_assigned').execute(),
  )
  expect(event!.visibility).toEqual({ teamId: null, assigneeId: inbox.owner.id })
})
