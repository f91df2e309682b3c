// Too much, and nonsense: deliveries that a fuzzer broke, deliveries that come twice and too late, a browser that does not read.
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { malformed as malformedBodies } from '#channels/fuzz'
import { seededRandom } from '#platform/testing/random'
import { count, equal, settle, type Line } from './count.ts'
import { follow } from './follower.ts'
import { openHouse, type House } from './house.ts'
import { message, post, startLoad } from './load.ts'
import type { Drill } from './run.ts'

const atOnce = async <T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> => {
  const iterator = items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

export const malformed: Drill = {
  summary: '10,000 broken deliveries from a fuzzer with a fixed seed, and good ones between them',
  rounds: 10_000,
  smoke: 300,
  async run({ rounds, say }) {
    await using house = await openHouse()
    house.platform.mood(0)
    const folder = join(import.meta.dirname, '../channels/api/fixtures')
    const names = (await readdir(folder)).filter(
      (name) => /^(?!refused).*\.json$/.test(name) && !/\.(result|meta)\.json$/.test(name),
    )
    const whole = await Promise.all(names.map((name) => readFile(join(folder, name))))
    const node = house.nodes[0]!
    const pid = node.pid()
    let [accepted, refused, sent] = [0, 0, 0]
    const load = startLoad(house, { senders: 1, pace: 50 })
    await atOnce(malformedBodies(whole, 20261121, rounds), 8, async ({ body }) => {
      const status = await post(house, `bad-${sent++}`, body)
      if (status === 200) accepted += 1
      else refused += 1
      if (sent % 2500 === 0) say(`${sent} sent, ${accepted} accepted, the program uses ${await memoryOf(pid)} MB`)
    })
    await load.stop()
    await settle(house, 120_000, 180_000)
    const [rows] = await house.ask(
      `select count(*)::int as all, count(*) filter (where state = 'done')::int as done, count(*) filter (where state = 'quarantined')::int as quarantined,
        count(*) filter (where state = 'quarantined' and coalesce(reason, '') = '')::int as silent, count(*) filter (where state = 'pending')::int as pending from deliveries`,
    )
    const ids = [...load.accepted.keys()]
    const [good] = await house.ask(
      `select count(*)::int as n from messages where kind = 'in' and external_id = any ($1)`,
      [ids],
    )
    const mine = load.broken.tried + ids.length
    return [
      equal('broken deliveries sent', sent, rounds + 16),
      equal('refused (none is for being broken)', refused, 0),
      equal('accepted = done + quarantined', Number(rows!['done']) + Number(rows!['quarantined']), accepted + mine),
      equal('forgotten', Number(rows!['pending']), 0),
      equal('quarantined without a reason', Number(rows!['silent']), 0),
      equal('good ones between them', Number(good!['n']), ids.length),
      equal('the program is the same one', node.alive() && node.pid() === pid ? 'yes' : 'no', 'yes'),
      {
        what: 'memory of the program (MB)',
        is: await memoryOf(pid),
        should: 'under 900',
        ok: (await memoryOf(pid)) < 900,
      },
    ]
  },
}

export const duplicates: Drill = {
  summary:
    'every delivery three times, one of them a replay, at once and in any order; edits and deletions before what they change',
  rounds: 400,
  smoke: 60,
  async run({ rounds }) {
    await using house = await openHouse()
    const random = seededRandom(7)
    const posts: { id: string; hook?: string; body: string }[] = []
    for (let i = 0; i < rounds; i++) {
      const id = `d-${i}`
      const one = message(id, `thread-${i % 10}`)
      // Twice under names of their own, so that intake has to tell, and once more under a name that was there already.
      for (const hook of [id, `${id}-again`, id]) posts.push({ id, hook, body: one })
      if (i % 5 === 1) posts.push({ id: `${id}-gone`, body: JSON.stringify({ version: 1, type: 'deletion', id }) })
      if (i % 5 === 2)
        posts.push({ id: `${id}-edit`, body: JSON.stringify({ version: 1, type: 'edit', id, text: `Edited ${id}` }) })
    }
    const shuffled = posts.map((one) => ({ one, at: random.next() })).toSorted((a, b) => a.at - b.at)
    let accepted = 0
    await atOnce(shuffled, 16, async ({ one }) => {
      if ((await post(house, one.hook ?? one.id, one.body)) === 200) accepted += 1
    })
    await settle(house)
    const [rows] = await house.ask(`select
      (select count(*)::int from deliveries where state = 'done') as done,
      (select count(*)::int from deliveries where state <> 'done') as other,
      (select count(*)::int from messages where kind = 'in') as messages,
      (select count(distinct external_id)::int from messages where kind = 'in') as distinct_ids,
      (select count(*)::int from message_keys where deleted_at is not null) as deleted,
      (select count(*)::int from messages where kind = 'in' and deleted_at is null and substring(external_id from 3)::int % 5 = 1) as undead,
      (select count(*)::int from conversations) as conversations`)
    const deletions = posts.filter(({ id }) => id.endsWith('-gone')).length
    const visible = await house.ask(`select count(*)::int as n from messages where kind = 'in' and deleted_at is null`)
    return [
      equal('accepted', accepted, posts.length),
      equal('done, without the replays', Number(rows!['done']), posts.length - rounds),
      equal('neither done', Number(rows!['other']), 0),
      equal('messages doubled', Number(rows!['messages']) - Number(rows!['distinct_ids']), 0),
      equal('messages to be read', Number(visible[0]!['n']), rounds - deletions),
      equal('deleted ones known', Number(rows!['deleted']), deletions),
      equal('deleted ones that came back', Number(rows!['undead']), 0),
      equal('conversations', Number(rows!['conversations']), 10),
    ]
  },
}

export const slowReader: Drill = {
  summary: 'a browser that opens the stream and does not read; the others must not wait, and it catches up later',
  rounds: 150,
  smoke: 40,
  async run({ rounds, say }) {
    await using house = await openHouse()
    const pid = house.nodes[0]!.pid()
    const before = await memoryOf(pid)
    const asleep = await openSleeper(house)
    const follower = await follow(house)
    let no = 0
    // Two hundred messages in each delivery, the most that one may hold.
    const batches = Array.from({ length: rounds }, (_, batch) =>
      JSON.stringify({
        version: 1,
        events: Array.from({ length: 200 }, () => JSON.parse(message(`s-${no++}`, `thread-${batch % 20}`)) as unknown),
      }),
    )
    let accepted = 0
    await atOnce(batches, 4, async (body) => {
      if ((await post(house, `batch-${accepted++}`, body)) !== 200) throw new Error('a batch was refused')
    })
    await settle(house, 120_000, 180_000)
    const [rows] = await house.ask(
      `select (select count(*)::int from messages where kind = 'in') as messages, (select count(*)::int from deliveries where state = 'quarantined') as quarantined`,
    )
    say(
      `${no} messages; the sleeper ${asleep.dropped() ? 'was dropped' : 'still hangs on'}; memory ${before} → ${await memoryOf(pid)} MB`,
    )
    const load = {
      accepted: new Map<string, number>(),
      broken: { accepted: 0, tried: 0 },
      answered: new Set<string>(),
      refusals: 0,
      stop: async () => {},
    }
    const stream = (await count(house, load, follower)).filter(
      ({ what }) => /stream|missing|doubled$|begin anew/.test(what) && !what.startsWith('messages'),
    )
    await follower.stop()
    const grown = (await memoryOf(pid)) - before
    asleep.end()
    return [
      equal('messages', Number(rows!['messages']) + Number(rows!['quarantined']), no),
      ...stream,
      // What the kernel takes off our hands is not in our memory; half a megabyte a reader may be.
      { what: 'memory grown by (MB)', is: grown, should: 'under 400', ok: grown < 400 },
      ...(rounds >= 150 ? [equal('the sleeper was dropped', asleep.dropped() ? 'yes' : 'no', 'yes')] : []),
    ] satisfies Line[]
  },
}

/** Asks for the stream and never reads a byte of it. */
async function openSleeper(house: House): Promise<{ dropped: () => boolean; end: () => void }> {
  const { hostname, port } = new URL(house.url())
  let dropped = false
  const socket = connect({ host: hostname, port: Number(port), highWaterMark: 1024 } as never)
  socket.on('error', () => (dropped = true)).on('close', () => (dropped = true))
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  socket.write(`GET /api/stream HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${house.token}\r\n\r\n`)
  socket.pause()
  await sleep(300)
  return {
    // A paused socket hears nothing, so the server's end is asked of the kernel by writing.
    dropped: () => {
      if (!dropped) socket.resume()
      return dropped || socket.readableEnded || socket.destroyed
    },
    end: () => socket.destroy(),
  }
}
