// A desk with a long history: so many conversations with five times as many messages, made in the database by a few large
// statements. Customers, threads, assignees and teams are skewed, labels rare and common, words by Zipf. It is made once
// and kept; a stamp tells whether it is still what this file makes.
import { createHash, randomUUIDv7 } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { readMigrations } from '#platform/db/migrate'
import { seededRandom } from '#platform/testing/random'
import { claim, connectApi, makeTeams, signedIn, signInAgain, type Person } from './desk.ts'
import type { Bench } from './harness.ts'
import { textOf, vocabulary } from './text.ts'
import { startServer, type BenchDatabase, type BenchServer } from './world.ts'

export interface Desk {
  readonly database: BenchDatabase
  readonly workspaceId: string
  readonly conversations: number
  readonly messages: number
  readonly labels: { readonly rare: string; readonly common: string }
  /** Sees everything. */
  readonly lead: Person
  /** Sees three teams, and has more conversations than anybody. */
  readonly agent: Person
  /** Conversations of 50 and of many messages. */
  readonly short: string
  readonly long: string
  readonly longLength: number
}

interface Kept {
  readonly workspaceId: string
  readonly connections: readonly string[]
  readonly members: readonly string[]
  readonly teams: readonly string[]
  readonly labels: { readonly rare: string; readonly common: string }
}

const TEXTS = 20_000
const DAYS = 730
const NEWEST = '2026-11-20T18:00:00Z'

/** The server on which kept sets lie: its own folder at full scale, the run's at small. */
export async function openSets(bench: Bench): Promise<BenchServer & AsyncDisposable> {
  if (bench.scale === 'small') return { ...bench.server, [Symbol.asyncDispose]: async () => {} }
  return startServer(bench.keptDirectory, `${bench.keptDirectory}/sets`)
}

/** A set of that size; made if there is none of this stamp. */
export async function openSet(bench: Bench, server: BenchServer, conversations: number): Promise<Desk> {
  const name = `bench_set_${conversations}`
  const stamp = await stampOf(conversations)
  let database = await server.database(name, true)
  if ((await readStamp(database.owner))?.stamp !== stamp) {
    await database[Symbol.asyncDispose]()
    bench.say(`making ${conversations} conversations`)
    const began = performance.now()
    database = await server.database(name)
    const kept = await makeSet(database, conversations)
    await database.owner.query('create table bench_stamp (stamp text not null, kept jsonb not null)')
    await database.owner.query('insert into bench_stamp values ($1, $2)', [stamp, JSON.stringify(kept)])
    bench.say(`made in ${Math.round((performance.now() - began) / 1000)} s`)
  }
  const { kept } = (await readStamp(database.owner))!
  return describe(database, kept, conversations)
}

async function stampOf(conversations: number): Promise<string> {
  const hash = createHash('sha256').update(String(conversations))
  for (const { name } of await readMigrations()) hash.update(name)
  for (const file of ['dataset.ts', 'text.ts'])
    hash.update(await readFile(fileURLToPath(new URL(file, import.meta.url))))
  return hash.digest('hex')
}

async function readStamp(owner: pg.Pool): Promise<{ stamp: string; kept: Kept } | null> {
  const there = await owner.query(`select to_regclass('bench_stamp') as name`)
  if (there.rows[0].name === null) return null
  return (await owner.query('select stamp, kept from bench_stamp')).rows[0] ?? null
}

async function makeSet(database: BenchDatabase, conversations: number): Promise<Kept> {
  const kept = await makeFrame(database)
  const client = await database.owner.connect()
  try {
    // Nothing is checked that the statements below do not get right by themselves.
    await client.query(`set session_replication_role = replica; set synchronous_commit = off; set work_mem = '256MB'`)
    await client.query(`set maintenance_work_mem = '512MB'; select setseed(0.4711)`)
    const indexes = await dropIndexes(client)
    await fillTexts(client)
    await fillCustomers(client, kept, Math.ceil(conversations * 0.6))
    await fillConversations(client, kept, conversations)
    await fillMessages(client, kept)
    await finishConversations(client, kept)
    for (const definition of indexes) await client.query(definition)
    await client.query('drop table bench_texts, bench_threads; reset all')
    await client.query('vacuum analyze')
  } finally {
    client.release()
  }
  return kept
}

