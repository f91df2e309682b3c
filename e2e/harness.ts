// What every browser journey stands on: a whole program on a data folder of its own, claimed and signed in, a customer's
// system that delivers signed messages, a visitor of the chat, and Chromium.
import { spawn, type ChildProcess } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { connectionRoutes } from '#connections/contract'
import { client, type Client } from '#platform/contract/client'
import type { RouteTable } from '#platform/contract/kernel'
import { freePort } from '#platform/testing/free-port'
import { webchatRoutes } from '#webchat/contract'
import { peopleRoutes } from '#workspaces/contract'

const root = fileURLToPath(new URL('..', import.meta.url))
const chromiumPath = '/usr/bin/chromium'

/** Why journeys can't run on this machine, or null. */
export const withoutBrowser = existsSync(chromiumPath) ? null : 'Chromium is not installed: apt-get install chromium'

export interface Rapport extends AsyncDisposable {
  /** `http://localhost:PORT`, the same after a restart. */
  readonly url: string
  readonly dataDir: string
  /** The one-time set-up link that a fresh installation printed. */
  readonly setupLink: string | null
  /** Everything that the program wrote so far. */
  output(): string
  /** `kill -9`, in the middle of whatever it does. */
  kill(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  /** Starts it again, on the same data and the same port. */
  start(): Promise<void>
}

/** Starts the program as `npm start` does, on a new data folder that is removed at the end. */
export async function startRapport({ env = {} }: { env?: Readonly<Record<string, string>> } = {}): Promise<Rapport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rapport-e2e-'))
  // As root the database runs as another user, who must be able to get there.
  await chmod(dataDir, 0o755)
  let child: ChildProcess | null = null
  let output = ''
  let url = ''
  let setupLink: string | null = null

