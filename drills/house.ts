// An installation of its own for a drill: a data folder, a port, the program as a child that can be killed and started again, a
// workspace with one signed connection, and somebody else's platform that takes the answers.
import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '#platform/testing/free-port'
import { startPlatform, type Platform } from './platform.ts'

export interface Node {
  readonly url: string
  /** Starts it, once more if it was ended; answers when it is ready to serve. */
  start(): Promise<void>
  /** Ends it at once, without a word. */
  kill(): Promise<void>
  stop(): Promise<void>
  setClock(offsetMs: number): void
  readonly alive: () => boolean
  readonly pid: () => number
}

export interface House extends AsyncDisposable {
  readonly directory: string
  readonly nodes: readonly Node[]
  readonly platform: Platform
  readonly token: string
  readonly workspaceId: string
  readonly connection: { readonly id: string; readonly key: string; readonly secret: string }
  /** Any node that answers; with two, they take turns. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  url(): string
  ask(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

export interface HouseOptions {
  readonly directory?: string
  readonly nodes?: number
  /** Of a PostgreSQL that others run; without it the embedded one. */
  readonly databaseUrl?: string
  readonly prepare?: (directory: string) => Promise<void>
  /** Settings of the program beside those that every drill has. */
  readonly env?: Readonly<Record<string, string>>
}

/** A database that recovers on a slow disk takes its time; that is no fault of the program. */
const START_MS = 180_000

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'rapport-drill-')))
  await chmod(directory, 0o711)
  await options.prepare?.(directory)
  let ownerUrl = options.databaseUrl ?? ''
  let setupToken: string | null = null
  const secretKey = randomBytes(32).toString('base64')
  const nodes: Node[] = []
  for (let i = 0; i < (options.nodes ?? 1); i++) {
    const env = {
      ...options.env,
      ...(options.databaseUrl !== undefined && { DATABASE_URL: options.databaseUrl, SECRET_KEY: secretKey }),
    }
    nodes.push(
      await aNode(join(directory, 'data'), env, (ready) => {
        ownerUrl = ready.ownerUrl
        // Each start of an unclaimed house makes the links before it void.
        setupToken = ready.setupToken ?? setupToken
      }),
    )
  }
  const platform = await startPlatform()
  const parts = new AsyncDisposableStack()
  parts.defer(() => (options.directory === undefined ? rm(directory, { recursive: true, force: true }) : undefined))
  parts.defer(() => platform.stop())
  for (const node of nodes) parts.defer(() => node.stop())
  try {
    for (const node of nodes) await node.start()
    const first = nodes[0]!.url
    const furniture = await furnish(first, setupToken, platform.url)
    return assemble(directory, nodes, platform, furniture, () => ownerUrl, parts)
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

/** The program on `directory/data`, which holds a copy of another house: its token, its connection and its platform are the same. */
export async function openCopy(directory: string, of: House): Promise<House> {
  let ownerUrl = ''
  const node = await aNode(join(directory, 'data'), {}, (ready) => (ownerUrl = ready.ownerUrl))
  const parts = new AsyncDisposableStack()
  parts.defer(() => node.stop())
  await node.start()
  return assemble(directory, [node], of.platform, of, () => ownerUrl, parts)
}

type Furniture = Pick<House, 'token' | 'workspaceId' | 'connection'>

function assemble(
  directory: string,
  nodes: readonly Node[],
  platform: Platform,
  { token, workspaceId, connection }: Furniture,
  ownerUrl: () => string,
  parts: AsyncDisposableStack,
): House {
  let turn = 0
  const url = (): string => {
    const living = nodes.filter((node) => node.alive())
    return (living[turn++ % Math.max(living.length, 1)] ?? nodes[0]!).url
  }
  return {
    directory,
    nodes,
    platform,
    token,
    workspaceId,
    connection,
    url,
    call: (method, path, body) => call(url() + path, method, { authorization: `Bearer ${token}` }, body),
    ask: (text, values) => ask(ownerUrl(), text, values),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

interface Ready {
  readonly ownerUrl: string
  readonly setupToken: string | null
}

async function aNode(dataDir: string, env: Record<string, string>, onReady: (ready: Ready) => void): Promise<Node> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const ended = (one: ChildProcess): Promise<void> =>
    one.exitCode !== null || one.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => one.once('exit', () => resolve()))
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const one = child
    child = null
    one?.kill(signal)
    if (one) await ended(one)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    alive: () => child !== null && child.exitCode === null && child.signalCode === null,
    pid: () => child?.pid ?? 0,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    setClock: (offsetMs) => void child?.send({ offsetMs }),
    async start() {
      const one = fork(join(import.meta.dirname, 'program.ts'), {
        stdio: [
          'ignore',
          ...(process.env['DRILL_LOG'] ? (['inherit', 'inherit'] as const) : (['ignore', 'ignore'] as const)),
          'ipc',
        ],
        env: {
          PATH: process.env['PATH'] ?? '',
          DATA_DIR: dataDir,
          PORT: String(port),
          LOG_LEVEL: process.env['DRILL_LOG'] ?? 'error',
          ...env,
        },
      })
      child = one
      one.on('error', () => {}) // killed between two words
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('the program did not start in three minutes')), START_MS)
        one.once('message', (message: Ready) => {
          clearTimeout(late)
          onReady(message)
          resolve()
        })
        one.once('exit', (code, signal) => {
          clearTimeout(late)
          reject(new Error(`the program ended while starting (${code ?? signal})`))
        })
      })
    },
  }
}

/** Claims the installation and connects one account, over the same routes as a person does. */
async function furnish(url: string, setupToken: string | null, platformUrl: string) {
  const claim = await fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: setupToken,
      name: 'Ida',
      email: 'ida@example.com',
      password: randomBytes(12).toString('hex'),
      workspaceName: 'Drill',
      timeZone: 'UTC',
      locale: 'en',
    }),
  })
  if (!claim.ok) throw new Error(`the installation could not be claimed: ${claim.status} ${await claim.text()}`)
  const { workspaceId } = (await claim.json()) as { workspaceId: string }
  const cookie = claim.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')
  const made = await call(`${url}/api/tokens`, 'POST', { cookie }, { name: 'drill', scopes: ['admin'] })
  const token = (made.body as { value: string }).value
  const connected = await call(
    `${url}/api/connections`,
    'POST',
    { authorization: `Bearer ${token}` },
    {
      channel: 'api',
      name: 'Drill',
      settings: { callbackUrl: `${platformUrl}/answers`, lookUpUrl: `${platformUrl}/look-up` },
    },
  )
  const { connection, secrets } = connected.body as {
    connection: { id: string; publicKey: string }
    secrets: Record<string, string>
  }
  return {
    token,
    workspaceId,
    connection: { id: connection.id, key: connection.publicKey, secret: secrets['signingSecret']! },
  }
}

async function call(url: string, method: string, headers: Record<string, string>, body?: unknown) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
}

async function ask(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query(text, values)).rows
    } catch (error) {
      if (tries > 240) throw error
      await sleep(250)
    } finally {
      await client.end().catch(() => {})
    }
  }
}
