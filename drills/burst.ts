// The moment when something goes wrong at the customer's own house: everybody writes at once.
import { setTimeout as sleep } from 'node:timers/promises'
import { count, settle, type Line } from './count.ts'
import { follow } from './follower.ts'
import { openHouse } from './house.ts'
import { message, post, startLoad } from './load.ts'
import type { Drill } from './run.ts'

const USUAL_PACE_MS = 1000
const TIMES = 50

export const burst: Drill = {
  summary: `${TIMES} times the usual rate for a minute: all of it accepted at once, shown soon, in order, once`,
  /** Seconds. */
  rounds: 60,
  smoke: 5,
  async run({ rounds, say }) {
    await using house = await openHouse()
    const follower = await follow(house)
    const load = startLoad(house, { senders: 1, pace: USUAL_PACE_MS, answerEvery: 2000 })
    await sleep(3000)
    const gap = USUAL_PACE_MS / TIMES
    const began = performance.now()
    let [slowest, refused] = [0, 0]
    const send = async (no: number): Promise<void> => {
      const sent = performance.now()
      const id = `burst-${no}`
      // A platform delivers until it is thanked.
      while ((await post(house, id, message(id, `thread-${no % 200}`))) !== 200) refused += 1
      load.accepted.set(id, 1)
      slowest = Math.max(slowest, performance.now() - sent)
    }
    const all: Promise<void>[] = []
    for (let no = 0; no < (rounds * 1000) / gap; no++) {
      await sleep(Math.max(0, began + no * gap - performance.now()))
      all.push(send(no))
    }
    await Promise.all(all)
    const last = performance.now()
    for (let left = 1; left > 0; await sleep(50)) {
      const [row] = await house.ask(`select count(*)::int as n from deliveries where state = 'pending'`)
      left = Number(row!['n'])
      if (performance.now() - last > 60_000) break
    }
    const behind = Math.round(performance.now() - last)
    say(`${all.length} in ${Math.round((last - began) / 1000)} s; understood ${behind} ms after the last`)
    await load.stop()
    await settle(house)
    const lines: Line[] = await count(house, load, follower)
    await follower.stop()
    return [
      ...lines,
      { what: 'refused in the burst', is: refused, should: 0, ok: refused === 0 },
      { what: 'slowest thanks (ms)', is: Math.round(slowest), should: 'under 3000', ok: slowest < 3000 },
      { what: 'understood after the last (ms)', is: behind, should: 'under 5000', ok: behind < 5000 },
    ]
  },
}
