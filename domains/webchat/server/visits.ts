// A visitor at one browser. It gets a random token, of which only the hash is kept; whoever holds it is that visitor and nobody else.
import { createHmac, randomBytes, randomUUIDv7, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import type { KnownConnection } from '#connections/server'
import { Problem } from '#platform/contract/problem'
import { hashToken } from '#platform/crypto'
import type { Database, Tx } from '#platform/db/database'
import type { ReadTables, WebchatTables } from './tables.ts'
import {
  cleanContact,
  isKnownPerson,
  knowPerson,
  makeVisitor,
  withoutControls,
  type Contact,
  type VisitorRow,
} from './visitors.ts'

/** A visitor at one of their browsers. */
export interface Visiting {
  readonly visitId: string
  readonly connectionId: string
  readonly visitor: VisitorRow
}

export interface Identity extends Contact {
  readonly userId: string
  readonly hmac: string
}

export interface VisitStart {
  readonly contact?: Contact
  readonly identity?: Identity
  readonly formerToken?: string
  readonly locale?: string
  readonly pageUrl?: string
  /** The caller's network address; kept as a keyed hash. */
  readonly address: string
}

export interface VisitCaps {
  /** New visits of one address and hour; an office behind one address must still get through. */
  readonly visitsPerHour: number
  /** Visits of one address and day whose line was not resolved. */
  readonly openPerDay: number
}
export const visitCaps: VisitCaps = { visitsPerHour: 20, openPerDay: 100 }

const TOKEN = /^Bearer (rv_[A-Za-z0-9_-]{43})$/
const HOUR_MS = 3_600_000

/** The hash of the token that a request carries, or null. */
export function tokenHashOf(request: FastifyRequest): string | null {
  const token = TOKEN.exec(request.headers.authorization ?? '')?.[1]
  return token ? hashToken(token) : null
}

/** Answers which visitor a request's token belongs to; for the one place that asks who calls. */
export function createVisitorOf({ db, clock }: { readonly db: Database; readonly clock: Clock }) {
  return async (request: FastifyRequest): Promise<Actor | null> => {
    const tokenHash = tokenHashOf(request)
    if (tokenHash === null) return null
    const row = await db.system((tx) =>
      tx
        .selectFrom('visits')
        .select(['workspaceId', 'visitorId'])
        .where('tokenHash', '=', tokenHash)
        .where('endedAt', 'is', null)
        .executeTakeFirst(),
    )
    if (!row) return null
    const { workspaceId, visitorId } = row
    return { workspaceId, kind: 'visitor', id: visitorId, at: clock.now(), permissions: new Set(), teamIds: [] }
  }
}

/** The visit that a token opens, or null when there is none or it was ended. */
export async function loadVisit(tx: Tx<WebchatTables>, actor: Actor, tokenHash: string): Promise<Visiting | null> {
  const visit = await tx
    .selectFrom('visits')
    .select(['id', 'connectionId', 'visitorId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('tokenHash', '=', tokenHash)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  if (!visit) return null
  const visitor = await tx
    .selectFrom('visitors')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visit.visitorId)
    .executeTakeFirstOrThrow()
  return { visitId: visit.id, connectionId: visit.connectionId, visitor }
}

/** Makes a visit, and the visitor where there is none. @throws Problem identity_refused, contact_missing, too_many_visits */
export async function startVisit(
  tx: Tx<WebchatTables & ReadTables>,
  actor: Actor,
  connection: KnownConnection,
  input: VisitStart,
  caps: VisitCaps = visitCaps,
): Promise<{ readonly token: string; readonly visiting: Visiting }> {
  const { identity } = input
  if (identity) requireSignature(connection, identity)
  const contact = cleanContact(identity ?? input.contact ?? {})
  if (!identity && connection.settings['prechat'] === 'required' && !(contact.name && contact.email)) {
    throw new Problem(422, 'webchat.contact_missing', 'Please leave a name and an e-mail address first.')
  }
  const addressHash = keyedHash(connection, input.address)
  await refuseTooMany(tx, actor, connection, addressHash, caps)
  const visitor = identity
    ? await personOf(tx, actor, connection, identity.userId, input, contact)
    : await makeVisitor(tx, actor, connection, contact, input.locale)
  const token = `rv_${randomBytes(32).toString('base64url')}`
  const visitId = randomUUIDv7()
  await tx
    .insertInto('visits')
    .values({
      workspaceId: actor.workspaceId,
      id: visitId,
      visitorId: visitor.id,
      connectionId: connection.id,
      tokenHash: hashToken(token),
      addressHash,
      pageUrl: pageOf(input.pageUrl),
      createdAt: actor.at,
      lastSeenAt: actor.at,
    })
    .execute()
  return { token, visiting: { visitId, connectionId: connection.id, visitor } }
}

async function personOf(
  tx: Tx<WebchatTables>,
  actor: Actor,
  connection: KnownConnection,
  userId: string,
  { formerToken, locale }: VisitStart,
  contact: Contact,
): Promise<VisitorRow> {
  const former =
    !formerToken || (await isKnownPerson(tx, actor, connection, userId))
      ? null
      : await loadVisit(tx, actor, hashToken(formerToken))
  // What they wrote before they signed in stays theirs, in the same line.
  const theirs = former?.connectionId === connection.id && former.visitor.verifiedUserId === null
  return knowPerson(tx, actor, connection, userId, contact, locale, theirs ? former.visitor : null)
}

function requireSignature(connection: KnownConnection, { userId, hmac }: Identity): void {
  const secret = connection.credentials['identitySecret']
  const right = secret && createHmac('sha256', secret).update(userId).digest()
  if (right && timingSafeEqual(right, Buffer.from(hmac, 'hex'))) return
  throw new Problem(403, 'webchat.identity_refused', 'The page’s signature of this person is not right.')
}

async function refuseTooMany(
  tx: Tx<WebchatTables & ReadTables>,
  actor: Actor,
  connection: KnownConnection,
  addressHash: string,
  caps: VisitCaps,
): Promise<void> {
  const hourAgo = new Date(actor.at.getTime() - HOUR_MS)
  const dayAgo = new Date(actor.at.getTime() - 24 * HOUR_MS)
  const row = await tx
    .selectFrom('visits as v')
    .innerJoin('visitors as p', (join) =>
      join.onRef('p.workspaceId', '=', 'v.workspaceId').onRef('p.id', '=', 'v.visitorId'),
    )
    .leftJoin('conversations as c', (join) =>
      join
        .onRef('c.workspaceId', '=', 'p.workspaceId')
        .onRef('c.connectionId', '=', 'p.connectionId')
        .onRef('c.threadKey', '=', 'p.threadKey'),
    )
    .select([
      sql<number>`count(*) filter (where v.created_at > ${hourAgo})`.as('hour'),
      sql<number>`count(*) filter (where c.state is distinct from 'resolved')`.as('open'),
    ])
    .where('v.workspaceId', '=', actor.workspaceId)
    .where('v.connectionId', '=', connection.id)
    .where('v.addressHash', '=', addressHash)
    .where('v.createdAt', '>', dayAgo)
    .executeTakeFirstOrThrow()
  if (row.hour >= caps.visitsPerHour || row.open >= caps.openPerDay) {
    throw new Problem(429, 'webchat.too_many_visits', 'Too many new chats came from this network. Try again later.')
  }
}

export async function endVisit(tx: Tx<WebchatTables>, actor: Actor, visitId: string): Promise<void> {
  await tx
    .updateTable('visits')
    .set({ endedAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visitId)
    .execute()
}

/** A page's address without its query, in which secrets travel; null for what is none. */
export function pageOf(url: string | undefined): string | null {
  if (!url || !URL.canParse(url)) return null
  const { protocol, origin, pathname } = new URL(url)
  return /^https?:$/.test(protocol) ? withoutControls(origin + pathname) : null
}

function keyedHash({ id, credentials }: KnownConnection, address: string): string {
  return createHmac('sha256', credentials['identitySecret'] ?? id)
    .update(address)
    .digest('base64url')
    .slice(0, 22)
}
