// Fetching on a real database: what was found and how far it came are one thing, whoever dies in between.
import { beforeEach, describe, expect, test } from 'vitest'
import { NotFetched } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { openDatabase, type Database } from '#platform/db/database'
import { useDatabase } from '#platform/testing/database'
import { seededRandom } from '#platform/testing/random'
import { changeConnection, pauseConnection, removeConnection, resumeConnection } from './connections.ts'
import { backfillConnection } from './backfill.ts'
import { aConnection, aDelivery } from './factories.ts'
import { FeedMoved, findDueFeeds, openFeed, storeStep, type Feed } from './feeds.ts'
import { getConnection } from './present.ts'
import { NOW, aKeyring, aTenant } from './testing/desk.ts'
import { aFeeder, revoked, step } from './testing/feeder.ts'
import { aLoop, feedOf, pause, storedNumbers, until, upTo } from './testing/fetching.ts'

const database = useDatabase()
const keyring = aKeyring()

beforeEach(() => database.db.system((tx) => tx.updateTable('connections').set({ state: 'removed' }).execute()))

async function connected(
  given: Parameters<typeof aConnection>[3] = {},
): Promise<Actor & { readonly connectionId: string }> {
  const actor = await aTenant(database.db)
  const { id } = await aConnection(database.db, actor.workspaceId, 'feeder', given)
  return { ...actor, connectionId: id }
}

const stored = (id: string): Promise<number[]> => storedNumbers(database.db, id)

describe('fetching', () => {
  test('goes on at once while there is more, then waits for the next time', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 95
    const who = await connected()
    await using loop = aLoop(database.db, connector)
    await until(async () => (await stored(who.connectionId)).length === 95)
    expect(await stored(who.connectionId)).toEqual(upTo(95))
    await pause(150)
    expect(feed.polls.length).toBe(10)
    feed.size = 97
    loop.clock.advance(61_000)
    await until(async () => (await stored(who.connectionId)).length === 97)
    expect((await feedOf(database.db, who, who.connectionId))?.cursor).toEqual({ after: 97 })
  })

  test('takes turns between connections, so that a long backlog keeps nobody waiting', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 400
    const long = await connected()
    const { id: second } = await aConnection(database.db, long.workspaceId, 'feeder')
    await using _ = aLoop(database.db, connector, { parallel: 1 })
    await until(() => feed.polls.length >= 12)
    const mine = feed.polls.slice(0, 12).filter(({ connectionId }) => connectionId === second).length
    expect(mine).toBeGreaterThanOrEqual(5)
    expect(mine).toBeLessThanOrEqual(7)
  })

  test('runs so many polls at once and no more', async () => {
    const { connector, feed } = aFeeder()
    const first = await connected()
    for (let i = 0; i < 5; i++) await aConnection(database.db, first.workspaceId, 'feeder')
    let now = 0
    let most = 0
    feed.beforePoll = async () => {
      most = Math.max(most, (now += 1))
      await pause(50)
      now -= 1
    }
    await using _ = aLoop(database.db, connector, { parallel: 2 })
    await until(() => feed.polls.length === 6)
    expect(most).toBe(2)
  })

  test('rests while intake has more of the connection than it can take in', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 100
    const who = await connected()
    for (let i = 0; i < 3; i++) await aDelivery(database.db, { workspaceId: who.workspaceId, id: who.connectionId })
    await using loop = aLoop(database.db, connector, { limits: { mostWaiting: 3 } })
    await until(() => feed.polls.length === 1)
    await pause(150)
    expect(feed.polls.length).toBe(1)
    await database.db.system((tx) => tx.updateTable('deliveries').set({ state: 'done' }).execute())
    loop.clock.advance(1500)
    await until(() => feed.polls.length === 2)
  })
})

