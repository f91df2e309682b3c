import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { aDesk, aVisitor, bodies, call, PREFIX, sign, understood, write, type Desk } from './testing.ts'

const database = useDatabase()
let desk: Desk

const open = async (
  ...given: Parameters<typeof aDesk> extends [unknown, ...infer Rest] ? Rest : never
): Promise<void> => {
  await desk?.[Symbol.asyncDispose]()
  desk = await aDesk(database.db, ...given)
}
beforeEach(() => open())
afterEach(() => desk?.[Symbol.asyncDispose]())

describe('a page that shows the chat', () => {
  test('learns how it looks without being anybody', async () => {
    desk.hours = { openNow: false, nextOpening: new Date('2026-11-24T08:00:00Z') }
    const { status, json } = await call(desk, 'getWidgetConfig')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      name: 'Shop desk',
      accents: { light: { accent: '#0f6e5c', ink: '#ffffff' } },
      prechat: 'none',
      hours: { open: false, opensAt: '2026-11-24T08:00:00.000Z' },
      paused: false,
    })
  })

  test('is refused where the owner did not allow it, and answered by its exact origin where they did', async () => {
    await open({ origins: ['https://shop.example'] })
    const right = await call(desk, 'getWidgetConfig', { origin: 'https://shop.example' })
    const wrong = await call(desk, 'getWidgetConfig', { origin: 'https://evil.example' })
    expect(right.headers['access-control-allow-origin']).toBe('https://shop.example')
    expect(right.headers['access-control-allow-credentials']).toBeUndefined()
    expect(wrong.status).toBe(403)
    expect(wrong.json.code).toBe('webchat.origin_refused')
    expect(wrong.headers['access-control-allow-origin']).toBeUndefined()
    const preflight = await desk.app.inject({
      method: 'OPTIONS',
      url: `${PREFIX}/messages?key=${desk.key}`,
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.statusCode).toBe(204)
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization')
  })

  test('with an unknown key learns nothing', async () => {
    const response = await desk.app.inject({ url: `${PREFIX}/config?key=${randomUUID()}` })
    expect(response.statusCode).toBe(404)
    expect(response.json().code).toBe('webchat.no_such_chat')
  })

  test('can begin nothing in a paused chat', async () => {
    await open({}, 'paused')
    expect((await call(desk, 'getWidgetConfig')).json.paused).toBe(true)
    expect((await call(desk, 'startVisit', { body: {} })).json.code).toBe('webchat.paused')
  })
})

