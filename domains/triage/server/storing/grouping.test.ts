import pg from 'pg'
import { beforeEach, expect, test } from 'vitest'
import { lockConversations, setGroups } from '#inbox/server'
import { enqueue } from '#platform/jobs'
import { useDatabase } from '#platform/testing/database'
import { aConversation, anInbox, conversationRow, type MadeInbox } from '../../../inbox/server/factories.ts'
import { GROUP_TASK, groupLeft, putIntoGroups } from './grouping.ts'

const database = useDatabase()
const LOW = '00000000-0000-7000-8000-000000000001'
const HIGH = '00000000-0000-7000-8000-000000000002'
let inbox: MadeInbox
let ids: string[]
beforeEach(async () => {
  inbox = await anInbox(database.db)
  // As a running program has told the queue of all its tasks.
  await database.db.write(inbox.owner, (tx) => enqueue(tx, GROUP_TASK, { groups: [] }))
  ids = [await aConversation(database.db, inbox), await aConversation(database.db, inbox)].map(({ id }) => id)
})
const groupOf = async (id: string) => (await conversationRow(database.db, inbox, id)).groupId

/** Two come before either goes on. */
function meeting(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let came = 0
  return () => {
    if (++came === 2) resolve()
    return promise
  }
}

/** Of this workspace, as they wait. */
async function jobs(): Promise<{ payload: { groups: [string, string][] } }[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ payload: { groups: [string, string][] } }>(
      `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        where t.identifier = $1 and j.payload ->> 'groups' <> '[]' and j.payload ->> 'workspaceId' = $2`,
      [GROUP_TASK, inbox.workspaceId],
    )
    return rows
  } finally {
    await client.end()
  }
}

test('two batches that hold what the other wants to group do not wait for each other, and both get their group', async () => {
  const [one, other] = ids as [string, string]
  const [bothHold, bothTried] = [meeting(), meeting()]
  const batch = (own: string, theirs: string) =>
    database.db.write(inbox.owner, async (tx) => {
      await lockConversations(tx, inbox.owner, [own])
      await bothHold()
      await putIntoGroups(tx, inbox.owner, new Map([[theirs, LOW]]))
      await bothTried()
    })
  await Promise.all([batch(one, other), batch(other, one)])
  expect([await groupOf(one), await groupOf(other)]).toEqual([null, null])
  const left = await jobs()
  expect(left).toHaveLength(2)
  for (const { payload } of left) await groupLeft(database.db, inbox.owner, payload.groups)
  expect([await groupOf(one), await groupOf(other)]).toEqual([LOW, LOW])
})

test('a group keeps the smallest name that was ever found for it', async () => {
  const [one] = ids as [string]
  const put = (group: string) =>
    database.db.write(inbox.owner, (tx) => setGroups(tx, inbox.owner, new Map([[one, group]])))
  expect((await put(HIGH)).changed).toMatchObject([{ id: one }])
  expect((await put(LOW)).changed).toMatchObject([{ id: one }])
  expect(await put(HIGH)).toEqual({ changed: [], left: [] })
  expect(await groupOf(one)).toBe(LOW)
})
