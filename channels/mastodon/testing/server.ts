// A Mastodon server on the loopback for tests and the demo: a network in memory (world.ts) behind the API as it is documented,
// with its refusals, limits, pages and streams, and with everything that can go wrong on the way, as a test tells it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Account, openAccess } from './access.ts'
import { routes, type Route } from './routes.ts'
import { openStreams, type Streams } from './streams.ts'
import type { LocalState } from './state.ts'
import { createWorld, type World } from './world.ts'

export interface LocalRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Fields of a form, whatever way it came. */
  readonly form: URLSearchParams
}

export interface LocalAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Something that goes wrong, so many times; `after`: the request has done its work. */
export interface Trouble {
  readonly method?: string
  readonly path: RegExp
  readonly when?: 'before' | 'after'
  readonly how: 'hang' | 'hang up' | LocalAnswer
  readonly times?: number
}

export interface MastodonServerOptions {
  /** Default: any. */
  readonly port?: number
  readonly now?: () => Date
  /** The domain of handles. */
  readonly domain?: string
  readonly handle?: string
  readonly maxCharacters?: number
  /** Requests in five minutes; as many as real servers allow by default. */
  readonly rateLimit?: number
  /** As servers before 4.3 are: no metadata, no many posts at once. */
  readonly old?: boolean
  /** How often a video is asked for until it is ready. */
  readonly processing?: number
  /** Taken besides those that leave is given by. */
  readonly token?: string
  /** What was kept of its network. */
  readonly state?: LocalState
}

export interface LocalMastodon {
  readonly url: string
  readonly world: World
  readonly streams: Streams
  /** A token that may do everything, for whoever pastes one. */
  readonly token: string
  readonly requests: readonly LocalRequest[]
  readonly options: MastodonServerOptions
  trouble(trouble: Trouble): void
  /** No token is taken any more. */
  revoke(): void
  /** Answers 429 until the window ends. */
  exhaust(): void
  stop(): Promise<void>
}

const WINDOW_MS = 300_000

export async function startMastodonServer(options: MastodonServerOptions = {}): Promise<LocalMastodon> {
  const now = options.now ?? (() => new Date())
  const requests: LocalRequest[] = []
  let troubles: (Trouble & { left: number })[] = []
  let windowSince = now().getTime()
  let used = 0
  const server = createServer((request, response) => {
    response.on('error', () => {})
    void handle(request, response).catch(() => response.destroy())
  })
  // A test that is busy with itself for some seconds finds its connection as it left it.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(options.port ?? 0, '127.0.0.1', listening)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const world = createWorld({
    domain: options.domain ?? 'social.example',
    origin: url,
    now,
    ...(options.handle !== undefined && { handle: options.handle }),
    ...(options.state && { state: options.state }),
  })
  const access = openAccess(world, options)
  const streams = openStreams(world)
  const table = routes({ world, access, options })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request)
    requests.push(asked)
    const trouble = take(asked, 'before')
    if (trouble) return behave(trouble, response)
    if (asked.path.startsWith('/api/v1/streaming/')) return streams.open(asked, access.accountOf(asked), response)
    const answer = answerTo(asked)
    const late = take(asked, 'after')
    if (late) return behave(late, response)
    tell(response, answer)
  }

  function answerTo(asked: LocalRequest): LocalAnswer {
    const found = table.find(({ method, path }) => method === asked.method && path.test(asked.path))
    if (!found) return { status: 404, body: { error: 'Record not found' } }
    const account = access.accountOf(asked)
    const limits = countRequest(asked)
    if (limits.exceeded) return { status: 429, body: { error: 'Too many requests' }, headers: limits.headers }
    const answer = allowed(found, asked, account)
    return { ...answer, headers: { ...limits.headers, ...answer.headers } }
  }

  function allowed(route: Route, asked: LocalRequest, account: Account | null): LocalAnswer {
    if (route.scope === null) return route.answer(asked, route.path.exec(asked.path)!, null)
    if (account === null) return { status: 401, body: { error: 'The access token is invalid' } }
    if (!account.may(route.scope))
      return { status: 403, body: { error: 'This action is outside the authorized scopes' } }
    return route.answer(asked, route.path.exec(asked.path)!, account)
  }

  function countRequest(asked: LocalRequest) {
    const limit = options.rateLimit ?? 300
    if (now().getTime() - windowSince >= WINDOW_MS) [windowSince, used] = [now().getTime(), 0]
    if (asked.headers['authorization']) used += 1
    const headers = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': new Date(windowSince + WINDOW_MS).toISOString(),
    }
    return { exceeded: used > limit, headers }
  }

  function take(asked: LocalRequest, when: 'before' | 'after'): Trouble['how'] | null {
    const found = troubles.find(
      (one) =>
        (one.when ?? 'before') === when && (one.method ?? asked.method) === asked.method && one.path.test(asked.path),
    )
    if (!found) return null
    found.left -= 1
    troubles = troubles.filter(({ left }) => left > 0)
    return found.how
  }

  return {
    url,
    world,
    streams,
    token: access.grant(['read', 'write'], 'Rapport', options.token),
    requests,
    options,
    trouble: (trouble) => void troubles.push({ ...trouble, left: trouble.times ?? 1 }),
    revoke: () => {
      access.revokeAll()
      streams.drop()
    },
    exhaust: () => void (used = (options.rateLimit ?? 300) + 1),
    stop() {
      streams.drop()
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      return closed
    },
  }
}

function behave(how: Trouble['how'], response: ServerResponse): void {
  if (how === 'hang') return
  if (how === 'hang up') return void response.destroy()
  tell(response, how)
}

function tell(response: ServerResponse, { status, body, headers = {} }: LocalAnswer): void {
  const isText = typeof body === 'string'
  response.writeHead(status, {
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    ...headers,
  })
  response.end(body === undefined ? '' : isText ? body : JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<LocalRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
    form: new URLSearchParams(isForm ? body.toString() : ''),
  }
}
