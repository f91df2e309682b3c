// A stream and its poll share one cursor: they take turns, and what is heard is stored in order or fetched again.
import { beforeEach, expect, test } from 'vitest'
import { NotFetched, type StreamSink } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { changeConnection, pauseConnection, resumeConnection } from './connections.ts'
import { aConnection } from './factories.ts'
import { getConnection } from './present.ts'
import { aKeyring, aTenant } from './testing/desk.ts'
import { aFeeder, revoked, step, untilAborted } from './testing/feeder.ts'
import { aLoop, feedOf, pause, storedNumbers, until, upTo } from './testing/fetching.ts'

const database = useDatabase()
const keyring = aKeyring()

beforeEach(() => database.db.system((tx) => tx.updateTable('connections').set({ state: 'removed' }).execute()))

async function connected(): Promise<Actor & { readonly connectionId: string }> {
  const actor = await aTenant(database.db)
  return { ...actor, connectionId: (await aConnection(database.db, actor.workspaceId, 'feeder')).id }
}
const stored = (id: string): Promise<number[]> => storedNumbers(database.db, id)

/** A sink that the test holds in its hand while the stream stays open. */
function open(feeder: ReturnType<typeof aFeeder>) {
  const sinks: StreamSink[] = []
  feeder.feed.onStream = async (_cursor, sink, { signal }) => {
    sinks.push(sink)
    await untilAborted(signal)
  }
  return sinks
}

test('a poll fetches what is there, then the stream goes on from the same cursor', async () => {
  const feeder = aFeeder({ streams: true })
  const sinks = open(feeder)
  feeder.feed.size = 25
  const who = await connected()
  await using loop = aLoop(database.db, feeder.connector)
  await until(() => sinks.length === 1)
  expect(feeder.feed.streams).toEqual([{ after: 25 }])
  feeder.feed.size = 28
  for (const no of [26, 27, 28]) await sinks[0]!(step([no], { after: no }))
  expect(await stored(who.connectionId)).toEqual(upTo(28))
  expect(loop.streams()).toBe(1)
  const seen = await database.db.read(who, (tx) =>
    getConnection(tx, who, who.connectionId, keyring, () => feeder.connector),
  )
  expect(seen.fetching).toMatchObject({ streaming: true, nextAt: null })
  await until(async () => (await feedOf(database.db, who, who.connectionId))?.streamedAt !== null)
})

test('now and then a poll looks whether the stream missed something; both never run together', async () => {
  const feeder = aFeeder({ streams: true })
  const sinks = open(feeder)
  feeder.feed.size = 5
  const who = await connected()
  await using _ = aLoop(database.db, feeder.connector, { limits: { lookMs: 150 } })
  await until(() => sinks.length === 1)
  feeder.feed.size = 9 // the stream is deaf
  await until(async () => (await stored(who.connectionId)).length === 9)
  await until(() => sinks.length >= 3)
  expect(await stored(who.connectionId)).toEqual(upTo(9))
  expect(feeder.feed.mostAtOnce).toBe(1)
  // A stream that is over can't set the cursor back.
  await expect(sinks[0]!(step([6], { after: 6 }))).rejects.toThrow('The stream is over.')
  expect(await stored(who.connectionId)).toEqual(upTo(9))
  expect((await feedOf(database.db, who, who.connectionId))?.streamFailures).toBe(0)
})

test('steps that are handed over without waiting are stored in their order, and too many of them end the stream', async () => {
  const feeder = aFeeder({ streams: true })
  const sinks = open(feeder)
  const who = await connected()
  await using loop = aLoop(database.db, feeder.connector)
  await until(() => sinks.length === 1)
  feeder.feed.size = 500
  const handed = upTo(20).map((no) => sinks[0]!(step([no], { after: no })))
  await Promise.all(handed)
  expect(await stored(who.connectionId)).toEqual(upTo(20))
  const many = Array.from({ length: 40 }, (_, i) => sinks[0]!(step([21 + i], { after: 21 + i })))
  const outcomes = await Promise.allSettled(many)
  expect(outcomes.at(-1)!.status).toBe('rejected')
  loop.clock.advance(60_000)
  await until(async () => (await stored(who.connectionId)).length === 500)
  expect(await stored(who.connectionId)).toEqual(upTo(500))
})

