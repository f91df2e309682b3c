import { randomUUIDv7 } from 'node:crypto'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { openFileStore, type FileStore } from './store.ts'
import { GRACE_MS, sweepFiles } from './sweep.ts'

const database = useDatabase()
const now = new Date('2026-11-22T10:00:00Z')
const long = new Date(now.getTime() - GRACE_MS - 1000)
const later = (moment: Date): Date => new Date(moment.getTime() + 1000)
let directory: string
let files: FileStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rapport-sweep-'))
  files = await openFileStore({ directory })
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function ask(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  return (await client.query(text, values).finally(() => client.end())).rows
}

/** Stores a text as if it had been stored at that moment. */
async function aFile(text: string, at: Date): Promise<string> {
  const put = await files.put(Buffer.from(text), { maxBytes: 1000 })
  const sha256 = put.ok ? put.sha256 : ''
  await utimes(join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256), at, at)
  return sha256
}

async function columnsLike(pattern: string) {
  return (await ask(
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0
       and not a.attisdropped and a.attname ~ $1 order by 1, 2`,
    [pattern],
  )) as { table: string; column: string; type: string }[]
}

test('every column that names a file is called sha256, so that backup and sweep know of it', async () => {
  const columns = await columnsLike('sha256|file_hash|content_hash|blob|sha_?256')
  expect(columns.length).toBeGreaterThan(2)
  // What a message says, to tell two of one name apart: the hash of no file.
  const files = columns.filter(({ table, column }) => `${table}.${column}` !== 'message_keys.content_hash')
  for (const { table, column, type } of files) expect([table, column, type]).toEqual([table, 'sha256', 'text'])
})

test('a file that any row of any table names stays, whatever its age', async () => {
  const tables = (await columnsLike('^sha256$')).map(({ table }) => table)
  const kept = new Map<string, string>()
  for (const table of tables) kept.set(table, await aFile(`named by ${table}`, long))
  const stray = await aFile('named by nobody', long)
  // Rows that hold nothing but the name: what else a row must have is its own table's affair.
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  await client.query(`set session_replication_role = replica`)
  for (const [table, sha256] of kept) {
    const { rows } = await client.query<{ name: string; type: string }>(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and a.attidentity = '' and a.attgenerated = '' and a.attname <> 'sha256'`,
      [table],
    )
    const values = rows.map(({ type }) => sampleOf(type))
    for (const { name } of (
      await client.query<{ name: string }>(
        `select conname as name from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
        [table],
      )
    ).rows)
      await client.query(`alter table ${table} drop constraint "${name}"`)
    const names = ['sha256', ...rows.map(({ name }) => name)]
    await client.query(
      `insert into ${table} (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      [sha256, ...values],
    )
  }
  await client.end()
  expect(await sweepFiles(database.db, files, now)).toBe(1)
  for (const [table, sha256] of kept) expect([table, await files.has(sha256)]).toEqual([table, true])
  expect(await files.has(stray)).toBe(false)
})

const sampleOf = (type: string): unknown =>
  type === 'uuid'
    ? randomUUIDv7()
    : /int|numeric/.test(type)
      ? 1
      : /timestamp|date/.test(type)
        ? now
        : type === 'boolean'
          ? false
          : /json/.test(type)
            ? '{}'
            : 'x'

test('what was stored within the grace stays, and so does what was stored again', async () => {
  const fresh = await aFile('fresh', new Date(now.getTime() - GRACE_MS + 60_000))
  const again = await aFile('again', long)
  await files.put(Buffer.from('again'), { maxBytes: 1000 })
  expect(await sweepFiles(database.db, files, now)).toBe(0)
  expect([await files.has(fresh), await files.has(again)]).toEqual([true, true])
})

test('a file that is stored again just before it would be removed is put back', async () => {
  const sha256 = await aFile('again', long)
  await files.put(Buffer.from('again'), { maxBytes: 1000 })
  expect(await files.removeOlder(sha256, later(long))).toBe(false)
  expect(await files.has(sha256)).toBe(true)
  expect(await files.removeOlder('f'.repeat(64), later(long))).toBe(false)
  expect(await readdir(join(directory, 'unfinished'))).toEqual([])
})
