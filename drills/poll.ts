// Fetching 2,000 items from a platform that stumbles, while the program is killed again and again: all arrive, once, in order.
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '#platform/testing/random'
import { equal, settle, type Line } from './count.ts'
import { startFeedPlatform } from './feed.ts'
import { openHouse } from './house.ts'
import type { Drill } from './run.ts'

const ITEMS = 2000
/** Of the program's time, so that waits between tries run out. */
const STEP_MS = 60_000
const PATIENCE_MS = 240_000

export const poll: Drill = {
  summary: 'kill -9 of the program while it fetches 2,000 items: all arrive once',
  rounds: 12,
  smoke: 1,
  async run({ rounds, say }) {
    await using house = await openHouse()
    await using parts = new AsyncDisposableStack()
    const platform = await startFeedPlatform(ITEMS)
    parts.defer(() => platform.stop())
    const node = house.nodes[0]!
    const { status } = await house.call('POST', '/api/connections', {
      channel: 'drill-feed',
      name: 'Feed',
      settings: { url: platform.url },
    })
    const random = seededRandom(rounds)
    const stored = async (): Promise<number> =>
      Number((await house.ask(`select count(*)::int as n from deliveries`))[0]!['n'])
    let offset = 0
    const goOn = async (ms: number): Promise<void> => {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) node.setClock((offset += STEP_MS))
    }
    for (let round = 1; round <= rounds; round++) {
      // At most so far that each round still has something to break off.
      const far = Math.floor((ITEMS * round) / (rounds + 1))
      for (const end = Date.now() + PATIENCE_MS; (await stored()) < far && Date.now() < end;) await goOn(100)
      await sleep(random.below(60))
      await node.kill()
      say(`round ${round}: killed with ${await stored()} stored`)
      await node.start()
    }
    for (const end = Date.now() + PATIENCE_MS; (await stored()) < ITEMS && Date.now() < end;) await goOn(300)
    await settle(house)
    return [equal('connected', status, 200), ...(await countItems(house))]
  },
}

async function countItems(house: Parameters<typeof settle>[0]): Promise<Line[]> {
  const [row] = await house.ask(`select count(*)::int as messages, count(distinct external_id)::int as different,
      (select count(*)::int from deliveries) as deliveries,
      (select count(*)::int from deliveries where state = 'quarantined') as quarantined,
      (select cursor->>'after' from connection_feeds limit 1) as cursor
    from messages where kind = 'in' and external_id ~ '^item-'`)
  const [order] = await house.ask(`select count(*)::int as n from (
      select split_part(external_id, '-', 2)::int as no,
        lag(split_part(external_id, '-', 2)::int) over (partition by conversation_id order by seq) as before
      from messages where kind = 'in') o where before > no`)
  return [
    equal('items that became messages', Number(row!['different']), ITEMS),
    equal('messages doubled', Number(row!['messages']) - Number(row!['different']), 0),
    equal('deliveries stored', Number(row!['deliveries']), ITEMS),
    equal('quarantined', Number(row!['quarantined']), 0),
    equal('messages out of order', Number(order!['n']), 0),
    equal('how far the cursor came', Number(row!['cursor']), ITEMS),
  ]
}
