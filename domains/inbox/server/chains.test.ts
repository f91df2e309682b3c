// A long answer that leaves as several, and what becomes of the rest where one of them does not arrive.
import { randomUUIDv7 } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { anAnswer, anInbox, at, conversationRow, minute, takeIn, type MadeInbox } from './factories.ts'
import { decideUnknown, discardMessage, retryMessage } from './second-tries.ts'
import { undoMessage } from './taking-back.ts'
import { letLeave } from './testing/square-post.ts'
import { aPost, square } from './testing/square.ts'

const database = useDatabase()
let inbox: MadeInbox
let id: string
beforeEach(async () => {
  const base = (await anInbox(database.db)).connection.connector
  inbox = await anInbox(database.db, {
    connector: {
      ...square,
      capabilities: { ...base.capabilities, chains: true, contentWarning: true },
      textLimitsOf: () => [{ unit: 'utf16', max: 20 }],
    },
  })
  await takeIn(database.db, inbox, [aPost({ externalId: 'said' })], minute(1))
  id = (await database.db.read(inbox, (tx) => tx.selectFrom('conversations').select('id').executeTakeFirstOrThrow())).id
})

const LONG = 'We found your bag. It is in Vienna now. It comes tomorrow.'
const PARTS = ['We found your bag.', 'It is in Vienna now.', 'It comes tomorrow.']
const send = (given: object = {}) =>
  anAnswer(database.db, inbox, at(inbox.owner, minute(10)), id, { body: LONG, chain: true, ...given })
const parts = () =>
  database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').selectAll().where('kind', '=', 'out').orderBy('chainIndex').execute(),
  )
const states = async () => (await parts()).map(({ state }) => state)
const leave = (minutes: number, answer?: Parameters<typeof letLeave>[3]) =>
  letLeave(database.db, inbox, minute(minutes), answer)
const refusing =
  (text: string): NonNullable<Parameters<typeof letLeave>[3]> =>
  (outbound) =>
    outbound.text === text
      ? { state: 'rejected', reason: 'Too rude' }
      : { state: 'sent', externalId: `x-${outbound.messageId}`, url: `https://square.example/${outbound.messageId}` }
const write = <T>(work: (tx: never, actor: ReturnType<typeof at>) => Promise<T>, minutes = 20) => {
  const actor = at(inbox.owner, minute(minutes))
  return database.db.write(actor, (tx) => work(tx as never, actor))
}

test('its parts leave in a row, each below the one before', async () => {
  const [said] = await database.db.read(inbox, (tx) => tx.selectFrom('messages').select('id').execute())
  const clientId = randomUUIDv7()
  await send({ parentId: said!.id, warning: 'Luggage', clientId })
  await send({ parentId: said!.id, warning: 'Luggage', clientId })
  const sent = await leave(11, refusing('nothing'))
  expect(sent.map(({ text, warning }) => [text, warning])).toEqual(PARTS.map((text) => [text, 'Luggage']))
  const rows = await parts()
  expect(sent.map(({ parentExternalId }) => parentExternalId)).toEqual(['said', `x-${rows[0]!.id}`, `x-${rows[1]!.id}`])
  expect(await states()).toEqual(['sent', 'sent', 'sent'])
  expect(rows.map(({ chainId, chainIndex }) => [chainId, chainIndex])).toEqual([0, 1, 2].map((at) => [clientId, at]))
  expect((await conversationRow(database.db, inbox, id)).messageCount).toBe(4)
  const posts = await database.db.read(inbox, (tx) => tx.selectFrom('messagePosts').select('url').execute())
  expect(posts.map(({ url }) => url)).toContain(`https://square.example/${clientId}`)
})

test('half a thread posted: the rest waits, and goes on once the part was tried again', async () => {
  await send()
  await leave(11, refusing(PARTS[1]!))
  expect(await states()).toEqual(['sent', 'failed', 'queued'])
  expect((await parts())[2]!.stateReason).toBe('The part before it has not arrived.')
  expect(await leave(600)).toEqual([])
  const [, failed] = await parts()
  await write((tx, actor) => retryMessage(tx, actor, failed!.id))
  expect((await leave(601)).map(({ text }) => text)).toEqual(PARTS.slice(1))
  expect(await states()).toEqual(['sent', 'sent', 'sent'])
})

