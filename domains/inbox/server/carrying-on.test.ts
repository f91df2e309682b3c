import { beforeEach, expect, test } from 'vitest'
import type { SendOutcome } from '#channels/connector'
import type { KnownConnection } from '#connections/server'
import { programActor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { carryOn, unreadAnswers } from './carrying-on.ts'
import { applyChanges } from './changes.ts'
import {
  aConversation,
  anAnswer,
  anInbox,
  at,
  conversationRow,
  messageRow,
  minute,
  type MadeInbox,
} from './factories.ts'
import { claimDue, loadOutbound } from './leaving.ts'
import { settle } from './outcomes.ts'
import { decideUnknown, discardMessage, retryMessage } from './second-tries.ts'
import { undoMessage } from './taking-back.ts'
import { aMailbox } from './testing/mail.ts'
import { addUpload } from './uploads.ts'

const database = useDatabase()
let inbox: MadeInbox
let carrier: KnownConnection
beforeEach(async () => {
  inbox = await anInbox(database.db)
  const mailbox = await aMailbox(database.db, { workspace: inbox })
  const { connector } = mailbox.connection
  const media = { maxCount: 2, maxBytes: 20, types: ['text/'], altText: false }
  carrier = {
    ...mailbox.connection,
    connector: { ...connector, capabilities: { ...connector.capabilities, carriesOn: true, media } },
  }
})

const actorAt = (minutes: number) => programActor(inbox.workspaceId, minute(minutes))
const carry = (conversationId: string, minutes: number, address = 'jo@away.example') =>
  database.db.write(actorAt(minutes), (tx) =>
    carryOn(tx, actorAt(minutes), carrier, { conversationId, address, subject: 'Your chat', closing: 'Reply.' }),
  )
const lineOf = (conversationId: string) =>
  database.db.read(inbox, (tx) =>
    tx
      .selectFrom('messages')
      .selectAll()
      .where('conversationId', '=', conversationId)
      .where('body', '=', 'carried_on')
      .executeTakeFirstOrThrow(),
  )

/** An answer that lies ready in a conversation of a customer who went away. */
async function aReadyAnswer(body = 'It is here.', attachmentIds: string[] = []) {
  const conversation = await aConversation(database.db, inbox)
  const id = await anAnswer(database.db, inbox, at(inbox.owner, minute(60)), conversation.id, { body, attachmentIds })
  await leave(inbox.connection, 61)
  return { conversationId: conversation.id, id }
}

/** Claims what is due and settles it so; answers what its connector would be handed. */
async function leave(connection: KnownConnection, minutes: number, outcome?: SendOutcome) {
  const actor = actorAt(minutes)
  const claims = await database.db.write(actor, (tx) => claimDue(tx, actor, connection, 10))
  const handed = []
  for (const claim of claims) {
    handed.push(await database.db.read(actor, (tx) => loadOutbound(tx, actor, claim, async () => Buffer.from('x'))))
    const told = outcome ?? { state: 'sent', externalId: claim.platformIdentity }
    await database.db.write(actor, (tx) => settle(tx, actor, connection.id, claim, told, true))
  }
  return handed
}

test('what is taken on is no answer of its own: the turn, the count and the preview stay', async () => {
  const { conversationId } = await aReadyAnswer()
  const { version: _before, lastSeq: _seq, ...before } = await conversationRow(database.db, inbox, conversationId)
  expect(await carry(conversationId, 70)).toBe(1)
  const { version: _after, lastSeq, ...after } = await conversationRow(database.db, inbox, conversationId)
  expect(after).toEqual(before)
  expect(lastSeq).toBe((await lineOf(conversationId)).seq)
  expect(await carry(conversationId, 71)).toBe(0)
  const nothing = await database.db.read(inbox, (tx) => unreadAnswers(tx, actorAt(72), conversationId))
  expect(nothing).toBeNull()
})

test('a line that failed is shown, tried again, and given up without giving the turn back', async () => {
  const { conversationId } = await aReadyAnswer()
  await carry(conversationId, 70)
  await leave(carrier, 71, { state: 'rejected', reason: 'No such mailbox' })
  const { id } = await lineOf(conversationId)
  const row = () => conversationRow(database.db, inbox, conversationId)
  expect(await row()).toMatchObject({ failedCount: 1, state: 'waiting', messageCount: 2 })
  const owner = at(inbox.owner, minute(72))
  await expect(database.db.write(owner, (tx) => undoMessage(tx, owner, id))).rejects.toMatchObject({ status: 422 })
  await database.db.write(owner, (tx) => retryMessage(tx, owner, id))
  expect(await row()).toMatchObject({ failedCount: 0 })
  const [again] = await leave(carrier, 73, { state: 'rejected', reason: 'Still not' })
  expect(again).toMatchObject({ messageId: id, carriesOn: true, addressees: { to: [{ address: 'jo@away.example' }] } })
  await database.db.write(owner, (tx) => discardMessage(tx, owner, id))
  expect(await row()).toMatchObject({ failedCount: 0, state: 'waiting', messageCount: 2 })
})

test('a line of unknown fate waits for a person, and a report of its delivery settles it', async () => {
  const { conversationId } = await aReadyAnswer()
  await carry(conversationId, 70)
  const [outbound] = await leave(carrier, 71, { state: 'unknown', reason: 'The line broke' })
  const { id } = await lineOf(conversationId)
  expect((await lineOf(conversationId)).state).toBe('unknown')
  const owner = at(inbox.owner, minute(72))
  await database.db.write(owner, (tx) => decideUnknown(tx, owner, id, 'arrived'))
  const event = { type: 'receipt', at: minute(73), externalId: outbound!.platformIdentity, state: 'read' } as const
  await database.db.write(actorAt(73), (tx) => applyChanges(tx, actorAt(73), [{ connectionId: carrier.id, event }]))
  expect((await messageRow(database.db, inbox, id)).state).toBe('read')
})

test('files go along as far as the carrier takes them; the others are named', async () => {
  const owner = at(inbox.owner, minute(59))
  const ids: string[] = []
  for (const [name, size] of [
    ['a.txt', 15],
    ['heavy.txt', 15],
    ['b.txt', 5],
    ['c.txt', 1],
  ] as const) {
    const file = {
      sha256: 'a'.repeat(64),
      size,
      name,
      mediaType: 'text/plain',
      kind: 'text',
      width: null,
      height: null,
    }
    ids.push((await database.db.write(owner, (tx) => addUpload(tx, owner, file as never))).id)
  }
  const { conversationId } = await aReadyAnswer('Four files.', ids)
  await carry(conversationId, 70)
  const [outbound] = await leave(carrier, 71)
  expect(outbound!.media.map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
  expect(outbound!.text).toBe('Four files.\n\n[heavy.txt]\n[c.txt]\n\nReply.')
})

test('only a channel that can, an address that is not ours, and what nobody read within a week', async () => {
  const { conversationId } = await aReadyAnswer()
  expect(await carry(conversationId, 70, 'help+me@shop.example')).toBe(0)
  const able = carrier
  carrier = inbox.connection
  expect(await carry(conversationId, 70)).toBe(0)
  carrier = able
  expect(await carry(conversationId, 8 * 24 * 60)).toBe(0)
  const { id } = await aReadyAnswer('Read it.')
  await database.db.write(actorAt(65), (tx) =>
    tx.updateTable('messages').set({ state: 'read' }).where('id', '=', id).execute(),
  )
  expect(await carry((await messageRow(database.db, inbox, id)).conversationId, 70)).toBe(0)
})
