import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { pino } from 'pino'
import { openAccepting } from '#connections/server'
import { programActor } from '#platform/actor'
import { writeBackup } from '#platform/db/backup/backup'
import { inOrder, readCatalog, selectOf } from '#platform/db/backup/catalog'
import { checkBackup, restoreBackup } from '#platform/db/backup/restore'
import { openDatabase } from '#platform/db/database'
import { migrate, readMigrations } from '#platform/db/migrate'
import { ensureLoginRole } from '#platform/db/roles'
import { headPosition, readEvents } from '#platform/events/read'
import { openFileStore } from '#platform/files/store'
import { enqueue } from '#platform/jobs'
import { useDatabase } from '#platform/testing/database'
import { createWorkspace } from '#workspaces/server'
import { backUp, backUpBeforeMigration, restore } from './backup.ts'

const NOW = new Date('2026-11-21T10:00:00Z')
const database = useDatabase()
let folder: string
let made: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-backup-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
  for (const name of made) await admin(`drop database ${name} with (force)`)
  made = []
})

async function admin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('ownerUrl') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function anEmptyDatabase(): Promise<string> {
  const name = `restored_${randomBytes(5).toString('hex')}`
  await admin(`create database ${name}`)
  made.push(name)
  const url = new URL(inject('ownerUrl'))
  url.pathname = `/${name}`
  return url.href
}

async function ask(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return (await client.query(text, values).finally(() => client.end())).rows
}

/** A workspace with somebody in it, an account, a log-in and a connection. */
async function aWorkspace() {
  const userId = randomUUIDv7()
  await ask(
    database.ownerUrl,
    `with u as (insert into auth."user" (id, name, email, "emailVerified") values ($1, 'Ida', $1 || '@example.com', true) returning id)
     insert into auth.session (id, "expiresAt", token, "updatedAt", "userId") select $1, $2, $1, $2, id from u`,
    [userId, NOW],
  )
  const { workspaceId } = await database.db.system((tx) =>
    createWorkspace(tx, NOW, {
      name: 'Hollow Air',
      timeZone: 'UTC',
      locale: 'en',
      owner: { userId, name: 'Ida', email: 'ida@example.com' },
    }),
  )
  const connectionId = randomUUIDv7()
  await ask(
    database.ownerUrl,
    `insert into connections (workspace_id, id, channel, name, public_key, created_at) values ($1, $2, 'api', 'Shop', $3, $4)`,
    [workspaceId, connectionId, randomBytes(24).toString('base64url'), NOW],
  )
  return { workspaceId, connectionId }
}

/** One answer in each state that an answer can be in when a backup is taken. */
async function answersOf(workspaceId: string, connectionId: string) {
  const [customer, conversation] = [randomUUIDv7(), randomUUIDv7()]
  await ask(
    database.ownerUrl,
    `insert into customers (workspace_id, id, first_seen_at, last_seen_at) values ($1, $2, $3, $3)`,
    [workspaceId, customer, NOW],
  )
  await ask(
    database.ownerUrl,
    `insert into conversations (workspace_id, id, connection_id, channel, thread_key, customer_id, visibility, shape, first_message_at, last_activity_at, priority_at)
     values ($1, $2, $3, 'api', gen_random_uuid()::text, $4, 'private', 'line', $5, $5, $5)`,
    [workspaceId, conversation, connectionId, customer, NOW],
  )
  const states = [
    ['held', 'held', null],
    ['queued', 'queued', 'msg_q'],
    ['sending', 'sending', 'msg_s'],
    ['sent', 'settled', 'msg_d'],
  ] as const
  for (const [state, outbound, identity] of states) {
    const id = randomUUIDv7()
    await ask(
      database.ownerUrl,
      `insert into messages (workspace_id, id, conversation_id, episode, kind, visibility, body, occurred_at, received_at, state, state_at)
       values ($1, $2, $3, 1, 'out', 'private', $4, $5, $5, $4, $5)`,
      [workspaceId, id, conversation, state, NOW],
    )
    await ask(
      database.ownerUrl,
      `insert into outbound (workspace_id, message_id, connection_id, conversation_id, state, next_at, platform_identity, created_at) values ($1, $2, $3, $4, $5, $6, $7, $6)`,
      [workspaceId, id, connectionId, conversation, outbound, NOW, identity],
    )
  }
  return conversation
}

const wishes = { now: NOW, version: '1.2.3', withFiles: true, withKey: false }

