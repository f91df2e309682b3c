import pg from 'pg'
import { expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { openPresence } from './presence.ts'

const database = useDatabase()

const eventually = async <T>(what: () => Promise<T | false> | T | false): Promise<T> => {
  for (let tries = 0; tries < 200; tries++) {
    const found = await what()
    if (found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it did not come')
}
const open = (onError: (error: Error) => void = () => {}) => openPresence({ url: database.url, onError })
const seen = (presence: ReturnType<typeof open>) => eventually(() => presence.number() ?? false)

test('a node is seen while it lives, and missed once it is gone', async () => {
  const here = open()
  const there = open()
  const [own, other] = [await seen(here), await seen(there)]
  expect(await here.missing([own, other, 5])).toEqual([5])
  await there.close()
  await eventually(async () => (await here.missing([other])).length === 1)
  await here.close()
})

test('a node whose connection is cut comes back under its number', async () => {
  const errors: Error[] = []
  const here = open((error) => errors.push(error))
  const there = open()
  const own = await seen(here)
  await seen(there)
  const admin = new pg.Client({ connectionString: database.ownerUrl })
  await admin.connect()
  const cut = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7305192 and objid = ${own}`
  await admin.query(cut)
  await admin.end()
  await eventually(async () => (await there.missing([own])).length === 1)
  await eventually(async () => (await there.missing([own])).length === 0)
  expect(errors.length).toBeGreaterThan(0)
  expect(here.number()).toBe(own)
  expect(here.unseenMs()).toBeLessThan(10_000)
  await here.close()
  await there.close()
})
