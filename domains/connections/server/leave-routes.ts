import type { FastifyRequest } from 'fastify'
import { implement } from '#platform/contract/implement'
import { notFound } from '#platform/contract/problem'
import { leaveRoutes } from '../contract/leave.ts'
import { getConnection } from './present.ts'
import { beginAuthorization, beginReauthorization, clientDocument, finishAuthorization, type Leaving } from './leave.ts'

/** What the routes of leave need beside what they do it with: in which log-in a request is made. */
export interface LeaveDeps extends Leaving {
  readonly loginOf: (request: FastifyRequest) => string
}

export const leavePlugin = (deps: LeaveDeps) => {
  const { db, keys, loginOf, origin } = deps
  const find = keys.connectorOf!
  return implement(leaveRoutes)({
    beginAuthorization: async ({ params: { channel }, body }, { actor, request }) => ({
      url: await beginAuthorization(deps, actor, loginOf(request), channel, body),
    }),
    beginReauthorization: async ({ params: { id } }, { actor, request }) => ({
      url: await beginReauthorization(deps, actor, loginOf(request), id),
    }),
    finishAuthorization: async ({ body: { params } }, { actor, request }) => {
      const { id, ...finished } = await finishAuthorization(deps, actor, loginOf(request), params)
      const connection = await db.read(actor, (tx) => getConnection(tx, actor, id, keys.keyring, find))
      return { connection, ...finished }
    },
    readClientDocument: async ({ params: { channel } }) => {
      const connector = find(channel)
      const document = connector && clientDocument(origin(), connector)
      if (!document) throw notFound('document')
      return { ...document }
    },
  })
}
