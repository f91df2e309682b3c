import fc from 'fast-check'
import pg from 'pg'
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { getConversation, resolveConversation } from './conversations.ts'
import { anAnswer, aMessage, at, conversationRow, minute, takeIn, type MadeInbox } from './factories.ts'
import { claimDue, loadOutbound } from './leaving.ts'
import { listMessages } from './messages.ts'
import { aMail, aMailbox, mailIn, seenIn } from './testing/mail.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeEach(async () => {
  inbox = await aMailbox(database.db)
})
const seen = () => seenIn(database.db, inbox)
const taken = (...mails: readonly object[]) => mailIn(database.db, inbox, ...mails)
const noFile = async () => Buffer.alloc(0)

/** Lets an answer leave; answers the name that it got and what its connector was given. */
async function leave(conversationId: string, given: Parameters<typeof anAnswer>[4] = {}, after = 10) {
  const { owner, connection } = inbox
  await anAnswer(database.db, inbox, at(owner, minute(after)), conversationId, given)
  const later = at(owner, minute(after + 1))
  const claims = await database.db.write(later, (tx) => claimDue(tx, later, connection, 10))
  const claim = claims.at(-1)!
  return database.db.read(later, (tx) => loadOutbound(tx, later, claim, noFile))
}

test('an answer joins the conversation of the nearest message in which its author takes part', async () => {
  await taken(aMail('a'), aMail('b', { follows: ['a'], at: 1 }), aMail('other', { from: 'ann@else.example', at: 2 }))
  await taken(aMail('c', { follows: ['unknown', 'other', 'b', 'a'], at: 3 }))
  const found = await seen()
  expect(found.get('b')).toMatchObject({ placedBy: 'follows', parent: 'a' })
  // The nearest ancestor is a stranger's; the conversation is the nearest that is theirs.
  expect(found.get('c')).toMatchObject({
    placedBy: 'follows',
    parent: 'other',
    conversationId: found.get('a')!.conversationId,
  })
  expect(found.get('a')!.placedBy).toBe('new')
})

test('whoever joins past a stranger is linked to where that stranger stands, whatever came first', async () => {
  const apart = { from: 'ann@else.example', follows: ['a'], at: 1 }
  const answer = { follows: ['b', 'a'], at: 2 }
  const linked = async () => {
    const { conversationId } = (await seen()).get('b')!
    const { owner, connection } = inbox
    const { linked: all } = await database.db.read(owner, (tx) =>
      getConversation(tx, owner, conversationId, connection),
    )
    return all.map(({ reason }) => reason).toSorted()
  }
  await taken(aMail('a'), aMail('b', apart), aMail('c', answer))
  const inTime = await linked()
  inbox = await aMailbox(database.db)
  await taken(aMail('a'), aMail('c', answer), aMail('b', apart))
  expect(await linked()).toEqual(inTime)
  expect(inTime).toEqual(['answered_there', 'answers'])
})

test('the subject decides nothing, and neither does a thread name that somebody took', async () => {
  await taken(
    aMail('a', { subject: 'Lost bag' }),
    aMail('b', { subject: 'Re: Lost bag', from: 'eve@evil.example', thread: { key: 'a', subject: 'Re: Lost bag' } }),
    aMail('c', { subject: 'Re: Lost bag', thread: { key: 'a', subject: 'Re: Lost bag' } }),
  )
  const conversations = new Set([...(await seen()).values()].map(({ conversationId }) => conversationId))
  expect(conversations.size).toBe(3)
})

test('who guesses a name gets a conversation of their own, linked for members, and an answer there says nothing of it', async () => {
  await taken(aMail('a'), aMail('forged', { from: 'eve@evil.example', follows: ['a'], at: 1 }))
  const found = await seen()
  const own = found.get('forged')!
  expect(own).toMatchObject({ placedBy: 'stranger', parent: 'a' })
  expect(own.conversationId).not.toBe(found.get('a')!.conversationId)
  const { owner, connection } = inbox
  const open = (id: string) => database.db.read(owner, (tx) => getConversation(tx, owner, id, connection))
  expect((await open(own.conversationId)).linked).toMatchObject([
    { conversationId: found.get('a')!.conversationId, reason: 'answers' },
  ])
  expect((await open(found.get('a')!.conversationId)).linked).toMatchObject([
    { conversationId: own.conversationId, reason: 'answered_there' },
  ])
  const { items } = await database.db.read(owner, (tx) =>
    listMessages(tx, owner, { conversationId: own.conversationId }),
  )
  expect(items).toMatchObject([{ placedBy: 'stranger', parentId: null, ancestor: { messageId: found.get('a')!.id } }])
  const left = await leave(own.conversationId)
  expect(left).toMatchObject({
    follows: ['forged'],
    addressees: { to: [{ address: 'eve@evil.example' }], cc: [], bcc: [] },
  })
})

