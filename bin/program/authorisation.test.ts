// Who may call what, over every route of the running program: the table in authorisation-matrix.ts says it by hand, this asks
// the real server as everybody. A route without a row fails, a row without a route too. And: nobody reaches another
// workspace's things by their ids, or learns that they exist.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RouteContract } from '#platform/contract/kernel'
import { matrix, type Caller } from './authorisation-matrix.ts'
import { makeWorld, type World } from './testing/callers.ts'

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
  partMatter: { conversationId: randomUUID() },
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
