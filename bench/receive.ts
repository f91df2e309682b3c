// Stored deliveries to finished messages: identity, conversation, message, keys, search words, events. Beside it the very rows
// that came of it, put into tables of the same columns and indexes by multi-row inserts, in batches of the same size.
import pg from 'pg'
import { claim, connectApi, type ApiConnection } from './desk.ts'
import { makeDeliveries, storePending, take } from './deliveries.ts'
import { atLeast, plain, rate, type Bench, type Measured } from './harness.ts'
import { waitFor } from './load.ts'
import type { BenchDatabase } from './world.ts'

const BATCH = 256
/** How many batches intake has under way at once. */
const PARALLEL = 2

/** Tables that receiving fills, each with what puts its rows into the order of the messages. */
const FILLED = [
  ['customers', 'first_seen_at, id'],
  ['identities', 'first_seen_at, id'],
  ['conversations', 'first_message_at, id'],
  ['episodes', 'opened_at, conversation_id'],
  ['conversation_participants', 'joined_at, conversation_id'],
  ['message_keys', 'message_id'],
  ['messages', 'seq'],
  ['message_search', 'message_id'],
  ['events', 'seq'],
] as const

export async function receive(bench: Bench): Promise<Measured> {
  await using database = await bench.server.database('bench_receive')
  const wanted = bench.pick(600, 60_000)
  const web = await database.serve({ roles: 'web' })
  const desk = await claim(web)
  const connections: ApiConnection[] = []
  for (let n = 0; n < 8; n++) connections.push(await connectApi(web, desk, `System ${n}`))
  await web.stop()

  const made = makeDeliveries({ seed: 2, connections, threads: Math.ceil(wanted / 3) })
  const receiveAll = async (count: number): Promise<Date> => {
    await storePending(database.owner, desk.workspaceId, take(made, count))
    // As the database's own housekeeping does within its first minute: without it, plans are those of empty tables.
    await database.owner.query('vacuum analyze')
    await using _worker = await database.serve({ roles: 'worker' })
    await waitFor('receiving', bench.pick(60, 300), () => isDone(database), 100)
    return new Date()
  }
  // A desk has a past: the measured part comes on top of it.
  await receiveAll(Math.ceil(wanted / 4))
  const before = await counts(database)
  const since = new Date()
  const ended = await receiveAll(wanted)
  const after = await counts(database)
  // Each delivery bears the moment at which its batch was begun; booting the program is not receiving.
  const began = await one<Date>(
    database,
    'select min(settled_at) as value from deliveries where settled_at > $1',
    since,
  )
  const seconds = (ended.getTime() - began.getTime()) / 1000
  const messages = after.messages - before.messages
  bench.say(`${messages} messages received, now all rows by plain inserts`)
  const rows = await insertPlainly(database)
  const receiving = rate(messages, seconds, 'messages/s')
  const inserting = rate(after.messages, rows.seconds, 'messages/s')
  return {
    figures: {
      receive: receiving,
      'rows written per message': plain(rows.count / after.messages, 'rows', after.messages),
    },
    limit: { 'the same rows inserted': inserting },
    ratios: { 'receive / limit': receiving.value / inserting.value },
    targets: [atLeast('receive / limit', 0.25), atLeast('receive', 2000)],
    invariants: {
      'every delivery became one message': messages === wanted && after.unfinished === 0,
      'every message has its event': after.received - before.received === messages,
    },
  }
}

const isDone = async ({ owner }: BenchDatabase): Promise<boolean> =>
  (await owner.query(`select from deliveries where state = 'pending' limit 1`)).rowCount === 0

async function counts({ owner }: BenchDatabase): Promise<{ messages: number; unfinished: number; received: number }> {
  const { rows } = await owner.query(
    `select (select count(*)::int from messages) as messages,
       (select count(*)::int from deliveries where state <> 'done') as unfinished,
       (select count(*)::int from events where type = 'inbox.message_received') as received`,
  )
  return rows[0]
}

async function one<T>({ owner }: BenchDatabase, text: string, ...values: readonly unknown[]): Promise<T> {
  return (await owner.query<{ value: T }>(text, [...values])).rows[0]!.value
}

/** Reads all rows first, then inserts them, as many at a time as a batch of messages brings. */
async function insertPlainly(database: BenchDatabase): Promise<{ seconds: number; count: number }> {
  const tables: { name: string; columns: string[]; rows: string[][] }[] = []
  for (const [name, order] of FILLED) {
    const columns = (
      await database.owner.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
        [name],
      )
    ).rows.map((row) => row.name)
    await database.owner.query(
      `create table limit_${name} (like ${name} including defaults including constraints including indexes)`,
    )
    const { rows } = await database.owner.query<string[]>({
      text: `select ${columns.map((column) => `"${column}"::text`).join(', ')} from ${name} order by ${order}`,
      rowMode: 'array',
    })
    tables.push({ name: `limit_${name}`, columns, rows })
  }
  const messages = tables.find(({ name }) => name === 'limit_messages')!.rows.length
  const batches = Math.ceil(messages / BATCH)
  let next = 0
  const began = performance.now()
  const inserter = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    for (let batch = next++; batch < batches; batch = next++) {
      await client.query('begin')
      for (const { name, columns, rows } of tables) {
        const from = Math.floor((rows.length * batch) / batches)
        const some = rows.slice(from, Math.floor((rows.length * (batch + 1)) / batches))
        if (some.length > 0) await client.query(insertion(name, columns, some.length), some.flat())
      }
      await client.query('commit')
    }
    await client.end()
  }
  await Promise.all(Array.from({ length: PARALLEL }, inserter))
  return {
    seconds: (performance.now() - began) / 1000,
    count: tables.reduce((sum, { rows }) => sum + rows.length, 0),
  }
}

function insertion(table: string, columns: readonly string[], count: number): string {
  const row = (index: number): string => `(${columns.map((_, n) => `$${index * columns.length + n + 1}`).join(',')})`
  const names = columns.map((column) => `"${column}"`).join(',')
  return `insert into ${table} (${names}) values ${Array.from({ length: count }, (_, index) => row(index)).join(',')}`
}