describe('a platform that fails', () => {
  test('is asked again later and later; people hear of it after the third time, and when it is well again', async () => {
    const { connector, feed } = aFeeder()
    const who = await connected()
    let down = true
    feed.beforePoll = async () => {
      if (down) throw new NotFetched('later', 'The mailbox does not answer.')
    }
    await using loop = aLoop(database.db, connector)
    const waits: number[] = []
    const look = () =>
      database.db.read({ workspaceId: who.workspaceId }, (tx) =>
        getConnection(tx, who, who.connectionId, keyring, () => connector),
      )
    const health: string[] = []
    for (let failures = 1; failures <= 9; failures++) {
      await until(async () => (await feedOf(database.db, who, who.connectionId))?.failures === failures)
      await until(async () => failures < 3 || (await look()).health !== 'unknown')
      const { dueAt } = (await feedOf(database.db, who, who.connectionId))!
      waits.push((dueAt.getTime() - loop.clock.now().getTime()) / 1000)
      health.push((await look()).health)
      loop.clock.set(dueAt)
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1800, 1800, 1800])
    expect(health.slice(0, 4)).toEqual(['unknown', 'unknown', 'degraded', 'degraded'])
    await until(async () => (await look()).health === 'broken')
    expect((await look()).healthReason).toBe('The mailbox does not answer.')
    down = false
    loop.clock.advance(1_800_000)
    await until(async () => (await look()).health === 'ok')
    expect(await look()).toMatchObject({ healthReason: null, fetching: { failures: 0, streaming: false } })
  })

  test('that wants a person is broken at once, and is asked at once when that person changed something', async () => {
    const { connector, feed } = aFeeder()
    const who = await connected()
    feed.beforePoll = async () => {
      throw revoked()
    }
    await using _ = aLoop(database.db, connector)
    const health = async () =>
      (await database.db.read(who, (tx) => getConnection(tx, who, who.connectionId, keyring, () => connector))).health
    await until(async () => (await health()) === 'broken')
    const asked = feed.polls.length
    feed.beforePoll = async () => {}
    await pause(100)
    expect(feed.polls.length).toBe(asked)
    await database.db.write(who, (tx) =>
      changeConnection(
        tx,
        who,
        who.connectionId,
        { settings: { url: 'new' } },
        { keyring, connectorOf: () => connector },
      ),
    )
    await until(async () => (await health()) === 'ok')
  })

  test('that names a time is not asked before it, and one that never answers is given up', async () => {
    const { connector, feed } = aFeeder()
    const who = await connected()
    const retryAt = new Date(NOW.getTime() + 900_000)
    feed.beforePoll = async () => {
      throw new NotFetched('later', 'Too many requests.', retryAt)
    }
    await using loop = aLoop(database.db, connector, { limits: { pollMs: 60 } })
    await until(async () => (await feedOf(database.db, who, who.connectionId))?.failures === 1)
    expect((await feedOf(database.db, who, who.connectionId))?.dueAt).toEqual(retryAt)
    let told = false
    feed.beforePoll = (_, { signal }) => {
      signal.addEventListener('abort', () => (told = true))
      return new Promise(() => {})
    }
    loop.clock.set(retryAt)
    await until(async () => (await feedOf(database.db, who, who.connectionId))?.failures === 2)
    expect(told).toBe(true)
  })

  test('whose step is too large to be one loses nothing and is told', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 5000
    feed.pace = 2500
    const who = await connected()
    await using _ = aLoop(database.db, connector)
    await until(async () => (await feedOf(database.db, who, who.connectionId))?.failures === 1)
    expect(await stored(who.connectionId)).toEqual([])
    expect((await feedOf(database.db, who, who.connectionId))?.cursor).toBeNull()
  })
})

