// Stored deliveries to finished messages: identity, conversation, message, keys, search words, events; once without and once with
// understanding what they say. Beside it the very rows that came of it without, put into tables of the same columns and indexes by
// multi-row inserts, in batches of the same size.
import pg from 'pg'
import { BATCH, PARALLEL } from '#intake/server'
import { claim, connectApi, type ApiConnection } from './desk.ts'
import { makeDeliveries, storePending, take } from './deliveries.ts'
import { atLeast, plain, rate, type Bench, type Measured } from './harness.ts'
import { waitFor } from './load.ts'
import { openSaying } from './said.ts'
import type { BenchDatabase } from './world.ts'

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
  const wanted = bench.pick(600, 60_000)
  await using stored = await bench.server.database('bench_receive')
  const storing = await receiveOnto(bench, stored, wanted, false)
  bench.say(`${storing.messages} messages received, now all rows by plain inserts`)
  const rows = await insertPlainly(stored)
  await using understood = await bench.server.database('bench_receive_understood')
  const understanding = await receiveOnto(bench, understood, wanted, true)
  const assessed = await one<number>(understood, 'select count(*)::int as value from message_assessments')
  const receiving = rate(storing.messages, storing.seconds, 'messages/s')
  const inserting = rate(storing.all, rows.seconds, 'messages/s')
  return {
    figures: {
      receive: receiving,
      'receive and understand': rate(understanding.messages, understanding.seconds, 'messages/s'),
      'rows written per message': plain(rows.count / storing.all, 'rows', storing.all),
    },
    limit: { 'the same rows inserted': inserting },
    ratios: { 'receive / limit': receiving.value / inserting.value },
    targets: [atLeast('receive / limit', 0.25), atLeast('receive', 2000), atLeast('receive and understand', 1700)],
    invariants: {
      'every delivery became one message': [storing, understanding].every(
        ({ messages, unfinished }) => messages === wanted && unfinished === 0,
      ),
      'every message has its event': [storing, understanding].every(({ messages, received }) => received === messages),
      'every message was understood': assessed === understanding.all,
    },
  }
}

interface Received {
  readonly messages: number
  readonly seconds: number
  /** With those that were there before. */
  readonly all: number
  readonly unfinished: number
  readonly received: number
}

/** Receives `wanted` messages on top of a quarter as many, with or without understanding them. */
async function receiveOnto(
  bench: Bench,
  database: BenchDatabase,
  wanted: number,
  understands: boolean,
): Promise<Received> {
  const web = await database.serve({ roles: 'web', understands })
  const desk = await claim(web)
  const connections: ApiConnection[] = []
  for (let n = 0; n < 8; n++) connections.push(await connectApi(web, desk, `System ${n}`))
  await web.stop()

  const made = makeDeliveries({ seed: 2, connections, threads: Math.ceil(wanted / 3), say: await openSaying(2) })
  const receiveAll = async (count: number): Promise<Date> => {
    await storePending(database.owner, desk.workspaceId, take(made, count))
    // As the database's own housekeeping does within its first minute: without it, plans are those of empty tables.
    await database.owner.query('vacuum analyze')
    await using _worker = await database.serve({ roles: 'worker', understands })
    await waitFor('receiving', bench.pick(60, 300), () => isDone(database), bench.pick(25, 100))
    const ended = new Date()
    // What came before the models were loaded is understood by a job.
    if (understands) await waitFor('understanding', 60, () => isUnderstood(database))
    return ended
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
  return {
    messages: after.messages - before.messages,
    seconds: (ended.getTime() - began.getTime()) / 1000,
    all: after.messages,
    unfinished: after.unfinished,
    received: after.received - before.received,
  }
}

const isUnderstood = async (database: BenchDatabase): Promise<boolean> =>
  one<boolean>(database, 'select (select count(*) from messages) = (select count(*) from message_assessments) as value')

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
