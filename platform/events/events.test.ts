import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import * as t from 'typebox'
import pg from 'pg'
import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { programActor } from '../actor.ts'
import { testClock } from '../clock.ts'
import { useDatabase } from '../testing/database.ts'
import { aWorkspace } from '../testing/workspace.ts'
import { emitter } from './emit.ts'
import { formatPosition, isAfter, parsePosition, type Position } from './position.ts'
import { reactOnce, type Reaction } from './reactions.ts'
import { eventsBehind, headPosition, readEvents, type StoredEvent } from './read.ts'
import { tailEvents } from './tail.ts'

const database = useDatabase()
// What a tail hands out comes when all older transactions of the server are over, those of other tests too.
const SOON = { timeout: 10_000 }
const log = pino({ level: 'silent' })
const clock = testClock('2026-11-02T09:00:00Z')
const Data = t.Object({ n: t.Integer() })
const emit = emitter({ 'test.said': { summary: '', data: Data, stale: [] } })

let workspaceId: string
beforeEach(async () => {
  workspaceId = (await aWorkspace(database.db)).workspaceId
})
const say = (n: number, workspace = workspaceId) => {
  const actor = programActor(workspace, clock.now())
  return database.db.write(actor, (tx) => emit(tx, actor, 'test.said', { subjectId: null, data: { n } }))
}
const head = () => database.db.system(headPosition)
const read = (from: Position, limit = 500) => database.db.system((tx) => readEvents(tx, from, { limit }))
const numbers = (events: readonly { data: Readonly<Record<string, unknown>> }[]) => events.map(({ data }) => data['n'])

/** Waits for what else runs on this server: positions are the cluster's, and other tests have transactions too. */
const settled = async () => {
  const { xid } = (
    await database.db.system((tx) => sql<{ xid: number }>`select pg_current_xact_id()::text::bigint as xid`.execute(tx))
  ).rows[0]!
  await expect.poll(async () => (await head()).xid, SOON).toBeGreaterThanOrEqual(xid)
}

/** A transaction that has said something and not yet committed. */
async function lateSpeaker(n: number) {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  await client.query('begin')
  await client.query(
    `insert into events (workspace_id, at, type, actor_kind, data, visibility) values ($1, $2, 'test.said', 'program', $3, '{}')`,
    [workspaceId, clock.now(), { n }],
  )
  return async () => {
    await client.query('commit')
    await client.end()
  }
}

test('an event that commits late is never skipped: who came after it waits', async () => {
  const from = await head()
  const commit = await lateSpeaker(1)
  await say(2)
  const between = await read(from)
  expect([numbers(between.events), between.unsettled]).toEqual([[], true])
  await commit()
  await expect.poll(async () => numbers((await read(between.position)).events), SOON).toEqual([1, 2])
  const after = await read(between.position)
  expect(numbers((await read(after.position)).events)).toEqual([])
})

