// From "thank you, it is stored" to the event in a browser's open stream, at 200 deliveries a second through everything between.
import { Pool } from 'undici'
import { claim, connectApi, fromAddress, signedIn, type ApiConnection } from './desk.ts'
import { makeDeliveries, signedCall } from './deliveries.ts'
import { atMost, plain, timed, type Bench, type Measured } from './harness.ts'
import { pace, waitFor } from './load.ts'
import { openStreams } from './streams.ts'

const PER_SECOND = 200

export async function visible(bench: Bench): Promise<Measured> {
  await using database = await bench.server.database('bench_visible')
  const seconds = bench.pick(2, 60)
  const warmUp = bench.pick(1, 5)
  await using served = await database.serve()
  const desk = await claim(served)
  const connections: ApiConnection[] = []
  for (let n = 0; n < 4; n++) connections.push(await connectApi(served, desk, `System ${n}`))
  const people = await signedIn(
    database,
    desk.workspaceId,
    Array.from({ length: 10 }, () => ({ role: 'agent' })),
  )
  const seen = new Map<string, number>()
  const streams = await openStreams({
    url: served.url,
    requests: people.map(({ headers }, index) => ({
      path: '/api/stream',
      headers: { ...headers, ...fromAddress(index) },
    })),
    marker: '"messageId":"',
    // One of the ten is the one that is watched; the others are the company that it has in life.
    onFrame: (messageId, stream, at) => void (stream === 0 && seen.set(messageId, at)),
  })

  const deliveries = makeDeliveries({ seed: 3, connections, threads: 2000 })
  const pool = new Pool(served.url, { connections: 16, pipelining: 1 })
  const accepted = new Map<string, number>()
  const send = async (): Promise<void> => {
    const delivery = deliveries.next().value
    const answer = await pool.request(signedCall(delivery))
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`a delivery was answered ${answer.statusCode}`)
    accepted.set(delivery.externalId, performance.now())
  }
  await pace(PER_SECOND, warmUp, send)
  // As the database's own housekeeping does within its first minute: without it, plans are those of empty tables.
  await database.owner.query('vacuum analyze')
  const warm = new Set(accepted.keys())
  await pace(PER_SECOND, seconds, send)
  const all = accepted.size
  await waitFor('seeing everything', 30, async () => seen.size >= all).catch(() => {})
  streams.close()
  await pool.close()

  const { rows } = await database.owner.query<{ id: string; name: string }>(
    'select id, external_id as name from messages',
  )
  const times = rows.flatMap(({ id, name }) => {
    const [from, to] = [accepted.get(name), seen.get(id)]
    return warm.has(name) || from === undefined || to === undefined ? [] : [Math.max(0, to - from)]
  })
  const delay = timed(times)
  return {
    figures: { 'accepted to seen': delay, rate: plain(PER_SECOND, 'deliveries/s', all) },
    limit: {},
    ratios: {},
    targets: [atMost('accepted to seen.p50', 40), atMost('accepted to seen.p99', 250)],
    invariants: { 'everything accepted is seen, once': seen.size === all && streams.lost === 0 },
  }
}
