// A desk for the widget's browser tests: the real routes, accepting and intake on a real database, the built widget, and a
// shop's page on another origin whose policy allows nothing but the desk's scripts. Answers are written straight into the
// thread, as the sender leaves them, since the ten seconds in which an answer can be taken back are not the matter here.
import { createHmac, randomBytes, randomUUIDv7 } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import Fastify from 'fastify'
import pino from 'pino'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { openAccepting, openKnownConnections } from '#connections/server'
import { inboxEvents } from '#inbox/contract'
import { runIntake } from '#intake/server'
import { programActor } from '#platform/actor'
import { systemClock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import { seal } from '#platform/crypto'
import type { Database } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { tailEvents } from '#platform/events/tail'
import { openFileStore } from '#platform/files/store'
import { createLimiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { openKeyring } from '#platform/keyring'
import { createVisitorOf, webchatPlugin, type AgentTyping } from '#webchat/server'
import { servePages } from '../bin/program/pages.ts'

const log = pino({ level: process.env['RAPPORT_TEST_LOG'] ?? 'silent' })
const emit = emitter(inboxEvents)
const SECRET = 'the-shop-signs-with-this-secret-of-its-own'
export const widgetDirectory = new URL('../widget/dist', import.meta.url).pathname

export interface Desk {
  readonly base: string
  readonly shop: string
  readonly key: string
  readonly workspaceId: string
  readonly connectionId: string
  hours: { openNow: boolean; nextOpening: Date | null }
  readonly typing: { heard: AgentTyping[]; show: (typing: AgentTyping) => void }
  settings(settings: Record<string, unknown>): Promise<void>
  /** Ends the program as a crash would for those outside, and starts it again on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  thread(): Promise<{ id: string; kind: string; body: string; state: string | null; externalId: string | null }[]>
  conversations(): Promise<{ id: string; state: string; threadKey: string }[]>
  answer(conversationId: string, body: string, file?: { name: string; bytes: Buffer }): Promise<string>
  read(conversationId: string): Promise<void>
  resolve(conversationId: string): Promise<void>
  sign(userId: string): string
  close(): Promise<void>
}

export async function aDesk(db: Database, port: number): Promise<Desk> {
  const directory = await mkdtemp(join(tmpdir(), 'rapport-widget-'))
  const keyring = await openKeyring({ directory })
  const workspaceId = randomUUIDv7()
  const connectionId = randomUUIDv7()
  const memberId = randomUUIDv7()
  const key = randomBytes(24).toString('base64url')
  const now = systemClock.now()
  await db.system((tx) =>
    tx
      .insertInto('workspaces')
      .values({ id: workspaceId, slug: `w${workspaceId.slice(-12)}`, name: 'Northwind', createdAt: now })
      .execute(),
  )
  await db.write({ workspaceId }, async (tx) => {
    await tx
      .insertInto('members')
      .values({
        workspaceId,
        id: memberId,
        userId: memberId,
        name: 'Mia Berg',
        email: 'mia@desk.example',
        role: 'agent',
        createdAt: now,
      })
      .execute()
    await tx
      .insertInto('connections')
      .values({
        workspaceId,
        id: connectionId,
        channel: 'webchat',
        name: 'Northwind Air',
        publicKey: key,
        settings: JSON.stringify({}),
        credentials: seal(
          keyring,
          JSON.stringify({ identitySecret: SECRET }),
          `connections.credentials:${workspaceId}:${connectionId}`,
        ),
        createdAt: now,
      })
      .execute()
  })
  const files = new Map<string, Buffer>()
  const typing: Desk['typing'] = { heard: [], show: () => {} }
  const shop = await aShop(() => `http://127.0.0.1:${port}`, key)
  let stop = async (): Promise<void> => {}

  const desk: Desk = {
    base: `http://127.0.0.1:${port}`,
    shop: shop.url,
    key,
    workspaceId,
    connectionId,
    hours: { openNow: true, nextOpening: null },
    typing,
    stop: () => stop(),
    async settings(settings) {
      await db.write({ workspaceId }, (tx) =>
        tx
          .updateTable('connections')
          .set({ settings: JSON.stringify(settings) })
          .where('id', '=', connectionId)
          .execute(),
      )
      await desk.stop()
      await desk.start()
    },
    async start() {
      const parts = new AsyncDisposableStack()
      const known = openKnownConnections(db, keyring)
      const tail = parts.use(await tailEvents(db, log))
      const visitorOf = createVisitorOf({ db, clock: systemClock })
      const app = await createServer({
        log,
        trustProxy: false,
        publicOrigin: () => desk.base,
        limiter: createLimiter(systemClock),
        authorize: async (request, { access }) => {
          if (access === 'public') return null
          const actor = await visitorOf(request)
          if (!actor) throw new Problem(401, 'unauthenticated', 'This visit is over.')
          return actor
        },
      })
      await app.register(
        webchatPlugin({
          db,
          clock: systemClock,
          log,
          accept: openAccepting(db),
          connectionByKey: (wanted) => known.byKey(wanted),
          connectionById: (workspace, id) => known.byId(workspace, id),
          hoursOf: async () => desk.hours,
          subscribe: (listener) => tail.subscribe(listener),
          storeUpload: async (stream, name, mediaType) => {
            const bytes = Buffer.concat(await stream.toArray())
            const sha256 = createHmac('sha256', 'x').update(bytes).digest('hex')
            files.set(sha256, bytes)
            const kind = mediaType.startsWith('image/') ? 'image' : mediaType === 'text/plain' ? 'text' : 'other'
            return { sha256, size: bytes.length, mediaType, kind, name, width: null, height: null }
          },
          openFile: async (sha256) => (files.has(sha256) ? Readable.from([files.get(sha256)!]) : null),
          showTyping: (heard) => void typing.heard.push(heard),
          onTyping: (listener) => {
            typing.show = listener
            return () => {}
          },
          caps: { visitsPerHour: 1000 },
        }),
        { prefix: '/widget/v1' },
      )
      await servePages(app, { webDirectory: widgetDirectory, widgetDirectory })
      parts.use(
        runIntake({
          db,
          clock: systemClock,
          log,
          known,
          files: await openFileStore({ directory: join(directory, 'files') }),
        }),
      )
      parts.defer(() => app.close())
      stop = () => parts.disposeAsync()
      // What is half there would work off what other desks of this database get.
      await app.listen({ port, host: '127.0.0.1' }).catch(async (error: unknown) => {
        await stop()
        throw error
      })
    },
    thread: () =>
      db.read({ workspaceId }, (tx) =>
        tx
          .selectFrom('messages')
          .select(['id', 'kind', 'body', 'state', 'externalId'])
          .where('workspaceId', '=', workspaceId)
          .orderBy('occurredAt')
          .orderBy('seq')
          .execute(),
      ),
    conversations: () =>
      db.read({ workspaceId }, (tx) =>
        tx
          .selectFrom('conversations')
          .select(['id', 'state', 'threadKey'])
          .where('workspaceId', '=', workspaceId)
          .orderBy('firstMessageAt')
          .execute(),
      ),
    async answer(conversationId, body, file) {
      const actor = programActor(workspaceId, systemClock.now())
      return db.write(actor, async (tx) => {
        const id = randomUUIDv7()
        await tx
          .insertInto('messages')
          .values({
            workspaceId,
            id,
            conversationId,
            episode: 1,
            kind: 'out',
            visibility: 'private',
            memberId,
            authorName: 'Mia Berg',
            externalId: id,
            body,
            attachmentCount: file ? 1 : 0,
            occurredAt: actor.at,
            receivedAt: actor.at,
            state: 'sent',
            stateAt: actor.at,
          })
          .execute()
        await tx
          .insertInto('messageKeys')
          .values({ workspaceId, connectionId, externalId: id, messageId: id, conversationId })
          .execute()
        if (file) {
          const sha256 = createHmac('sha256', 'x').update(file.bytes).digest('hex')
          files.set(sha256, file.bytes)
          await tx
            .insertInto('attachments')
            .values({
              workspaceId,
              id: randomUUIDv7(),
              messageId: id,
              conversationId,
              name: file.name,
              mediaType: 'image/png',
              kind: 'image',
              size: file.bytes.length,
              sha256,
              state: 'stored',
              createdAt: actor.at,
            })
            .execute()
        }
        await emit(tx, actor, 'inbox.message_state_changed', {
          subjectId: conversationId,
          data: { conversationId, messageId: id, state: 'sent' },
        })
        return id
      })
    },
    async read(conversationId) {
      const actor = programActor(workspaceId, systemClock.now())
      await db.write(actor, async (tx) => {
        const { seq } = await tx
          .selectFrom('messages')
          .select(({ fn }) => fn.max('seq').as('seq'))
          .where('conversationId', '=', conversationId)
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('conversationReads')
          .values({ workspaceId, memberId, conversationId, readSeq: seq, readAt: actor.at })
          .execute()
        await emit(tx, actor, 'inbox.read', {
          subjectId: conversationId,
          data: { conversationId, memberId, readSeq: Number(seq) },
        })
      })
    },
    async resolve(conversationId) {
      const actor = programActor(workspaceId, systemClock.now())
      await db.write(actor, async (tx) => {
        await tx
          .updateTable('conversations')
          .set({ state: 'resolved', resolvedAt: actor.at })
          .where('id', '=', conversationId)
          .execute()
        await emit(tx, actor, 'inbox.conversation_resolved', {
          subjectId: conversationId,
          data: { conversationId, changed: ['state'] },
        })
      })
    },
    sign: (userId) => createHmac('sha256', SECRET).update(userId).digest('hex'),
    async close() {
      await stop()
      await shop.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  await desk.start()
  return desk
}

/** A page that allows scripts, calls and pictures of the desk only, and no inline style. `?lang=` sets its language. */
async function aShop(desk: () => string, key: string): Promise<{ url: string; close: () => Promise<void> }> {
  const app = Fastify({ forceCloseConnections: true })
  app.get('/shop.css', (_request, reply) =>
    reply
      .type('text/css')
      .send(
        'body{margin:0;font:16px/1.6 Georgia,serif;background:#f4f1ea;color:#222}main{max-width:640px;margin:64px auto;padding:0 24px}button{background:red!important}*{letter-spacing:.01em}@media(prefers-color-scheme:dark){body{background:#222;color:#ddd}}',
      ),
  )
  app.get<{ Querystring: { lang?: string } }>('/', (request, reply) => {
    const { lang = 'en' } = request.query
    const policy = `default-src 'none'; script-src ${desk()}; connect-src ${desk()}; img-src ${desk()}; style-src 'self'; base-uri 'none'; form-action 'none'`
    return reply
      .header('content-security-policy', policy)
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><html lang="${/^[a-zA-Z-]+$/.test(lang) ? lang : 'en'}"><head><title>Northwind Air</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/shop.css"></head><body><main><h1>Flights to the islands</h1><p>Twelve islands, two flights a day, and a seat by the window.</p><p><a href="#">Timetable</a></p></main><script src="${desk()}/widget/v1/loader.js" data-key="${key}" async></script></body></html>`,
      )
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

export interface Visit {
  readonly page: Page
  /** What the page's policy refused, and errors that reached the page. */
  readonly complaints: string[]
}

/** A visitor with a browser of their own in front of the shop. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en',
    timezoneId: 'Europe/Berlin',
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  return { page, complaints }
}