test('pages of events join without gap or double, whatever their size', async () => {
  const from = await head()
  for (let n = 0; n < 7; n++) await say(n)
  await settled()
  const seen: unknown[] = []
  for (let position = from, more = true; more;) {
    const batch = await read(position, 3)
    seen.push(...numbers(batch.events))
    ;({ position, more } = batch)
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('in a workspace only its own events are read', async () => {
  const from = await head()
  const other = (await aWorkspace(database.db)).workspaceId
  await say(1)
  await say(2, other)
  await settled()
  const { events } = await database.db.read({ workspaceId: other }, (tx) => readEvents(tx, from))
  expect(numbers(events)).toEqual([2])
})

test('the tail hands out the events of all workspaces in order, late ones too, past a listener that throws', async () => {
  const other = (await aWorkspace(database.db)).workspaceId
  await using tail = await tailEvents(database.db, log)
  const seen: unknown[] = []
  tail.subscribe(() => {
    throw new Error('a bad listener')
  })
  tail.subscribe(({ type, data }) => void (type === 'test.said' && seen.push(data['n'])))
  const commit = await lateSpeaker(1)
  await say(2, other)
  await say(3)
  await sleep(150)
  expect(seen).toEqual([])
  await commit()
  await expect.poll(() => seen, SOON).toEqual([1, 2, 3])
  expect(tail.lagMs()).toBeLessThan(2000)
})

const isMine = (events: readonly StoredEvent[]) => events.filter((event) => event.workspaceId === workspaceId)
async function reactAll(reactions: readonly Reaction[]): Promise<void> {
  await settled()
  // The first look of all makes the cursor; a full batch means more.
  await reactOnce(database.db, clock, log, reactions)
  while (await reactOnce(database.db, clock, log, reactions));
}

test('a reaction answers each event once, in order, also when two nodes run it and it is a restart', async () => {
  const seen: unknown[] = []
  const reaction: Reaction = {
    name: 'test.listen',
    on: ['test.said'],
    run: async (_tx, _actor, events) => {
      await sleep(30)
      seen.push(...numbers(isMine(events)))
    },
  }
  for (let n = 0; n < 5; n++) await say(n)
  await Promise.all([reactAll([reaction]), reactAll([reaction])])
  await database.db.system((tx) => tx.updateTable('eventCursors').set({ xid: '0', seq: 0 }).execute())
  await reactAll([reaction])
  expect(seen).toEqual([0, 1, 2, 3, 4])
})

test('a reaction that fails is halved until the bad event is alone, and that one is shown', async () => {
  const seen: unknown[] = []
  const reaction: Reaction = {
    name: `test.fragile-${workspaceId}`,
    on: ['test.said'],
    run: async (_tx, _actor, events) => {
      if (isMine(events).some(({ data }) => data['n'] === 3)) throw new Error('three is too many')
      seen.push(...numbers(isMine(events)))
    },
  }
  for (let n = 0; n < 6; n++) await say(n)
  await reactAll([reaction])
  expect(seen).toEqual([0, 1, 2, 4, 5])
  const failures = await database.db.system((tx) =>
    tx.selectFrom('failures').select(['kind', 'reason', 'attempts']).where('name', '=', reaction.name).execute(),
  )
  expect(failures).toEqual([{ kind: 'reaction', reason: 'three is too many', attempts: 1 }])
})

test('a new life of the database makes reactions read from the beginning, and answers nothing twice', async () => {
  const seen: unknown[] = []
  const reaction: Reaction = {
    name: `test.epoch-${workspaceId}`,
    on: ['test.said'],
    run: async (_tx, _actor, events) => void seen.push(...numbers(isMine(events))),
  }
  await say(1)
  await reactAll([reaction])
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  await owner.query(`insert into epochs select max(epoch) + 1, now(), 'restored' from epochs`)
  await owner.end()
  await say(2)
  await reactAll([reaction])
  expect(seen).toEqual([1, 2])
})

const positions = fc.record({
  epoch: fc.integer({ min: 0, max: 999_999_999 }),
  xid: fc.integer({ min: 0, max: 9_000_000_000_000_000 }),
  seq: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
})

test('a position is read as it was written, any other text is none, and positions have one order', () => {
  fc.assert(
    fc.property(positions, (position) => void expect(parsePosition(formatPosition(position))).toEqual(position)),
  )
  fc.assert(
    fc.property(
      fc.string(),
      (text) => void expect(parsePosition(text) === null || /^\d+\.\d+\.\d+$/.test(text)).toBe(true),
    ),
  )
  fc.assert(
    fc.property(positions, positions, (a, b) => {
      const same = a.xid === b.xid && a.seq === b.seq
      expect([isAfter(a, b), isAfter(b, a)].filter(Boolean)).toHaveLength(same ? 0 : 1)
    }),
  )
})

test('a batch is found by the index, however much waits behind it, and nothing is asked once for every row', async () => {
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  try {
    const from = await head()
    // No statistics yet: as after a burst.
    await owner.query(
      `insert into events (workspace_id, at, type, actor_kind, data, visibility)
       select $1, now(), 'test.said', 'program', '{"n": 1}', '{}' from generate_series(1, 20000)`,
      [workspaceId],
    )
    const { rows } = await database.db.system((tx) =>
      sql<{ 'QUERY PLAN': string }>`explain (analyze, timing off, summary off) ${eventsBehind(from)}`.execute(tx),
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).not.toMatch(/Seq Scan on events|SubPlan/)
    expect(plan).toMatch(/Index (?:Only )?Scan using events_\w+ on events/)
  } finally {
    await owner.end()
  }
})