/** What people make by hand: the workspace, its connections, teams, members and labels. */
async function makeFrame(database: BenchDatabase): Promise<Kept> {
  await using served = await database.serve({ roles: 'web' })
  const desk = await claim(served)
  const { workspaceId } = desk
  const connections = []
  for (let n = 0; n < 6; n++) connections.push((await connectApi(served, desk, `System ${n}`)).id)
  const teams = await makeTeams(database, workspaceId, 20)
  // The first has the most conversations and sees three teams; the second leads and sees all.
  const agent = { role: 'agent', teamIds: teams.slice(2, 5) }
  const others = Array.from({ length: 38 }, () => ({ role: 'agent' }))
  const people = await signedIn(database, workspaceId, [agent, { role: 'lead' }, ...others])
  const labels = { rare: randomUUIDv7(), common: randomUUIDv7() }
  await database.owner.query(
    `insert into labels (workspace_id, id, name, created_at) values ($1, $2, 'Rare', now()), ($1, $3, 'Common', now())`,
    [workspaceId, labels.rare, labels.common],
  )
  return { workspaceId, connections, teams, labels, members: people.map(({ memberId }) => memberId) }
}

/** Indexes that are no constraint, to be made again at the end: in one go that is many times quicker. */
async function dropIndexes(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any ('{conversations,messages,message_search,conversation_labels,customers,identities}'::regclass[])
       and not i.indisprimary and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}

async function fillTexts(client: pg.PoolClient): Promise<void> {
  const random = seededRandom(5)
  const words = vocabulary()
  const texts = Array.from({ length: TEXTS }, () => textOf(random, words))
  await client.query('create table bench_texts (n integer primary key, body text not null, words tsvector not null)')
  await client.query(
    `insert into bench_texts select n, body, to_tsvector('simple', fold_text(body)) from unnest($1::text[]) with ordinality as t (body, n)`,
    [texts],
  )
}

async function fillCustomers(client: pg.PoolClient, { workspaceId }: Kept, count: number): Promise<void> {
  const names = vocabulary().slice(200, 4200)
  await client.query('create temporary table names (n serial, name text)')
  await client.query('insert into names (name) select initcap(n) from unnest($1::text[]) n', [names])
  await client.query(
    `insert into customers (workspace_id, id, name, search_text, first_seen_at, last_seen_at)
     select $1, md5('customer ' || g)::uuid, a.name || ' ' || b.name, lower(a.name || ' ' || b.name), $3, $3
     from generate_series(0, $2::int - 1) g
     join names a on a.n = 1 + (g * 31) % 4000 join names b on b.n = 1 + (g * 17 + g / 4000) % 4000`,
    [workspaceId, count, NEWEST],
  )
  await client.query(
    `insert into identities (workspace_id, id, customer_id, channel, external_id, name, evidence, first_seen_at, last_seen_at)
     select workspace_id, md5('identity ' || id)::uuid, id, 'api', id::text, name, 'first contact', first_seen_at, last_seen_at from customers`,
  )
}

/** A power law below `count`, in SQL: the first few get most. */
const skewed = (count: string, exponent = 2): string => `floor(power(random(), ${exponent}) * ${count})::int`

async function fillConversations(client: pg.PoolClient, kept: Kept, count: number): Promise<void> {
  // How many messages a thread has: mostly a handful, a few hundred now and then, and two of a known length.
  await client.query(
    `create table bench_threads as
     select n, md5('conversation ' || n)::uuid as id,
       case n when 0 then least(5000, $1::int / 10) when 1 then 50
         else case when n % 997 = 0 then 150 else 1 + floor(-ln(1 - random()) * 4.25)::int end end as messages,
       timestamptz '${NEWEST}' - power(random(), 1.5) * interval '${DAYS} days' as last_at,
       ${skewed(String(Math.ceil(count * 0.6)))} as customer, random() as state_at, random() as team_at, random() as assignee_at,
       ${skewed('20')} as team, ${skewed('40', 3)} as assignee, random() as label_at
     from generate_series(0, $1::int - 1) n`,
    [count],
  )
  await client.query('alter table bench_threads add primary key (n)')
  await client.query(
    `insert into conversations (workspace_id, id, connection_id, channel, thread_key, customer_id, customer_name, subject, visibility, shape,
       state, snoozed_until, assignee_id, team_id, label_ids, preview, message_count, first_message_at, last_activity_at, last_inbound_at,
       waiting_since, priority_at, resolved_at, version)
     select $1, t.id, ($2::uuid[])[1 + t.n % 6], 'api', 'thread ' || t.n, c.id, c.name, 'About ' || left(x.body, 40), 'private', 'line', s.state,
       case s.state when 'snoozed' then timestamptz '2027-01-01' end, case when t.assignee_at < 0.6 then ($3::uuid[])[1 + t.assignee] end,
       case when t.team_at < 0.85 then ($4::uuid[])[1 + t.team] end,
       case when t.label_at < 0.0003 or t.n % greatest(50, ($7::int / 60)) = 7 then array[$5::uuid] when t.label_at < 0.12 then array[$6::uuid] else '{}' end,
       left(x.body, 160), t.messages, t.last_at - t.messages * interval '1 hour', t.last_at, t.last_at,
       case s.state when 'open' then t.last_at end, t.last_at - (t.state_at * 7) * interval '1 day', case s.state when 'resolved' then t.last_at end, t.messages
     from bench_threads t
     join customers c on c.workspace_id = $1 and c.id = md5('customer ' || t.customer)::uuid
     join bench_texts x on x.n = 1 + t.n % ${TEXTS}
     cross join lateral (select case when t.n < 2 or t.state_at < 0.2 then 'open' when t.state_at < 0.3 then 'waiting' when t.state_at < 0.32 then 'snoozed' else 'resolved' end as state) s`,
    [kept.workspaceId, kept.connections, kept.members, kept.teams, kept.labels.rare, kept.labels.common, count],
  )
  await client.query(
    `insert into conversation_labels (workspace_id, label_id, conversation_id, state, last_activity_at, priority_at)
     select workspace_id, unnest(label_ids), id, state, last_activity_at, priority_at from conversations where label_ids <> '{}'`,
  )
}

