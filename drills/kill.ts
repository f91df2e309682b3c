// Ends things at random moments under load, again and again: the program, the database, both.
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '#platform/testing/random'
import { serverProcesses, signal } from '#platform/db/embedded-processes'
import { findCluster } from '#platform/db/embedded-place'
import { join } from 'node:path'
import { count, settle, type Line } from './count.ts'
import { follow } from './follower.ts'
import { openHouse, type House, type HouseOptions } from './house.ts'
import { startLoad, type LoadOptions } from './load.ts'
import type { Drill } from './run.ts'

type Random = ReturnType<typeof seededRandom>

/** Rounds of `harm` under load, then the count. */
export async function underLoad(
  rounds: number,
  say: (line: string) => void,
  harm: (house: House, random: Random, round: number) => Promise<void>,
  options: HouseOptions = {},
  how: LoadOptions & { readonly stepMs?: number } = {},
): Promise<Line[]> {
  await using house = await openHouse(options)
  const random = seededRandom(rounds)
  const follower = await follow(house)
  const load = startLoad(house, how)
  try {
    for (let round = 1; round <= rounds; round++) {
      await sleep(300 + random.below(1500))
      await harm(house, random, round)
      if (round % 10 === 0 || round === rounds)
        say(
          `round ${round}: ${load.accepted.size} messages, ${load.answered.size} answers, ${load.refusals} refused, ${follower.reconnects()} times reconnected`,
        )
    }
    await sleep(1000)
  } finally {
    await load.stop()
  }
  await settle(house, how.stepMs)
  const lines = await count(house, load, follower)
  await follower.stop()
  return lines
}

export const killProgram: Drill = {
  summary: 'kill -9 of the program while it receives and sends',
  rounds: 30,
  smoke: 2,
  run: ({ rounds, say }) =>
    underLoad(rounds, say, async ({ nodes }) => {
      await nodes[0]!.kill()
      await nodes[0]!.start()
    }),
}

async function databasePids(house: House): Promise<{ postmaster: number; children: readonly number[] }> {
  const cluster = await findCluster(join(house.directory, 'data'))
  const { postmaster, children } = await serverProcesses(cluster!)
  return { postmaster: postmaster ?? 0, children }
}

export const killDatabase: Drill = {
  summary: 'kill -9 of the database: the whole server, one of its processes, or it and the program together',
  rounds: 30,
  smoke: 2,
  run: ({ rounds, say }) =>
    underLoad(rounds, say, async (house, random, round) => {
      // The last round's database may still be getting up.
      await house.ask('select 1')
      const { postmaster, children } = await databasePids(house)
      const kind = round % 3
      if (kind === 1 && children.length > 0) signal(random.pick([...children]), 'SIGKILL')
      else if (postmaster > 0) signal(postmaster, 'SIGKILL')
      if (kind === 2) {
        await house.nodes[0]!.kill()
        await house.nodes[0]!.start()
      }
    }),
}

export const databaseAway: Drill = {
  summary: 'the database hangs for seconds, drops every connection, and comes back; the program answers all the while',
  rounds: 6,
  smoke: 1,
  async run({ rounds, say }) {
    let [slowest, wrong] = [0, 0]
    const lines = await underLoad(rounds, say, async (house, _random, round) => {
      const { postmaster, children } = await databasePids(house)
      const all = [postmaster, ...children]
      if (round % 2 === 1) for (const pid of all) signal(pid, 'SIGSTOP')
      else
        await house.ask(
          `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`,
        )
      for (let i = 0; i < 20; i++) {
        const began = performance.now()
        const ok = await fetch(`${house.url()}/healthz`, { signal: AbortSignal.timeout(5000) }).then(
          (one) => one.ok,
          () => false,
        )
        if (!ok) wrong += 1
        slowest = Math.max(slowest, performance.now() - began)
        await sleep(150)
      }
      for (const pid of all) signal(pid, 'SIGCONT')
    })
    return [
      ...lines,
      { what: 'slowest /healthz meanwhile (ms)', is: Math.round(slowest), should: 'under 1000', ok: slowest < 1000 },
      { what: '/healthz not answered', is: wrong, should: 0, ok: wrong === 0 },
    ]
  },
}

export const clockJump: Drill = {
  summary: 'the clock jumps by minutes, hours and days, forward and back',
  rounds: 10,
  smoke: 3,
  run: ({ rounds, say }) =>
    // Within the window of signatures first, so that deliveries go on; then far outside, where they wait until it is right again.
    underLoad(
      rounds,
      say,
      async ({ nodes }, _random, round) => {
        const jumps = [4 * 60, -4 * 60, 3600, -3600, 86_400 * 40, -86_400 * 40]
        nodes[0]!.setClock(jumps[(round - 1) % jumps.length]! * 1000)
        await sleep(1200)
        nodes[0]!.setClock(0)
      },
      {},
      // What was put off while the clock stood in another month waits until that month.
      { stepMs: 2 * 86_400_000 },
    ),
}
