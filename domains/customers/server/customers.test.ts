import { randomUUIDv7 } from 'node:crypto'
import { pino } from 'pino'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { programActor, type Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { createLimiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { useDatabase } from '#platform/testing/database'
import { aFileStore } from '#platform/testing/files'
import type { Customer, CustomerNote, CustomerSummary } from '../contract.ts'
import { aCustomer } from './factories.ts'
import { searchCustomers } from './lists.ts'
import { listNotes } from './notes.ts'
import { customersPlugin } from './routes.ts'

const database = useDatabase()
const NOW = new Date('2026-11-21T10:00:00Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)
let actor: Actor
let app: FastifyInstance

beforeAll(async () => {
  app = await createServer({
    log: pino({ level: 'silent' }),
    authorize: async () => actor,
    limiter: createLimiter(testClock(NOW)),
    trustProxy: false,
    publicOrigin: () => '',
  })
  await app.register(customersPlugin({ db: database.db, files: await aFileStore() }), { prefix: '/api' })
  return () => app.close()
})
beforeEach(async () => {
  actor = await aTenant()
})

async function aTenant(): Promise<Actor> {
  const workspaceId = randomUUIDv7()
  await database.db.system((tx) =>
    tx
      .insertInto('workspaces')
      .values({ id: workspaceId, slug: `w-${workspaceId.slice(-12)}`, name: 'Hollow Air', createdAt: NOW })
      .execute(),
  )
  return programActor(workspaceId, NOW)
}

type Reply<T> = { status: number; body: T & { code: string; items: CustomerSummary[]; next: string | null } }
async function call<T = Customer>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<Reply<T>> {
  const response = await app.inject({ method, url: `/api/customers${path}`, ...(body && { payload: body }) })
  return { status: response.statusCode, body: response.body === '' ? {} : response.json() } as Reply<T>
}
const search = async (query: Record<string, string>) =>
  (await call('GET', `?${new URLSearchParams(query)}`)).body.items.map(({ name }) => name)
const events = async () =>
  (
    await database.db.read(actor, (tx) => tx.selectFrom('events').select(['type', 'data']).orderBy('seq').execute())
  ).map(({ type, data }) => [type.replace('customers.', ''), (data as { changed?: string[] }).changed])

describe('finding customers', () => {
  test('folds accents, case and what nobody sees', async () => {
    await aCustomer(database.db, actor.workspaceId, { name: 'Zoë Müller-Straße' })
    await aCustomer(database.db, actor.workspaceId, {
      name: 'Ann Lee',
      handle: '@Ann_Lee',
      attributes: { vat: 'ATU 77' },
    })
    for (const q of ['zoe', 'MULLER', 'Müller', 'strasse', 'straße', ' zoe\u200b  müller '])
      expect(await search({ q }), q).toEqual(['Zoë Müller-Straße'])
    for (const q of ['@ann_lee', 'atu 77']) expect(await search({ q }), q).toEqual(['Ann Lee'])
    expect(await search({ q: 'nobody' })).toEqual([])
    expect(await search({ q: '\u200b\u0301' })).toEqual([])
  })

  test('takes % and _ and \\ for what they are', async () => {
    for (const name of ['100% sure', 'a_b', 'axb', 'back\\slash', 'percent'])
      await aCustomer(database.db, actor.workspaceId, { name, externalId: randomUUIDv7() })
    expect(await search({ q: '%' })).toEqual(['100% sure'])
    expect(await search({ q: 'a_b' })).toEqual(['a_b'])
    expect(await search({ q: '\\' })).toEqual(['back\\slash'])
    expect(await search({ q: "'; drop table customers --" })).toEqual([])
  })

  test('without words lists all, last seen first, each once over all pages', async () => {
    const names = []
    for (const [i, ms] of [0, 1000, 1000, 1000, 2000].entries()) {
      await aCustomer(database.db, actor.workspaceId, { name: `n${i}`, at: later(ms) })
      names.push(`n${i}`)
    }
    const seen: (string | null)[] = []
    const times: string[] = []
    let after = ''
    for (;;) {
      const { items, next } = await database.db.read(actor, (tx) =>
        searchCustomers(tx, actor, { limit: 2, ...(after && { after }) }),
      )
      seen.push(...items.map(({ name }) => name))
      times.push(...items.map(({ lastSeenAt }) => lastSeenAt))
      if (next === null) break
      after = next
    }
    expect(seen.toSorted()).toEqual(names)
    expect(times).toEqual(times.toSorted().toReversed())
    expect((await call('GET', '?after=nonsense')).status).toBe(400)
  })

  test('narrows by tag, with and without words', async () => {
    await aCustomer(database.db, actor.workspaceId, { name: 'Ann One', tags: ['vip'], at: later(2) })
    await aCustomer(database.db, actor.workspaceId, { name: 'Ann Two', tags: ['press', 'vip'], at: later(1) })
    await aCustomer(database.db, actor.workspaceId, { name: 'Ann Three' })
    expect(await search({ tag: 'VIP' })).toEqual(['Ann One', 'Ann Two'])
    expect(await search({ tag: 'press', q: 'ann' })).toEqual(['Ann Two'])
    expect(await search({ tag: 'press', q: 'one' })).toEqual([])
    expect((await call('GET', '/tags')).body.items).toEqual([
      { tag: 'vip', count: 2 },
      { tag: 'press', count: 1 },
    ])
  })

  test('stays inside the workspace', async () => {
    await aCustomer(database.db, actor.workspaceId, { name: 'Ann', tags: ['vip'] })
    actor = await aTenant()
    expect(await search({ q: 'ann' })).toEqual([])
    expect(await search({ q: 'ann', tag: 'vip' })).toEqual([])
    expect(await search({})).toEqual([])
    expect((await call('GET', '/tags')).body.items).toEqual([])
  })
})

describe('a customer', () => {
  test('opens with every identity and why it is believed', async () => {
    const { customerId, identityId } = await aCustomer(database.db, actor.workspaceId, {
      name: null,
      handle: '@zoe',
      channel: 'pager',
      tags: ['b', 'a'],
    })
    const { body } = await call('GET', `/${customerId}`)
    expect(body).toMatchObject({
      name: '@zoe',
      kind: 'customer',
      channels: ['pager'],
      tags: ['a', 'b'],
      blocked: false,
      noteCount: 0,
      identities: [{ id: identityId, channel: 'pager', handle: '@zoe', evidence: 'first contact', verified: false }],
    })
  })

  test('entered by hand is found by what is known of them', async () => {
    const { status, body } = await call('POST', '', {
      name: ' Noor de Vries ',
      kind: 'journalist',
      locale: 'nl-NL',
      timeZone: 'Europe/Amsterdam',
      attributes: { paper: 'De Koerier', deadline: 17, urgent: true, nothing: null },
      tags: ['Press  Tour', 'press tour'],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      name: 'Noor de Vries',
      kind: 'journalist',
      identities: [],
      tags: ['press tour'],
      attributes: { paper: 'De Koerier', deadline: 17, urgent: true },
    })
    expect(await search({ q: 'koerier' })).toEqual(['Noor de Vries'])
    expect(await events()).toEqual([['entered', []]])
  })

  test('renamed is found by the new name and still by the handle', async () => {
    const { customerId } = await aCustomer(database.db, actor.workspaceId, { name: 'Old Name', handle: '@handle' })
    await database.db.write(actor, (tx) => tx.updateTable('identities').set({ name: null }).execute())
    const { body } = await call('PATCH', `/${customerId}`, { name: 'Ñew Ñame', attributes: { plan: 'Gold' } })
    expect(body).toMatchObject({ name: 'Ñew Ñame', attributes: { plan: 'Gold' } })
    for (const q of ['new name', '@handle', 'gold']) expect(await search({ q }), q).toEqual(['Ñew Ñame'])
    expect(await search({ q: 'old name' })).toEqual([])
    await call('PATCH', `/${customerId}`, { attributes: { plan: null, city: 'Wien' } })
    expect((await call('GET', `/${customerId}`)).body.attributes).toEqual({ city: 'Wien' })
    await call('PATCH', `/${customerId}`, { name: null })
    expect((await call('GET', `/${customerId}`)).body.name).toBe('@handle')
    expect(await events()).toEqual([
      ['changed', ['name', 'attributes']],
      ['changed', ['attributes']],
      ['changed', ['name']],
    ])
  })

  test('changed to what it was makes no event', async () => {
    const { customerId } = await aCustomer(database.db, actor.workspaceId, { name: 'Ann', attributes: { a: 1 } })
    await call('PATCH', `/${customerId}`, { name: 'Ann', kind: 'customer', attributes: { a: 1, b: null } })
    await call('PATCH', `/${customerId}`, {})
    await call('POST', `/${customerId}/unblock`)
    await call('POST', `/${customerId}/tags/remove`, { tags: ['x'] })
    expect(await events()).toEqual([])
  })

  test('holds fifty attributes and no more, and no odd ones', async () => {
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v']))
    const { customerId } = await aCustomer(database.db, actor.workspaceId, { attributes: fifty })
    const patch = async (attributes: object) => {
      const { status, body } = await call('PATCH', `/${customerId}`, { attributes })
      return [status, body.code]
    }
    expect(await patch({ one: 'more' })).toEqual([422, 'customers.too_many_attributes'])
    expect(await patch({ k1: null, one: 'more' })).toEqual([200, undefined])
    expect(await patch({ ['n'.repeat(65)]: 'x' })).toEqual([422, 'customers.bad_attribute'])
    expect(await patch({ ' ': 'x' })).toEqual([422, 'customers.bad_attribute'])
    expect(await patch({ k2: 'x'.repeat(2001) })).toEqual([400, 'invalid'])
    expect(await patch({ k2: { deep: 1 } })).toEqual([400, 'invalid'])
    expect(await patch({ k2: 'a\u0000b' })).toEqual([200, undefined])
  })

  test('refuses a time zone, a locale and a name that are none', async () => {
    const codes = []
    for (const change of [{ timeZone: 'Mars/North' }, { locale: '<b>' }, { name: ' \u0000 ' }, { kind: 'friend' }]) {
      const { status, body } = await call('POST', '', { name: 'Ann', ...change })
      codes.push([status, body.code])
    }
    expect(codes).toEqual([
      [422, 'customers.no_such_time_zone'],
      [400, 'invalid'],
      [400, 'invalid'],
      [400, 'invalid'],
    ])
    expect(await search({})).toEqual([])
  })
})

describe('tags', () => {
  test('are put on and taken off, the same whatever their case', async () => {
    const { customerId } = await aCustomer(database.db, actor.workspaceId)
    expect((await call('POST', `/${customerId}/tags`, { tags: ['VIP', ' vip ', 'Ünïque'] })).body.tags).toEqual([
      'vip',
      'ünïque',
    ])
    await call('POST', `/${customerId}/tags`, { tags: ['vip'] })
    expect((await call('POST', `/${customerId}/tags/remove`, { tags: ['Vip', 'other'] })).body.tags).toEqual(['ünïque'])
    expect(await events()).toEqual([
      ['tagged', ['tags']],
      ['tagged', ['tags']],
    ])
  })

  test('are fifty at most and never empty', async () => {
    const { customerId } = await aCustomer(database.db, actor.workspaceId, {
      tags: Array.from({ length: 49 }, (_, i) => `t${i}`),
    })
    const add = async (...tags: string[]) => {
      const { status, body } = await call('POST', `/${customerId}/tags`, { tags })
      return [status, body.code]
    }
    expect(await add('t1', 'new', 'newer')).toEqual([422, 'customers.too_many_tags'])
    expect(await add('t1', 'new')).toEqual([200, undefined])
    expect(await add('t1', 'new')).toEqual([200, undefined])
    expect(await add('\u0000')).toEqual([422, 'customers.bad_tag'])
    expect((await call('GET', `/${customerId}`)).body.tags).toHaveLength(50)
  })
})

describe('notes', () => {
  test('are written by a member, listed newest first, and taken away', async () => {
    const { customerId } = await aCustomer(database.db, actor.workspaceId)
    const author = randomUUIDv7()
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      actor = { ...actor, kind: 'member', id: author, at: later(i * 1000) }
      const { body } = await call<CustomerNote>('POST', `/${customerId}/notes`, { body: `note ${i}\u0000` })
      expect(body).toEqual({
        id: expect.any(String),
        authorId: author,
        body: `note ${i}`,
        createdAt: later(i * 1000).toISOString(),
      })
      ids.push(body.id)
    }
    const page = (after?: string) =>
      database.db.read(actor, (tx) => listNotes(tx, actor, customerId, { limit: 2, ...(after && { after }) }))
    const first = await page()
    const second = await page(first.next!)
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed())
    expect(second.next).toBeNull()
    expect((await call('DELETE', `/${customerId}/notes/${ids[1]}`)).status).toBe(204)
    expect((await call('DELETE', `/${customerId}/notes/${ids[1]}`)).status).toBe(404)
    expect((await call('GET', `/${customerId}/notes`)).body.items.map(({ id }) => id)).toEqual([ids[2], ids[0]])
    expect((await call('GET', `/${customerId}`)).body.noteCount).toBe(2)
    expect((await call('POST', `/${customerId}/notes`, { body: ' \n ' })).body.code).toBe('customers.empty_note')
    expect((await events()).map(([type]) => type)).toEqual([
      'note_written',
      'note_written',
      'note_written',
      'note_removed',
    ])
  })

  test('belong to their customer', async () => {
    const [one, two] = [
      await aCustomer(database.db, actor.workspaceId),
      await aCustomer(database.db, actor.workspaceId),
    ]
    const { body } = await call<CustomerNote>('POST', `/${one.customerId}/notes`, { body: 'hello' })
    expect((await call('DELETE', `/${two.customerId}/notes/${body.id}`)).status).toBe(404)
    expect((await call('GET', `/${one.customerId}/notes`)).body.items).toHaveLength(1)
  })
})

test('blocking keeps the first time and the last reason, and can be undone', async () => {
  const { customerId } = await aCustomer(database.db, actor.workspaceId)
  expect((await call('POST', `/${customerId}/block`, { reason: 'threats' })).body).toMatchObject({
    blocked: true,
    blockedAt: NOW.toISOString(),
    blockedReason: 'threats',
  })
  await call('POST', `/${customerId}/block`, { reason: 'threats' })
  actor = { ...actor, at: later(1000) }
  expect((await call('POST', `/${customerId}/block`, { reason: 'threats, again' })).body).toMatchObject({
    blockedAt: NOW.toISOString(),
    blockedReason: 'threats, again',
  })
  expect((await call('POST', `/${customerId}/unblock`)).body).toMatchObject({
    blocked: false,
    blockedAt: null,
    blockedReason: null,
  })
  expect((await events()).map(([type]) => type)).toEqual(['blocked', 'blocked', 'unblocked'])
})

test('an id of another workspace is answered as one that never was', async () => {
  const { customerId } = await aCustomer(database.db, actor.workspaceId)
  const { body: note } = await call<CustomerNote>('POST', `/${customerId}/notes`, { body: 'hello' })
  actor = await aTenant()
  const ask = (id: string, noteId: string) =>
    Promise.all([
      call('GET', `/${id}`),
      call('PATCH', `/${id}`, { name: 'Mine' }),
      call('POST', `/${id}/tags`, { tags: ['x'] }),
      call('POST', `/${id}/tags/remove`, { tags: ['x'] }),
      call('POST', `/${id}/block`, { reason: 'because' }),
      call('POST', `/${id}/unblock`),
      call('GET', `/${id}/notes`),
      call('POST', `/${id}/notes`, { body: 'x' }),
      call('DELETE', `/${id}/notes/${noteId}`),
    ])
  const replies = await ask(customerId, note.id)
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 404))
  expect(replies).toEqual(await ask(randomUUIDv7(), randomUUIDv7()))
})
