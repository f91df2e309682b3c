import { expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { aConnection } from './factories.ts'
import { openKnownConnections } from './known.ts'
import { keepLearned } from './learned.ts'
import { aKeyring, aTenant } from './testing/desk.ts'
import { aFeeder } from './testing/feeder.ts'
import { aLoop, pause, storedNumbers, until, upTo } from './testing/fetching.ts'

const database = useDatabase()
const keyring = aKeyring()

test('what a poll learned stands among the settings, a person’s word goes first, and the poll goes on', async () => {
  const { connector, feed } = aFeeder()
  const { workspaceId } = await aTenant(database.db)
  const { id } = await aConnection(database.db, workspaceId, 'feeder', { settings: { address: 'set by hand' } })
  feed.size = 30
  const inner = connector.poll!
  const poll: typeof inner = async (cursor, context) => ({
    ...(await inner(cursor, context)),
    learned: { most: 500, address: 'learned' },
  })
  const known = openKnownConnections(database.db, keyring, () => ({ ...connector, poll }))
  {
    await using _loop = aLoop(database.db, { ...connector, poll })
    await until(async () => (await storedNumbers(database.db, id)).length === 30)
    await pause(100)
  }
  expect(await storedNumbers(database.db, id)).toEqual(upTo(30))
  expect((await known.byId(workspaceId, id))!.settings).toEqual({ most: 500, address: 'set by hand' })
  expect(feed.mostAtOnce).toBe(1)
})

test('the newest word of a name counts, others stay, and too much is not kept', async () => {
  const { workspaceId } = await aTenant(database.db)
  const { id } = await aConnection(database.db, workspaceId, 'feeder')
  const learn = (learned: Record<string, unknown>) =>
    database.db.write({ workspaceId }, (tx) => keepLearned(tx, { workspaceId, id }, learned))
  await learn({ a: 1, b: 'one\u0000' })
  await learn({ a: 2 })
  await learn({ c: 'x'.repeat(100_000) })
  const row = await database.db.read({ workspaceId }, (tx) =>
    tx.selectFrom('connections').select('learned').where('id', '=', id).executeTakeFirstOrThrow(),
  )
  expect(row.learned).toEqual({ a: 2, b: 'one' })
})