describe('a visitor', () => {
  test('gets a token of which only the hash is kept', async () => {
    const { token } = await aVisitor(desk)
    expect(token).toMatch(/^rv_[\w-]{43}$/)
    const rows = await database.db.system((tx) =>
      tx.selectFrom('visits').selectAll().where('workspaceId', '=', desk.workspaceId).execute(),
    )
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('is vouched for by the page’s signature, on every device, and never by a wrong one', async () => {
    const identity = { userId: 'u-1', hmac: sign('u-1'), name: 'Ana' }
    const [first, second] = [await aVisitor(desk, { identity }), await aVisitor(desk, { identity })]
    expect(first.visit).toMatchObject({ verified: true, name: 'Ana' })
    expect(second.visit.visitorId).toBe(first.visit.visitorId)
    expect(second.token).not.toBe(first.token)
    const wrong = await call(desk, 'startVisit', { body: { identity: { ...identity, userId: 'u-2' } } })
    expect(wrong.status).toBe(403)
    expect(wrong.json.code).toBe('webchat.identity_refused')
  })

  test('keeps the line begun before signing in, and nobody takes over a known person’s line', async () => {
    const before = await aVisitor(desk)
    await write(desk, before)
    const identity = { userId: 'u-7', hmac: sign('u-7') }
    const known = await aVisitor(desk, { identity, formerToken: before.token })
    expect(known.visit.visitorId).toBe(before.visit.visitorId)
    expect(known.visit).toMatchObject({ line: { state: 'open' } })
    expect((await bodies(desk)).at(-1)).toMatchObject({ type: 'identity', person: { id: 'user:u-7', verified: true } })
    const stranger = { userId: 'u-8', hmac: sign('u-8') }
    const other = await aVisitor(desk, { identity: stranger, formerToken: known.token })
    expect(other.visit.visitorId).not.toBe(known.visit.visitorId)
  })

  test('must say who they are where the owner asks for it', async () => {
    await open({ prechat: 'required' })
    const nameless = await call(desk, 'startVisit', { body: { contact: { name: 'Ana' } } })
    expect(nameless.json.code).toBe('webchat.contact_missing')
    const contact = { name: 'Ana', email: 'ana@example.org' }
    expect((await aVisitor(desk, { contact })).visit).toMatchObject({ email: 'ana@example.org' })
  })

  test('cannot begin visits without end from one address', async () => {
    const start = (address: string) => call(desk, 'startVisit', { body: {}, address })
    for (let i = 0; i < 4; i++) expect((await start('192.0.2.1')).status).toBe(200)
    const refused = await start('192.0.2.1')
    expect(refused.status).toBe(429)
    expect(refused.json.code).toBe('webchat.too_many_visits')
    expect((await start('192.0.2.2')).status).toBe(200)
    desk.clock.advance(61 * 60_000)
    expect((await start('192.0.2.1')).status).toBe(200)
  })

  test('who ends the visit leaves a token that opens nothing', async () => {
    const { token } = await aVisitor(desk)
    expect((await call(desk, 'endVisit', { token })).status).toBe(204)
    expect((await call(desk, 'resumeVisit', { token })).status).toBe(401)
  })
})

describe('a message', () => {
  test('is stored as a delivery that the channel understands, the same on a second try', async () => {
    const contact = { name: 'Ana', email: 'ana@example.org' }
    const { token, visit } = await aVisitor(desk, { contact, locale: 'de' })
    const clientId = randomUUID()
    const pageUrl = 'https://shop.example/cart?secret=1#x'
    const body = { clientId, text: 'Where is \u0000my parcel?', pageUrl }
    expect((await call(desk, 'postMessage', { token, body })).json).toMatchObject({ clientId })
    await call(desk, 'postMessage', { token, body })
    const [first, second] = (await understood(desk)).map(({ event }) => event)
    expect(first).toMatchObject({
      type: 'message',
      externalId: `${visit.visitorId}:${clientId}`,
      text: 'Where is my parcel?',
      author: { externalId: `visitor:${visit.visitorId}`, verified: false, ...contact, locale: 'de' },
      thread: {
        key: `visitor:${visit.visitorId}:1`,
        shape: 'line',
        visibility: 'private',
        facts: { pageUrl: 'https://shop.example/cart', pageOpen: true },
      },
    })
    expect(second).toEqual(first)
  })

  test('that says nothing, or too much, is refused in words', async () => {
    const { token } = await aVisitor(desk)
    const post = (text: string) => call(desk, 'postMessage', { token, body: { clientId: randomUUID(), text } })
    expect((await post('  ')).json.code).toBe('webchat.empty_message')
    expect((await post('x'.repeat(5001))).status).toBe(400)
    expect(await bodies(desk)).toHaveLength(0)
  })

  test('of a flood is refused with the time to wait', async () => {
    const { token } = await aVisitor(desk)
    const post = () => call(desk, 'postMessage', { token, body: { clientId: randomUUID(), text: 'x' } })
    for (let i = 0; i < 30; i++) expect((await post()).status).toBe(200)
    const refused = await post()
    expect(refused.json).toMatchObject({
      code: 'webchat.too_many_messages',
      details: { seconds: expect.any(Number) as number },
    })
  })

  test('carries files that its visitor sent up, and nobody else’s', async () => {
    const [ana, eve] = [await aVisitor(desk), await aVisitor(desk)]
    const sent = await upload(ana.token, 'image/png', 'cat.png', 'PNG')
    expect(sent).toMatchObject({ name: 'cat.png', kind: 'image', size: 3 })
    const body = { clientId: randomUUID(), text: '', attachmentIds: [sent.id] }
    const stolen = await call(desk, 'postMessage', { token: eve.token, body })
    expect(stolen.json.code).toBe('webchat.no_such_upload')
    expect((await call(desk, 'postMessage', { token: ana.token, body })).status).toBe(200)
    expect((await understood(desk))[0]!.event).toMatchObject({
      media: [{ name: 'cat.png', stored: { size: 3, kind: 'image', mediaType: 'image/png' } }],
    })
    expect((await upload(ana.token, 'text/html', 'x.html', '<p>')).code).toBe('webchat.file_refused')
    expect((await upload(ana.token, 'text/plain', 'x.txt', '')).code).toBe('files.empty')
  })
})

async function upload(token: string, mediaType: string, name: string, text: string) {
  const boundary = 'xxBOUNDARYxx'
  const head = `content-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${mediaType}`
  const response = await desk.app.inject({
    method: 'POST',
    url: `${PREFIX}/files?key=${desk.key}`,
    payload: `--${boundary}\r\n${head}\r\n\r\n${text}\r\n--${boundary}--\r\n`,
    headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  return response.json()
}
