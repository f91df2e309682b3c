// Two batches at once, each with a conversation that the other one writes about: neither may wait for the other's end.
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { programActor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import { resolveConversation } from './conversations.ts'
import { aConversation, anInbox, minute, takeIn, type MadeInbox } from './factories.ts'
import { linkConversations } from './links.ts'
import type { InboxTables } from './tables.ts'
import { lockConversations } from './understanding.ts'

const database = useDatabase()
let inbox: MadeInbox
beforeAll(async () => {
  inbox = await anInbox(database.db)
})

/** From another transaction, which would wait for ever for one that waits for it. */
function refer(from: string, to: string): Promise<void> {
  const actor = programActor(inbox.workspaceId, minute(11))
  return database.db.write(actor, async (tx) => {
    await sql`set local lock_timeout = '3s'`.execute(tx)
    await linkConversations(tx, actor, [{ from, to, reason: 'same_matter' }])
  })
}

type Work = (tx: Tx<InboxTables>, id: string) => Promise<unknown>
const locked: Record<string, Work> = {
  'a batch understands it': (tx, id) => lockConversations(tx, programActor(inbox.workspaceId, minute(10)), [id]),
  'somebody resolves it': (tx, id) => {
    const actor = { ...inbox.owner, at: minute(10) }
    return resolveConversation(tx as never, actor, { id })
  },
}

test.for(Object.keys(locked))('what refers to a conversation is written while %s', async (name) => {
  const { id: changed } = await aConversation(database.db, inbox)
  const { id: other } = await aConversation(database.db, inbox)
  const actor = programActor(inbox.workspaceId, minute(11))
  await database.db.write(actor, async (tx) => {
    await locked[name]!(tx, changed)
    await refer(other, changed)
  })
  const { rows } = await database.db.read(actor, (tx) =>
    sql`select from conversation_links where linked_id = ${changed}::uuid`.execute(tx),
  )
  expect(rows).toHaveLength(1)
})

test('what refers to a conversation is written while a batch stores what was said in it', async () => {
  const { id, threadKey } = await aConversation(database.db, inbox)
  const { id: other } = await aConversation(database.db, inbox)
  let linked = 0
  const halfway: Database = {
    ...database.db,
    write: (scope, work) =>
      database.db.write(scope, async (tx) => {
        const done = await work(tx)
        await refer(other, id)
        linked += 1
        return done
      }),
  }
  const message = { type: 'message', id: randomUUID(), thread: { key: threadKey }, author: { id: 'one' }, text: 'And?' }
  await takeIn(halfway, inbox, [{ ...message, at: minute(12).toISOString() }], minute(12))
  expect(linked).toBe(1)
})
