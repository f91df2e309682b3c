import { mkdtemp, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openKnownConnections } from '#connections/server'
import { programActor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { openFileStore } from '#platform/files/store'
import { openKeyring } from '#platform/keyring'
import { useDatabase } from '#platform/testing/database'
import { createWorkspace } from '#workspaces/server'
import { rootIn } from '../program/database.ts'
import { loadSample, type Loaded, type SampleDeps } from './load.ts'
import { removeSample } from './state.ts'

const NOW = new Date('2026-11-18T15:20:00Z')
const database = useDatabase()
let owner: pg.Client
let directory: string
let deps: SampleDeps
let before: Record<string, number>
let loaded: Loaded
let seconds: number
let workspaceId: string
let me: string

const look = async <T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await owner.query<T>(text, values)).rows

/** Rows of every table of ours, counted from outside. */
async function countAll(): Promise<Record<string, number>> {
  const tables = await look<{ name: string }>(`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'auth') or (schemaname = 'graphile_worker' and tablename = '_private_jobs') order by 1`)
  const counts: Record<string, number> = {}
  for (const { name } of tables)
    counts[name] = (await look<{ n: number }>(`select count(*)::int as n from ${name}`))[0]!.n
  return counts
}

beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  directory = await mkdtemp(join(tmpdir(), 'rapport-sample-'))
  const { db } = database
  const keyring = await openKeyring({
    secretKey: randomBytes(32).toString('base64'),
    directory,
    rootStore: rootIn(owner),
  })
  const clock = testClock(NOW)
  const files = await openFileStore({ directory: join(directory, 'files'), clock })
  deps = { db, clock, keyring, known: openKnownConnections(db, keyring), files }
  const made = await db.system((tx) =>
    createWorkspace(tx, NOW, {
      name: 'Own desk',
      timeZone: 'Europe/Vienna',
      locale: 'en',
      owner: { userId: 'someone', name: 'Robin Owner', email: 'robin@own.example' },
    }),
  )
  workspaceId = made.workspaceId
  me = made.memberId
  before = await countAll()
  const began = performance.now()
  loaded = await loadSample(deps, workspaceId, me)
  seconds = (performance.now() - began) / 1000
})
afterAll(async () => {
  await owner.end()
  await rm(directory, { recursive: true, force: true })
})

