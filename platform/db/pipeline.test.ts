import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { isPassing, openDatabase } from './database.ts'

const database = useDatabase()
const scope = { workspaceId: randomUUID() }
const owner = async (text: string) => {
  const client = new pg.Client({ connectionString: database.ownerUrl })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

beforeAll(() =>
  owner(`create table shelf (id integer primary key, word text);
    grant select, insert, update on shelf to rapport_app, rapport_system`),
)

test('statements given together are worked off in order, each with its own answer', async () => {
  const answers = await database.db.write(scope, (tx) =>
    Promise.all(Array.from({ length: 50 }, (_, n) => sql<{ n: number }>`select ${n}::int as n`.execute(tx))),
  )
  expect(answers.map(({ rows }) => rows[0]!.n)).toEqual(Array.from({ length: 50 }, (_, n) => n))
})

test('when one of several given together fails, nothing of the others stays, and the reason is the first one', async () => {
  const insert = (tx: Parameters<Parameters<typeof database.db.write>[1]>[0], id: number) =>
    sql`insert into shelf values (${id}, 'a')`.execute(tx)
  await expect(
    database.db.write(scope, (tx) => Promise.all([insert(tx, 1), insert(tx, 2), insert(tx, 1), insert(tx, 3)])),
  ).rejects.toMatchObject({ code: '23505' })
  const { rows } = await database.db.read(scope, (tx) => sql`select from shelf`.execute(tx))
  expect(rows).toEqual([])
})

test('a beginning that is refused is what the caller hears of, and no statement runs outside of it', async () => {
  const stranger = `stranger_${randomUUID().slice(0, 8)}`
  await owner(`create role ${stranger} login password 'x'; grant insert on shelf to ${stranger}`)
  const url = new URL(database.ownerUrl)
  url.username = stranger
  url.password = 'x'
  {
    await using db = openDatabase({ url: url.href, size: 1 })
    await expect(db.system((tx) => sql`insert into shelf values (9, 'outside')`.execute(tx))).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('role'),
    })
  }
  await owner(`drop owned by ${stranger}; drop role ${stranger}`)
  const { rows } = await database.db.read(scope, (tx) => sql`select from shelf where id = 9`.execute(tx))
  expect(rows).toEqual([])
})

test('a statement that comes often is planned once, and survives a migration under its feet', async () => {
  const read = () => database.db.system((tx) => sql`select * from shelf where id = ${1}`.execute(tx))
  for (let n = 0; n < 12; n++) await read()
  const { rows } = await database.db.system((tx) =>
    sql<{
      count: number
    }>`select count(*) from pg_prepared_statements where statement like '%from shelf where id%'`.execute(tx),
  )
  expect(rows[0]!.count).toBe(1)
  await owner('alter table shelf add column place text')
  const failure = await read().then(
    () => null,
    (error: unknown) => error,
  )
  expect(failure === null || isPassing(failure)).toBe(true)
  expect((await read()).rows).toEqual([])
})

test('only the statements of a batch are planned without a look at their values', async () => {
  const mode = sql<{ mode: string }>`select current_setting('plan_cache_mode') as mode`
  const modes = []
  for (const begin of ['writeBatch', 'write', 'read'] as const)
    modes.push((await database.db[begin](scope, (tx) => mode.execute(tx))).rows[0]!.mode)
  expect(modes).toEqual(['force_generic_plan', 'auto', 'auto'])
})
