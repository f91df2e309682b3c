// What the tests of this domain share: a workspace, a keyring, a signed channel that exists only here, and a server.
import { createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import * as t from 'typebox'
import { pino } from 'pino'
import type { FastifyInstance } from 'fastify'
import type { Connector, PlatformFetch } from '#channels/connector'
import { programActor, type Actor } from '#platform/actor'
import { testClock } from '#platform/clock'
import { constantTimeEqual, type Keyring } from '#platform/crypto'
import type { Database } from '#platform/db/database'
import { createLimiter } from '#platform/http/limiter'
import { createServer } from '#platform/http/server'
import { createWorkspace } from '#workspaces/server'

export const NOW = new Date('2026-11-21T10:00:00Z')

export function aKeyring(): Keyring {
  const id = randomBytes(8).toString('hex')
  return {
    currentId: id,
    keys: new Map([[id, createSecretKey(randomBytes(32))]]),
    root: createSecretKey(randomBytes(32)),
  }
}

/** The program, acting in a workspace made for one test. */
export async function aTenant(db: Database): Promise<Actor> {
  const owner = { userId: randomUUID(), name: 'Odette Owner', email: 'odette@hollow.example' }
  const given = { name: 'Hollow Air', timeZone: 'UTC', locale: 'en', owner }
  const { workspaceId } = await db.system((tx) => createWorkspace(tx, NOW, given))
  return programActor(workspaceId, NOW)
}

/** Signed like the generic channel, in small: `x-signature` is the HMAC of the body. */
export const pager: Connector = {
  id: 'pager',
  name: 'Pager',
  summary: 'A channel of the tests.',
  settings: t.Object({
    url: t.String({ format: 'url', maxLength: 200 }),
    retries: t.Optional(t.Integer({ minimum: 0, maximum: 9 })),
    apiKey: t.Optional(t.String({ format: 'password', minLength: 8 })),
    pin: t.Optional(t.String({ format: 'password', maxLength: 20 })),
  }),
  capabilities: {
    receives: ['webhook'],
    visibility: ['private'],
    shapes: ['line'],
    sends: true,
    delivery: 'push',
    textLimits: [],
    format: 'plain',
    subject: false,
    media: null,
    receipts: [],
    edits: false,
    deletes: false,
    reactions: false,
    startsConversations: false,
    carriesOn: false,
    addressees: 'one',
    canLookUp: false,
    install: 'none',
    handle: 'handle',
    moderation: [],
    invitesToPrivate: false,
    chains: false,
    contentWarning: false,
  },
  budget: { count: 1, perSeconds: 1, concurrent: 1 },
  generate: () => ({
    signingSecret: `made-${randomBytes(12).toString('hex')}`,
    pin: `pin-${randomBytes(4).toString('hex')}`,
  }),
  verify: ({ headers, body }, credentials) => {
    if (headers[':query']?.startsWith('challenge=')) return { ok: true, answer: headers[':query'].slice(10) }
    const given = headers['x-signature']
    if (given === undefined) return { ok: false, reason: 'malformed' }
    if (headers['webhook-timestamp'] === '0') return { ok: false, reason: 'stale' }
    if (!constantTimeEqual(given, signatureOf(credentials['signingSecret'] ?? '', body)))
      return { ok: false, reason: 'bad_signature' }
    const [answer, once] = [headers['x-echo'], headers['x-once']]
    return { ok: true, ...(answer !== undefined && { answer }), ...(once !== undefined && { once }) }
  },
  receive: () => [],
  identityFor: (messageId) => messageId,
  canReply: () => ({ ok: true, how: 'page', until: null, cost: null }),
  test: async ({ settings, credentials, fetch }) => {
    const response = await fetch(String(settings['url']))
    if (!response.ok) return { ok: false, reason: response.reason, field: 'url' }
    if (response.status === 401) return { ok: false, reason: 'The key is not accepted.', field: 'apiKey' }
    return { ok: true, note: `${Object.keys(credentials).length} secrets in place.` }
  },
}

/** A channel whose customers come to us: it has no entrance by webhook, no secrets and no test. */
export const counter: Connector = {
  id: 'counter',
  name: 'Counter',
  summary: 'Another channel of the tests.',
  settings: t.Object({ greeting: t.Optional(t.String()) }),
  capabilities: { ...pager.capabilities, receives: ['visit'] },
  budget: pager.budget,
  receive: pager.receive,
  identityFor: pager.identityFor,
  canReply: pager.canReply,
}

export const connectors = [pager, counter]
export const findConnector = (channel: string): Connector | undefined => connectors.find(({ id }) => id === channel)

export function signatureOf(secret: string, body: Buffer | string): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** A server whose every caller is whoever `actor` is at that moment. */
export async function aServer(actor: () => Actor, plugin: (app: FastifyInstance) => Promise<void>, prefix = '') {
  const app = await createServer({
    log: pino({ level: 'silent' }),
    authorize: async () => actor(),
    limiter: createLimiter(testClock(NOW)),
    trustProxy: false,
    publicOrigin: () => '',
  })
  await app.register(plugin, { prefix })
  await app.ready()
  return app
}

export const answering =
  (status: number): PlatformFetch =>
  async () => ({ ok: true, status, headers: {}, body: Buffer.alloc(0) })
