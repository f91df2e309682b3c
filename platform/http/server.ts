// The HTTP server without any product in it: limits, headers, problem replies, validation, the question who calls.
import multipart from '@fastify/multipart'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Logger } from 'pino'
import type { Authorize } from '../contract/implement.ts'
import type { RouteContract } from '../contract/kernel.ts'
import { Problem } from '../contract/problem.ts'
import { isPassing } from '../db/database.ts'
import { crossSiteProblem } from './csrf.ts'
import type { Limiter } from './limiter.ts'
import { compileSchema } from './validate.ts'

export interface ServerOptions {
  readonly log: Logger
  readonly authorize: Authorize
  readonly limiter: Limiter
  /** Addresses of proxies whose word about the client's address counts, or how many there are; false for none. */
  readonly trustProxy: boolean | string | string[] | number
  /** Origin under which people reach us, for the cross-site check; '' where any same-origin request will do. */
  readonly publicOrigin: () => string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    contract?: RouteContract
  }
}

const BODY_LIMIT = 1024 * 1024
const CALLS_PER_MINUTE = 1200
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy as never,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 60_000,
    keepAliveTimeout: 72_000,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  })
  app.decorate('authorize', options.authorize)
  app.decorate('contracts', new Map<string, RouteContract>())
  app.setValidatorCompiler(compileSchema)
  await app.register(multipart, { limits: { files: 1, fields: 8, parts: 10, headerPairs: 50 } })

  app.addHook('onRequest', async (request, reply) => {
    securityHeaders(reply)
    const contract = request.routeOptions.config.contract
    const perMinute = contract?.limit?.perMinute ?? CALLS_PER_MINUTE
    const key = contract?.limit ? `${contract.method} ${contract.path} ${request.ip}` : request.ip
    const wait = contract ? options.limiter.take(key, perMinute) : 0
    if (wait > 0) {
      reply.header('retry-after', wait)
      throw new Problem(429, 'too_many', `Too many requests. Try again in ${wait} seconds.`, {
        details: { seconds: wait },
      })
    }
    const problem = crossSiteProblem(request, options.publicOrigin())
    if (problem) throw problem
  })
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, options.log))
  return app
}

function securityHeaders(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), payment=()',
    'cache-control': 'no-store',
  })
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const problem = problemOf(error)
  if (problem.status >= 500)
    log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed')
  void reply.code(problem.status).type('application/json; charset=utf-8').send(JSON.stringify(problem.toReply()))
}

/** What the caller may know of an error: a Problem as it is, a known refusal of the server in words, nothing of the rest. */
function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' || error.code === 'FST_REQ_FILE_TOO_LARGE') {
    return new Problem(413, 'too_large', 'That is larger than this address takes.')
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Problem(415, 'unsupported_type', 'Send JSON (content-type: application/json).')
  if (error.statusCode === 400 || error instanceof SyntaxError)
    return new Problem(400, 'invalid', 'The request could not be read.')
  if (typeof error.statusCode === 'number' && error.statusCode < 500)
    return new Problem(error.statusCode, 'refused', error.message)
  // A text with U+0000 fits every schema of strings and no column.
  if (error.code === '22021' || error.code === '22P05')
    return new Problem(400, 'invalid', 'The request has a character that no text can hold (U+0000).')
  if (isPassing(error))
    return new Problem(
      503,
      'database_away',
      'The database does not answer just now. Nothing was changed; try again in a moment.',
    )
  return new Problem(
    500,
    'internal',
    'Something went wrong on our side. It was written down; try again, or tell the administrator.',
  )
}
