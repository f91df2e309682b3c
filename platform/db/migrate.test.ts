import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { migrate } from './migrate.ts'

const now = new Date('2026-11-02T09:00:00Z')
let url: string
let directory: string
let admin: pg.Client

beforeEach(async () => {
  const name = `test_migrate_${randomUUID().slice(0, 8)}`
  admin = new pg.Client({ connectionString: inject('ownerUrl') })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const own = new URL(inject('ownerUrl'))
  own.pathname = `/${name}`
  url = own.href
  directory = await mkdtemp(join(tmpdir(), 'rapport-migrations-'))
  await file('1_house_start', 'create table rooms (id int)')
})
afterEach(async () => {
  await admin.query(`drop database ${new URL(url).pathname.slice(1)} with (force)`)
  await admin.end()
  await rm(directory, { recursive: true, force: true })
})

const file = (name: string, text: string) => writeFile(join(directory, `${name}.sql`), text)
const run = (over: Partial<Parameters<typeof migrate>[1]> = {}) => migrate(url, { directory, now, ...over })
async function ask(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
const withSystemRole = `do $$ begin create role rapport_system nologin; exception when duplicate_object or unique_violation then null; end $$`

test('migrations run once, in the order of their names, and a second run finds nothing to do', async () => {
  await file('2_house_doors', `${withSystemRole}; alter table rooms add door int`)
  expect((await run()).applied).toEqual(['1_house_start', '2_house_doors'])
  expect((await run()).applied).toEqual([])
})

test('a migration that was changed after it was applied is refused', async () => {
  await file('2_house_doors', withSystemRole)
  await run()
  await file('1_house_start', 'create table rooms (id bigint)')
  await expect(run()).rejects.toThrow(/1_house_start was changed/)
})

test('a database of a newer version is refused with a way out', async () => {
  await file('2_house_doors', withSystemRole)
  await run()
  await rm(join(directory, '2_house_doors.sql'))
  await expect(run()).rejects.toThrow(/newer Rapport \(2_house_doors\): run that version or restore a backup/)
})

test('a migration that fails changes nothing and names itself', async () => {
  await file('2_house_doors', 'create table doors (id int); insert into nowhere values (1)')
  await expect(run()).rejects.toThrow(/2_house_doors failed and changed nothing/)
  expect(await ask(`select to_regclass('doors') as doors`)).toEqual([{ doors: null }])
  expect(await ask('select name from migrations')).toEqual([{ name: '1_house_start' }])
})

test('two that migrate at once: one works, the other waits and finds it done', async () => {
  await file('2_house_doors', `${withSystemRole}; select pg_sleep(0.3)`)
  const both = await Promise.all([run(), run()])
  expect(both.map(({ applied }) => applied.length).sort()).toEqual([0, 2])
})

test('before something is changed that can be lost, its keeper is told; on an empty database nobody is', async () => {
  await file('2_house_doors', withSystemRole)
  const told: (readonly string[])[] = []
  const beforeChange = async (pending: readonly string[]) => void told.push(pending)
  await run({ beforeChange })
  expect(told).toEqual([])
  await file('3_house_roof', 'create table roofs (id int)')
  await run({ beforeChange })
  await run({ beforeChange })
  expect(told).toEqual([['3_house_roof']])
})