describe('a connection that is to stop', () => {
  test('is broken off in the middle when it is paused, stores nothing of that, and goes on after it', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 20
    const who = await connected()
    let broken = false
    feed.beforePoll = (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => ((broken = true), reject(new Error('off')))),
      )
    await using _ = aLoop(database.db, connector)
    await until(() => feed.polls.length === 1)
    await database.db.write(who, (tx) => pauseConnection(tx, who, who.connectionId))
    await until(() => broken, 500)
    await pause(150)
    expect(feed.polls.length).toBe(1)
    expect(await stored(who.connectionId)).toEqual([])
    expect((await feedOf(database.db, who, who.connectionId))?.failures).toBe(0)
    feed.beforePoll = async () => {}
    await database.db.write(who, (tx) => resumeConnection(tx, who, who.connectionId))
    await until(async () => (await stored(who.connectionId)).length === 20)
  })

  test('takes nothing any more once it is removed, even what was just fetched', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 20
    const who = await connected()
    const go = Promise.withResolvers<void>()
    feed.beforePoll = () => go.promise // deaf to its signal
    await using _ = aLoop(database.db, connector)
    await until(() => feed.polls.length === 1)
    await database.db.write(who, (tx) => removeConnection(tx, who, who.connectionId))
    go.resolve()
    await pause(200)
    expect(await stored(who.connectionId)).toEqual([])
    expect(await feedOf(database.db, who, who.connectionId)).toBeUndefined()
  })

  test('is not fetched after a restore until a person confirms, and what ran is broken off', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 20
    const who = await connected()
    const restored = (reason: string | null) =>
      database.db.system((tx) =>
        tx.updateTable('workspaces').set({ outboundPausedReason: reason }).where('id', '=', who.workspaceId).execute(),
      )
    await restored('It was restored.')
    await using _ = aLoop(database.db, connector)
    await pause(250)
    expect(feed.polls).toEqual([])
    expect(await findDueFeeds(database.db, NOW, ['feeder'], [], 9)).toEqual([])
    expect(await openFeed(database.db, who, NOW)).toBeNull()
    await restored(null)
    await until(async () => (await stored(who.connectionId)).length === 20)
  })
})

describe('two nodes', () => {
  test('never poll a connection at the same time, and nothing is lost or doubled', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 300
    feed.beforePoll = () => pause(5)
    const who = await connected()
    const { id: second } = await aConnection(database.db, who.workspaceId, 'feeder')
    await using other = openDatabase({ url: database.url, size: 4 })
    {
      const clock = testClock(NOW)
      await using _here = aLoop(database.db, connector, { clock })
      await using _there = aLoop(other, connector, { clock })
      await until(
        async () => (await stored(who.connectionId)).length === 300 && (await stored(second)).length === 300,
        20_000,
      )
    }
    expect(feed.mostAtOnce).toBe(1)
    expect(await stored(who.connectionId)).toEqual(upTo(300))
    expect(await stored(second)).toEqual(upTo(300))
  }, 30_000)
})