test('a backup taken under load restores to the same counts and sums, and what belongs together stays together', async () => {
  const { workspaceId, connectionId } = await aWorkspace()
  const accept = openAccepting(database.db)
  const stop = new AbortController()
  const load = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await accept({ workspaceId, connectionId, headers: {}, body: randomBytes(200), receivedAt: NOW })
      const actor = programActor(workspaceId, NOW)
      const id = randomUUIDv7()
      await database.db.write(actor, async (tx) => {
        await tx.insertInto('labels').values({ workspaceId, id, name: id, createdAt: NOW }).execute()
        await enqueue(tx, 'load.pair', { id })
      })
    }
  }
  const writers = Promise.all(Array.from({ length: 3 }, load))
  await new Promise((resolve) => setTimeout(resolve, 300))
  const path = join(folder, 'load.rapport')
  const report = await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  stop.abort()
  await writers

  const url = await anEmptyDatabase()
  // It reads every table back and compares its sum with the backup's.
  const restored = await restore(url, { dataDir: folder }, path, NOW)
  expect(restored).toMatchObject({
    tables: report.tables,
    rows: report.rows,
    jobs: report.jobs,
    files: 0,
    migrated: [],
  })
  const [{ labels, jobs }] = (await ask(
    url,
    `select (select count(*)::int from labels) as labels, (select count(*)::int from graphile_worker.jobs) as jobs`,
  )) as [{ labels: number; jobs: number }]
  expect(labels).toBeGreaterThan(5)
  expect(jobs).toBe(labels)
  const [later] = await ask(database.ownerUrl, 'select count(*)::int as n from labels')
  expect(Number(later!['n'])).toBeGreaterThan(labels)

  const unprotected = await ask(
    url,
    `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and not c.relrowsecurity`,
  )
  expect(unprotected).toEqual([])
})

test('the program goes on in a restored database: identities count on, readers read on, past events are not future ones', async () => {
  const { workspaceId } = await aWorkspace()
  const actor = programActor(workspaceId, NOW)
  await ask(database.ownerUrl, 'delete from event_cursors')
  const [first] = await ask(database.ownerUrl, 'select xid::text as xid, seq from events where workspace_id = $1', [
    workspaceId,
  ])
  await ask(
    database.ownerUrl,
    `insert into event_cursors values ('done', 1, $1::text::xid8, $2, $3), ('fresh', 1, '0', 0, $3)`,
    [first!['xid'], first!['seq'], NOW],
  )
  // What another cluster will not have come to for long.
  await ask(
    database.ownerUrl,
    `insert into events (workspace_id, xid, at, type, actor_kind, data, visibility) values ($1, '4000000000', $2, 'a.late', 'program', '{}', '{}')`,
    [workspaceId, NOW],
  )
  const path = join(folder, 'a.rapport')
  await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  await ask(database.ownerUrl, `delete from events where type = 'a.late'`)
  const url = await anEmptyDatabase()
  expect((await restore(url, { dataDir: folder }, path, NOW)).epoch).toBe(2)

  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const loginUrl = await ensureLoginRole(client, url, 'test')
  await client.end()
  await using db = openDatabase({ url: loginUrl, size: 2 })
  const cursor = async (reader: string) => {
    const row = await db.system((tx) =>
      tx.selectFrom('eventCursors').selectAll().where('reader', '=', reader).executeTakeFirstOrThrow(),
    )
    return { epoch: row.epoch, xid: Number(row.xid), seq: row.seq }
  }
  const unread = () => db.system(async (tx) => readEvents(tx, await cursor('fresh')))
  // Other tests' transactions run on the same server, and hold back what is theirs to hold back.
  await expect.poll(async () => (await unread()).unsettled, { timeout: 30_000 }).toBe(false)
  const all = await unread()
  expect(all.events.map(({ type }) => type)).toContain('a.late')
  expect(all.position.epoch).toBe(2)
  const after = await db.system(async (tx) => readEvents(tx, await cursor('done')))
  expect(after.events.filter((event) => event.workspaceId === workspaceId).map(({ type }) => type)).toEqual([
    'a.late',
    'workspaces.restored',
  ])

  const before = await db.system(headPosition)
  await db.write(actor, (tx) =>
    tx
      .insertInto('events')
      .values({ workspaceId, at: NOW, type: 'a.new', actorKind: 'program', data: '{}', visibility: '{}' })
      .execute(),
  )
  const fresh = await db.system((tx) => readEvents(tx, before))
  expect(fresh.events.map(({ type }) => type)).toEqual(['a.new'])
  expect(fresh.events[0]!.seq).toBeGreaterThan(Math.max(...all.events.map(({ seq }) => seq)))
})

