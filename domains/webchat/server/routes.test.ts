import { createHmac, randomUUID, randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { webchat } from '#channels/webchat/index'
import { openAccepting, type KnownConnection } from '#connections/server'
import { inboxEvents } from '#inbox/contract'
import { programActor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import { emitter } from '#platform/events/emit'
import { tailEvents, type EventTail } from '#platform/events/tail'
import { createLimiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { useDatabase } from '#platform/testing/database'
import { webchatRoutes, type VisitMessage } from '../contract.ts'
import { createVisitorOf, webchatPlugin, type AgentTyping } from './index.ts'

const database = useDatabase()
const clock = testClock('2026-11-23T10:00:00Z')
const log = pino({ level: 'silent' })
const emit = emitter(inboxEvents)
const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const PREFIX = '/widget/v1'

interface Desk {
  readonly app: FastifyInstance
  readonly workspaceId: string
  readonly chat: KnownConnection
  readonly key: string
  readonly base: string
  readonly shown: AgentTyping[]
  typing: (typing: AgentTyping) => void
  hours: { openNow: boolean; nextOpening: Date | null } | null
}

let desk: Desk
let tail: EventTail
const files = new Map<string, Buffer>()

beforeEach(async () => {
  clock.set(new Date('2026-11-23T10:00:00Z'))
  desk = await aDesk()
})
afterEach(async () => {
  await desk.app.close()
  await tail[Symbol.asyncDispose]()
})

async function aDesk(
  settings: Record<string, unknown> = {},
  state: KnownConnection['state'] = 'active',
): Promise<Desk> {
  const { db } = database
  const workspaceId = randomUUIDv7()
  const key = `k${randomUUID()}`
  const id = randomUUIDv7()
  await db.system((tx) =>
    tx
      .insertInto('workspaces')
      .values({ id: workspaceId, slug: `w${workspaceId.slice(-12)}`, name: 'Shop', createdAt: clock.now() })
      .execute(),
  )
  await db.write({ workspaceId }, (tx) =>
    tx
      .insertInto('connections')
      .values({
        workspaceId,
        id,
        channel: 'webchat',
        name: 'Shop desk',
        publicKey: key,
        settings: JSON.stringify(settings),
        createdAt: clock.now(),
      })
      .execute(),
  )
  const chat: KnownConnection = {
    workspaceId,
    id,
    channel: 'webchat',
    connector: webchat,
    name: 'Shop desk',
    state,
    settings,
    credentials: { identitySecret: SECRET },
    teamId: null,
    serviceHoursId: null,
    isSample: false,
  }
  tail = await tailEvents(db, log)
  const visitorOf = createVisitorOf({ db, clock })
  const app = await createServer({
    log,
    trustProxy: true,
    publicOrigin: () => '',
    limiter: createLimiter(clock),
    authorize: async (request, { access }) => {
      if (access === 'public') return null
      const actor = await visitorOf(request)
      if (!actor) throw new Problem(401, 'unauthenticated', 'Who are you?')
      return actor
    },
  })
  const made: Desk = { app, workspaceId, chat, key, base: '', shown: [], typing: () => {}, hours: null }
  await app.register(
    webchatPlugin({
      db,
      clock,
      log,
      accept: openAccepting(db),
      connectionByKey: async (wanted) => (wanted === key ? chat : null),
      hoursOf: async () => made.hours,
      subscribe: (listener) => tail.subscribe(listener),
      storeUpload: async (stream, name, mediaType) => {
        const bytes = Buffer.concat(await stream.toArray())
        const sha256 = createHmac('sha256', 'x').update(bytes).digest('hex')
        files.set(sha256, bytes)
        return {
          sha256,
          size: bytes.length,
          mediaType,
          kind: mediaType.startsWith('image/') ? 'image' : 'other',
          name,
          width: null,
          height: null,
        }
      },
      openFile: async (sha256) => (files.has(sha256) ? Readable.from([files.get(sha256)!]) : null),
      showTyping: (typing) => void made.shown.push(typing),
      onTyping: (listener) => {
        made.typing = listener
        return () => {}
      },
      caps: { visitsPerHour: 4 },
    }),
    { prefix: PREFIX },
  )
  return made
}

interface Call {
  readonly token?: string
  readonly body?: unknown
  readonly origin?: string
  readonly address?: string
  readonly query?: Record<string, string>
}

async function call(
  name: keyof typeof webchatRoutes,
  { token, body, origin, address, query = {} }: Call = {},
  params: Record<string, string> = {},
) {
  const { method, path } = webchatRoutes[name]
  const at = path.replace(/:(\w+)/g, (_, field: string) => params[field] ?? '')
  const response = await desk.app.inject({
    method,
    url: `${PREFIX}${at}?${new URLSearchParams({ key: desk.key, ...query })}`,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(origin && { origin }),
      'x-forwarded-for': address ?? '203.0.113.7',
    },
    ...(body !== undefined && { payload: body as object }),
  })
  const json = response.headers['content-type']?.toString().includes('json') ? response.json() : null
  return { status: response.statusCode, headers: response.headers, json, text: response.body }
}

async function aVisitor(body: object = {}, address = `198.51.100.${Math.floor(Math.random() * 250)}`) {
  const { json, status } = await call('startVisit', { body, address })
  expect(status, JSON.stringify(json)).toBe(200)
  return json as { token: string; visit: { visitorId: string; verified: boolean } }
}

/** What intake would have made of the visitor's first message. */
async function aLine(visitorId: string, state = 'open'): Promise<string> {
  const { db } = database
  const { workspaceId, chat } = desk
  return db.write(programActor(workspaceId, clock.now()), async (tx) => {
    const { threadKey } = await tx
      .selectFrom('visitors')
      .select('threadKey')
      .where('id', '=', visitorId)
      .executeTakeFirstOrThrow()
    const [customerId, id, now] = [randomUUIDv7(), randomUUIDv7(), clock.now()]
    await tx
      .insertInto('customers')
      .values({ workspaceId, id: customerId, firstSeenAt: now, lastSeenAt: now })
      .execute()
    await tx
      .insertInto('conversations')
      .values({
        workspaceId,
        id,
        connectionId: chat.id,
        channel: 'webchat',
        threadKey,
        customerId,
        visibility: 'private',
        shape: 'line',
        state,
        firstMessageAt: now,
        lastActivityAt: now,
        priorityAt: now,
      })
      .execute()
    await emit(tx, programActor(workspaceId, now), 'inbox.conversation_opened', {
      subjectId: id,
      data: { conversationId: id, changed: ['state'] },
    })
    return id
  })
}

interface Said {
  readonly kind?: string
  readonly state?: string
  readonly body?: string
  readonly externalId?: string
  readonly attachmentCount?: number
}

async function say(
  conversationId: string,
  { kind = 'out', state = 'sent', body = 'Hello', externalId, attachmentCount = 0 }: Said = {},
): Promise<string> {
  const { workspaceId } = desk
  const actor = programActor(workspaceId, clock.now())
  return database.db.write(actor, async (tx) => {
    const id = randomUUIDv7()
    await tx
      .insertInto('messages')
      .values({
        workspaceId,
        id,
        conversationId,
        episode: 1,
        kind,
        visibility: 'private',
        authorName: kind === 'in' ? null : 'Mia',
        externalId: externalId ?? null,
        body,
        attachmentCount,
        occurredAt: actor.at,
        receivedAt: actor.at,
        state: kind === 'out' ? state : null,
      })
      .execute()
    await emit(tx, actor, 'inbox.message_received', {
      subjectId: conversationId,
      data: { conversationId, messageId: id },
    })
    return id
  })
}

const deliveries = () =>
  database.db.system((tx) =>
    tx.selectFrom('deliveries').selectAll().where('workspaceId', '=', desk.workspaceId).orderBy('seq').execute(),
  )
const bodies = async () => (await deliveries()).map(({ body }) => JSON.parse(body.toString()) as Record<string, any>)
const understood = async () =>
  (await deliveries()).flatMap((row) =>
    webchat.receive(
      { id: row.id, headers: {}, body: row.body, receivedAt: row.receivedAt },
      { connectionId: desk.chat.id, settings: {} },
    ),
  )
const sign = (userId: string) => createHmac('sha256', SECRET).update(userId).digest('hex')

describe('a page that shows the chat', () => {
  test('learns how it looks without being anybody', async () => {
    desk.hours = { openNow: false, nextOpening: new Date('2026-11-24T08:00:00Z') }
    const { status, json } = await call('getWidgetConfig')
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
    await desk.app.close()
    await tail[Symbol.asyncDispose]()
    desk = await aDesk({ origins: ['https://shop.example'] })
    const [right, wrong] = [
      await call('getWidgetConfig', { origin: 'https://shop.example' }),
      await call('getWidgetConfig', { origin: 'https://evil.example' }),
    ]
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
    await desk.app.close()
    await tail[Symbol.asyncDispose]()
    desk = await aDesk({}, 'paused')
    expect((await call('getWidgetConfig')).json.paused).toBe(true)
    expect((await call('startVisit', { body: {} })).json.code).toBe('webchat.paused')
  })
})

describe('a visitor', () => {
  test('gets a token of which only the hash is kept', async () => {
    const { token } = await aVisitor()
    expect(token).toMatch(/^rv_[\w-]{43}$/)
    const rows = await database.db.system((tx) =>
      tx.selectFrom('visits').selectAll().where('workspaceId', '=', desk.workspaceId).execute(),
    )
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('is vouched for by the page’s signature, on every device, and never by a wrong one', async () => {
    const identity = { userId: 'u-1', hmac: sign('u-1'), name: 'Ana' }
    const [first, second] = [await aVisitor({ identity }), await aVisitor({ identity })]
    expect(first.visit).toMatchObject({ verified: true, name: 'Ana' })
    expect(second.visit.visitorId).toBe(first.visit.visitorId)
    expect(second.token).not.toBe(first.token)
    const wrong = await call('startVisit', { body: { identity: { ...identity, userId: 'u-2' } } })
    expect(wrong.status).toBe(403)
    expect(wrong.json.code).toBe('webchat.identity_refused')
  })

  test('keeps the line begun before signing in, once, and nobody takes over a known person’s line', async () => {
    const before = await aVisitor()
    await aLine(before.visit.visitorId)
    const known = await aVisitor({ identity: { userId: 'u-7', hmac: sign('u-7') }, formerToken: before.token })
    expect(known.visit.visitorId).toBe(before.visit.visitorId)
    expect(known.visit).toMatchObject({ line: { state: 'open' } })
    expect((await bodies()).at(-1)).toMatchObject({ type: 'identity', person: { id: 'user:u-7', verified: true } })
    const other = await aVisitor({ identity: { userId: 'u-8', hmac: sign('u-8') }, formerToken: known.token })
    expect(other.visit.visitorId).not.toBe(known.visit.visitorId)
  })

  test('must say who they are where the owner asks for it', async () => {
    await desk.app.close()
    await tail[Symbol.asyncDispose]()
    desk = await aDesk({ prechat: 'required' })
    expect((await call('startVisit', { body: { contact: { name: 'Ana' } } })).json.code).toBe('webchat.contact_missing')
    expect((await aVisitor({ contact: { name: 'Ana', email: 'ana@example.org' } })).visit).toMatchObject({
      email: 'ana@example.org',
    })
  })

  test('cannot begin visits without end from one address', async () => {
    for (let i = 0; i < 4; i++) await aVisitor({}, '192.0.2.1')
    const refused = await call('startVisit', { body: {}, address: '192.0.2.1' })
    expect(refused.status).toBe(429)
    expect(refused.json.code).toBe('webchat.too_many_visits')
    await aVisitor({}, '192.0.2.2')
    clock.advance(61 * 60_000)
    await aVisitor({}, '192.0.2.1')
  })

  test('who ends the visit leaves a token that opens nothing', async () => {
    const { token } = await aVisitor()
    expect((await call('endVisit', { token })).status).toBe(204)
    expect((await call('resumeVisit', { token })).status).toBe(401)
  })
})

describe('a message', () => {
  test('is stored as a delivery that the channel understands, the same on a second try', async () => {
    const { token, visit } = await aVisitor({ contact: { name: 'Ana', email: 'ana@example.org' }, locale: 'de' })
    const clientId = randomUUID()
    const body = { clientId, text: 'Where is \u0000my parcel?', pageUrl: 'https://shop.example/cart?secret=1#x' }
    expect((await call('postMessage', { token, body })).json).toMatchObject({ clientId })
    await call('postMessage', { token, body })
    const [first, second] = await understood()
    expect(first).toMatchObject({
      type: 'message',
      externalId: `${visit.visitorId}:${clientId}`,
      text: 'Where is my parcel?',
      author: {
        externalId: `visitor:${visit.visitorId}`,
        verified: false,
        name: 'Ana',
        email: 'ana@example.org',
        locale: 'de',
      },
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
    const { token } = await aVisitor()
    expect((await call('postMessage', { token, body: { clientId: randomUUID(), text: '  ' } })).json.code).toBe(
      'webchat.empty_message',
    )
    expect(
      (await call('postMessage', { token, body: { clientId: randomUUID(), text: 'x'.repeat(5001) } })).status,
    ).toBe(400)
    expect(await deliveries()).toHaveLength(0)
  })

  test('of a flood is refused with the time to wait', async () => {
    const { token } = await aVisitor()
    const post = () => call('postMessage', { token, body: { clientId: randomUUID(), text: 'x' } })
    for (let i = 0; i < 30; i++) expect((await post()).status).toBe(200)
    const refused = await post()
    expect(refused.json).toMatchObject({ code: 'webchat.too_many_messages', details: { seconds: expect.any(Number) } })
  })

  test('carries files that its visitor sent up, and nobody else’s', async () => {
    const [ana, eve] = [await aVisitor(), await aVisitor()]
    const sent = await upload(ana.token, 'image/png', 'cat.png', 'PNG')
    expect(sent.json).toMatchObject({ name: 'cat.png', kind: 'image', size: 3 })
    const body = { clientId: randomUUID(), text: '', attachmentIds: [sent.json.id] }
    expect((await call('postMessage', { token: eve.token, body })).json.code).toBe('webchat.no_such_upload')
    expect((await call('postMessage', { token: ana.token, body })).status).toBe(200)
    expect((await understood())[0]).toMatchObject({
      media: [{ name: 'cat.png', stored: { size: 3, kind: 'image', mediaType: 'image/png' } }],
    })
    expect((await upload(ana.token, 'text/html', 'x.html', '<p>')).json.code).toBe('webchat.file_refused')
    expect((await upload(ana.token, 'text/plain', 'x.txt', '')).json.code).toBe('files.empty')
  })
})

async function upload(token: string, mediaType: string, name: string, text: string) {
  const boundary = 'xxBOUNDARYxx'
  const payload = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${mediaType}\r\n\r\n${text}\r\n--${boundary}--\r\n`
  const response = await desk.app.inject({
    method: 'POST',
    url: `${PREFIX}/files?key=${desk.key}`,
    payload,
    headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
  })
  return { status: response.statusCode, json: response.json() }
}

describe('the thread', () => {
  test('shows what was said between visitor and desk, and nothing else', async () => {
    const { token, visit } = await aVisitor()
    const line = await aLine(visit.visitorId)
    const clientId = randomUUID()
    await say(line, { kind: 'in', body: 'Hi', externalId: `${visit.visitorId}:${clientId}` })
    clock.advance(1000)
    for (const state of ['held', 'queued', 'sending', 'failed', 'unknown', 'cancelled'])
      await say(line, { state, body: `secret ${state}` })
    await say(line, { kind: 'note', body: 'secret note' })
    await say(line, { kind: 'system', body: 'secret system' })
    await say(line, { body: 'Good morning' })
    const { json, text } = await call('listVisitMessages', { token })
    expect(
      json.items.map(({ from, text: said, author, clientId: own }: VisitMessage) => [from, said, author, own]),
    ).toEqual([
      ['desk', 'Good morning', 'Mia', null],
      ['visitor', 'Hi', null, clientId],
    ])
    expect(text).not.toContain('secret')
    const transcript = await call('getTranscript', { token, query: { timeZone: 'Europe/Berlin' } })
    expect(transcript.text).toContain('2026-11-23 11:00')
    expect(transcript.text).toContain('Good morning')
    expect(transcript.text).not.toContain('secret')
  })

  test('pages from its end without a gap or a double, also among messages of one moment', async () => {
    const { token, visit } = await aVisitor()
    const line = await aLine(visit.visitorId)
    for (let i = 0; i < 90; i++) await say(line, { body: String(i) })
    const seen: string[] = []
    for (let after: string | null = ''; after !== null;) {
      const { json } = await call('listVisitMessages', { token, query: { ...(after && { after }) } })
      seen.push(...json.items.map(({ text }: VisitMessage) => text))
      after = json.next
    }
    expect(seen).toEqual(Array.from({ length: 90 }, (_, i) => String(89 - i)))
  })

  test('begins anew only once the last one was resolved', async () => {
    const { token, visit } = await aVisitor()
    const line = await aLine(visit.visitorId)
    await say(line)
    expect((await call('startLine', { token })).json.code).toBe('webchat.still_open')
    await database.db.write({ workspaceId: desk.workspaceId }, (tx) =>
      tx.updateTable('conversations').set({ state: 'resolved' }).where('id', '=', line).execute(),
    )
    expect((await call('startLine', { token })).json.line.state).toBe('none')
    expect((await call('listVisitMessages', { token })).json.items).toEqual([])
    await call('postMessage', { token, body: { clientId: randomUUID(), text: 'again' } })
    expect((await bodies()).at(-1)).toMatchObject({ thread: `visitor:${visit.visitorId}:2` })
  })

  test('tells the product what reached the browser, once, and only of answers in the own line', async () => {
    const [ana, eve] = [await aVisitor(), await aVisitor()]
    const line = await aLine(ana.visit.visitorId)
    const [answer, mine] = [await say(line), await say(line, { kind: 'in' })]
    expect(
      (await call('confirmMessages', { token: eve.token, body: { messageIds: [answer], state: 'read' } })).status,
    ).toBe(204)
    expect(await deliveries()).toHaveLength(0)
    await call('confirmMessages', {
      token: ana.token,
      body: { messageIds: [answer, mine, randomUUID()], state: 'delivered' },
    })
    expect(await understood()).toEqual([{ type: 'receipt', at: clock.now(), externalId: answer, state: 'delivered' }])
  })
})

describe('one visitor’s token', () => {
  test('opens nothing of another’s, on any route', async () => {
    const [ana, eve] = [await aVisitor({ contact: { name: 'Ana Secret', email: 'ana@example.org' } }), await aVisitor()]
    const line = await aLine(ana.visit.visitorId)
    const secret = await say(line, { body: 'Ana’s secret', attachmentCount: 1 })
    const file = randomUUIDv7()
    files.set('f'.repeat(64), Buffer.from('secret bytes'))
    await database.db.write({ workspaceId: desk.workspaceId }, (tx) =>
      tx
        .insertInto('attachments')
        .values({
          workspaceId: desk.workspaceId,
          id: file,
          messageId: secret,
          conversationId: line,
          name: 'a.png',
          mediaType: 'image/png',
          kind: 'image',
          size: 12,
          sha256: 'f'.repeat(64),
          state: 'stored',
          createdAt: clock.now(),
        })
        .execute(),
    )
    expect((await call('readFile', { token: ana.token }, { id: file })).text).toBe('secret bytes')
    const inputs: Partial<Record<keyof typeof webchatRoutes, Call>> = {
      saveContact: { body: { name: 'Eve' } },
      postMessage: { body: { clientId: randomUUID(), text: 'x' } },
      confirmMessages: { body: { messageIds: [secret], state: 'read' } },
      setTyping: { body: { typing: true } },
    }
    const visitorRoutes = (Object.keys(webchatRoutes) as (keyof typeof webchatRoutes)[]).filter(
      (name) => webchatRoutes[name].access === 'visitor',
    )
    const asked: string[] = []
    for (const name of visitorRoutes.filter(
      (one) => one !== 'endVisit' && one !== 'visitStream' && one !== 'uploadFile',
    )) {
      const answer = await call(name, { ...inputs[name], token: eve.token }, { id: file })
      expect(answer.text, name).not.toMatch(/secret|ana@/i)
      expect((await call(name, inputs[name], { id: file })).status, `${name} without a token`).toBe(401)
      expect(
        (await call(name, { ...inputs[name], token: `rv_${'A'.repeat(43)}` }, { id: file })).status,
        `${name} with a made-up token`,
      ).toBe(401)
      asked.push(name)
    }
    expect(asked.length).toBe(visitorRoutes.length - 3)
    expect((await call('readFile', { token: eve.token }, { id: file })).status).toBe(404)
    expect((await bodies()).filter(({ thread }) => String(thread).includes(ana.visit.visitorId))).toEqual([])
    expect(desk.shown).toEqual([])
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const stream = await openTestStream(base, eve.token)
    await say(line, { body: 'Another secret' })
    await sleep(300)
    expect(stream.text()).not.toMatch(/secret/i)
    stream.close()
  })

  test('opens nothing in another chat', async () => {
    const { token } = await aVisitor()
    const first = desk
    desk = await aDesk()
    expect((await call('resumeVisit', { token })).status).toBe(401)
    await first.app.close()
  })
})

async function openTestStream(base: string, token: string, after?: string) {
  const abort = new AbortController()
  const response = await fetch(
    `${base}${PREFIX}/stream?${new URLSearchParams({ key: desk.key, ...(after && { after }) })}`,
    {
      headers: { authorization: `Bearer ${token}` },
      signal: abort.signal,
    },
  )
  expect(response.status).toBe(200)
  let text = ''
  const reading = (async () => {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) text += part
  })().catch(() => {})
  const frames = () =>
    text
      .split('\n\n')
      .filter((part) => part.includes('data: '))
      .map((part) => ({
        event: /^event: (.*)$/m.exec(part)?.[1],
        id: /^id: (.*)$/m.exec(part)?.[1],
        data: JSON.parse(/^data: (.*)$/m.exec(part)![1]!),
      }))
  const until = async (found: () => boolean): Promise<void> => {
    for (let tries = 0; !found(); tries++) {
      if (tries > 200) throw new Error(`nothing came: ${text}`)
      await sleep(25)
    }
  }
  return {
    frames,
    until,
    text: () => text,
    ended: reading,
    said: () =>
      frames()
        .flatMap(({ data }) => (data.messages ?? []) as VisitMessage[])
        .map((message) => message.text),
    close: () => abort.abort(),
  }
}

describe('the stream', () => {
  test('begins with the thread, follows a line that is only now begun, and shows typing, reading and hours', async () => {
    desk.hours = { openNow: true, nextOpening: null }
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const { token, visit } = await aVisitor()
    const stream = await openTestStream(base, token)
    await stream.until(() => stream.frames().length >= 2)
    expect(stream.frames()[0]).toMatchObject({
      event: 'snapshot',
      data: { messages: [], next: null, line: { state: 'none' } },
    })
    expect(stream.frames()[1]).toMatchObject({ event: 'hours', data: { open: true } })
    const line = await aLine(visit.visitorId)
    await say(line, { kind: 'in', body: 'Hi', externalId: 'x:1' })
    await say(line, { kind: 'note', body: 'secret' })
    await say(line, { body: 'Hello there' })
    await stream.until(() => stream.said().includes('Hello there') && stream.said().includes('Hi'))
    desk.typing({ workspaceId: desk.workspaceId, conversationId: line, typing: true })
    desk.typing({ workspaceId: randomUUID(), conversationId: line, typing: false })
    await stream.until(() => stream.frames().some(({ event }) => event === 'typing'))
    expect(stream.frames().filter(({ event }) => event === 'typing')).toEqual([
      { event: 'typing', id: undefined, data: { typing: true } },
    ])
    await call('setTyping', { token, body: { typing: true } })
    expect(desk.shown).toEqual([{ workspaceId: desk.workspaceId, conversationId: line, typing: true }])
    expect(stream.text()).not.toContain('secret')
    stream.close()
  })

  test('resumed from where it stood misses nothing and repeats nothing', async () => {
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const { token, visit } = await aVisitor()
    const line = await aLine(visit.visitorId)
    await say(line, { body: 'one' })
    const first = await openTestStream(base, token)
    await first.until(() => first.said().length === 1)
    await say(line, { body: 'two' })
    await first.until(() => first.said().length === 2)
    first.close()
    await say(line, { body: 'three' })
    const place = first.frames().findLast(({ id }) => id)!.id!
    const again = await openTestStream(base, token, place)
    await again.until(() => again.said().length > 0)
    expect(again.frames()[0]!.event).toBe('changes')
    expect(again.said()).toEqual(['three'])
    again.close()
    // A place of another line or another life of the database means nothing: everything comes anew.
    const lost = await openTestStream(base, token, '9-1.1.1')
    await lost.until(() => lost.said().length === 3)
    expect(lost.frames()[0]!.event).toBe('snapshot')
    lost.close()
  })

  test('of a fourth window takes the place of the oldest', async () => {
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const { token } = await aVisitor()
    const open = []
    for (let i = 0; i < 4; i++) {
      const stream = await openTestStream(base, token)
      await stream.until(() => stream.frames().length > 0)
      open.push(stream)
    }
    await open[0]!.ended
    expect(open[0]!.text()).toContain('event: replaced')
    expect(open[3]!.text()).not.toContain('event: replaced')
    open.forEach((stream) => stream.close())
  })

  test('ends when the program does, so that nothing waits for it', async () => {
    const base = await desk.app.listen({ port: 0, host: '127.0.0.1' })
    const { token } = await aVisitor()
    const stream = await openTestStream(base, token)
    await stream.until(() => stream.frames().length > 0)
    await desk.app.close()
    await stream.ended
  })
})