test('whom a customer put in copy is a stranger, whom one of ours wrote to is not', async () => {
  const cc = [{ address: 'ben@else.example' }]
  await taken(aMail('a', { addressees: { to: [{ address: 'desk@shop.example' }], cc } }))
  const id = (await seen()).get('a')!.conversationId
  await taken(aMail('early', { from: 'ben@else.example', follows: ['a'], at: 1 }))
  expect((await seen()).get('early')).toMatchObject({ placedBy: 'stranger' })
  // The answer goes to all, as a member saw it in the composer.
  const left = await leave(id)
  expect(left.addressees).toEqual({
    to: [{ address: 'jo@customer.example', name: 'jo' }],
    cc: [{ address: 'ben@else.example' }],
    bcc: [],
  })
  await taken(aMail('late', { from: 'ben@else.example', follows: [left.platformIdentity, 'a'], at: 20 }))
  expect((await seen()).get('late')).toMatchObject({ placedBy: 'follows', conversationId: id })
  expect(await conversationRow(database.db, inbox, id)).toMatchObject({ customerName: 'jo' })
})

test('an identity that nothing proves takes part nowhere by what it follows, and everywhere by a signed address', async () => {
  const unproven = { id: 'jo@customer.example', scope: 'unproven', email: 'jo@customer.example' }
  await taken(aMail('a'))
  const id = (await seen()).get('a')!.conversationId
  await taken(
    aMail('b', { author: unproven, follows: ['a'], at: 1 }),
    aMail('c', { author: unproven, follows: ['b'], at: 2 }),
    aMail('d', { author: unproven, follows: ['a'], data: { proven: id }, at: 3 }),
  )
  const found = await seen()
  expect([found.get('b')!.placedBy, found.get('c')!.placedBy]).toEqual(['stranger', 'stranger'])
  expect(found.get('d')).toMatchObject({ placedBy: 'reply_address', conversationId: id })
})

test('a signed reply address leads into a conversation of another connection; one of another workspace does not', async () => {
  const chat = await aMailbox(database.db, { workspace: inbox })
  await takeIn(database.db, chat, [
    aMessage({ id: 'hello', thread: { key: 'visit' }, author: { id: 'v1', name: 'Visitor' } }),
  ])
  const elsewhere = await aMailbox(database.db)
  await mailIn(database.db, elsewhere, aMail('theirs'))
  const visit = (await seen()).get('hello')!.conversationId
  const foreign = (await seenIn(database.db, elsewhere)).get('theirs')!.conversationId
  await taken(
    aMail('m', { data: { proven: visit } }),
    aMail('n', { data: { proven: foreign } }),
    aMail('o', { data: { proven: 'no id' } }),
  )
  const found = await seen()
  expect(found.get('m')).toMatchObject({ placedBy: 'reply_address', conversationId: visit })
  expect(await conversationRow(database.db, inbox, visit)).toMatchObject({ messageCount: 2, customerName: 'Visitor' })
  expect([found.get('n')!.placedBy, found.get('o')!.placedBy]).toEqual(['new', 'new'])
})

test('an answer of ours is known on every connection, also before the platform said that it has it', async () => {
  await taken(aMail('a'))
  const id = (await seen()).get('a')!.conversationId
  const left = await leave(id)
  const sales = await aMailbox(database.db, { workspace: inbox })
  await mailIn(database.db, sales, aMail('there', { follows: [left.platformIdentity], at: 20 }))
  expect((await seen()).get('there')).toMatchObject({ placedBy: 'follows', conversationId: id })
  // A mail that merely came to the other mailbox too is known there by its own name only.
  await mailIn(database.db, sales, aMail('a', { from: 'jo@customer.example', at: 21 }))
  await taken({ type: 'receipt', id: left.platformIdentity, state: 'delivered', at: minute(22).toISOString() })
  const states = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select('state').where('kind', '=', 'out').execute(),
  )
  expect(states).toEqual([{ state: 'delivered' }])
  const named = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select('id').where('externalId', '=', 'a').execute(),
  )
  expect(named).toHaveLength(2)
})