test('half a thread posted: a person gives the rest up, and what stands stays', async () => {
  await send()
  await leave(11, refusing(PARTS[1]!))
  await write(async (tx, actor) => discardMessage(tx, actor, (await parts())[1]!.id))
  expect(await states()).toEqual(['sent', 'cancelled', 'cancelled'])
  expect(await leave(600)).toEqual([])
  expect((await conversationRow(database.db, inbox, id)).messageCount).toBe(2)
  const [line] = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select(['body', 'data']).where('kind', '=', 'system').execute(),
  )
  expect(line).toMatchObject({ body: 'discarded', data: { rest: 1 } })
  // What is written now does not wait for what was given up.
  await anAnswer(database.db, inbox, at(inbox.owner, minute(700)), id, { body: 'Short.' })
  expect((await leave(701)).map(({ text }) => text)).toEqual(['Short.'])
})

test('half a thread posted: the rest goes without the part, below what stands', async () => {
  await send()
  await leave(11, refusing(PARTS[1]!))
  const [first, failed] = await parts()
  await write((tx, actor) => discardMessage(tx, actor, failed!.id, { sendRest: true }))
  expect((await leave(30)).map(({ text, parentExternalId }) => [text, parentExternalId])).toEqual([
    [PARTS[2], `x-${first!.id}`],
  ])
  expect(await states()).toEqual(['sent', 'cancelled', 'sent'])
  const row = await conversationRow(database.db, inbox, id)
  expect([row.state, row.messageCount]).toEqual(['waiting', 3])
})

test('a part whose fate nobody knows holds the rest until a person says that it arrived', async () => {
  await send()
  await leave(11, ({ text, messageId }) =>
    text === PARTS[0] ? { state: 'unknown', reason: 'broken line' } : { state: 'sent', externalId: `x-${messageId}` },
  )
  expect(await states()).toEqual(['unknown', 'queued', 'queued'])
  await write(async (tx, actor) => decideUnknown(tx, actor, (await parts())[0]!.id, 'arrived'))
  expect((await leave(30)).map(({ text }) => text)).toEqual(PARTS.slice(1))
})

test('a receipt that a part arrived lets the rest go, too', async () => {
  await send()
  await leave(11, ({ text, messageId }) =>
    text === PARTS[0] ? { state: 'unknown', reason: 'broken line' } : { state: 'sent', externalId: `x-${messageId}` },
  )
  const [first] = await parts()
  await takeIn(
    database.db,
    inbox,
    [{ type: 'receipt', externalId: `msg_${first!.id}`, state: 'delivered', at: minute(15) }],
    minute(15),
  )
  expect((await leave(30)).map(({ text }) => text)).toEqual(PARTS.slice(1))
})

test('taken back it is one draft again, whole, and only while no part has left', async () => {
  await send({ body: `${LONG}\n\nYours` })
  const all = await parts()
  expect(all.length).toBeGreaterThan(3)
  const draft = await write((tx, actor) => undoMessage(tx, actor, all[1]!.id), 10)
  expect(draft.body).toBe(`${LONG}\n\nYours`)
  expect(new Set(await states())).toEqual(new Set(['cancelled']))
  expect(await leave(11)).toEqual([])
  const row = await conversationRow(database.db, inbox, id)
  expect([row.messageCount, row.state]).toEqual([1, 'open'])

  const clientId = await send()
  await leave(11, refusing(PARTS[1]!))
  await expect(write((tx, actor) => undoMessage(tx, actor, clientId))).rejects.toMatchObject({
    code: 'inbox.already_sent',
  })
})

test('without the wish, or beyond the most, it is too long', async () => {
  await expect(send({ chain: false })).rejects.toMatchObject({ code: 'inbox.too_long' })
  await expect(send({ body: 'word '.repeat(200) })).rejects.toMatchObject({ code: 'inbox.too_long' })
})

test('the name that the network puts in front takes room in the first part, and a warning in each', async () => {
  const connector = {
    ...inbox.connection.connector,
    textLimitsOf: () => [{ unit: 'utf16', max: 30, countsWarning: true }] as const,
    openingOf: ({ handle }: { handle: string | null }) => (handle === null ? '' : `@${handle} `),
  }
  inbox = { ...inbox, connection: { ...inbox.connection, connector } }
  const [person] = await database.db.read(inbox, (tx) => tx.selectFrom('identities').select('handle').execute())
  const name = `@${person!.handle} `
  const fits = 'x'.repeat(30 - name.length)
  await send({ body: fits })
  await expect(send({ body: `${fits}y`, chain: false })).rejects.toMatchObject({ code: 'inbox.too_long' })
  await expect(send({ body: fits, warning: 'W', chain: false })).rejects.toMatchObject({ code: 'inbox.too_long' })
  await send({ body: 'Your bag is here. It waits at the desk.', warning: 'Bag' })
  const all = (await parts()).filter(({ chainId }) => chainId !== null).map(({ body }) => body)
  expect(all.join(' ')).toBe('Your bag is here. It waits at the desk.')
  expect(`Bag${name}${all[0]}`.length).toBeLessThanOrEqual(30)
})
