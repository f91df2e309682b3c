import { beforeEach, expect, test } from 'vitest'
import { testClock } from '#platform/clock'
import type { Presence } from '#platform/db/presence'
import { useDatabase } from '#platform/testing/database'
import { aConversation, anAnswer, anInbox, at, minute, type MadeInbox } from './factories.ts'
import { claimDue } from './leaving.ts'
import { watchClaims } from './releasing.ts'

const database = useDatabase()
const OURS = 1
const ALIVE = 2
/** Another one in each test: all of them share the database. */
let DEAD = 10
let inbox: MadeInbox
let missing: number[]
beforeEach(async () => {
  inbox = await anInbox(database.db)
  missing = [(DEAD += 1)]
})

const presence: Presence = {
  number: () => OURS,
  unseenMs: () => 0,
  missing: async (numbers) => numbers.filter((one) => missing.includes(one)),
  close: async () => {},
}
const later = () => at(inbox.owner, minute(1))
const watch = (missedMs: number) => watchClaims({ db: database.db, clock: testClock(minute(1)), presence, missedMs })
const claim = (node: number | null) =>
  database.db.write(later(), (tx) => claimDue(tx, later(), inbox.connection, 10, node))

/** An answer that a node has under way. */
async function underWay(node: number | null): Promise<string> {
  const { id } = await aConversation(database.db, inbox)
  const messageId = await anAnswer(database.db, inbox, at(inbox.owner, minute(0)), id)
  expect((await claim(node)).map((one) => one.messageId)).toEqual([messageId])
  return messageId
}

test('what a dead node had under way is in doubt at once; what others have, and what no node is named for, is left alone', async () => {
  const lost = await underWay(DEAD)
  for (const node of [ALIVE, OURS, null]) await underWay(node)
  expect(await claim(OURS)).toEqual([])
  expect(await watch(0)()).toBe(1)
  expect(await claim(OURS)).toMatchObject([{ messageId: lost, doubtful: true, attempt: 2 }])
})

test('a node that is missed for a moment only keeps what it has under way', async () => {
  await underWay(DEAD)
  const look = watch(40)
  expect(await look()).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 60))
  missing = []
  expect(await look()).toBe(0)
  // It is missed anew: its time begins anew.
  missing = [DEAD]
  expect(await look()).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(await look()).toBe(1)
})
