// What servers say of our answers: where it stands, what it opens, and who gets in by it.
import { beforeEach, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { resolveConversation } from './conversations.ts'
import { anAnswer, at, conversationRow, messageRow, minute, type MadeInbox } from './factories.ts'
import { claimDue, loadOutbound } from './leaving.ts'
import { searchMessages } from './search-hits.ts'
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

test('a bounce of an answer stands beside it, whoever reports and by whatever connection, and opens no way in', async () => {
  const { owner } = inbox
  await taken(aMail('a'))
  const id = (await seen()).get('a')!.conversationId
  const { platformIdentity } = await leave(id)
  const resolving = at(owner, minute(12))
  await database.db.write(resolving, (tx) => resolveConversation(tx, resolving, { id }))
  const from = 'mailer-daemon@relay.example'
  const receipt = { type: 'receipt', id: platformIdentity, state: 'failed', at: minute(20).toISOString() }
  const sales = await aMailbox(database.db, { workspace: inbox })
  await mailIn(
    database.db,
    sales,
    aMail('bounce', { from, follows: [platformIdentity], automatic: 'report', at: 20 }),
    receipt,
  )
  const bounce = (await seen()).get('bounce')!
  expect(bounce).toMatchObject({ placedBy: 'report', conversationId: id })
  expect((await messageRow(database.db, inbox, bounce.id)).parentId).toBe(platformIdentity.replace('msg_', ''))
  expect(await conversationRow(database.db, inbox, id)).toMatchObject({
    state: 'open',
    episode: 2,
    waitingSince: minute(20),
    failedCount: 1,
    customerName: 'jo',
  })
  // Whoever reports takes no part: their next mail is a stranger's, and no answer goes there, not even to the report itself.
  await taken(aMail('next', { from, follows: ['a'], at: 21 }))
  expect((await seen()).get('next')).toMatchObject({ placedBy: 'stranger' })
  const left = await leave(id, { parentId: bounce.id }, 30)
  expect(left.addressees?.to).toMatchObject([{ address: 'jo@customer.example' }])
  expect(left.addressees?.cc).toEqual([])
})

test('a report that concerns nothing of ours is kept closed, unread by nobody, and is found', async () => {
  await taken(aMail('a'))
  const from = 'mailer-daemon@relay.example'
  await taken(
    aMail('backscatter', {
      from,
      follows: ['spam@desk.example'],
      automatic: 'report',
      text: 'unheardof address',
      at: 1,
    }),
    aMail('theirs', { from, follows: ['a'], automatic: 'report', at: 2 }),
  )
  const found = await seen()
  for (const [name, placedBy] of [
    ['backscatter', 'new'],
    ['theirs', 'stranger'],
  ] as const) {
    const { conversationId, ...rest } = found.get(name)!
    expect(rest.placedBy).toBe(placedBy)
    expect(await conversationRow(database.db, inbox, conversationId)).toMatchObject({
      state: 'resolved',
      waitingSince: null,
      lastInboundSeq: 0,
    })
    const told = await database.db.read(inbox, (tx) =>
      tx.selectFrom('events').select('type').where('subjectId', '=', conversationId).orderBy('type').execute(),
    )
    expect(told.map(({ type }) => type)).not.toContain('inbox.message_received')
    expect(told.map(({ type }) => type)).not.toContain('inbox.conversation_opened')
  }
  const hits = await database.db.read(inbox.owner, (tx) => searchMessages(tx, inbox.owner, { q: 'unheardof' }))
  expect(hits.items).toMatchObject([{ messageId: found.get('backscatter')!.id }])
})
