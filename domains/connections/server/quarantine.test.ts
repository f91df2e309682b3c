import { beforeEach, describe, expect, test, vi } from 'vitest'
import { encodeCursor } from '#platform/contract/cursor'
import type { Actor } from '#platform/actor'
import { useDatabase } from '#platform/testing/database'
import { DELIVERIES_SIGNAL } from './accept.ts'
import { aConnection, aDelivery, type MadeConnection } from './factories.ts'
import { dismissQuarantine, listQuarantine, printable, quarantine, retryQuarantine } from './quarantine.ts'
import { aTenant, NOW } from './testing/desk.ts'

const database = useDatabase()
let actor: Actor
let connection: MadeConnection

beforeEach(async () => {
  actor = await aTenant(database.db)
  connection = await aConnection(database.db, actor.workspaceId, 'pager', { name: 'Night desk' })
})

const write: typeof database.db.write = (scope, work) => database.db.write(scope, work)
const at = (second: number) => new Date(NOW.getTime() - 60_000 + second * 1000)
const list = (query: Parameters<typeof listQuarantine>[2] = {}) =>
  database.db.read(actor, (tx) => listQuarantine(tx, actor, query))
const states = () =>
  database.db.read(actor, (tx) =>
    tx.selectFrom('deliveries').select(['id', 'state', 'attempts', 'reason', 'settledAt']).orderBy('seq').execute(),
  )
const events = async () =>
  (
    await database.db.read(actor, (tx) =>
      tx.selectFrom('events').select(['type', 'data']).where('type', 'like', 'connections.%').orderBy('seq').execute(),
    )
  ).map(({ type, data }) => [type, data])

describe('setting a delivery aside', () => {
  test('keeps the reason beside it and tells of it', async () => {
    const bad = await aDelivery(database.db, connection)
    const good = await aDelivery(database.db, connection)
    await write(actor, (tx) =>
      quarantine(tx, actor, [{ ...bad, connectionId: connection.id, reason: `no\u0000 \ud800${'x'.repeat(900)}` }]),
    )
    const [first, second] = await states()
    expect(first).toMatchObject({ id: bad.id, state: 'quarantined', attempts: 0, settledAt: NOW })
    expect(first!.reason).toMatch(/^no .x{490,}$/)
    expect(second).toMatchObject({ id: good.id, state: 'pending', reason: null })
    expect(await events()).toEqual([
      ['connections.delivery_quarantined', { connectionId: connection.id, deliveryId: bad.id }],
    ])
  })
})

describe('the quarantine', () => {
  test('is listed newest first, page by page, each delivery once', async () => {
    const made = []
    // Three of one moment, so that a page ends between equals.
    for (const second of [1, 2, 2, 2, 3, 4])
      made.push((await aDelivery(database.db, connection, { state: 'quarantined', reason: 'r', at: at(second) })).id)
    await aDelivery(database.db, connection, { state: 'dismissed' })
    const seen: string[] = []
    const times: string[] = []
    let after: string | null | undefined
    do {
      const page = await list({ limit: 2, ...(after && { after }) })
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map(({ id }) => id))
      times.push(...page.items.map(({ receivedAt }) => receivedAt))
      after = page.next
    } while (after)
    expect([...seen].sort()).toEqual([...made].sort())
    expect(times).toEqual(times.toSorted().toReversed())
  })

  test('of one connection leaves out the others', async () => {
    const other = await aConnection(database.db, actor.workspaceId, 'counter')
    await aDelivery(database.db, connection, { state: 'quarantined', body: 'café', reason: 'no JSON' })
    await aDelivery(database.db, other, { state: 'quarantined' })
    expect((await list({ connection: connection.id })).items).toEqual([
      expect.objectContaining({
        connectionName: 'Night desk',
        channel: 'pager',
        reason: 'no JSON',
        excerpt: 'café',
        size: 5,
        attempts: 0,
      }),
    ])
    expect((await list()).items).toHaveLength(2)
  })

  test('refuses a cursor that is none of its own', async () => {
    for (const after of ['x', encodeCursor('yesterday', '; drop table events'), ''])
      await expect(list({ after })).rejects.toMatchObject({ status: 400 })
  })

  test('shows the beginning of what came as text that can be looked at', async () => {
    const body = Buffer.concat([Buffer.from('a'.repeat(1999)), Buffer.from('é'.repeat(2000))])
    await aDelivery(database.db, connection, { state: 'quarantined', body })
    const [item] = (await list()).items
    expect(item).toMatchObject({ size: 5999, excerpt: 'a'.repeat(1999) })
    expect(printable(Buffer.from('a\r\nb\u0000\u001b[2J\u202e👩‍💻\tc'), false)).toBe('a\nb··[2J·👩‍💻\tc')
    expect(printable(Buffer.from([0x41, 0xff, 0x42]), false)).toBe('A·B')
  })
})

describe('trying again', () => {
  test('puts back the named ones, counts the try, and wakes whoever takes in', async () => {
    const [one, two] = [
      await aDelivery(database.db, connection, { state: 'quarantined', reason: 'r' }),
      await aDelivery(database.db, connection, { state: 'quarantined', reason: 'r' }),
    ]
    const done = await aDelivery(database.db, connection, { state: 'done' })
    const sent = vi.spyOn(database.db.signals, 'send')
    await expect(
      write(actor, async (tx) => {
        await retryQuarantine(tx, actor, { ids: [one.id] })
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect(sent).not.toHaveBeenCalled()
    expect(await write(actor, (tx) => retryQuarantine(tx, actor, { ids: [one.id, done.id] }))).toBe(1)
    expect(sent).toHaveBeenCalledWith(DELIVERIES_SIGNAL)
    sent.mockRestore()
    expect(await states()).toMatchObject([
      { id: one.id, state: 'pending', attempts: 1, reason: null, settledAt: null },
      { id: two.id, state: 'quarantined', attempts: 0 },
      { id: done.id, state: 'done' },
    ])
    expect(await events()).toEqual([['connections.quarantine_retried', { count: 1 }]])
  })

  test('of all goes in chunks and leaves out what was set aside after it began', async () => {
    for (const second of [1, 2, 3]) await aDelivery(database.db, connection, { state: 'quarantined', at: at(second) })
    const later = await aDelivery(database.db, connection, { state: 'quarantined', at: new Date(NOW.getTime() + 1) })
    const counts = []
    for (let i = 0; i < 3; i++) counts.push(await write(actor, (tx) => retryQuarantine(tx, actor, { most: 2 })))
    expect(counts).toEqual([2, 1, 0])
    expect((await states()).filter(({ state }) => state === 'quarantined').map(({ id }) => id)).toEqual([later.id])
  })
})

test('letting a delivery rest leaves the reason of both on record', async () => {
  const { id } = await aDelivery(database.db, connection, { state: 'quarantined', reason: 'no JSON' })
  const dismiss = () => write(actor, (tx) => dismissQuarantine(tx, actor, { ids: [id], reason: 'a test of theirs' }))
  expect([await dismiss(), await dismiss()]).toEqual([1, 0])
  expect(await states()).toMatchObject([{ state: 'dismissed', reason: 'no JSON', settledAt: NOW }])
  expect(await events()).toEqual([
    ['connections.quarantine_dismissed', { deliveryIds: [id], reason: 'a test of theirs' }],
  ])
  expect((await list()).items).toEqual([])
})