test('after a restore nothing leaves by itself: outbound waits for a person, what was under way is in doubt, log-ins are gone', async () => {
  const { workspaceId, connectionId } = await aWorkspace()
  const conversation = await answersOf(workspaceId, connectionId)
  const path = join(folder, 'a.rapport')
  await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  const url = await anEmptyDatabase()
  await restore(url, { dataDir: folder }, path, NOW)
  const states = await ask(
    url,
    `select m.body, m.state, o.state as outbound, o.next_at = 'infinity' as waits from messages m join outbound o on o.message_id = m.id
     where m.conversation_id = $1 order by m.seq`,
    [conversation],
  )
  expect(states).toEqual([
    { body: 'held', state: 'unknown', outbound: 'unknown', waits: true },
    { body: 'queued', state: 'unknown', outbound: 'unknown', waits: false },
    { body: 'sending', state: 'unknown', outbound: 'unknown', waits: false },
    { body: 'sent', state: 'sent', outbound: 'settled', waits: false },
  ])
  expect(await ask(url, 'select failed_count from conversations where id = $1', [conversation])).toEqual([
    { failed_count: 3 },
  ])
  expect(await ask(url, 'select count(*)::int as n from workspaces where outbound_paused_reason is null')).toEqual([
    { n: 0 },
  ])
  expect(
    await ask(url, `select actor_kind, data from events where type = 'workspaces.restored' and workspace_id = $1`, [
      workspaceId,
    ]),
  ).toEqual([{ actor_kind: 'program', data: { takenAt: expect.stringMatching(/^\d{4}-.*Z$/) } }])
  expect(await ask(url, 'select count(*)::int as n from auth.session')).toEqual([{ n: 0 }])
  expect(await ask(database.ownerUrl, 'select count(*)::int as n from auth.session')).not.toEqual([{ n: 0 }])
})

test('files that rows refer to go along, and come back under the same sum', async () => {
  const { workspaceId } = await aWorkspace()
  const files = await openFileStore({ directory: join(folder, 'files') })
  const bytes = randomBytes(700_000)
  const put = await files.put(bytes, { maxBytes: 1e6 })
  await files.put(Buffer.from('nobody refers to this'), { maxBytes: 100 })
  const sha256 = put.ok ? put.sha256 : ''
  await ask(
    database.ownerUrl,
    `insert into attachments (workspace_id, id, name, media_type, kind, size, sha256, state, created_at) values ($1, $2, 'a.bin', 'application/octet-stream', 'other', 7, $3, 'stored', $4), ($1, $5, 'b.bin', 'x/y', 'other', 7, $6, 'stored', $4)`,
    [workspaceId, randomUUIDv7(), sha256, NOW, randomUUIDv7(), 'f'.repeat(64)],
  )
  const path = join(folder, 'a.rapport')
  const report = await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  await ask(database.ownerUrl, 'delete from attachments')
  expect(report).toMatchObject({ files: 1, missing: ['f'.repeat(64)] })
  const target = join(folder, 'elsewhere')
  await restore(await anEmptyDatabase(), { dataDir: target }, path, NOW)
  expect(await readFile(join(target, 'files', sha256.slice(0, 2), sha256.slice(2, 4), sha256))).toEqual(bytes)
})

test('a database that holds anything is refused, and keeps what it holds', async () => {
  const path = join(folder, 'a.rapport')
  await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  const url = await anEmptyDatabase()
  await restore(url, { dataDir: folder }, path, NOW)
  await expect(restore(url, { dataDir: folder }, path, NOW)).rejects.toThrow(/into an empty database only/)
  await expect(restore(database.ownerUrl, { dataDir: folder }, path, NOW)).rejects.toThrow(/--into/)
  expect(await ask(url, 'select count(*)::int as n from epochs')).toEqual([{ n: 2 }])
})

