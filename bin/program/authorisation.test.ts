// Who may call what, over every route of the running program: the table in authorisation-matrix.ts says it by hand, this asks
// the real server as everybody. A route without a row fails, a row without a route too. And: nobody reaches another
// workspace's things by their ids, or learns that they exist.
import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { aConnection } from '../../domains/connections/server/factories.ts'
import { aCustomer } from '../../domains/customers/server/factories.ts'
import { aMember, aTeam, aWorkspace } from '../../domains/workspaces/server/factories.ts'
import { readConfig } from '#platform/config'
import type { Database } from '#platform/db/database'
import type { RouteContract } from '#platform/contract/kernel'
import { createLog } from '#platform/log'
import { cloneDatabase } from '#platform/testing/database'
import { matrix, type Caller } from './authorisation-matrix.ts'
import { startProgram, type Program } from './program.ts'

const callers: readonly Caller[] = [
  'owner',
  'admin',
  'lead',
  'agent',
  'viewer',
  'adminToken',
  'readToken',
  'outsider',
  'visitor',
  'nobody',
]

interface World {
  readonly program: Program
  readonly headers: Readonly<Record<Caller, Readonly<Record<string, string>>>>
  /** The public key of the workspace's chat, which every widget route names. */
  readonly chatKey: string
  /** Ids of things in another workspace, by the noun in front of them in a path. */
  readonly foreign: Readonly<Record<string, string>>
  readonly end: () => Promise<void>
}

let world: World
beforeAll(async () => {
  world = await makeWorld()
}, 120_000)
afterAll(() => world?.end())

describe('every route', () => {
  test('has a row in the matrix, and every row a route', () => {
    expect(Object.keys(matrix).toSorted()).toEqual([...world.program.app.contracts.keys()].toSorted())
  })

  test('lets in whom the matrix names and nobody else', async () => {
    const wrong: string[] = []
    for (const [name, route] of inOrder()) {
      const allowed = matrix[name as keyof typeof matrix] as readonly Caller[]
      const statuses = await Promise.all(callers.map((caller) => ask(route, caller)))
      for (const [i, caller] of callers.entries()) {
        const letIn = statuses[i] !== 401 && statuses[i] !== 403
        if (letIn !== allowed.includes(caller)) wrong.push(`${name}: ${caller} was answered ${statuses[i]}`)
      }
    }
    expect(wrong).toEqual([])
  }, 180_000)

  test('keeps another workspace’s things as if they did not exist', async () => {
    const found: string[] = []
    for (const [name, route] of world.program.app.contracts) {
      if (!route.path.includes(':id') || route.access === 'visitor' || route.access === 'signed-in') continue
      const noun = nounOf(route.path)
      const id = world.foreign[noun]
      if (id === undefined) {
        found.push(`${name}: no foreign ${noun} to try it on`)
        continue
      }
      const foreign = await answer(route, 'owner', id)
      const none = await answer(route, 'owner', randomUUID())
      if (foreign.status < 400) found.push(`${name}: reached a foreign ${noun} (${foreign.status})`)
      if (foreign.status !== none.status || foreign.code !== none.code)
        found.push(`${name}: tells a foreign ${noun} (${foreign.code}) from none (${none.code})`)
    }
    expect(found).toEqual([])
  }, 120_000)
})

/** Those that end the caller's own standing come last, or they would be nobody for the rest. */
function inOrder(): [string, RouteContract][] {
  const last = ['endVisit', 'leaveWorkspace', 'signOut']
  return [...world.program.app.contracts].toSorted(([a], [b]) => last.indexOf(a) - last.indexOf(b))
}

/** The noun that an id in a path names: `/api/conversations/:id/labels` → conversations. */
function nounOf(path: string): string {
  const parts = path.split('/')
  return parts[parts.indexOf(':id') - 1]!
}

/** Bodies that pass the schema, where a route would otherwise answer 400 before it looks for the thing. */
const bodies: Readonly<Record<string, unknown>> = {
  changeMember: { role: 'agent' },
  changeTeam: { name: 'Elsewhere' },
  changeServiceHours: { name: 'Elsewhere' },
  changeConnection: { name: 'Elsewhere' },
  backfillConnection: { from: '2026-01-01T00:00:00.000Z' },
  changeCustomer: { name: 'Elsewhere' },
  addTags: { tags: ['vip'] },
  removeTags: { tags: ['vip'] },
  blockCustomer: { reason: 'rude beyond words' },
  writeCustomerNote: { body: 'a note' },
  assignConversation: { assigneeId: null },
  snoozeConversation: { until: '2999-01-01T00:00:00.000Z' },
  labelConversation: { add: [] },
  markConversationRead: { seq: 1 },
  showPresence: { doing: 'viewing' },
  overrideGate: { reason: 'urgent' },
  sendMessage: { body: 'hello', clientId: randomUUID() },
  moveMessage: { conversationId: randomUUID() },
  writeNote: { body: 'hello', clientId: randomUUID() },
  decideUnknown: { decision: 'arrived' },
  saveDraft: { kind: 'out', body: 'hello', version: 0 },
  changeLabel: { name: 'Elsewhere' },
  correctMessage: { label: 'sentiment', value: 'negative' },
}

