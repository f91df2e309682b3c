import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { laneOf } from '#platform/jobs'
import { LANES, openAccepting } from './accept.ts'
import { takePending } from './pending.ts'
import { aTenant, NOW } from './testing/desk.ts'

const database = useDatabase()

test('a batch ends where its bytes would take too long, in the order of arrival, and one large delivery is still taken', async () => {
  const actor = await aTenant(database.db)
  const connectionId = randomUUIDv7()
  const lane = laneOf(connectionId, LANES)
  const accept = openAccepting(database.db)
  const sizes = [60, 60, 60, 60, 400].map((kilobytes) => kilobytes * 1024)
  for (const size of sizes)
    await accept({
      workspaceId: actor.workspaceId,
      connectionId,
      headers: {},
      body: Buffer.alloc(size, 65),
      receivedAt: NOW,
    })
  const take = (only: string[] | null = null) =>
    database.db.write(actor, (tx) => takePending(tx, actor, [lane], 256, only))
  const first = await take()
  expect(first.map(({ body }) => body.length)).toEqual(sizes.slice(0, 3))
  const rows = await database.db.read(actor, (tx) => tx.selectFrom('deliveries').select('id').orderBy('seq').execute())
  const large = await take([rows[4]!.id])
  expect(large.map(({ body }) => body.length)).toEqual([400 * 1024])
  expect(large[0]).toMatchObject({ connectionId, headers: {}, receivedAt: NOW })
})