test('a file that was cut off or changed anywhere is refused with the reason, and nothing is left behind', async () => {
  await aWorkspace()
  const path = join(folder, 'whole.rapport')
  await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  const whole = await readFile(path)
  const url = await anEmptyDatabase()
  const broken = join(folder, 'broken.rapport')
  const refuse = async (bytes: Buffer): Promise<void> => {
    await writeFile(broken, bytes)
    await expect(restore(url, { dataDir: folder }, broken, NOW)).rejects.toMatchObject({ name: 'BackupError' })
  }
  for (const length of [0, 10, 500, Math.floor(whole.length / 2), whole.length - 1])
    await refuse(whole.subarray(0, length))
  for (let step = 1; step < 40; step++) {
    const changed = Buffer.from(whole)
    changed[Math.floor((whole.length * step) / 40)]! ^= 0x20
    await refuse(changed)
  }
  await refuse(Buffer.from('{"name":"something else"}\n'))
  expect(await ask(url, `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace`)).toEqual(
    [{ n: 0 }],
  )
  expect(await checkBackup(path)).toMatchObject({ program: '1.2.3' })
})

test('a backup of an older set of migrations is restored to that set and migrated on; one of a newer set is refused', async () => {
  const names = (await readMigrations()).map(({ name }) => name)
  const old = await anEmptyDatabase()
  await migrate(old, { now: NOW, only: new Set(names.slice(0, -1)) })
  const path = join(folder, 'old.rapport')
  await writeBackup(old, path, { now: NOW, program: '0.9.0', openFile: null })
  const url = await anEmptyDatabase()
  expect((await restore(url, { dataDir: folder }, path, NOW)).migrated).toEqual(names.slice(-1))

  await ask(old, `insert into migrations values ('29990101000000_inbox_future', 'f', $1)`, [NOW])
  const newer = join(folder, 'newer.rapport')
  await writeBackup(old, newer, { now: NOW, program: '9.0.0', openFile: null })
  const empty = await anEmptyDatabase()
  await expect(restore(empty, { dataDir: folder }, newer, NOW)).rejects.toThrow(
    /newer Rapport \(9\.0\.0; it knows 29990101000000_inbox_future/,
  )
  expect(
    await ask(empty, `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace`),
  ).toEqual([{ n: 0 }])
})

test('a load that fails half-way leaves the database empty', async () => {
  const path = join(folder, 'a.rapport')
  await backUp(database.ownerUrl, { dataDir: folder }, path, wishes)
  const url = await anEmptyDatabase()
  const failing = restoreBackup(url, path, {
    now: NOW,
    putFile: null,
    finish: async () => {
      throw new Error('the disk is full')
    },
  })
  await expect(failing).rejects.toThrow('the disk is full')
  expect(await ask(url, `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace`)).toEqual(
    [{ n: 0 }],
  )
  await restore(url, { dataDir: folder }, path, NOW)
})

test('before a migration the database is saved, and the newest five of these backups are kept', async () => {
  const save = backUpBeforeMigration({ dataDir: folder }, pino({ level: 'silent' }), '1.2.3')
  await save(database.ownerUrl, ['20270101000000_inbox_new'])
  const names = await readdir(join(folder, 'backups'))
  expect(names).toHaveLength(1)
  for (let i = 1; i < 8; i++) await writeFile(join(folder, 'backups', `before-x-2026010${i}T000000Z.rapport`), '')
  await save(database.ownerUrl, ['20270101000000_inbox_new', '20270101000001_inbox_newer'])
  const kept = await readdir(join(folder, 'backups'))
  expect(kept).toHaveLength(5)
  expect(kept.filter((name) => name.startsWith('before-2027')).length).toBeGreaterThan(0)
})

test('every table of the product is in the catalogue, after those that it refers to', async () => {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  const { tables } = await readCatalog(client).finally(() => client.end())
  const names = tables.map(({ name }) => name)
  expect(names).toContain('auth."user"')
  expect(names.indexOf('public.workspaces')).toBeLessThan(names.indexOf('public.members'))
  expect(names.indexOf('auth."user"')).toBeLessThan(names.indexOf('auth.session'))
  expect(tables.find(({ name }) => name === 'public.conversations')!.columns).not.toContain('team_key')
  expect(selectOf({ name: 'a', columns: ['x'], key: ['t.x'] })).toBe('select t.x from a t order by t.x')
  expect(() =>
    inOrder(
      [
        { oid: 1, name: 'a' },
        { oid: 2, name: 'b' },
      ],
      [
        { from: 1, to: 2 },
        { from: 2, to: 1 },
      ],
    ),
  ).toThrow('a, b')
})