async function fillMessages(client: pg.PoolClient, { workspaceId, members }: Kept): Promise<void> {
  await client.query(
    `insert into messages (workspace_id, id, conversation_id, episode, kind, visibility, identity_id, member_id, author_name, body,
       occurred_at, received_at, state, state_at)
     select $1, md5(t.n || ' ' || i)::uuid, t.id, 1, k.kind, 'private', case k.kind when 'in' then md5('identity ' || md5('customer ' || t.customer)::uuid)::uuid end,
       case k.kind when 'out' then ($2::uuid[])[1 + t.assignee] end, 'Somebody',
       x.body || case when i % 3 = 0 then ' booking' || (t.n * 7 + i) % 400000 else '' end,
       t.last_at - (t.messages - i) * interval '1 hour', t.last_at - (t.messages - i) * interval '1 hour',
       case k.kind when 'out' then 'sent' end, case k.kind when 'out' then t.last_at end
     from bench_threads t
     cross join lateral generate_series(1, t.messages) i
     join bench_texts x on x.n = 1 + (t.n * 13 + i * 101) % ${TEXTS}
     cross join lateral (select case when i % 3 = 2 then 'out' else 'in' end as kind) k`,
    [workspaceId, members],
  )
  await client.query(
    `insert into message_search (workspace_id, bucket, message_id, conversation_id, occurred_at, words)
     select $1, floor(extract(epoch from t.last_at - (t.messages - i) * interval '1 hour') / 604800)::int, md5(t.n || ' ' || i)::uuid, t.id,
       t.last_at - (t.messages - i) * interval '1 hour',
       x.words || case when i % 3 = 0 then to_tsvector('simple', 'booking' || (t.n * 7 + i) % 400000) else '' end
     from bench_threads t
     cross join lateral generate_series(1, t.messages) i
     join bench_texts x on x.n = 1 + (t.n * 13 + i * 101) % ${TEXTS}`,
    [workspaceId],
  )
}

async function finishConversations(client: pg.PoolClient, { workspaceId }: Kept): Promise<void> {
  await client.query(
    `update conversations c set last_seq = m.last, last_inbound_seq = m.last_in
     from (select conversation_id, max(seq) as last, coalesce(max(seq) filter (where kind = 'in'), 0) as last_in from messages group by 1) m
     where c.workspace_id = $1 and c.id = m.conversation_id`,
    [workspaceId],
  )
}

async function describe(database: BenchDatabase, kept: Kept, conversations: number): Promise<Desk> {
  const { workspaceId, labels } = kept
  const { owner } = database
  const long = await owner.query(`select id, message_count::int as n from conversations where thread_key = 'thread 0'`)
  const short = await owner.query(`select id from conversations where thread_key = 'thread 1'`)
  // The log-ins of the last run may be over.
  const [agent, lead] = await signInAgain(database, kept.members)
  const messages = await owner.query(`select reltuples::bigint as n from pg_class where oid = 'messages'::regclass`)
  return {
    database,
    workspaceId,
    conversations,
    messages: Number(messages.rows[0].n),
    labels,
    lead: lead!,
    agent: agent!,
    short: short.rows[0].id,
    long: long.rows[0].id,
    longLength: long.rows[0].n,
  }
}
