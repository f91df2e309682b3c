// Five thousand people look at their inbox; a hundred things happen a second, each of which fifty of them may know of, and once
// a second one that all may know of. Beside it bare Node, which holds as many streams and writes the same frames to the same.
import { Pool } from 'undici'
import { claim, connectApi, fromAddress, makeTeams, signedIn, type ApiConnection } from './desk.ts'
import { makeDeliveries, signedCall, type Delivery } from './deliveries.ts'
import { atMost, plain, sleep, timed, type Bench, type Figure, type Measured } from './harness.ts'
import { startLimit } from './limit.ts'
import { pace, waitFor } from './load.ts'
import { openStreams } from './streams.ts'
import { residentBytes, type BenchDatabase, type Served } from './world.ts'

const PER_SECOND = 100

interface Watched {
  /** From the request that made it happen to the frame in a stream. */
  readonly some: Figure
  readonly all: Figure
  readonly perStream: number
  readonly complete: boolean
}

export async function realtime(bench: Bench): Promise<Measured> {
  await using database = await bench.server.database('bench_realtime')
  const [teams, each] = bench.pick([4, 5], [100, 50])
  const seconds = bench.pick(2, 60)
  const served = await database.serve()
  const product = await watchProduct(database, served, { teams, each, seconds })
  await served.stop()
  bench.say(`${teams * each} streams of the product done, now bare Node`)
  await using limit = await startLimit('frames')
  const bare = await watchBare(limit, { teams, each, seconds })
  return {
    figures: {
      'seen by 1 of 100 teams': product.some,
      'seen by all': product.all,
      'memory a stream': plain(product.perStream / 1024, 'kB', teams * each),
    },
    limit: {
      'seen by 1 of 100 teams': bare.some,
      'seen by all': bare.all,
      'memory a stream': plain(bare.perStream / 1024, 'kB', teams * each),
    },
    ratios: { 'p50 / limit p50': product.some.p50! / bare.some.p50! },
    targets: [atMost('seen by 1 of 100 teams.p99', 500), atMost('seen by all.p99', 500), atMost('memory a stream', 40)],
    invariants: {
      'every frame reached every stream that may see it, and no other': product.complete,
      'the limit wrote as much': bare.complete,
    },
    notes: [
      'Times run from the moment the request is sent that makes it happen: a delivery stored, received, read, written.',
    ],
  }
}

interface Shape {
  readonly teams: number
  readonly each: number
  readonly seconds: number
}

