import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { getConversation } from './conversations.ts'
import { answerSubject, answerToAll, isOwnAddress } from './envelope.ts'
import { anAnswer, aMessage, anInbox, at, conversationRow, minute, takeIn, type MadeInbox } from './factories.ts'
import { claimDue, loadOutbound } from './leaving.ts'
import { getMessages } from './messages.ts'
import { aMail, aMailbox, mailIn, seenIn } from './testing/mail.ts'
import { startConversation, type StartInput } from './starting.ts'
import { undoMessage } from './taking-back.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await aMailbox(database.db)
})
const desk = { settings: { address: 'desk@shop.example', aliases: ['help@shop.example'] } }

test.each([
  ['Lost bag', 'Re: Lost bag'],
  ['RE: AW: re[2]: Lost bag', 'Re: Lost bag'],
  ['Regarding: it', 'Re: Regarding: it'],
  [' ', null],
  [null, null],
])('an answer to %j is called %j', (subject, wanted) => {
  expect(answerSubject(subject)).toBe(wanted)
})

test('our own addresses are known with anything behind a plus', () => {
  expect(
    ['Desk@Shop.example', 'desk+cabc@shop.example', 'help@shop.example'].every((one) => isOwnAddress(desk, one)),
  ).toBe(true)
  expect(['desk@shop.example.org', 'desks@shop.example'].some((one) => isOwnAddress(desk, one))).toBe(false)
})

test('an answer to all goes to who wants it, everybody else in copy, nobody twice and never to ourselves', () => {
  const jo = { address: 'jo@customer.example' }
  const others = [
    { address: 'desk+x@shop.example' },
    { address: 'Jo@Customer.example' },
    { address: 'ben@else.example' },
  ]
  expect(answerToAll(desk, { author: jo, replyTo: [], others })).toEqual({
    to: [jo],
    cc: [{ address: 'ben@else.example' }],
  })
  const list = { address: 'list@club.example' }
  expect(answerToAll(desk, { author: jo, replyTo: [list], others })).toEqual({
    to: [list],
    cc: [{ address: 'ben@else.example' }],
  })
  expect(answerToAll(desk, { author: { address: 'help@shop.example' }, replyTo: [], others: [jo] })).toEqual({
    to: [jo],
    cc: [],
  })
})

async function aThread() {
  await mailIn(
    database.db,
    inbox,
    aMail('a', {
      subject: 'Lost bag',
      addressees: { to: [{ address: 'desk@shop.example' }], cc: [{ address: 'ben@else.example', name: 'Ben' }] },
    }),
  )
  return (await seenIn(database.db, inbox)).get('a')!.conversationId
}

test('the composer begins with everybody, and an address that took no part needs a second word', async () => {
  const id = await aThread()
  const { owner, connection } = inbox
  const { envelope } = await database.db.read(owner, (tx) => getConversation(tx, owner, id, connection))
  expect(envelope).toEqual({
    to: [{ address: 'jo@customer.example', name: 'jo' }],
    cc: [{ address: 'ben@else.example', name: 'Ben' }],
    subject: 'Re: Lost bag',
  })
  const actor = at(owner, minute(5))
  const to = [{ address: 'jo@customer.example' }]
  const typo = { to, cc: [{ address: 'boss@rival.example' }], bcc: [{ address: 'ben@else.example' }] }
  await expect(anAnswer(database.db, inbox, actor, id, { addressees: typo })).rejects.toMatchObject({
    code: 'inbox.new_addressees',
    details: { addresses: ['boss@rival.example'] },
  })
  const own = { to: [{ address: 'desk+me@shop.example' }] }
  await expect(anAnswer(database.db, inbox, actor, id, { addressees: own })).rejects.toMatchObject({
    code: 'inbox.own_address',
  })
  const sent = await anAnswer(database.db, inbox, actor, id, {
    addressees: typo,
    confirmNewAddressees: true,
    subject: 'Found',
  })
  const [message] = await database.db.read(owner, (tx) => getMessages(tx, owner, [sent]))
  expect(message).toMatchObject({ subject: 'Found', addressees: typo })
  // Taken back, the draft knows whom it was for.
  const draft = await database.db.write(actor, (tx) => undoMessage(tx, actor, sent))
  expect(draft).toMatchObject({ addressees: typo, subject: 'Found' })
})

test('a covered subject is shown covered, and answered as it was written', async () => {
  await mailIn(database.db, inbox, aMail('card', { subject: 'Card 4111 1111 1111 1111' }))
  const id = (await seenIn(database.db, inbox)).get('card')!.conversationId
  await database.db.write(inbox, (tx) =>
    tx.updateTable('conversations').set({ subject: 'Card •••• •••• •••• ••••' }).where('id', '=', id).execute(),
  )
  const { owner, connection } = inbox
  const { envelope } = await database.db.read(owner, (tx) => getConversation(tx, owner, id, connection))
  expect(envelope!.subject).toBe('Re: Card •••• •••• •••• ••••')
  const actor = at(owner, minute(5))
  const subjectOf = async (given: object) => {
    const sent = await anAnswer(database.db, inbox, actor, id, given)
    const [message] = await database.db.read(owner, (tx) => getMessages(tx, owner, [sent]))
    return message!.subject
  }
  expect(await subjectOf({})).toBe('Re: Card 4111 1111 1111 1111')
  expect(await subjectOf({ subject: envelope!.subject })).toBe('Re: Card 4111 1111 1111 1111')
  expect(await subjectOf({ subject: 'Your card' })).toBe('Your card')
})