describe('the cursor', () => {
  test('moves only from where it stands: of two who began from the same, one is refused whole', async () => {
    const who = await connected()
    const feed = (await openFeed(database.db, who, NOW)) as Feed
    const moved = { at: NOW, dueAt: NOW, behind: false, streaming: false }
    expect(await storeStep(database.db, feed, step([1, 2], { after: 2 }), moved)).toBe(1)
    await expect(storeStep(database.db, feed, step([1, 2, 3], { after: 3 }), moved)).rejects.toThrow(FeedMoved)
    expect(await stored(who.connectionId)).toEqual([1, 2])
    expect((await feedOf(database.db, who, who.connectionId))?.cursor).toEqual({ after: 2 })
  })

  test('set further back by a person is not lost to a step that was under way', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 40
    const who = await connected()
    await using _ = aLoop(database.db, connector)
    await until(async () => (await stored(who.connectionId)).length === 40)
    const go = Promise.withResolvers<void>()
    const inPoll = Promise.withResolvers<void>()
    feed.beforePoll = async () => {
      inPoll.resolve()
      await go.promise
    }
    feed.size = 41
    await database.db.write(who, (tx) =>
      changeConnection(
        tx,
        who,
        who.connectionId,
        { settings: { url: 'x' } },
        { keyring, connectorOf: () => connector },
      ),
    )
    await inPoll.promise
    await database.db.write(who, (tx) =>
      backfillConnection(tx, who, who.connectionId, new Date(11 * 86_400_000), () => connector),
    )
    feed.beforePoll = async () => {}
    go.resolve()
    await until(async () => (await stored(who.connectionId)).length === 71)
    const numbers = await stored(who.connectionId)
    expect(numbers.slice(40, 70)).toEqual(Array.from({ length: 30 }, (_, i) => 40 - i))
    expect(numbers[70]).toBe(41)
  })

  test('says how far looking back has come', async () => {
    const { connector, feed } = aFeeder()
    feed.size = 100
    const who = await connected()
    const look = () => database.db.read(who, (tx) => getConnection(tx, who, who.connectionId, keyring, () => connector))
    {
      await using _ = aLoop(database.db, connector)
      await until(async () => (await stored(who.connectionId)).length === 100)
    }
    expect((await look()).catchingUp).toBeNull()
    await database.db.write(who, (tx) =>
      backfillConnection(tx, who, who.connectionId, new Date(51 * 86_400_000), () => connector),
    )
    expect((await look()).catchingUp).toEqual({ done: 0, from: '51', oldest: '101' })
    await expect(
      database.db.write(who, (tx) =>
        backfillConnection(tx, who, who.connectionId, new Date('2030-01-01'), () => connector),
      ),
    ).rejects.toMatchObject({ code: 'connections.future_date' })
  })
})

test('wherever it is killed, every item is stored once and in order', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = seededRandom(seed)
    const { connector, feed } = aFeeder()
    feed.size = 60
    feed.pace = 1 + random.below(9)
    const who = await connected()
    // A crash before the request, after the answer, before the commit, or after it without the program knowing.
    const crashes = new Set(Array.from({ length: 6 }, () => random.below(50)))
    let tick = 0
    const maybe = (): void => {
      if (crashes.has(tick++)) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' })
    }
    const db: Database = {
      ...database.db,
      system: async (work) => {
        const value = await database.db.system(async (tx) => {
          const result = await work(tx)
          maybe()
          return result
        })
        maybe()
        return value
      },
    }
    feed.beforePoll = async () => maybe()
    const clock = testClock(NOW)
    for (let life = 0; life < 40 && (await stored(who.connectionId)).length < 60; life++) {
      await using _ = aLoop(db, connector, { clock })
      const lives = performance.now() + 60 + random.below(60)
      await until(async () => performance.now() > lives || (await stored(who.connectionId)).length >= 60)
      clock.advance(3_600_000)
    }
    expect(await stored(who.connectionId), `seed ${seed}`).toEqual(upTo(60))
    await database.db.system((tx) => tx.updateTable('connections').set({ state: 'removed' }).execute())
  }
}, 120_000)

test('10,000 items come through in one backfill without the program growing', async () => {
  const { connector, feed } = aFeeder()
  feed.size = 10_000
  feed.pace = 200
  const body = Buffer.alloc(20_000, 'x')
  const poll = connector.poll!
  const heavy = {
    ...connector,
    poll: async (...args: Parameters<typeof poll>) => {
      const found = await poll(...args)
      return { ...found, deliveries: found.deliveries.map(({ headers }) => ({ headers, body: Buffer.from(body) })) }
    },
  }
  const who = await connected()
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = 0
  await using _ = aLoop(database.db, heavy, { limits: { mostWaiting: 20_000 } })
  await until(async () => {
    most = Math.max(most, process.memoryUsage().rss - before)
    const { n } = await database.db.system((tx) =>
      tx
        .selectFrom('deliveries')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('connectionId', '=', who.connectionId)
        .executeTakeFirstOrThrow(),
    )
    return n === 10_000
  }, 90_000)
  expect(await stored(who.connectionId)).toEqual(upTo(10_000))
  // 200 MB passed through it; what stays is a few steps.
  expect(most).toBeLessThan(150 * 1024 * 1024)
}, 120_000)
