import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { openLeases } from './leases.ts'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()

test('one holds it until it is given back, on this node and on others', async () => {
  await using other = openDatabase({ url: database.url, size: 2 })
  await using here = openLeases(database.db)
  await using there = openLeases(other)
  const lease = (await here.take('a'))!
  expect(await here.take('a')).toBeNull()
  expect(await there.take('a')).toBeNull()
  const second = await there.take('b')
  expect(second).not.toBeNull()
  await lease.release()
  await lease.release()
  const third = (await there.take('a'))!
  expect(await here.take('a')).toBeNull()
  await third.release()
  expect(await here.take('a')).not.toBeNull()
})

test('whoever loses the session is told, others get the lease at once, and a new session is made', async () => {
  await using other = openDatabase({ url: database.url, size: 2 })
  await using here = openLeases(database.db)
  await using there = openLeases(other)
  const lease = (await here.take('c'))!
  const told = new Promise((resolve) => lease.lost.addEventListener('abort', resolve, { once: true }))
  // As the owner: the program's own role may not end sessions that are not its own, but may its own.
  await other.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()`,
  )
  await told
  let taken = await there.take('c')
  for (let i = 0; i < 100 && taken === null; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    taken = await there.take('c')
  }
  expect(taken).not.toBeNull()
  await lease.release() // of a session that is gone: nothing happens to the new holder
  expect(await here.take('c')).toBeNull()
  expect(await here.take('d')).not.toBeNull()
})