async function ask(route: RouteContract, caller: Caller): Promise<number> {
  const { status } = await answer(route, caller, randomUUID(), false)
  return status
}

// An empty body first: who may not is told so before anything is read, who may hears what is missing.
async function answer(
  route: RouteContract,
  caller: Caller,
  id: string,
  filled = true,
): Promise<{ status: number; code: string | null }> {
  const { program, headers, chatKey } = world
  // A label is one of a list; everything else in a path is a name that nobody has.
  const path = route.path
    .replace(':id', id)
    .replace('/corrections/:label', '/corrections/sentiment')
    .replace(/:\w+/g, randomUUID())
  const query = path.startsWith('/widget/') ? `?key=${chatKey}` : ''
  const name = [...program.app.contracts].find(([, contract]) => contract === route)![0]
  const body = filled ? (bodies[name] ?? {}) : {}
  const stream = new AbortController()
  const response = await fetch(program.url + path + query, {
    method: route.method,
    headers: {
      ...headers[caller],
      ...(route.method !== 'GET' && route.method !== 'DELETE' && { 'content-type': 'application/json' }),
    },
    ...(route.method !== 'GET' && route.method !== 'DELETE' && { body: JSON.stringify(body) }),
    signal: stream.signal,
  })
  if (route.raw === 'stream') {
    stream.abort()
    return { status: response.status, code: null }
  }
  const text = await response.text()
  const code = response.status >= 400 ? ((JSON.parse(text) as { code?: string }).code ?? null) : null
  return { status: response.status, code }
}

// ── The world ───────────────────────────────────────────────────────────────────────────────────────────────────────

