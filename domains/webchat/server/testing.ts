// What the tests of this domain share: a chat with its routes on a real server, and its visitors' calls. What visitors do is
// taken in by the very functions that intake calls.
import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import {
  createConnection,
  openAccepting,
  openKnownConnections,
  type KnownConnection,
  type KnownConnections,
} from '#connections/server'
import { knowSpeakers, speakerKey } from '#customers/server'
import { storeInbound } from '#inbox/server'
import { programActor } from '#platform/actor'
import { testClock, type TestClock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import type { Keyring } from '#platform/crypto'
import type { Database } from '#platform/db/database'
import { tailEvents } from '#platform/events/tail'
import { createLimiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { createWorkspace } from '#workspaces/server'
import { webchatRoutes, type Visit, type VisitMessage } from '../contract.ts'
import { createVisitorOf, webchatPlugin, type AgentTyping } from './index.ts'

export const PREFIX = '/widget/v1'
const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const log = pino({ level: 'silent' })

export interface Desk extends AsyncDisposable {
  readonly db: Database
  readonly app: FastifyInstance
  readonly clock: TestClock
  readonly workspaceId: string
  readonly keyring: Keyring
  readonly known: KnownConnections
  readonly chat: KnownConnection
  readonly key: string
  readonly files: Map<string, Buffer>
  /** What the desk was shown of visitors typing, and the way to show visitors that the desk does. */
  readonly shown: AgentTyping[]
  readonly taken: Set<number>
  typing: (typing: AgentTyping) => void
  hours: { openNow: boolean; nextOpening: Date | null } | null
}

export async function aDesk(
  db: Database,
  settings: Record<string, unknown> = {},
  state: KnownConnection['state'] = 'active',
): Promise<Desk> {
  const clock = testClock('2026-11-23T10:00:00Z')
  const keyId = randomBytes(8).toString('hex')
  const keyring: Keyring = {
    currentId: keyId,
    keys: new Map([[keyId, createSecretKey(randomBytes(32))]]),
    root: createSecretKey(randomBytes(32)),
  }
  const owner = { userId: randomUUID(), name: 'Odette Owner', email: `${randomUUID()}@shop.example` }
  const { workspaceId } = await db.system((tx) =>
    createWorkspace(tx, clock.now(), { name: 'Shop', timeZone: 'UTC', locale: 'en', owner }),
  )
  const actor = programActor(workspaceId, clock.now())
  const known = openKnownConnections(db, keyring)
  const { id } = await db.write(actor, (tx) =>
    createConnection(
      tx,
      actor,
      { channel: 'webchat', name: 'Shop desk', settings: { ...settings, identitySecret: SECRET } },
      { keyring },
    ),
  )
  const chat = { ...(await known.byId(workspaceId, id))!, state }
  const tail = await tailEvents(db, log)
  const visitorOf = createVisitorOf({ db, clock })
  const app = await createServer({
    log,
    trustProxy: true,
    publicOrigin: () => '',
    limiter: createLimiter(clock),
    authorize: async (request, { access }) => {
      if (access === 'public') return null
      const visitor = await visitorOf(request)
      if (!visitor) throw new Problem(401, 'unauthenticated', 'Who are you?')
      return visitor
    },
  })
  const key = randomUUID()
  const files = new Map<string, Buffer>()
  const desk: Desk = {
    db,
    app,
    clock,
    workspaceId,
    keyring,
    known,
    chat,
    key,
    files,
    shown: [],
    taken: new Set(),
    typing: () => {},
    hours: null,
    async [Symbol.asyncDispose]() {
      await app.close()
      await tail[Symbol.asyncDispose]()
    },
  }
  await app.register(
    webchatPlugin({
      db,
      clock,
      log,
      accept: openAccepting(db),
      connectionByKey: async (wanted) => (wanted === key ? { ...(await known.byId(workspaceId, id))!, state } : null),
      connectionById: (workspace, id) => known.byId(workspace, id),
      hoursOf: async () => desk.hours,
      subscribe: (listener) => tail.subscribe(listener),
      storeUpload: async (stream, name, mediaType) => {
        const bytes = Buffer.concat(await stream.toArray())
        const sha256 = createHmac('sha256', 'x').update(bytes).digest('hex')
        files.set(sha256, bytes)
        const kind = mediaType.startsWith('image/') ? 'image' : 'other'
        return { sha256, size: bytes.length, mediaType, kind, name, width: null, height: null }
      },
      openFile: async (sha256) => (files.has(sha256) ? Readable.from([files.get(sha256)!]) : null),
      showTyping: (typing) => void desk.shown.push(typing),
      onTyping: (listener) => {
        desk.typing = listener
        return () => {}
      },
      caps: { visitsPerHour: 4 },
    }),
    { prefix: PREFIX },
  )
  return desk
}

export interface Call {
  readonly token?: string
  readonly body?: unknown
  readonly origin?: string
  readonly address?: string
  readonly query?: Record<string, string>
  readonly params?: Record<string, string>
}

/** Calls a route as a browser would; `json` is what the server said, null where that was no JSON. */
export async function call(desk: Desk, name: keyof typeof webchatRoutes, given: Call = {}) {
  const { token, body, origin, address = '203.0.113.7', query = {}, params = {} } = given
  const { method, path } = webchatRoutes[name]
  const at = path.replace(/:(\w+)/g, (_, field: string) => params[field] ?? '')
  const response = await desk.app.inject({
    method,
    url: `${PREFIX}${at}?${new URLSearchParams({ key: desk.key, ...query })}`,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(origin && { origin }),
      'x-forwarded-for': address,
    },
    ...(body !== undefined && { payload: body as object }),
  })
  const isJson = response.headers['content-type']?.toString().includes('json')
  const json = isJson ? response.json() : null
  return { status: response.statusCode, headers: response.headers, json, text: response.body }
}

export async function aVisitor(desk: Desk, body: object = {}): Promise<{ token: string; visit: Visit }> {
  const address = `198.51.100.${Math.floor(Math.random() * 250)}-${randomUUID()}`
  const { json, status } = await call(desk, 'startVisit', { body, address })
  if (status !== 200) throw new Error(JSON.stringify(json))
  return json
}

export const sign = (userId: string): string => createHmac('sha256', SECRET).update(userId).digest('hex')

const deliveries = (desk: Desk) =>
  desk.db.system((tx) =>
    tx.selectFrom('deliveries').selectAll().where('workspaceId', '=', desk.workspaceId).orderBy('seq').execute(),
  )

/** What was handed over, as it was written down. */
export const bodies = async (desk: Desk) =>
  (await deliveries(desk)).map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>)