test('who takes one addressee is given none', async () => {
  const plain = await anInbox(database.db)
  await takeIn(database.db, plain, [aMessage({ id: 'x' })])
  const id = (await seenIn(database.db, plain)).get('x')!.conversationId
  const addressees = { to: [{ address: 'jo@customer.example' }] }
  await expect(anAnswer(database.db, plain, at(plain.owner, minute(5)), id, { addressees })).rejects.toMatchObject({
    code: 'inbox.one_addressee',
  })
  const open = await database.db.read(plain.owner, (tx) => getConversation(tx, plain.owner, id, plain.connection))
  expect(open.envelope).toBeNull()
})

test('a conversation that we begin goes out once, and its answer comes back into it as the customer’s', async () => {
  const { owner, connection } = inbox
  const actor = at(owner, minute(5))
  const input: StartInput = {
    to: [{ address: 'Mira@Customer.example', name: 'Mira' }],
    cc: [{ address: 'ben@else.example' }],
    subject: 'Your bag is here',
    body: 'Come and get it.',
    clientId: randomUUIDv7(),
  }
  const start = (given: Partial<StartInput> = {}) =>
    database.db.write(actor, (tx) => startConversation(tx, actor, connection, { ...input, ...given }))
  const { conversationId } = await start()
  expect(await start()).toEqual({ conversationId, messageId: input.clientId })
  await expect(start({ clientId: randomUUIDv7(), to: [{ address: 'help@shop.example' }] })).rejects.toMatchObject({
    code: 'inbox.own_address',
  })
  const later = at(owner, minute(6))
  const [claim] = await database.db.write(later, (tx) => claimDue(tx, later, connection, 10))
  const outbound = await database.db.read(later, (tx) => loadOutbound(tx, later, claim!, async () => Buffer.alloc(0)))
  expect(outbound).toMatchObject({
    subject: 'Your bag is here',
    follows: [],
    addressees: { to: input.to, cc: input.cc, bcc: [] },
  })
  const bounce = { from: 'mailer-daemon@customer.example', follows: [claim!.platformIdentity] }
  await mailIn(
    database.db,
    inbox,
    aMail('bounce', { ...bounce, automatic: 'report', data: { proven: conversationId }, at: 7 }),
    aMail('reply', { from: 'mira@customer.example', follows: [claim!.platformIdentity], at: 8 }),
    aMail('ben', { from: 'ben@else.example', follows: ['reply', claim!.platformIdentity], at: 9 }),
  )
  const found = await seenIn(database.db, inbox)
  expect(found.get('reply')).toMatchObject({ placedBy: 'follows', conversationId })
  expect(found.get('ben')).toMatchObject({ placedBy: 'follows', conversationId })
  const open = await database.db.read(owner, (tx) => getConversation(tx, owner, conversationId, connection))
  expect(open).toMatchObject({ customerName: 'Mira', state: 'open', messageCount: 4, subject: 'Your bag is here' })
})

test('a first message that was taken back may go to anybody: there is nothing yet that they could read', async () => {
  const { owner, connection } = inbox
  const actor = at(owner, minute(5))
  const input = { to: [{ address: 'mira@customer.example' }], subject: 'x', body: 'x', clientId: randomUUIDv7() }
  const { conversationId } = await database.db.write(actor, (tx) => startConversation(tx, actor, connection, input))
  await database.db.write(actor, (tx) => undoMessage(tx, actor, input.clientId))
  const addressees = { to: input.to, bcc: [{ address: 'boss@rival.example' }] }
  const sent = await anAnswer(database.db, inbox, actor, conversationId, { addressees })
  const [message] = await database.db.read(owner, (tx) => getMessages(tx, owner, [sent]))
  expect(message!.addressees).toMatchObject(addressees)
})

test('a conversation whose first message is taken back waits for nobody, and its draft begins it again', async () => {
  const { owner, connection } = inbox
  const actor = at(owner, minute(5))
  const input = {
    to: [{ address: 'mira@customer.example' }],
    subject: 'Your bag',
    body: 'Come.',
    clientId: randomUUIDv7(),
  }
  const { conversationId } = await database.db.write(actor, (tx) => startConversation(tx, actor, connection, input))
  const draft = await database.db.write(actor, (tx) => undoMessage(tx, actor, input.clientId))
  expect(draft).toMatchObject({ body: 'Come.', subject: 'Your bag', addressees: { to: input.to } })
  expect(await conversationRow(database.db, inbox, conversationId)).toMatchObject({
    state: 'resolved',
    messageCount: 0,
    preview: '',
    waitingSince: null,
    resolvedAt: minute(5),
  })
  const later = at(owner, minute(6))
  await anAnswer(database.db, inbox, later, conversationId, { body: draft.body, addressees: draft.addressees! })
  expect(await conversationRow(database.db, inbox, conversationId)).toMatchObject({
    state: 'waiting',
    messageCount: 1,
    resolvedAt: null,
  })
})

test('where nobody can be written to first, it is said', async () => {
  const plain = await anInbox(database.db)
  const actor = at(plain.owner, minute(5))
  const input = { to: [{ address: 'a@b.example' }], subject: 'x', body: 'x', clientId: randomUUIDv7() }
  await expect(
    database.db.write(actor, (tx) => startConversation(tx, actor, plain.connection, input)),
  ).rejects.toMatchObject({ code: 'inbox.cannot_start' })
})
