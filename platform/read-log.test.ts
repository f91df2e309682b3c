import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Actor } from './actor.ts'
import { testClock } from './clock.ts'
import type { Database } from './db/database.ts'
import { openReadLog, READ_AGAIN_MS, type ReadLog } from './read-log.ts'
import { useDatabase } from './testing/database.ts'

const database = useDatabase()
const clock = testClock('2026-11-20T09:00:00Z')
const workspaceId = randomUUID()
const complaints: unknown[] = []
let reads: ReadLog
beforeEach(() => {
  reads = openReadLog(database.db, clock, { error: (...said: unknown[]) => void complaints.push(said) })
})
afterEach(() => reads[Symbol.asyncDispose]())

const reader = (kind: Actor['kind'] = 'member', id: string | null = randomUUID()): Actor => ({
  workspaceId,
  kind,
  id,
  at: clock.now(),
  permissions: new Set(),
  teamIds: [],
})
const written = async (subject: string) => {
  await reads.flush()
  return database.db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('accessLog')
      .select(['action', 'actorKind', 'actorId', 'address', 'device'])
      .where('subjectId', '=', subject)
      .orderBy('seq')
      .execute(),
  )
}
const request = { ip: '10.1.2.3', headers: { 'user-agent': 'Browser\u00e9 1' } }

test('a reading is written down with who, what and from where', async () => {
  const [one, subject] = [reader(), randomUUID()]
  reads.note(one, 'inbox.conversation_read', [subject], request)
  expect(await written(subject)).toEqual([
    {
      action: 'inbox.conversation_read',
      actorKind: 'member',
      actorId: one.id,
      address: '10.1.2.3',
      device: 'Browser 1',
    },
  ])
})

test('the same reader counts once in ten minutes for each thing, and others for themselves', async () => {
  const [subject, other, id] = [randomUUID(), randomUUID(), randomUUID()]
  const again = () => reads.note(reader('member', id), 'inbox.conversation_read', [subject, other])
  again()
  clock.advance(READ_AGAIN_MS - 1)
  again()
  expect(await written(subject)).toHaveLength(1)
  clock.advance(1)
  again()
  reads.note(reader('token'), 'inbox.conversation_read', [subject])
  expect(await written(subject)).toHaveLength(3)
  expect(await written(other)).toHaveLength(2)
})

test('visitors and the program are no readers', async () => {
  const subject = randomUUID()
  reads.note(reader('visitor'), 'inbox.conversation_read', [subject])
  reads.note(reader('program', null), 'inbox.conversation_read', [subject])
  expect(await written(subject)).toEqual([])
})

test('what was gathered is written when the program ends, and kept while the database is away', async () => {
  const subject = randomUUID()
  let away = true
  const flaky = {
    system: (...given: Parameters<Database['system']>) =>
      away ? Promise.reject(new Error('away')) : database.db.system(...given),
  } as unknown as Database
  const log = openReadLog(flaky, clock, { error: (...said: unknown[]) => void complaints.push(said) })
  log.note(reader(), 'inbox.conversation_read', [subject])
  await log.flush()
  expect(await written(subject)).toEqual([])
  expect(complaints).toHaveLength(1)
  away = false
  await log[Symbol.asyncDispose]()
  expect(await written(subject)).toHaveLength(1)
})