test('a step that could not be stored is not passed over: the stream ends and the next begins before it', async () => {
  const feeder = aFeeder({ streams: true })
  const sinks = open(feeder)
  const who = await connected()
  await using loop = aLoop(database.db, feeder.connector)
  await until(() => sinks.length === 1)
  feeder.feed.size = 3
  await sinks[0]!(step([1], { after: 1 }))
  const bad = sinks[0]!({ deliveries: [{ headers: { no: 'a\u0000b' }, body: Buffer.from('2') }], cursor: { after: 2 } })
  const after = sinks[0]!(step([3], { after: 3 }))
  await expect(bad).rejects.toThrow(/unicode|\\u0000/i)
  await expect(after).rejects.toThrow(/unicode|\\u0000/i)
  loop.clock.advance(60_000)
  await until(async () => (await stored(who.connectionId)).length === 3)
  expect(await stored(who.connectionId)).toEqual(upTo(3))
})

test('while the stream is down polls go on, and it is opened again later and later', async () => {
  const feeder = aFeeder({ streams: true })
  const who = await connected()
  feeder.feed.onStream = async () => {
    throw new NotFetched('later', 'The line broke.')
  }
  await using loop = aLoop(database.db, feeder.connector)
  const waits: number[] = []
  for (let failures = 1; failures <= 6; failures++) {
    await until(async () => (await feedOf(database.db, who, who.connectionId))?.streamFailures === failures)
    const { streamDueAt } = (await feedOf(database.db, who, who.connectionId))!
    waits.push((streamDueAt!.getTime() - loop.clock.now().getTime()) / 1000)
    feeder.feed.size += 1
    // The look right after the drop, or a poll before the stream is opened again, fetches it without any stream.
    await until(async () => {
      if ((await stored(who.connectionId)).length === feeder.feed.size) return true
      const { dueAt } = (await feedOf(database.db, who, who.connectionId))!
      if (dueAt > loop.clock.now() && dueAt < streamDueAt!) loop.clock.set(dueAt)
      return dueAt >= streamDueAt!
    })
    loop.clock.set(streamDueAt!)
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160])
  await until(async () => (await stored(who.connectionId)).length === feeder.feed.size)
  const look = () =>
    database.db.read(who, (tx) => getConnection(tx, who, who.connectionId, keyring, () => feeder.connector))
  await until(async () => (await look()).health === 'degraded')
  expect((await look()).healthReason).toMatch(/The line broke\.$/)
  feeder.feed.onStream = (_c, _s, { signal }) => untilAborted(signal)
  loop.clock.advance(600_000)
  await until(async () => (await look()).health === 'ok')
})

test('a stream that a person has to mend is broken, and begins anew with the new settings', async () => {
  const feeder = aFeeder({ streams: true, polls: false })
  const who = await connected()
  feeder.feed.onStream = async () => {
    throw revoked()
  }
  await using _ = aLoop(database.db, feeder.connector)
  const look = () =>
    database.db.read(who, (tx) => getConnection(tx, who, who.connectionId, keyring, () => feeder.connector))
  await until(async () => (await look()).health === 'broken')
  const sinks = open(feeder)
  const change = (url: string) =>
    database.db.write(who, (tx) =>
      changeConnection(
        tx,
        who,
        who.connectionId,
        { settings: { url } },
        { keyring, connectorOf: () => feeder.connector },
      ),
    )
  await change('one')
  await until(() => sinks.length === 1)
  await until(async () => (await look()).health === 'ok')
  await change('two')
  await until(() => sinks.length === 2)
})

test('a pause ends the stream at once, also one that does not listen; what it says later is not taken', async () => {
  const feeder = aFeeder({ streams: true })
  const sinks: StreamSink[] = []
  feeder.feed.onStream = (_cursor, sink) => {
    sinks.push(sink)
    return new Promise(() => {})
  }
  const who = await connected()
  await using loop = aLoop(database.db, feeder.connector)
  await until(() => sinks.length === 1)
  await database.db.write(who, (tx) => pauseConnection(tx, who, who.connectionId))
  await until(() => loop.streams() === 0, 2000)
  await expect(sinks[0]!(step([1], { after: 1 }))).rejects.toThrow('The stream is over.')
  await pause(100)
  expect(sinks.length).toBe(1)
  await database.db.write(who, (tx) => resumeConnection(tx, who, who.connectionId))
  await until(() => sinks.length === 2)
  await sinks[1]!(step([1], { after: 1 }))
  expect(await stored(who.connectionId)).toEqual([1])
})
