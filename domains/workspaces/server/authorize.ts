// The one question before every route: who calls, and may they. Log-in cookie, API token or a visitor's token in, actor out.
import type { FastifyRequest } from 'fastify'
import type { Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import type { Authorize } from '#platform/contract/implement'
import type { RouteContract } from '#platform/contract/kernel'
import { forbidden, notFound, Problem } from '#platform/contract/problem'
import type { Database } from '#platform/db/database'
import type { Auth, Caller, Login } from './auth/library.ts'
import { openAuthority, type Membership, type Standing, type TokenStanding } from './authority.ts'

export interface AuthorizeDeps {
  readonly db: Database
  readonly clock: Clock
  readonly auth: Auth
  /** Answers the visitor of a widget's bearer token, or null. */
  readonly visitorOf: (request: FastifyRequest) => Promise<Actor | null>
}

const unauthenticated = (): Problem => new Problem(401, 'unauthenticated', 'Sign in first, or send an API token.')

const standings = new WeakMap<FastifyRequest, Standing>()

export function createAuthorize({ db, clock, auth, visitorOf }: AuthorizeDeps): Authorize {
  const authority = openAuthority(db, clock, auth)

  return async (request, route) => {
    if (route.access === 'public') return null
    if (route.access === 'visitor') {
      const visitor = await visitorOf(request)
      if (!visitor) throw unauthenticated()
      return visitor
    }
    const bearer = bearerOf(request)
    // A token in the request speaks alone: with a bad one, a cookie beside it must not help.
    if (bearer !== null) {
      const token = await authority.tokenOf(bearer)
      if (!token) throw unauthenticated()
      return asToken(request, route, token, clock.now())
    }
    const standing = await authority.standingOf(callerOf(request))
    if (!standing) throw unauthenticated()
    standings.set(request, standing)
    return route.access === 'signed-in' ? null : asMember(request, route, standing, clock.now())
  }
}

/** The signed-in person of a request to a route that asked for one; throws on routes that did not. */
export function sessionOf(request: FastifyRequest): Login {
  return standingOf(request).login
}

/** Names the log-in of a request, for what counts in that one alone; empty where a token speaks. */
export function loginKeyOf(request: FastifyRequest): string {
  return standings.get(request)?.login.loginId ?? ''
}

/** The person's active memberships, and the one that the request is about. */
export function membershipsOf(request: FastifyRequest): {
  readonly all: readonly Membership[]
  readonly present: Membership | null
} {
  const all = standingOf(request).memberships
  return { all, present: presentOf(request, all) }
}

/** From where a request comes, for the library and for the access log. */
export function callerOf(request: FastifyRequest): Caller {
  return {
    cookie: request.headers.cookie,
    address: request.ip,
    // Header values are latin-1 on the wire; what is no plain character would be refused when passed on.
    device: (request.headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 300),
  }
}

function standingOf(request: FastifyRequest): Standing {
  const standing = standings.get(request)
  if (!standing) throw new Error('this route has no signed-in person')
  return standing
}

function bearerOf({ headers }: FastifyRequest): string | null {
  const match = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')
  return match ? match[1]! : null
}

/** By header, or by `?workspace=` where a browser sends none: streams and pictures. */
function wantedWorkspace({ headers, query }: FastifyRequest): string | null {
  const wanted = headers['x-rapport-workspace'] ?? (query as { workspace?: unknown } | undefined)?.workspace
  return typeof wanted === 'string' && wanted !== '' ? wanted : null
}

function presentOf(request: FastifyRequest, memberships: readonly Membership[]): Membership | null {
  const wanted = wantedWorkspace(request)
  if (wanted === null) return memberships[0] ?? null
  return memberships.find(({ workspaceId, slug }) => workspaceId === wanted || slug === wanted) ?? null
}

function asMember(request: FastifyRequest, { access }: RouteContract, standing: Standing, at: Date): Actor {
  const membership = presentOf(request, standing.memberships)
  if (!membership) {
    if (wantedWorkspace(request) !== null) throw notFound('workspace')
    throw new Problem(403, 'workspaces.no_membership', 'You are not a member of any workspace. Ask for an invitation.')
  }
  const { workspaceId, memberId, permissions, teamIds } = membership
  if (access !== 'member' && !permissions.has(access)) throw forbidden(access)
  return { workspaceId, kind: 'member', id: memberId, at, permissions, teamIds }
}

function asToken(request: FastifyRequest, { access, method }: RouteContract, token: TokenStanding, at: Date): Actor {
  const { workspaceId, slug, tokenId, permissions, scopes } = token
  const wanted = wantedWorkspace(request)
  if (wanted !== null && wanted !== workspaceId && wanted !== slug) throw notFound('workspace')
  if (access === 'signed-in')
    throw new Problem(403, 'workspaces.person_needed', 'An API token is no person. Sign in to do this.')
  // What any member may do, a token may look at; to change it, it needs every permission of an administrator.
  const mayMember = method === 'GET' || scopes.includes('admin')
  if (access === 'member' ? !mayMember : !permissions.has(access)) throw forbidden(access)
  return { workspaceId, kind: 'token', id: tokenId, at, permissions, teamIds: [] }
}
