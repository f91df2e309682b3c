// Signed webhook deliveries stored durably, 64 connections, beside a bare route with one insert of the same bytes. Measured
// twice: with intake in another process, and with everything in one, where intake works off what comes at the same time.
import { claim, connectApi, type ApiConnection } from './desk.ts'
import { makeDeliveries, signedCall, take } from './deliveries.ts'
import { atLeast, atMost, rate, type Bench, type Measured } from './harness.ts'
import { startLimit } from './limit.ts'
import { drive, type Call, type Driven } from './load.ts'

const CALLERS = 64

export async function accept(bench: Bench): Promise<Measured> {
  await using database = await bench.server.database('bench_accept')
  const seconds = bench.pick(0.5, 6)
  const rounds = bench.pick(1, 3)
  const served = await database.serve({ roles: 'web' })
  const desk = await claim(served)
  const connections: ApiConnection[] = []
  for (let n = 0; n < 8; n++) connections.push(await connectApi(served, desk, `System ${n}`))
  const deliveries = makeDeliveries({ seed: 1, connections, threads: 20_000 })
  await database.owner.query(
    'create table limit_deliveries (like deliveries including defaults including constraints including indexes including identity)',
  )
  await using limit = await startLimit('insert', database.url)

  const calls = (): Iterator<Call> =>
    take(deliveries, Math.ceil(seconds * 14_000))
      .map(signedCall)
      .values()
  const measure = (url: string): Promise<Driven> => drive(url, calls(), { callers: CALLERS, seconds })
  const runs = { web: [] as Driven[], all: [] as Driven[], limit: [] as Driven[] }
  for (let round = 0; round <= rounds; round++) {
    const [bare, web] = [await measure(limit.url), await measure(served.url)]
    // The first round only warms up.
    if (round === 0 && rounds > 1) continue
    runs.limit.push(bare)
    runs.web.push(web)
  }
  await served.stop()
  const stored = await count(database.owner)
  const whole = await database.serve()
  for (let round = 0; round < rounds; round++) {
    runs.limit.push(await measure(limit.url))
    runs.all.push(await measure(whole.url))
  }
  const allStored = await count(database.owner)
  const figure = (of: readonly Driven[]) => {
    const times = of.flatMap((run) => run.times)
    return rate(
      times.length,
      of.reduce((sum, run) => sum + run.seconds, 0),
      'deliveries/s',
      times,
    )
  }
  const [web, all, bare] = [figure(runs.web), figure(runs.all), figure(runs.limit)]
  const sent = runs.web.reduce((sum, run) => sum + run.times.length, 0)
  const sentToAll = runs.all.reduce((sum, run) => sum + run.times.length, 0)
  return {
    figures: { web, all },
    limit: { insert: bare },
    ratios: {
      'web / limit': web.value / bare.value,
      'web p99 / limit p99': web.p99! / bare.p99!,
      'all / limit': all.value / bare.value,
      'all p99 / limit p99': all.p99! / bare.p99!,
    },
    targets: [atLeast('web / limit', 0.9), atMost('web p99 / limit p99', 1.5)],
    invariants: {
      'every thanks has its row': stored >= sent && allStored - stored === sentToAll,
    },
  }
}

async function count(owner: { query(text: string): Promise<{ rows: { n: number }[] }> }): Promise<number> {
  return Number((await owner.query('select count(*)::int as n from deliveries')).rows[0]!.n)
}
