// A server without a port, and callers with a memory for cookies, so that a test speaks to routes as a browser does.
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import type { Clock } from '../clock.ts'
import { pathOf } from '../contract/client.ts'
import type { Authorize } from '../contract/implement.ts'
import type { ProblemReply, RouteContract, RouteInput, RouteReply } from '../contract/kernel.ts'
import { createLimiter, type Limiter } from '../http/limiter.ts'
import { createServer } from '../http/server.ts'

export interface TestServerOptions {
  readonly plugins: readonly ((app: FastifyInstance) => Promise<void>)[]
  readonly authorize: Authorize
  readonly clock: Clock
  /** Default `/api`. */
  readonly prefix?: string
  readonly limiter?: Limiter
}

/** Close it when done. */
export async function startTestServer(options: TestServerOptions): Promise<FastifyInstance> {
  const app = await createServer({
    log: pino({ level: 'silent' }),
    authorize: options.authorize,
    limiter: options.limiter ?? createLimiter(options.clock),
    trustProxy: false,
    publicOrigin: () => '',
  })
  await app.register(
    async (scope) => {
      for (const plugin of options.plugins) await plugin(scope)
    },
    { prefix: options.prefix ?? '/api' },
  )
  await app.ready()
  return app
}

export interface Answer<T> {
  readonly status: number
  /** What a 200 said; reading it of another answer throws with the problem. */
  readonly body: T
  /** What a refusal said; reading it of a success throws. */
  readonly problem: ProblemReply
  readonly headers: Readonly<Record<string, unknown>>
}

export interface TestCaller {
  call<R extends RouteContract>(
    route: R,
    input: RouteInput<R>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<RouteReply<R>>>
  /** By name; change it to play a thief or a forgetful browser. */
  readonly cookies: Map<string, string>
}

export interface TestCallerOptions {
  readonly token?: string
  /** Slug or id of the workspace to act in. */
  readonly workspace?: string
  readonly address?: string
  readonly prefix?: string
}

export function testCaller(app: FastifyInstance, options: TestCallerOptions = {}): TestCaller {
  const cookies = new Map<string, string>()
  return {
    cookies,
    async call(route, input, headers = {}) {
      const given = input as { params?: Record<string, string>; query?: Record<string, string>; body?: object }
      const response = await app.inject({
        method: route.method,
        url: (options.prefix ?? '/api') + pathOf(route, given),
        remoteAddress: options.address ?? '127.0.0.1',
        ...(given.query && { query: given.query }),
        ...(given.body && { payload: given.body }),
        headers: {
          'user-agent': 'test',
          ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
          ...(options.token && { authorization: `Bearer ${options.token}` }),
          ...(options.workspace && { 'x-rapport-workspace': options.workspace }),
          ...headers,
        },
      })
      for (const { name, value, maxAge } of response.cookies) {
        if (maxAge === 0 || value === '') cookies.delete(name)
        else cookies.set(name, value)
      }
      const { statusCode: status } = response
      const ok = status < 300
      return {
        status,
        headers: response.headers,
        get body() {
          if (!ok) throw new Error(`expected success, got ${status} ${response.body}`)
          return status === 204 ? undefined : response.json()
        },
        get problem() {
          if (ok) throw new Error(`expected a refusal, got ${status} ${response.body}`)
          return response.json()
        },
      }
    },
  }
}
