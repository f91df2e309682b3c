// How hot queries are answered at twenty thousand conversations: by walking an index and stopping, never by reading and throwing
// away. Plans depend on sizes, so the rows are many and analysed; nothing here looks at a clock.
import { randomUUIDv7 } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#platform/actor'
import { programActor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import { aMember, aTeam } from '../../workspaces/server/factories.ts'
import { aConversation, anInbox, DAY, minute, type MadeInbox } from './factories.ts'
import { claimDue } from './leaving.ts'
import { countConversations, listConversations } from './lists.ts'
import { listMessages } from './messages.ts'
import { searchMessages } from './search-hits.ts'

const database = useDatabase()
let inbox: MadeInbox
let limited: Actor
let one: string
const labels = { rare: randomUUIDv7(), common: randomUUIDv7() }
let spy: pg.Client

beforeAll(async () => {
  inbox = await anInbox(database.db)
  const team = await aTeam(database.db, inbox.workspaceId)
  limited = await aMember(database.db, inbox.workspaceId, 'agent', { teamIds: [team.id] })
  one = (await aConversation(database.db, inbox)).id
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  await owner.query('set session_replication_role = replica')
  const sized = `select w.*, ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid as new_id, i from conversations w, generate_series(1, 20000) i where w.id = $1`
  await owner.query(
    `insert into conversations (workspace_id, id, connection_id, channel, thread_key, customer_id, visibility, shape, state, assignee_id,
       team_id, first_message_at, last_activity_at, priority_at)
     select workspace_id, new_id, connection_id, channel, 'k' || i, customer_id, visibility, shape, (array['open','open','waiting','resolved'])[1 + i % 4],
       case when i % 500 <> 0 then $2::uuid end, case when i % 1000 <> 0 then $3::uuid else $4::uuid end, at, at, at
     from (select s.*, $5::timestamptz + i * interval '1 minute' as at from (${sized}) s) x`,
    [one, inbox.owner.id, randomUUIDv7(), team.id, DAY],
  )
  await owner.query(
    `insert into messages (workspace_id, id, conversation_id, episode, kind, visibility, body, occurred_at, received_at)
     select workspace_id, gen_random_uuid(), id, 1, 'in', 'private', 'bag' || case when m = 1 and thread_key = 'k77' then ' unicorn' else '' end,
       last_activity_at + m * interval '1 second', last_activity_at from conversations, generate_series(1, 5) m`,
  )
  await owner.query(
    `insert into message_search select workspace_id, floor(extract(epoch from occurred_at) / 604800), id, conversation_id, occurred_at,
       to_tsvector('simple', body) from messages on conflict do nothing`,
  )
  await owner.query(
    `insert into conversation_labels select workspace_id, case when i % 4000 = 0 then $1::uuid else $2::uuid end, id, state, last_activity_at, priority_at
     from (select c.*, row_number() over () as i from conversations c) n`,
    [labels.rare, labels.common],
  )
  await owner.query(
    `insert into outbound (workspace_id, message_id, connection_id, conversation_id, state, next_at, created_at)
     select workspace_id, id, gen_random_uuid(), conversation_id, 'settled', received_at, received_at from messages limit 50000`,
  )
  await owner.query('analyze')
  await owner.end()
  spy = new pg.Client({ connectionString: database.url })
  await spy.connect()
}, 120_000)
afterAll(() => spy?.end())

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: readonly Node[]
}
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** The statements that `work` sends, as text and values. */
async function statementsOf(actor: Actor, work: (tx: Tx) => Promise<unknown>) {
  const sent: { text: string; values: unknown[] }[] = []
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [text, values] = args as [string | { text: string; values?: unknown[] }, unknown[]?]
    const config =
      typeof text === 'string' ? { text, values: values ?? [] } : { text: text.text, values: text.values ?? [] }
    if (!/^(begin|commit|rollback|select pg_notify)/.test(config.text)) sent.push(config)
    return query.apply(this, args)
  } as never
  try {
    await database.db.write(actor, work)
  } finally {
    pg.Client.prototype.query = query as never
  }
  return sent
}

/** Every statement of `work`, explained as the app role in the workspace: no scan of a whole table, little thrown away. */
async function expectWalks(actor: Actor, work: (tx: Tx) => Promise<unknown>, most = 120): Promise<void> {
  for (const { text, values } of await statementsOf(actor, work)) {
    await spy.query(`begin; set local role rapport_app; set local app.workspace_id = '${actor.workspaceId}'`)
    const { rows } = await spy.query(`explain (analyze, format json, timing off) ${text}`, values)
    await spy.query('rollback')
    const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan)
    for (const node of nodes) {
      const thrown =
        ((node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops']
      const read = node['Relation Name'] === undefined ? 0 : node['Actual Rows'] * node['Actual Loops']
      const small = !['conversations', 'messages', 'message_search', 'conversation_labels', 'outbound'].includes(
        node['Relation Name'] ?? '',
      )
      const where = `${node['Node Type']} ${node['Relation Name'] ?? ''} in ${text.slice(0, 200)}`
      expect([where, thrown <= most]).toEqual([where, true])
      expect([where, small || read <= 2500]).toEqual([where, true])
      if (!small) expect(where).not.toMatch(/^Seq Scan/)
    }
  }
}

const owner = (): Actor => inbox.owner
for (const sort of ['activity', 'priority'] as const) {
  test(`lists by ${sort} walk an index in every view, for who sees all and for who sees little`, async () => {
    for (const actor of [owner(), limited])
      for (const view of [
        {},
        { assignee: 'me' },
        { assignee: 'nobody' },
        { state: 'waiting' as const },
        { label: labels.rare },
      ])
        await expectWalks(actor, (tx) => listConversations(tx, actor, { ...view, sort }))
    await expectWalks(owner(), (tx) => listConversations(tx, owner(), { label: labels.common, sort }))
    await expectWalks(owner(), async (tx) => {
      const { next } = await listConversations(tx, owner(), { sort })
      return listConversations(tx, owner(), { sort, after: next! })
    })
  })
}

test('counts stop at their cap', async () => {
  for (const actor of [owner(), limited]) await expectWalks(actor, (tx) => countConversations(tx, actor))
  expect(await database.db.read(owner(), (tx) => countConversations(tx, owner()))).toMatchObject({
    open: 1000,
    cap: 1000,
  })
})

test('a thread is opened from its end by its index', async () => {
  await expectWalks(owner(), (tx) => listMessages(tx, owner(), { conversationId: one }))
})

test('rare and common words are found without reading all messages', async () => {
  for (const q of ['unicorn', 'bag']) await expectWalks(owner(), (tx) => searchMessages(tx, owner(), { q }))
  const found = await database.db.read(owner(), (tx) => searchMessages(tx, owner(), { q: 'unicorn' }))
  expect(found.items).toHaveLength(1)
})

test('what is due to leave is found beside fifty thousand that have left', async () => {
  const actor = programActor(inbox.workspaceId, minute(1000))
  await expectWalks(actor, (tx) => claimDue(tx, actor, inbox.connection, 64))
})

test('hot reads are one statement each', async () => {
  const count = async (work: (tx: Tx) => Promise<unknown>) => (await statementsOf(owner(), work)).length
  expect(await count((tx) => listConversations(tx, owner(), {}))).toBe(1)
  expect(await count((tx) => countConversations(tx, owner()))).toBe(1)
  expect(await count((tx) => searchMessages(tx, owner(), { q: 'bag' }))).toBe(1)
  expect(await count((tx) => listMessages(tx, owner(), { conversationId: one }))).toBe(2)
})
