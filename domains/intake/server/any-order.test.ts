import fc from 'fast-check'
import pino from 'pino'
import { expect, test } from 'vitest'
import { testClock } from '#platform/clock'
import { laneOf } from '#platform/jobs'
import { aFileStore } from '#platform/testing/files'
import { useDatabase } from '#platform/testing/database'
import { LANES } from '#connections/server'
import { aDelivery } from '../../connections/server/factories.ts'
import { aMessage, anInbox, minute, type MadeInbox } from '../../inbox/server/factories.ts'
import { workLanes } from './intake.ts'

const database = useDatabase()
const log = pino({ level: 'silent' })

/** What must be the same however deliveries came: what a person sees of the thread and of its row in the list. */
async function seen({ workspaceId, connection }: MadeInbox) {
  return database.db.read({ workspaceId }, async (tx) => {
    const messages = await tx
      .selectFrom('messages as m')
      .leftJoin('messages as p', (join) =>
        join.onRef('p.workspaceId', '=', 'm.workspaceId').onRef('p.id', '=', 'm.parentId'),
      )
      .select(['m.externalId', 'm.body', 'm.deletedAt', 'm.editedAt', 'm.state', 'm.kind', 'm.episode', 'm.occurredAt'])
      .select('p.externalId as parent')
      .where('m.workspaceId', '=', workspaceId)
      .orderBy('m.externalId')
      .execute()
    const conversations = await tx
      .selectFrom('conversations as c')
      .innerJoin('customers as u', (join) =>
        join.onRef('u.workspaceId', '=', 'c.workspaceId').onRef('u.id', '=', 'c.customerId'),
      )
      .select(['c.threadKey', 'c.state', 'c.preview', 'c.previewKind', 'c.messageCount', 'c.episode', 'c.waitingSince'])
      .select([
        'c.priorityAt',
        'c.firstMessageAt',
        'c.lastActivityAt',
        'c.lastInboundAt',
        'c.failedCount',
        'c.threadFacts',
      ])
      .select(['c.subject', 'c.customerName', 'u.name'])
      .where('c.connectionId', '=', connection.id)
      .orderBy('c.threadKey')
      .execute()
    const words = await tx
      .selectFrom('messageSearch as s')
      .innerJoin('messages as m', (join) =>
        join.onRef('m.workspaceId', '=', 's.workspaceId').onRef('m.id', '=', 's.messageId'),
      )
      .select(['m.externalId', 's.words'])
      .where('s.workspaceId', '=', workspaceId)
      .orderBy('m.externalId')
      .execute()
    const early = await tx.selectFrom('earlyChanges').select('name').execute()
    return { messages, conversations, words, early }
  })
}

/** Works off deliveries, each array of events one delivery, a batch at a time. */
async function takeAll(batches: readonly (readonly object[])[]): Promise<MadeInbox> {
  const inbox = await anInbox(database.db)
  const intake = { db: database.db, clock: testClock(minute(120)), log, known: inbox.known, files: await aFileStore() }
  for (const batch of batches) {
    for (const event of batch)
      await aDelivery(database.db, inbox.connection, { body: JSON.stringify(event), at: minute(90) })
    await workLanes(intake, inbox.workspaceId, [laneOf(inbox.connection.id, LANES)])
  }
  return inbox
}

const when = (n: number) => minute(n).toISOString()
const jo = { id: 'jo', name: 'Jo' }
const ann = { id: 'ann', name: 'Ann' }
/** In the order in which it happened: two threads, two people, our own account, edits back and forth, a deletion, receipts. */
const STORY: readonly object[] = [
  aMessage({ id: 'a1', thread: { key: 'a', subject: 'Lost bag' }, author: jo, text: 'Where is my bag?', at: when(0) }),
  aMessage({
    id: 'a2',
    thread: { key: 'a', subject: 'Re: Lost bag', facts: { window: 1 } },
    author: ann,
    text: 'Mine too',
    at: when(1),
  }),
  aMessage({ id: 'b1', thread: { key: 'b' }, author: ann, text: 'Another matter', at: when(2) }),
  { type: 'edit', id: 'a1', text: 'Where is my blue bag?', at: when(3) },
  aMessage({
    id: 'a3',
    thread: { key: 'a' },
    author: { id: 'us', name: 'We' },
    ours: true,
    text: 'We look.',
    at: when(4),
  }),
  { type: 'receipt', id: 'a3', state: 'delivered', at: when(5) },
  { type: 'edit', id: 'a1', text: 'Where is my bag?', at: when(6) },
  { type: 'receipt', id: 'a3', state: 'read', at: when(7) },
  aMessage({ id: 'a4', thread: { key: 'a', facts: { window: 2 } }, author: jo, text: 'never mind', at: when(8) }),
  { type: 'edit', id: 'a4', text: 'never ever mind', at: when(9) },
  { type: 'deletion', id: 'a4', at: when(10) },
  { type: 'thread', thread: { key: 'b', facts: { closed: true } }, at: when(11) },
]

const inOrder = STORY.map((event) => [event])

test('doubled and reordered deliveries, in whatever batches, end as timely ones do', async () => {
  const wanted = await seen(await takeAll(inOrder))
  expect(wanted.messages).toHaveLength(5)
  expect(wanted.early).toEqual([])
  const arrivals = fc
    .tuple(
      fc.shuffledSubarray(
        STORY.map((_, i) => i),
        { minLength: STORY.length },
      ),
      fc.array(fc.nat(STORY.length - 1), { maxLength: 6 }),
    )
    .chain(([order, doubles]) =>
      fc.tuple(
        fc.constant([...order, ...doubles]),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
      ),
    )
  await fc.assert(
    fc.asyncProperty(arrivals, async ([order, sizes]) => {
      const batches: object[][] = []
      for (let i = 0, n = 0; i < order.length; n++) {
        const size = sizes[n % sizes.length]!
        batches.push(order.slice(i, i + size).map((index) => STORY[index]!))
        i += size
      }
      expect(await seen(await takeAll(batches))).toEqual(wanted)
    }),
    { numRuns: Number(process.env['RAPPORT_PROPERTY_RUNS'] ?? 30) },
  )
}, 120_000)

test('a parent that comes after its answer is still its parent', async () => {
  const parent = aMessage({ id: 'p', thread: { key: 'tree', shape: 'tree' }, author: jo, at: when(0) })
  const child = aMessage({ id: 'q', thread: { key: 'tree', shape: 'tree' }, author: ann, parent: 'p', at: when(1) })
  const wanted = await seen(await takeAll([[parent, child]]))
  expect(wanted.messages[1]).toMatchObject({ externalId: 'q', parent: 'p' })
  expect(await seen(await takeAll([[child], [parent]]))).toEqual(wanted)
  expect(await seen(await takeAll([[child, parent]]))).toEqual(wanted)
})

test('an edit of something that never comes is forgotten after a week', async () => {
  const inbox = await takeAll([[{ type: 'edit', id: 'old', text: 'x', at: when(0) }]])
  expect((await seen(inbox)).early).toEqual([{ name: 'old' }])
  const intake = {
    db: database.db,
    clock: testClock(minute(120 + 8 * 24 * 60)),
    log,
    known: inbox.known,
    files: await aFileStore(),
  }
  await aDelivery(database.db, inbox.connection, {
    body: JSON.stringify({ type: 'edit', id: 'new', text: 'x', at: when(0) }),
  })
  await workLanes(intake, inbox.workspaceId, [laneOf(inbox.connection.id, LANES)])
  expect((await seen(inbox)).early).toEqual([{ name: 'new' }])
})
