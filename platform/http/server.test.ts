import * as t from 'typebox'
import { beforeAll, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { programActor } from '../actor.ts'
import { testClock } from '../clock.ts'
import { implement } from '../contract/implement.ts'
import { Id, routes } from '../contract/kernel.ts'
import { Problem } from '../contract/problem.ts'
import { openDatabase } from '../db/database.ts'
import { startTestServer } from '../testing/http.ts'

const clock = testClock('2026-11-02T09:00:00Z')
const workspaceId = '00000000-0000-7000-8000-000000000001'
const table = routes({
  makeThing: {
    method: 'POST',
    path: '/things/:id',
    summary: 'Make a thing',
    access: 'things.make',
    params: t.Object({ id: Id }),
    query: t.Object({ size: t.Optional(t.Integer({ minimum: 1 })), loud: t.Optional(t.Boolean()) }),
    body: t.Object({
      name: t.String({ minLength: 1 }),
      count: t.Optional(t.Integer()),
      inner: t.Optional(t.Object({ a: t.Integer() })),
    }),
    reply: t.Object({ size: t.Optional(t.Unknown()), loud: t.Optional(t.Unknown()) }),
  },
  breakThings: {
    method: 'GET',
    path: '/broken/:how',
    summary: 'Break',
    access: 'public',
    params: t.Object({ how: t.String() }),
  },
  limited: { method: 'GET', path: '/limited', summary: 'Limited', access: 'public', limit: { perMinute: 3 } },
})

let app: FastifyInstance
beforeAll(async () => {
  // Nobody listens there: the database is away.
  const away = openDatabase({ url: 'postgres://nobody:x@127.0.0.1:1/none', size: 1 })
  app = await startTestServer({
    clock,
    authorize: async () => programActor(workspaceId, clock.now()),
    plugins: [
      implement(table)({
        makeThing: async ({ query }) => query,
        breakThings: async ({ params: { how } }) => {
          if (how === 'rule') throw new Problem(422, 'things.rule', 'No.', { details: { limit: 3 } })
          if (how === 'away') await away.read({ workspaceId }, async () => null)
          if (how === 'nul')
            throw Object.assign(new Error('invalid byte sequence for encoding "UTF8": 0x00'), { code: '22021' })
          throw new Error('password=hunter2 at /srv/secret.ts')
        },
        limited: async () => {},
      }),
    ],
  })
  return () => app.close()
})

const id = '00000000-0000-7000-8000-000000000002'
const make = (body: unknown, over: { query?: string; id?: string; headers?: Record<string, string> } = {}) =>
  app.inject({
    method: 'POST',
    url: `/api/things/${over.id ?? id}${over.query ?? ''}`,
    payload: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...over.headers },
  })

test('400 names the fields: missing, of the wrong kind, unknown, deep inside, and in the path', async () => {
  const fields = async (body: unknown, over = {}) => {
    const reply = await make(body, over)
    expect([reply.statusCode, reply.json().code]).toEqual([400, 'invalid'])
    return reply.json().fields.map(({ path }: { path: string }) => path)
  }
  expect(await fields({})).toEqual(['name'])
  expect(await fields({ name: '' })).toEqual(['name'])
  expect(await fields({ name: 'x', isAdmin: true })).toEqual(['isAdmin'])
  expect(await fields({ name: 'x', inner: { a: 1, b: 2 } })).toEqual(['inner.b'])
  expect(await fields({ name: 'x' }, { id: 'no-uuid' })).toEqual(['id'])
  expect(await fields({ name: 'x' }, { query: '?other=1' })).toEqual(['other'])
})

test('text becomes numbers and booleans in a query, and nowhere else', async () => {
  expect((await make({ name: 'x' }, { query: '?size=3&loud=true' })).json()).toEqual({ size: 3, loud: true })
  expect((await make({ name: 'x' }, { query: '?size=three' })).statusCode).toBe(400)
  expect((await make({ name: 'x', count: '3' })).statusCode).toBe(400)
})

test('too much, of the wrong type, or broken JSON is refused in words', async () => {
  expect((await make({ name: 'x'.repeat(1024 * 1024) })).json()).toMatchObject({ status: 413, code: 'too_large' })
  expect((await make('<a/>', { headers: { 'content-type': 'text/xml' } })).json()).toMatchObject({
    status: 415,
    code: 'unsupported_type',
  })
  expect((await make('{"name": ')).json()).toMatchObject({ status: 400, code: 'invalid' })
  expect((await make('{"__proto__": {"x": 1}, "name": "x"}')).statusCode).toBe(400)
})

test('whoever comes too often is told when to come back', async () => {
  const ask = () => app.inject({ url: '/api/limited', remoteAddress: '10.9.8.7' })
  for (let i = 0; i < 3; i++) expect((await ask()).statusCode).toBe(204)
  const refused = await ask()
  expect(refused.json()).toMatchObject({ status: 429, code: 'too_many' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await app.inject({ url: '/api/limited', remoteAddress: '10.9.8.8' })).statusCode).toBe(204)
  clock.advance(120_000)
  expect((await ask()).statusCode).toBe(204)
})

test('a request from another site that carries the cookie is refused; from our own, or without one, it is not', async () => {
  const from = async (headers: Record<string, string>) => (await make({ name: 'x' }, { headers })).statusCode
  const cookie = 'session=x'
  expect(await from({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await from({ cookie, 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await from({ cookie, origin: 'https://evil.example' })).toBe(403)
  expect(await from({ cookie, origin: 'null' })).toBe(403)
  expect(await from({ cookie, host: 'desk.example', origin: 'https://desk.example' })).toBe(200)
  expect(await from({ cookie, 'sec-fetch-site': 'same-origin' })).toBe(200)
  expect(await from({ origin: 'https://evil.example' })).toBe(200)
})

test('every reply carries the headers that keep browsers honest', async () => {
  for (const { headers } of [await make({ name: 'x' }), await make({}), await app.inject({ url: '/api/broken/x' })]) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toMatch(/script-src 'self';/)
    expect(headers['content-type']).toMatch(/^application\/json/)
  }
})

test('what breaks tells its kind and nothing of its inside', async () => {
  const broken = async (how: string) => (await app.inject({ url: `/api/broken/${how}` })).json()
  expect(await broken('rule')).toEqual({ status: 422, code: 'things.rule', message: 'No.', details: { limit: 3 } })
  expect(await broken('away')).toMatchObject({ status: 503, code: 'database_away' })
  expect(await broken('nul')).toMatchObject({ status: 400, code: 'invalid' })
  const inside = await broken('otherwise')
  expect(inside).toMatchObject({ status: 500, code: 'internal' })
  expect(JSON.stringify(inside)).not.toMatch(/hunter2|secret/)
})
