// Seen from outside, with connections of the test's own: what each role may do is the database's word, not the program's.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { aWorkspace } from '../testing/workspace.ts'
import { afterCommit, isPassing } from './database.ts'

const database = useDatabase()
let login: pg.Client
let owner: pg.Client
let ours: string
let theirs: string

beforeAll(async () => {
  login = new pg.Client({ connectionString: database.url })
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await Promise.all([login.connect(), owner.connect()])
  ours = (await aWorkspace(database.db)).workspaceId
  theirs = (await aWorkspace(database.db)).workspaceId
  for (const workspace of [ours, theirs])
    await owner.query(
      `insert into events (workspace_id, at, type, actor_kind, data, visibility) values ($1, now(), 'x.y', 'program', '{}', '{}')`,
      [workspace],
    )
  for (const workspace of [ours, theirs])
    await owner.query(
      `insert into labels (workspace_id, id, name, created_at) values ($1, gen_random_uuid(), 'there', now())`,
      [workspace],
    )
  await owner.query(
    `insert into access_log (workspace_id, at, actor_kind, action) values ($1, now(), 'program', 'x')`,
    [ours],
  )
})
afterAll(() => Promise.all([login.end(), owner.end()]))

const tables = async (where = 'true'): Promise<string[]> =>
  (
    await owner.query(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('public', 'auth') and c.relkind in ('r', 'p') and not c.relispartition and ${where}`,
    )
  ).rows.map(({ relname }) => relname)
const withWorkspace = () =>
  tables(
    `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)`,
  )

/** One statement as a role in a workspace, taken back afterwards. */
async function as(role: string | null, workspace: string | null, text: string): Promise<pg.QueryResult> {
  await login.query('begin')
  try {
    if (role) await login.query(`set local role ${role}`)
    if (workspace !== null) await login.query(`set local app.workspace_id = '${workspace}'`)
    return await login.query(text)
  } finally {
    await login.query('rollback')
  }
}
const DENIED = /permission denied/

test('the login role by itself is refused on every table', async () => {
  const all = await tables(`n.nspname = 'public'`)
  expect(all.length).toBeGreaterThan(30)
  for (const table of all)
    for (const text of [`select from ${table}`, `delete from ${table}`])
      await expect(as(null, ours, text)).rejects.toThrow(DENIED)
})

test('every table with a workspace is under row-level security and has a policy', async () => {
  const bare = await tables(
    `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped)
     and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))`,
  )
  expect(bare).toEqual([])
})

test('the app role without a workspace sees nothing, and with a foreign one nothing of ours', async () => {
  let readable = 0
  for (const table of await withWorkspace()) {
    const count = async (workspace: string | null) =>
      Number((await as('rapport_app', workspace, `select count(*) as n from ${table}`)).rows[0].n)
    try {
      expect([table, await count(null), await count(''), await count(randomUUID())]).toEqual([table, 0, 0, 0])
      readable += 1
    } catch (error) {
      expect((error as Error).message).toMatch(DENIED)
    }
    const own = await as(
      'rapport_app',
      ours,
      `select count(*) as n from ${table} where workspace_id <> '${ours}'`,
    ).catch(() => null)
    expect([table, Number(own?.rows[0].n ?? 0)]).toEqual([table, 0])
  }
  expect(readable).toBeGreaterThan(25)
  expect((await as('rapport_app', ours, 'select from events')).rowCount).toBe(1)
})

test('the app role writes no row of another workspace and moves none there', async () => {
  const add = (workspace: string) =>
    `insert into labels (workspace_id, id, name, created_at) values ('${workspace}', '${randomUUID()}', 'x', now())`
  await as('rapport_app', ours, add(ours))
  await expect(as('rapport_app', ours, add(theirs))).rejects.toThrow(/row-level security/)
  await expect(as('rapport_app', null, add(ours))).rejects.toThrow(/row-level security/)
  await expect(as('rapport_app', ours, `update labels set workspace_id = '${theirs}'`)).rejects.toThrow(
    /row-level security/,
  )
  expect(
    (await as('rapport_app', ours, `update labels set name = 'x' where workspace_id = '${theirs}'`)).rowCount,
  ).toBe(0)
})

test('nobody in the running program changes or removes what is on record', async () => {
  for (const role of ['rapport_app', 'rapport_system'])
    for (const table of ['events', 'access_log', 'events_other', 'access_log_other'])
      for (const text of [`update ${table} set at = now()`, `delete from ${table}`, `truncate ${table}`])
        await expect(as(role, ours, text)).rejects.toThrow(DENIED)
})

test('partitions can not be read around their parent’s policy', async () => {
  await owner.query(`select ensure_partitions('2026-11-01'::date, 2)`)
  const { rows } = await owner.query(`select c.relname from pg_class c where c.relispartition and c.relkind = 'r'`)
  expect(rows.length).toBeGreaterThan(5)
  for (const { relname } of rows)
    for (const role of ['rapport_app', 'rapport_system'])
      await expect(as(role, ours, `select from ${relname}`)).rejects.toThrow(DENIED)
})

test('a definer function of search shows a foreign workspace nothing', async () => {
  const search = `select * from search_messages('bag', true, null, '{}', null, null, 10)`
  expect((await as('rapport_app', randomUUID(), search)).rowCount).toBe(0)
  expect((await as('rapport_app', null, search)).rowCount).toBe(0)
  await expect(as('rapport_system', null, search)).rejects.toThrow(DENIED)
})

test('what is to follow a commit follows it, and nothing follows a rollback', async () => {
  const { db } = database
  const seen: string[] = []
  await db.write({ workspaceId: ours }, async (tx) => {
    afterCommit(tx, () => seen.push('after'))
    await tx.selectFrom('labels').select('id').execute()
    seen.push('in')
  })
  await expect(
    db.write({ workspaceId: ours }, async (tx) => {
      afterCommit(tx, () => seen.push('never'))
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(seen).toEqual(['in', 'after'])
})

test('reading changes nothing, and a workspace that is no id is refused before it is asked', async () => {
  const { db } = database
  const write = db.read({ workspaceId: ours }, (tx) => tx.updateTable('labels').set({ name: 'x' }).execute())
  await expect(write).rejects.toThrow(/read-only/)
  expect(() => db.read({ workspaceId: `${ours}'; drop table labels; --` }, async () => null)).toThrow(TypeError)
})

test('a refused beginning leaves no connection behind in a broken transaction', async () => {
  const name = new URL(database.url).username
  await owner.query(`revoke rapport_app from "${name}"`)
  for (let i = 0; i < 8; i++)
    await expect(database.db.read({ workspaceId: ours }, async () => 1)).rejects.toThrow(DENIED)
  await owner.query(`grant rapport_app to "${name}" with inherit false, set true`)
  for (let i = 0; i < 8; i++) expect(await database.db.read({ workspaceId: ours }, async () => 1)).toBe(1)
})

test('what passes is told from what stays', () => {
  for (const code of ['08006', '53300', '57P01', '40001', '40P01', 'ECONNREFUSED'])
    expect(isPassing({ code })).toBe(true)
  for (const message of [
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
  ])
    expect(isPassing(new Error(message))).toBe(true)
  for (const error of [{ code: '23505' }, { code: '22021' }, new Error('no'), null, undefined])
    expect(isPassing(error)).toBe(false)
})