/** What was handed over, as the channel understands it. */
export async function understood(desk: Desk) {
  const context = { connectionId: desk.chat.id, settings: {} }
  const rows = await deliveries(desk)
  const all = await Promise.all(
    rows.map(async ({ seq, id, body, receivedAt }) => {
      const events = await desk.chat.connector.receive({ id, headers: {}, body, receivedAt }, context)
      return events.map((event) => ({ seq, event }))
    }),
  )
  return all.flat()
}

/** Takes messages in that came since the last time. */
export async function takeIn(desk: Desk): Promise<void> {
  const actor = programActor(desk.workspaceId, desk.clock.now())
  const source = { connectionId: desk.chat.id, channel: desk.chat.channel, teamId: null }
  for (const { seq, event } of await understood(desk)) {
    if (event.type !== 'message' || desk.taken.has(seq)) continue
    desk.taken.add(seq)
    const speaker = { channel: source.channel, ...event.author, at: event.at }
    await desk.db.write(actor, async (tx) => {
      const speakers = await knowSpeakers(tx, actor, [speaker])
      const item = { source, message: event, speaker: speakers.get(speakerKey(speaker))!, receivedAt: event.at }
      await storeInbound(tx, actor, [item])
    })
  }
}

/** Lets a visitor write; answers the conversation in which it ended. */
export async function write(
  desk: Desk,
  { token, visit }: { token: string; visit: Visit },
  text = 'Hi',
): Promise<string> {
  const { status, json } = await call(desk, 'postMessage', { token, body: { clientId: randomUUID(), text } })
  if (status !== 200) throw new Error(JSON.stringify(json))
  await takeIn(desk)
  const { id } = await desk.db.read({ workspaceId: desk.workspaceId }, (tx) =>
    tx
      .selectFrom('conversations as c')
      .innerJoin('visitors as v', 'v.threadKey', 'c.threadKey')
      .select('c.id')
      .where('v.id', '=', visit.visitorId)
      .executeTakeFirstOrThrow(),
  )
  return id
}

/** A stream over a real connection, since only that can be cut. */
export async function openTestStream(desk: Desk, base: string, token: string, after?: string) {
  const abort = new AbortController()
  const query = new URLSearchParams({ key: desk.key, ...(after && { after }) })
  const response = await fetch(`${base}${PREFIX}/stream?${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  let text = ''
  const ended = (async () => {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) text += part
  })().catch(() => {})
  const field = (part: string, name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1]
  const frames = () =>
    text
      .split('\n\n')
      .filter((part) => part.includes('data: '))
      .map((part) => ({
        event: field(part, 'event'),
        id: field(part, 'id'),
        data: JSON.parse(field(part, 'data')!) as { messages?: VisitMessage[]; [name: string]: unknown },
      }))
  return {
    frames,
    ended,
    text: () => text,
    /** What stands there, as the widget shows it: a message that comes again is the same one. */
    said: () => {
      const all = frames().flatMap(({ data }) => data.messages ?? [])
      return [...new Map(all.map(({ id, text }) => [id, text])).values()]
    },
    close: () => abort.abort(),
    async until(found: () => boolean): Promise<void> {
      for (let tries = 0; !found(); tries++) {
        if (tries > 3200) throw new Error(`nothing came: ${text}`)
        await sleep(25)
      }
    },
  }
}
