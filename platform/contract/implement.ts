// Binds a route table to its handlers: schemas become Fastify's, `access` becomes the one question asked before anything runs.
import type {} from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { Actor } from '../actor.ts'
import { ProblemReply, type RouteContract, type RouteInput, type RouteReply, type RouteTable } from './kernel.ts'
import { Problem } from './problem.ts'

/** A file that came with the request, still streaming; `truncated()` is true once it passed the route's limit. */
export interface Upload {
  readonly name: string
  readonly mediaType: string
  readonly stream: Readable & { readonly truncated?: boolean }
}

export interface RequestContext {
  /** Who calls. On a public route: nobody's actor, without workspace, and reading it throws. */
  readonly actor: Actor
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The file of a route with `upload`. */
  upload(): Promise<Upload>
}

export type Handlers<T extends RouteTable> = {
  [K in keyof T]: (
    input: RouteInput<T[K]>,
    context: RequestContext,
  ) => Promise<T[K] extends { raw: string } ? unknown : RouteReply<T[K]>>
}
type AnyHandler = (input: object, context: RequestContext) => Promise<unknown>

/** Answers who calls, or throws the Problem that says why not. Given once by the program to platform/http. */
export type Authorize = (request: FastifyRequest, route: RouteContract) => Promise<Actor | null>

declare module 'fastify' {
  interface FastifyInstance {
    authorize: Authorize
    /** Every route ever registered, for OpenAPI and for the authorisation matrix. */
    contracts: Map<string, RouteContract>
  }
}

/**
 * Curried, because TypeScript must fix the table's type before it looks at the handlers: with both in one call,
 * `status: 'resolved'` in a handler widens to `string` and the honest handler is refused.
 */
export function implement<T extends RouteTable>(table: T) {
  return (handlers: Handlers<T>) =>
    async (app: FastifyInstance): Promise<void> => {
      for (const [name, route] of Object.entries(table)) register(app, name, route, handlers[name] as AnyHandler)
    }
}

function register(app: FastifyInstance, name: string, route: RouteContract, handle: AnyHandler): void {
  if (app.contracts.has(name)) throw new Error(`two routes are called ${name}`)
  app.contracts.set(name, { ...route, path: `${app.prefix}${route.path}` as `/${string}` })
  const actors = new WeakMap<FastifyRequest, Actor | null>()
  app.route({
    method: route.method,
    url: route.path,
    schema: {
      operationId: name,
      summary: route.summary,
      ...(route.params && { params: route.params }),
      ...(route.query && { querystring: route.query }),
      // A multipart body is read by the handler, field by field.
      ...(route.body && !route.upload && { body: route.body }),
      response: { ...(route.reply && { 200: route.reply }), '4xx': ProblemReply, '5xx': ProblemReply },
    },
    config: { contract: route },
    // Before the body is read: nobody uploads 20 MB to learn that they may not.
    onRequest: async (request) => void actors.set(request, await app.authorize(request, route)),
    handler: async (request, reply) => {
      const input = { params: request.params, query: request.query, body: request.body }
      const answer = await handle(input as object, contextOf(request, reply, route, actors.get(request) ?? null))
      if (route.raw) return answer
      if (route.reply === undefined) return reply.code(204).send()
      return answer
    },
  })
}

function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  route: RouteContract,
  actor: Actor | null,
): RequestContext {
  return {
    request,
    reply,
    get actor(): Actor {
      if (actor === null) throw new Error(`${route.method} ${route.path} is public: it has no actor`)
      return actor
    },
    upload: async () => {
      const part = await request.file(
        route.upload && { limits: { fileSize: route.upload.maxBytes, files: 1, fields: 8 } },
      )
      if (!part)
        throw new Problem(400, 'invalid', 'The request has no file.', {
          fields: [{ path: 'file', message: 'is missing' }],
        })
      return { name: part.filename, mediaType: part.mimetype, stream: part.file }
    },
  }
}