  const start = async (): Promise<void> => {
    const port = url === '' ? String(await freePort()) : new URL(url).port
    const running = spawn(process.execPath, [join(root, 'bin/rapport.ts'), 'start'], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', ...env, DATA_DIR: join(dataDir, 'data'), PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = running
    const ready = Promise.withResolvers<void>()
    let line = ''
    const listen = (chunk: Buffer): void => {
      output += chunk.toString()
      line += chunk.toString()
      setupLink ??= /https?:\/\/\S+\/setup#\S+/.exec(line)?.[0] ?? null
      const found = /Rapport is ready at (\S+)/.exec(line)?.[1]
      if (!found) return
      url = found.replace(/\/$/, '')
      ready.resolve()
    }
    running.stdout.on('data', listen)
    running.stderr.on('data', listen)
    running.once('exit', (code) =>
      ready.reject(new Error(`the program ended with ${code} before it was ready:\n${output}`)),
    )
    await ready.promise
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await gone
  }
  await start()
  return {
    get url() {
      return url
    },
    dataDir,
    get setupLink() {
      return setupLink
    },
    output: () => output,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start,
    async [Symbol.asyncDispose]() {
      // After kill -9 the database lives on; a start in good order adopts it, and the end in good order ends it.
      if (child === null) await start().catch(() => undefined)
      await end('SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Somebody with a log-in, calling the API as their browser would. */
export interface SignedIn {
  readonly email: string
  readonly password: string
  readonly name: string
  readonly cookie: string
  /** `person.api(conversationRoutes).listConversations({ query: {} })` */
  api<T extends RouteTable>(table: T): Client<T>
}

/** Takes over a fresh installation by its set-up link, as its owner. */
export async function claimRapport(
  rapport: Pick<Rapport, 'url' | 'setupLink'>,
  {
    name = 'Olive Owner',
    email = 'olive@example.org',
    password = 'a long enough password',
    workspaceName = 'Northwind Air',
  } = {},
): Promise<SignedIn> {
  const token = new URL(rapport.setupLink ?? '').hash.slice(1)
  const body = { token, name, email, password, workspaceName, timeZone: 'Europe/London', locale: 'en' }
  const cookie = await cookieOf(rapport.url, '/api/setup', body)
  return signedIn(rapport.url, { name, email, password, cookie })
}

export interface Joining {
  readonly name: string
  readonly email?: string
  readonly password?: string
  readonly role?: 'admin' | 'lead' | 'agent' | 'viewer'
}

/** Invites somebody and takes the invitation up for them. Without mail the link is in the answer. */
export async function joinRapport(
  rapport: Pick<Rapport, 'url'>,
  owner: SignedIn,
  { name, password = 'a long enough password', ...rest }: Joining,
): Promise<SignedIn> {
  const { email = `${name.split(' ')[0]!.toLowerCase()}@example.org`, role = 'agent' } = rest
  const { link } = await owner.api(peopleRoutes).inviteMember({ body: { email, role } })
  const token = new URL(link ?? '').hash.slice(1) || (link ?? '').split('/').at(-1)!
  const cookie = await cookieOf(rapport.url, '/api/invitations/accept', { token, name, password })
  return signedIn(rapport.url, { name, email, password, cookie })
}

async function cookieOf(url: string, path: string, body: unknown): Promise<string> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

function signedIn(url: string, person: Omit<SignedIn, 'api'>): SignedIn {
  return {
    ...person,
    api: (table) => client(table, { base: `${url}/api`, headers: () => ({ cookie: person.cookie }) }),
  }
}

/** A customer's own system on the API channel. */
export interface OwnSystem {
  readonly connectionId: string
  /** Delivers events, signed; see channels/api/payload.ts for their shape. Resolves once they are stored. */
  deliver(...events: readonly Record<string, unknown>[]): Promise<void>
}

/** Connects an API channel. Without `callbackUrl` its conversations can be read and not answered. */
export async function connectApi(
  rapport: Pick<Rapport, 'url'>,
  owner: SignedIn,
  { name = 'Help form', settings = {} }: { name?: string; settings?: Record<string, unknown> } = {},
): Promise<OwnSystem> {
  const made = await owner.api(connectionRoutes).createConnection({ body: { channel: 'api', name, settings } })
  const secret = made.secrets['signingSecret']!
  return {
    connectionId: made.connection.id,
    async deliver(...events) {
      const body = JSON.stringify({ version: 1, events })
      const answer = await fetch(`${rapport.url}/in/${made.connection.publicKey}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(secret, body) },
        body,
      })
      if (!answer.ok) throw new Error(`the delivery was answered with ${answer.status}: ${await answer.text()}`)
    },
  }
}

/** Signs as the Standard Webhooks say, with the secret that the connection was made with. */
function signed(secret: string, body: string): Record<string, string> {
  const id = randomUUID()
  const timestamp = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

/** A message event for `deliver`, with what most tests don't care about filled in. */
export function messageEvent({
  thread,
  from,
  text,
  ...rest
}: { thread: string; from: string; text: string } & Record<string, unknown>) {
  return {
    type: 'message',
    id: randomUUID(),
    thread: { key: thread, ...(rest['threadFields'] as object | undefined) },
    author: { id: `person-${from.toLowerCase().replaceAll(' ', '-')}`, name: from },
    text,
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'threadFields')),
  }
}

/** Somebody on a page with the chat, without a browser. */
export interface Visitor {
  say(text: string): Promise<void>
  /** What they see, oldest first. */
  read(): Promise<readonly { text: string; from: string }[]>
}

/** Connects the chat; answers its public key. */
export async function connectWebchat(owner: SignedIn, settings: Record<string, unknown> = {}): Promise<string> {
  const made = await owner
    .api(connectionRoutes)
    .createConnection({ body: { channel: 'webchat', name: 'Website', settings } })
  return made.connection.publicKey
}

export async function visitRapport(
  rapport: Pick<Rapport, 'url'>,
  key: string,
  contact?: { name: string; email?: string },
): Promise<Visitor> {
  let token = ''
  const headers = (): Record<string, string> => (token ? { authorization: `Bearer ${token}` } : {})
  const { postMessage, ...chat } = client(webchatRoutes, { base: `${rapport.url}/widget/v1`, headers })
  const visit = await chat.startVisit({ query: { key }, body: contact ? { contact } : {} })
  token = visit.token
  return {
    async say(text) {
      await postMessage({ query: { key }, body: { clientId: randomUUID(), text } })
    },
    async read() {
      const { items } = await chat.listVisitMessages({ query: { key } })
      return items.map((item) => item as unknown as { text: string; from: string })
    },
  }
}

export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
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

/** A browser of its own for this person, signed in. */
export async function openAs(
  browser: Browser,
  rapport: Pick<Rapport, 'url'>,
  person: SignedIn,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  await context.addCookies(
    person.cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return {
        name: pair.slice(0, at),
        value: decodeURIComponent(pair.slice(at + 1)),
        url: rapport.url,
        httpOnly: true,
        sameSite: 'Lax' as const,
      }
    }),
  )
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  return { context, page }
}

/** Asks again until `found` answers something, or fails with `what` after `ms`. */
export async function eventually<T>(
  what: string,
  found: () => Promise<T | null | undefined | false>,
  ms = 15_000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const value = await found()
    if (value) return value
    if (Date.now() > end) throw new Error(`after ${ms} ms still not: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** A visitor opens the chat of a connection, by its public key. */
export async function visitChat(page: Page, rapport: Rapport, key: string): Promise<void> {
  await page.goto(`${rapport.url}/preview/${key}`)
  await page
    .getByRole('button', { name: /Open chat/ })
    .first()
    .click()
}
