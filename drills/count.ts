// The end of every drill: what went in is what is there, once; what was answered left once or is shown; nobody's stream has a gap.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Follower } from './follower.ts'
import type { House } from './house.ts'
import type { Load } from './load.ts'

export interface Line {
  readonly what: string
  readonly is: number | string
  readonly should: number | string
  readonly ok: boolean
}

export const equal = (what: string, is: number | string, should: number | string): Line => ({
  what,
  is,
  should,
  ok: is === should,
})
export const between = (what: string, is: number, least: number, most: number): Line => ({
  what,
  is,
  should: `${least} to ${most}`,
  ok: is >= least && is <= most,
})

/** Waits until nothing is under way any more; time is moved on so that leases and waits run out. */
export async function settle(house: House, stepMs = 120_000, patienceMs = 90_000): Promise<void> {
  house.platform.mood(0)
  const until = Date.now() + patienceMs
  for (let round = 1; ; round++) {
    const [left] = await house.ask(`select (select count(*)::int from deliveries where state = 'pending') as deliveries,
      (select count(*)::int from outbound where state in ('held', 'queued', 'sending') or (state = 'unknown' and next_at < 'infinity')) as outbound`)
    if (left!['deliveries'] === 0 && left!['outbound'] === 0) return
    if (Date.now() > until) throw new Error(`still under way after ${patienceMs / 1000} s: ${JSON.stringify(left)}`)
    // Two minutes of the program's time each: longer than a lease, and than most waits between tries.
    for (const node of house.nodes) if (node.alive()) node.setClock(round * stepMs)
    await sleep(1000)
  }
}

export async function count(house: House, load: Load, follower: Follower | null): Promise<Line[]> {
  const ids = [...load.accepted.keys()]
  const [inbound] = await house.ask(
    `select count(*)::int as messages, count(distinct external_id)::int as distinct_ids,
       count(*) filter (where external_id = any ($1))::int as accepted
     from messages where kind = 'in'`,
    [ids],
  )
  const [deliveries] = await house.ask(
    `select count(*) filter (where state = 'quarantined')::int as quarantined, count(*) filter (where state = 'pending')::int as pending from deliveries`,
  )
  return [
    equal('accepted messages that are there', Number(inbound!['accepted']), ids.length),
    equal('messages in all', Number(inbound!['messages']), ids.length),
    equal('messages doubled', Number(inbound!['messages']) - Number(inbound!['distinct_ids']), 0),
    between('quarantined', Number(deliveries!['quarantined']), load.broken.accepted, load.broken.tried),
    equal('deliveries forgotten', Number(deliveries!['pending']), 0),
    ...(await countOrder(house)),
    ...(await countOutbound(house, load)),
    ...(follower ? await countStream(house, follower) : []),
  ]
}

/** Each sender delivers one after the other, so within a thread its messages must stand in the order of their numbers. */
async function countOrder(house: House): Promise<Line[]> {
  const [row] = await house.ask(`select count(*)::int as n from (
      select split_part(external_id, '-', 3)::int as no,
        lag(split_part(external_id, '-', 3)::int) over (partition by conversation_id, split_part(external_id, '-', 2) order by seq) as before
      from messages where kind = 'in' and external_id ~ '^m-\\d+-\\d+$') o where before > no`)
  return [equal('messages out of order', Number(row!['n']), 0)]
}

async function countOutbound(house: House, load: Load): Promise<Line[]> {
  const rows = await house.ask(`select id, state from messages where kind = 'out'`)
  const states = new Map(rows.map((row) => [String(row['id']), String(row['state'])]))
  const within = (...wanted: string[]) => [...load.answered].filter((id) => wanted.includes(states.get(id) ?? ''))
  const [sent, unknown, failed] = [within('sent', 'delivered', 'read'), within('unknown'), within('failed')]
  const taken = (id: string): number => house.platform.taken.get(`msg_${id}`) ?? 0
  const [shown] = await house.ask('select coalesce(sum(failed_count), 0)::int as n from conversations')
  return [
    equal('answers = sent + unknown + failed', sent.length + unknown.length + failed.length, load.answered.size),
    equal(
      '  unknown or failed, and shown so',
      Number(shown!['n']),
      rows.filter((row) => ['unknown', 'failed'].includes(String(row['state']))).length,
    ),
    equal('  called sent and never taken', sent.filter((id) => taken(id) === 0).length, 0),
    equal('  called failed and yet taken', failed.filter((id) => taken(id) > 0).length, 0),
    equal('answers taken twice', [...house.platform.taken.values()].filter((times) => times > 1).length, 0),
  ]
}

async function countStream(house: House, follower: Follower): Promise<Line[]> {
  // What the table holds from the first event that was seen on, in the order of positions.
  const first = follower.seen[0]?.split('.') ?? ['1', '0', '0']
  const rows = await house.ask(
    `select xid::text || '.' || seq as id from events where workspace_id = $1 and (xid, seq) >= ($2::text::xid8, $3) order by xid, seq`,
    [house.workspaceId, first[1], first[2]],
  )
  const should = rows.map((row) => String(row['id']))
  const wait = Date.now() + 15_000
  while (follower.seen.length < should.length && Date.now() < wait) await sleep(100)
  const seen = follower.seen.map((id) => id.slice(id.indexOf('.') + 1))
  return [
    equal('events on the stream', seen.length, should.length),
    equal('  missing', should.filter((id) => !new Set(seen).has(id)).length, 0),
    equal('  doubled', seen.length - new Set(seen).size, 0),
    equal('  in the order of the table', seen.join() === should.join() ? 'yes' : 'no', 'yes'),
    equal('  told to begin anew', follower.resets(), 0),
  ]
}