async function makeWorld(): Promise<World> {
  const database = await cloneDatabase(inject('ownerUrl'))
  const dataDir = await mkdtemp(join(tmpdir(), 'rapport-matrix-'))
  await chmod(dataDir, 0o755)
  const config = readConfig({ DATABASE_URL: database.ownerUrl, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent' })
  const program = await startProgram({ config, log: createLog(config), version: 'test', limiter: { take: () => 0 } })
  const post = poster(program.url)

  const token = new URL(program.setupLink!).hash.slice(1)
  const claim = {
    name: 'Olga Owner',
    email: 'olga@example.org',
    password: 'a long enough password',
    workspaceName: 'Here',
    timeZone: 'UTC',
    locale: 'en',
  }
  const owner = { cookie: (await post('/api/setup', { token, ...claim })).cookie }
  const headers: Record<string, Record<string, string>> = { owner, nobody: {} }
  for (const role of ['admin', 'lead', 'agent', 'viewer'] as const) headers[role] = await join_(post, owner, role)
  headers['outsider'] = await join_(post, owner, 'agent', 'outsider@example.org')
  await leave(program.url, headers['outsider'])
  for (const [caller, scopes] of [
    ['adminToken', ['admin']],
    ['readToken', ['read']],
  ] as const) {
    const { value } = (await post('/api/tokens', { name: caller, scopes }, owner)).body
    headers[caller] = { authorization: `Bearer ${value}` }
  }
  const chat = (await post('/api/connections', { channel: 'webchat', name: 'Chat' }, owner)).body.connection
  const visit = (await post(`/widget/v1/visits?key=${chat.publicKey}`, { locale: 'en' })).body
  headers['visitor'] = { authorization: `Bearer ${visit.token}` }
  // Whoever may load the sample hears that it is there: a whole month takes half a minute, and is tested elsewhere.
  const sample = (await post('/api/connections', { channel: 'webchat', name: 'Sample' }, owner)).body.connection
  await program.db.system((tx) =>
    tx.updateTable('connections').set({ isSample: true }).where('id', '=', sample.id).execute(),
  )
  const foreign = await makeForeign(program.db)
  return {
    program,
    headers: headers as World['headers'],
    chatKey: chat.publicKey,
    foreign,
    end: async () => {
      await program[Symbol.asyncDispose]()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

type Post = (path: string, body: unknown, headers?: Record<string, string>) => Promise<{ body: any; cookie: string }> // oxlint-disable-line typescript/no-explicit-any -- read by many tests of unlike shape

const poster =
  (url: string): Post =>
  async (path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    return { body: text === '' ? null : JSON.parse(text), cookie }
  }

async function join_(
  post: Post,
  owner: Record<string, string>,
  role: string,
  email = `${role}@example.org`,
): Promise<Record<string, string>> {
  const { link } = (await post('/api/invitations', { email, role }, owner)).body as { link: string }
  if (!(await fetch(new URL('/healthz', link))).ok) throw new Error(`the link ${link} leads nowhere`)
  const { cookie } = await post('/api/invitations/accept', {
    token: new URL(link).hash.slice(1),
    name: `The ${role}`,
    password: 'a long enough password',
  })
  return { cookie }
}

async function leave(url: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(`${url}/api/me/leave`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{}',
  })
  if (!response.ok) throw new Error(`leaving answered ${response.status}`)
}

/** Another workspace in the same database, with one of everything that has an id in a path. */
async function makeForeign(db: Database): Promise<Record<string, string>> {
  const there = await aWorkspace(db, { name: 'Elsewhere' })
  const { workspaceId, owner } = there
  const member = await aMember(db, workspaceId, 'agent')
  const team = await aTeam(db, workspaceId)
  const connection = await aConnection(db, workspaceId, 'webchat')
  const { customerId, identityId } = await aCustomer(db, workspaceId)
  const id = {
    conversation: randomUUID(),
    message: randomUUID(),
    attachment: randomUUID(),
    label: randomUUID(),
    hours: randomUUID(),
    token: randomUUID(),
    invitation: randomUUID(),
    layer: randomUUID(),
    proposal: randomUUID(),
  }
  const at = owner.at
  await db.write(owner, async (tx) => {
    await tx
      .insertInto('conversations')
      .values({
        workspaceId,
        id: id.conversation,
        connectionId: connection.id,
        channel: 'webchat',
        threadKey: 'theirs',
        customerId,
        visibility: 'private',
        shape: 'line',
        firstMessageAt: at,
        lastActivityAt: at,
        priorityAt: at,
      })
      .execute()
    await tx
      .insertInto('messages')
      .values({
        workspaceId,
        id: id.message,
        conversationId: id.conversation,
        episode: 1,
        kind: 'out',
        visibility: 'private',
        identityId,
        body: 'theirs',
        occurredAt: at,
        receivedAt: at,
        state: 'failed',
        stateAt: at,
      })
      .execute()
    await tx
      .insertInto('attachments')
      .values({
        workspaceId,
        id: id.attachment,
        messageId: id.message,
        conversationId: id.conversation,
        name: 'theirs.txt',
        mediaType: 'text/plain',
        kind: 'text',
        size: 6,
        sha256: 'a'.repeat(64),
        state: 'stored',
        createdAt: at,
      })
      .execute()
    await tx
      .insertInto('triageLayers')
      .values({
        workspaceId,
        id: id.layer,
        kind: 'sentiment',
        version: 1,
        state: 'kept',
        lessons: 1,
        reason: 'theirs',
        content: Buffer.from('theirs'),
        learnedAt: at,
      })
      .execute()
    await tx
      .insertInto('conversationProposals')
      .values({
        workspaceId,
        id: id.proposal,
        laterId: id.conversation,
        earlierId: id.conversation,
        evidence: ['same_name'],
        strength: 1,
        proposedAt: at,
      })
      .execute()
    await tx
      .insertInto('identityPictures')
      .values({ workspaceId, identityId, sourceUrl: 'https://elsewhere.example/face', sha256: 'b'.repeat(64) })
      .execute()
    await tx.insertInto('labels').values({ workspaceId, id: id.label, name: 'theirs', createdAt: at }).execute()
    await tx
      .insertInto('serviceHours')
      .values({ workspaceId, id: id.hours, name: 'theirs', timeZone: 'UTC', weekly: '[]', updatedAt: at })
      .execute()
    await tx
      .insertInto('apiTokens')
      .values({ workspaceId, id: id.token, name: 'theirs', tokenHash: 'theirs', scopes: ['read'], createdAt: at })
      .execute()
    await tx
      .insertInto('invitations')
      .values({
        workspaceId,
        id: id.invitation,
        email: 'theirs@example.org',
        role: 'agent',
        tokenHash: 'theirs',
        createdAt: at,
        expiresAt: new Date('2999-01-01T00:00:00Z'),
      })
      .execute()
  })
  return {
    members: member.id!,
    teams: team.id,
    connections: connection.id,
    customers: customerId,
    identities: identityId,
    conversations: id.conversation,
    messages: id.message,
    attachments: id.attachment,
    labels: id.label,
    'service-hours': id.hours,
    tokens: id.token,
    invitations: id.invitation,
    layers: id.layer,
    proposals: id.proposal,
  }
}