describe('the loaded sample', () => {
  test('is there in less than fifteen seconds, and large enough to look like a month', () => {
    console.log(`${loaded.conversations} conversations, ${loaded.messages} messages in ${seconds.toFixed(1)} s`)
    // Fifteen on a machine that has nothing else to do; here others may be at work.
    expect(seconds).toBeLessThan(60)
    expect(loaded.conversations).toBeGreaterThan(230)
    expect(loaded.messages).toBeGreaterThan(1500)
  })

  test('counts on every row what its thread holds', async () => {
    const wrong = await look(`
      select c.thread_key, c.message_count, t.said, c.last_seq, t.last_seq as last, c.waiting_since, t.since, c.failed_count, t.failed
      from conversations c cross join lateral (
        select count(*) filter (where kind <> 'system' and state is distinct from 'cancelled')::int as said,
          max(seq) as last_seq, count(*) filter (where state in ('failed', 'unknown'))::int as failed,
          min(occurred_at) filter (where kind = 'in' and seq > coalesce(
            (select max(o.seq) from messages o where o.conversation_id = c.id and o.kind = 'out'), 0)) as since
        from messages m where m.conversation_id = c.id
      ) t
      where c.message_count <> t.said or c.last_seq <> t.last_seq or c.failed_count <> t.failed
        or (c.state = 'open' and c.waiting_since is distinct from t.since)`)
    expect(wrong).toEqual([])
  })

  test('lies in the past, in the order in which it happened', async () => {
    const [times] = await look<{ late: number; early: Date; unordered: number }>(
      `
      select count(*) filter (where occurred_at > $1)::int as late, min(occurred_at) as early,
        (select count(*)::int from (select occurred_at, lag(occurred_at) over (partition by conversation_id order by seq) as prior
          from messages) o where prior > occurred_at) as unordered
      from messages`,
      [NOW],
    )
    expect(times).toMatchObject({ late: 0, unordered: 0 })
    expect(NOW.getTime() - times!.early.getTime()).toBeGreaterThan(25 * 86_400_000)
  })

  test('shows every state that a conversation, an answer and a delivery can be in', async () => {
    const states = await look<{ state: string }>('select distinct state from conversations order by 1')
    expect(states.map(({ state }) => state)).toEqual(['open', 'resolved', 'snoozed', 'waiting'])
    const sent = await look<{ state: string }>('select distinct state from messages where state is not null order by 1')
    expect(sent.map(({ state }) => state)).toEqual(['failed', 'held', 'read', 'sent', 'unknown'])
    const [rest] = await look(`select
      (select count(*)::int from send_gates where state = 'closed') as gates, (select count(*)::int from drafts) as drafts,
      (select count(*)::int from customers where blocked_at is not null) as blocked,
      (select count(*)::int from deliveries where state = 'quarantined') as quarantined,
      (select count(*)::int from deliveries where state = 'pending') as pending,
      (select count(*)::int from outbound where state <> 'settled' and next_at < 'infinity') as leaving`)
    expect(rest).toMatchObject({ blocked: 1, quarantined: 3, pending: 0, leaving: 0 })
    expect(rest!['gates']).toBeGreaterThan(1)
    expect(rest!['drafts']).toBeGreaterThan(1)
  })

  test('is marked in every row that can be marked', async () => {
    for (const table of ['conversations', 'messages', 'customers', 'connections', 'labels', 'teams'])
      expect(await look(`select id from ${table} where not is_sample`), table).toEqual([])
    expect(await look('select id from members where not is_sample')).toEqual([{ id: me }])
  })

  test('holds one customer where one person spoke in several places', async () => {
    const rows = await look<{ channels: number }>(`
      select count(*)::int as channels from identities i join customers c on c.id = i.customer_id
      where c.name = 'Mara Lindqvist'`)
    expect(rows[0]!.channels).toBeGreaterThanOrEqual(3)
  })

  test('is found by its words', async () => {
    const hits = await database.db.read({ workspaceId }, async (tx) => {
      const { sql } = await import('kysely')
      const { rows } = await sql`select * from search_messages('volcano', true, null, '{}', null, null, 50)`.execute(tx)
      return rows.length
    })
    expect(hits).toBeGreaterThan(3)
  })

  test('lets none of its colleagues sign in', async () => {
    const accounts = await look(`select m.id from members m join auth."user" u on u.id = m.user_id where m.is_sample`)
    expect(accounts).toEqual([])
  })

  test('sends nothing anywhere', async () => {
    expect(await look(`select name from connections where settings ? 'callbackUrl'`)).toEqual([])
  })

  test('is refused a second time, in words', async () => {
    await expect(loadSample(deps, workspaceId, me)).rejects.toMatchObject({
      code: 'sample.already_loaded',
      message: expect.stringMatching(/already/),
    })
  })
})

describe('removing the sample', () => {
  test('leaves every table as it was, but for one line that says that it was removed', async () => {
    await removeSample(database.db, deps.files, programActor(workspaceId, NOW))
    const after = await countAll()
    const [said] = await look<{ n: number }>(
      `select count(*)::int as n from events where type = 'workspaces.sample_removed'`,
    )
    expect(said!.n).toBe(1)
    const events = Object.keys(after).filter((name) => name.startsWith('public.events'))
    const changed = Object.keys(after).filter((name) => after[name] !== before[name])
    expect(changed.filter((name) => !events.includes(name))).toEqual([])
    expect(after['public.events']).toBe(before['public.events']! + 1)
    expect(await look('select is_sample, state from members')).toEqual([{ is_sample: false, state: 'active' }])
  })

  test('is refused where there is none, and where another workspace asks', async () => {
    const { db, files } = deps
    await expect(removeSample(db, files, programActor(workspaceId, NOW))).rejects.toMatchObject({
      code: 'sample.not_loaded',
    })
    const { sql } = await import('kysely')
    const foreign = db.write({ workspaceId: '00000000-0000-7000-8000-000000000001' }, (tx) =>
      sql`select remove_sample(${workspaceId}::uuid)`.execute(tx),
    )
    await expect(foreign).rejects.toMatchObject({ code: '42501' })
  })
})