async function watchProduct(database: BenchDatabase, served: Served, shape: Shape): Promise<Watched> {
  const { teams, each, seconds } = shape
  const desk = await claim(served)
  const teamIds = await makeTeams(database, desk.workspaceId, teams)
  const people = await signedIn(
    database,
    desk.workspaceId,
    teamIds.flatMap((team) => Array.from({ length: each }, () => ({ role: 'agent', teamIds: [team] }))),
  )
  const connections: ApiConnection[] = []
  for (const teamId of teamIds) connections.push(await connectApi(served, desk, 'Of a team', { teamId }))
  const ofAll = await connectApi(served, desk, 'Of nobody')
  const before = await settledMemory(served.pid)
  const seen: { id: string; stream: number; at: number }[] = []
  const streams = await openStreams({
    url: served.url,
    requests: people.map(({ headers }, index) => ({
      path: '/api/stream',
      headers: { ...headers, ...fromAddress(index) },
    })),
    marker: '"messageId":"',
    onFrame: (id, stream, at) => void seen.push({ id, stream, at }),
  })
  const perStream = ((await settledMemory(served.pid)) - before) / people.length

  const pool = new Pool(served.url, { connections: 16, pipelining: 1 })
  const sent = new Map<string, { at: number; team: number | null }>()
  const sources = [...connections, ofAll].map((connection, index) =>
    makeDeliveries({ seed: 100 + index, connections: [connection], threads: 20 }),
  )
  const say = async (team: number | null): Promise<void> => {
    const delivery: Delivery = sources[team ?? teams]!.next().value
    const call = signedCall(delivery)
    const at = performance.now()
    const answer = await pool.request(call)
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`a delivery was answered ${answer.statusCode}`)
    sent.set(delivery.externalId, { at, team })
  }
  // The first second opens threads and warms up; it is watched and not timed.
  await pace(PER_SECOND, 1, (index) => say(index % teams))
  // As the database's own housekeeping does within its first minute: without it, plans are those of empty tables.
  await database.owner.query('vacuum analyze')
  const warm = new Set(sent.keys())
  await pace(PER_SECOND, seconds, async (index) => {
    await Promise.all([say((index * 7) % teams), index % PER_SECOND === 0 ? say(null) : null])
  })
  const expected = [...sent.values()].reduce((sum, { team }) => sum + (team === null ? people.length : each), 0)
  await waitFor('seeing everything', 30, async () => seen.length >= expected).catch(() => {})
  await sleep(200)
  streams.close()
  await pool.close()

  const { rows } = await database.owner.query<{ id: string; name: string }>(
    'select id, external_id as name from messages',
  )
  const named = new Map(rows.map(({ id, name }) => [id, name]))
  const times = { some: [] as number[], all: [] as number[] }
  let astray = 0
  for (const { id, stream, at } of seen) {
    const name = named.get(id) ?? ''
    const from = sent.get(name)
    if (from === undefined) continue
    if (from.team !== null && Math.floor(stream / each) !== from.team) astray += 1
    if (!warm.has(name)) times[from.team === null ? 'all' : 'some'].push(at - from.at)
  }
  return {
    some: timed(times.some),
    all: timed(times.all),
    perStream,
    complete: seen.length === expected && astray === 0 && streams.lost === 0,
  }
}

async function watchBare(limit: { readonly url: string; readonly pid: number }, shape: Shape): Promise<Watched> {
  const { teams, each, seconds } = shape
  const before = await settledMemory(limit.pid)
  const times = { some: [] as number[], all: [] as number[] }
  const sent = new Map<string, number>()
  const streams = await openStreams({
    url: limit.url,
    requests: Array.from({ length: teams * each }, (_, index) => ({ path: `/stream/${Math.floor(index / each)}` })),
    marker: '"messageId":"',
    onFrame: (id, _, at) => void times[id.startsWith('all') ? 'all' : 'some'].push(at - sent.get(id)!),
  })
  const perStream = ((await settledMemory(limit.pid)) - before) / (teams * each)
  const pool = new Pool(limit.url, { connections: 16, pipelining: 1 })
  const say = async (group: string, id: string): Promise<void> => {
    // As long as the product's.
    const padding = '0'.repeat(36 - id.length)
    const frame = `id: 1.123456.1234567\ndata: {"type":"inbox.message_received","data":{"conversationId":"01890a5d-ac96-774b-bcce-b302099a8057","messageId":"${id}${padding}"},"at":"2026-11-21T12:00:00.000Z","actorId":null}\n\n`
    sent.set(id + padding, performance.now())
    const answer = await pool.request({ method: 'POST', path: `/say/${group}`, body: frame })
    await answer.body.dump()
  }
  await pace(PER_SECOND, seconds, async (index) => {
    await Promise.all([
      say(String((index * 7) % teams), `some-${index}-`),
      index % PER_SECOND === 0 ? say('all', `all-${index}-`) : null,
    ])
  })
  await sleep(300)
  const complete = times.some.length === Math.round(PER_SECOND * seconds) * each && streams.lost === 0
  streams.close()
  await pool.close()
  return { some: timed(times.some), all: timed(times.all), perStream, complete }
}

/** Resident memory once it has stopped to change much. */
async function settledMemory(pid: number): Promise<number> {
  await sleep(1000)
  return residentBytes(pid)
}