test('a parent that comes late joins the conversation of its answer if its author takes part there', async () => {
  await taken(aMail('b', { follows: ['a'], at: 1 }), aMail('a'))
  const found = await seen()
  expect(found.get('b')).toMatchObject({ placedBy: 'new', parent: 'a' })
  expect(found.get('a')).toMatchObject({ placedBy: 'follows', conversationId: found.get('b')!.conversationId })
  await taken(aMail('y', { follows: ['x'], at: 1 }), aMail('x', { from: 'eve@evil.example' }))
  const later = await seen()
  expect(later.get('x')).toMatchObject({ placedBy: 'new' })
  expect(later.get('x')!.conversationId).not.toBe(later.get('y')!.conversationId)
})

test('two messages under one name are both kept, the same one twice is one, and neither joins the other', async () => {
  const one = { data: { contentHash: 'aaaaaaaa1' } }
  const two = { data: { contentHash: 'bbbbbbbb2' }, from: 'eve@evil.example', text: 'forged' }
  await taken(aMail('a', one), aMail('a', two), aMail('a', one), aMail('a', two))
  await takeIn(database.db, inbox, [aMail('b', one), aMail('b', two), aMail('b', one), aMail('b', two)])
  const found = await seen()
  expect([...found.keys()].sort()).toEqual(['a', 'a#bbbbbbbb', 'b', 'b#bbbbbbbb'])
  expect(new Set([...found.values()].map(({ conversationId }) => conversationId)).size).toBe(4)
  // The name on the platform is the one that it has there.
  expect((await leave(found.get('a#bbbbbbbb')!.conversationId)).follows).toEqual(['a'])
})

test('who may not see a conversation is not told that a message there was answered', async () => {
  const team = await aTeam(database.db, inbox.workspaceId)
  const agent = await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [] })
  await taken(aMail('a'), aMail('s', { from: 'eve@evil.example', follows: ['a'], at: 1 }))
  const found = await seen()
  await database.db.write(inbox, (tx) =>
    tx.updateTable('conversations').set({ teamId: team.id }).where('id', '=', found.get('a')!.conversationId).execute(),
  )
  const { conversationId } = found.get('s')!
  const { items } = await database.db.read(agent, (tx) => listMessages(tx, agent, { conversationId }))
  expect(items[0]).toMatchObject({ ancestor: null, parentId: null })
  expect((await database.db.read(agent, (tx) => getConversation(tx, agent, conversationId, null))).linked).toEqual([])
})

test('an answering machine opens nothing that is closed; a list does and nobody waits; a report does and the customer waits', async () => {
  const { owner } = inbox
  await taken(aMail('a'))
  const id = (await seen()).get('a')!.conversationId
  const resolve = (moment: number) => {
    const actor = at(owner, minute(moment))
    return database.db.write(actor, (tx) => resolveConversation(tx, actor, { id }))
  }
  const row = () => conversationRow(database.db, inbox, id)
  await resolve(1)
  await taken(aMail('auto', { follows: ['a'], automatic: 'reply', at: 2 }))
  expect(await row()).toMatchObject({ state: 'resolved', waitingSince: null, messageCount: 2, episode: 1 })
  await taken(aMail('list', { follows: ['a'], automatic: 'list', at: 3 }))
  expect(await row()).toMatchObject({ state: 'open', waitingSince: null, episode: 2, priorityAt: minute(3) })
  await resolve(4)
  await taken(aMail('report', { follows: ['a'], automatic: 'report', at: 5 }))
  expect(await row()).toMatchObject({ state: 'open', waitingSince: minute(5), episode: 3 })
  await taken(aMail('machine', { from: 'robot@shop.example', automatic: 'reply' }))
  const machine = (await seen()).get('machine')!.conversationId
  expect(await conversationRow(database.db, inbox, machine)).toMatchObject({ state: 'open', waitingSince: null })
})

