// Opening a conversation: its head and the newest page of its thread, of fifty messages and of thousands.
import { openSet, openSets } from './dataset.ts'
import { fromAddress } from './desk.ts'
import { atMost, plain, timed, type Bench, type Measured } from './harness.ts'
import { drive, type Call } from './load.ts'

const CALLERS = 4

export async function open(bench: Bench): Promise<Measured> {
  await using sets = await openSets(bench)
  const desk = await openSet(bench, sets, bench.pick(500, 1_000_000))
  await using served = await desk.database.serve({ roles: 'web' })
  const calls = bench.pick(8, 600)
  let caller = 0
  const headers = () => ({ ...desk.lead.headers, ...fromAddress((caller += 1)) })
  const times: Record<string, number[]> = { short: [], long: [], 'short head': [], 'long head': [] }
  const measure = async (name: string, path: string, keep: boolean): Promise<void> => {
    const some = Array.from({ length: Math.ceil(calls / 4) }, (): Call => ({ method: 'GET', path, headers: headers() }))
    const driven = await drive(served.url, some.values(), { callers: CALLERS, seconds: 20 })
    if (keep) times[name]!.push(...driven.times)
  }
  for (let round = 0; round <= 4; round++) {
    for (const [name, id] of [
      ['short', desk.short],
      ['long', desk.long],
    ] as const) {
      await measure(`${name} head`, `/api/conversations/${id}`, round > 0)
      await measure(name, `/api/conversations/${id}/messages`, round > 0)
    }
  }
  const figures = {
    'thread of 50': timed(times['short']!, 'ms', 'p50'),
    'thread of 5,000': timed(times['long']!, 'ms', 'p50'),
    'head of 50': timed(times['short head']!, 'ms', 'p50'),
    'head of 5,000': timed(times['long head']!, 'ms', 'p50'),
    'messages in the long one': plain(desk.longLength, 'messages'),
  }
  return {
    figures,
    limit: {},
    ratios: {
      '5,000 / 50': figures['thread of 5,000'].value / figures['thread of 50'].value,
      'head: 5,000 / 50': figures['head of 5,000'].value / figures['head of 50'].value,
    },
    targets: [atMost('5,000 / 50', 1.5), atMost('head: 5,000 / 50', 1.5)],
  }
}