test('a report that all went well opens nothing, makes nothing unread, and is nobody’s work', async () => {
  const { owner } = inbox
  await taken(aMail('a'))
  const id = (await seen()).get('a')!.conversationId
  const resolving = at(owner, minute(1))
  await database.db.write(resolving, (tx) => resolveConversation(tx, resolving, { id }))
  const before = await conversationRow(database.db, inbox, id)
  const receipt = { follows: ['a'], from: 'mailer-daemon@customer.example', automatic: 'report' }
  await taken(aMail('joined', { ...receipt, data: { receipt: true, proven: id }, at: 2 }))
  expect(await conversationRow(database.db, inbox, id)).toMatchObject({
    state: 'resolved',
    episode: 1,
    waitingSince: null,
    lastInboundSeq: before.lastInboundSeq,
    messageCount: 2,
  })
  await taken(aMail('apart', { ...receipt, from: 'mailer-daemon@else.example', data: { receipt: true }, at: 3 }))
  const apart = (await seen()).get('apart')!
  expect(apart).toMatchObject({ placedBy: 'stranger', parent: 'a' })
  expect(await conversationRow(database.db, inbox, apart.conversationId)).toMatchObject({
    state: 'resolved',
    lastInboundSeq: 0,
    waitingSince: null,
  })
  const { items } = await database.db.read(owner, (tx) => listMessages(tx, owner, { conversationId: id }))
  expect(items.find(({ automatic }) => automatic !== null)).toMatchObject({ automatic: 'report' })
})

test('two programs that answer each other are heard ten times and then no more, which the thread says once', async () => {
  await taken(aMail('a'))
  const id = (await seen()).get('a')!.conversationId
  for (let i = 0; i < 13; i++) await taken(aMail(`l${i}`, { follows: ['a'], automatic: 'list', at: 1 + i / 10 }))
  const said = await database.db.read(inbox, (tx) =>
    tx.selectFrom('messages').select('body').where('kind', '=', 'system').where('conversationId', '=', id).execute(),
  )
  expect(said).toEqual([{ body: 'loop_cut' }])
  const told = await database.db.read(inbox, (tx) =>
    tx
      .selectFrom('events')
      .select('type')
      .where('subjectId', '=', id)
      .where('type', 'like', 'inbox.message_%')
      .execute(),
  )
  const count = (type: string) => told.filter((event) => event.type === type).length
  expect([count('inbox.message_received'), count('inbox.message_kept_quiet')]).toEqual([11, 3])
  expect((await conversationRow(database.db, inbox, id)).messageCount).toBe(14)
})

test('a batch costs the same number of statements whatever it holds', async () => {
  const cost = async (mails: readonly object[]): Promise<number> => {
    const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
    let sent = 0
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      sent += 1
      return query.apply(this, args)
    } as never
    try {
      await takeIn(database.db, inbox, mails)
    } finally {
      pg.Client.prototype.query = query as never
    }
    return sent
  }
  const thread = (name: string, size: number) => [
    aMail(`${name}-0`),
    aMail(`${name}-s`, { from: 'eve@evil.example', follows: [`${name}-0`] }),
    ...Array.from({ length: size }, (_, i) => aMail(`${name}-${i + 1}`, { follows: [`nowhere-${i}`, `${name}-${i}`] })),
  ]
  await cost(thread('warm', 2))
  expect(await cost(thread('large', 60))).toBe(await cost(thread('small', 2)))
})

test('whatever the order of arrival, every message ends with the nearest ancestor that is here', async () => {
  const names = ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']
  const people = ['jo@customer.example', 'ann@else.example', 'eve@evil.example']
  const mails = fc.tuple(
    ...names.map((name) =>
      fc.record({
        name: fc.constant(name),
        from: fc.constantFrom(...people),
        follows: fc.uniqueArray(fc.constantFrom(...names, 'lost'), { maxLength: 4 }),
      }),
    ),
  )
  const arrival = fc.tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  )
  await fc.assert(
    fc.asyncProperty(mails, arrival, async (given, [order, sizes]) => {
      const fresh = await aMailbox(database.db)
      const all = given.map(({ name, from, follows }, i) => aMail(name, { from, follows, at: i }))
      for (let i = 0, n = 0; i < order.length; n++) {
        const size = sizes[n % sizes.length]!
        await takeIn(
          database.db,
          fresh,
          order.slice(i, i + size).map((index) => all[index]!),
        )
        i += size
      }
      const found = await seenIn(database.db, fresh)
      for (const { name, from, follows } of given) {
        const message = found.get(name)!
        expect(message.parent).toBe(follows.find((id) => id !== name && id !== 'lost') ?? null)
        // Nobody stands in a conversation that only others began and continued.
        const there = given.filter((one) => found.get(one.name)!.conversationId === message.conversationId)
        expect(new Set(there.map((one) => one.from))).toEqual(new Set([from]))
      }
    }),
    { numRuns: Number(process.env['RAPPORT_PROPERTY_RUNS'] ?? 25) },
  )
}, 120_000)
