// Who writes in the chat. A browser gets a random token, of which only the hash is kept; whoever holds it is that visitor and
// nobody else. A person whom the host page's own server signs for is one visitor on all their devices.
import { createHash, createHmac, randomBytes, randomUUIDv7, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { sql, type Selectable } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import type { KnownConnection } from '#connections/server'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import type { ReadTables, WebchatTables } from './tables.ts'

export type VisitorRow = Selectable<WebchatTables['visitors']>

/** A visitor at one of their browsers. */
export interface Visiting {
  readonly visitId: string
  readonly connectionId: string
  readonly visitor: VisitorRow
}

export interface Contact {
  readonly name?: string
  readonly email?: string
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

export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The hash of the token that a request carries, or null. */
export function tokenHashOf(request: FastifyRequest): string | null {
  const token = TOKEN.exec(request.headers.authorization ?? '')?.[1]
  return token ? hashOfToken(token) : null
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
  const contact = clean(identity ?? input.contact ?? {})
  if (!identity && connection.settings['prechat'] === 'required' && !(contact.name && contact.email)) {
    throw new Problem(422, 'webchat.contact_missing', 'Please leave a name and an e-mail address first.')
  }
  const addressHash = keyedHash(connection, input.address)
  await refuseTooMany(tx, actor, connection, addressHash, caps)
  const visitor = identity
    ? await findOrMakePerson(tx, actor, connection, identity.userId, input, contact)
    : await makeVisitor(tx, actor, connection, input, contact)
  const token = `rv_${randomBytes(32).toString('base64url')}`
  const visitId = randomUUIDv7()
  await tx
    .insertInto('visits')
    .values({
      workspaceId: actor.workspaceId,
      id: visitId,
      visitorId: visitor.id,
      connectionId: connection.id,
      tokenHash: hashOfToken(token),
      addressHash,
      pageUrl: pageOf(input.pageUrl),
      createdAt: actor.at,
      lastSeenAt: actor.at,
    })
    .execute()
  return { token, visiting: { visitId, connectionId: connection.id, visitor } }
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

async function makeVisitor(
  tx: Tx<WebchatTables>,
  actor: Actor,
  connection: KnownConnection,
  { locale }: VisitStart,
  contact: Contact,
): Promise<VisitorRow> {
  const id = randomUUIDv7()
  const personKey = `visitor:${id}`
  return tx
    .insertInto('visitors')
    .values({
      workspaceId: actor.workspaceId,
      id,
      connectionId: connection.id,
      personKey,
      name: contact.name ?? null,
      email: contact.email ?? null,
      locale: locale ?? null,
      threadKey: `${personKey}:1`,
      createdAt: actor.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function findOrMakePerson(
  tx: Tx<WebchatTables>,
  actor: Actor,
  connection: KnownConnection,
  userId: string,
  input: VisitStart,
  contact: Contact,
): Promise<VisitorRow> {
  const personKey = `user:${userId}`
  const known = await tx
    .selectFrom('visitors')
    .select('id')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', connection.id)
    .where('personKey', '=', personKey)
    .executeTakeFirst()
  const former = known || !input.formerToken ? null : await loadVisit(tx, actor, hashOfToken(input.formerToken))
  // What they wrote before they signed in stays theirs, in the same line.
  const taken =
    former && former.connectionId === connection.id && former.visitor.verifiedUserId === null ? former.visitor.id : null
  const values = {
    name: contact.name ?? null,
    email: contact.email ?? null,
    locale: input.locale ?? null,
  }
  if (taken) {
    return tx
      .updateTable('visitors')
      .set((eb) => ({
        personKey,
        verifiedUserId: userId,
        name: eb.fn.coalesce(eb.val(values.name), 'name'),
        email: eb.fn.coalesce(eb.val(values.email), 'email'),
      }))
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', taken)
      .returningAll()
      .executeTakeFirstOrThrow()
  }
  return tx
    .insertInto('visitors')
    .values({
      workspaceId: actor.workspaceId,
      id: randomUUIDv7(),
      connectionId: connection.id,
      personKey,
      verifiedUserId: userId,
      ...values,
      threadKey: `${personKey}:1`,
      createdAt: actor.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspaceId', 'connectionId', 'personKey']).doUpdateSet((eb) => ({
        name: eb.fn.coalesce('excluded.name', 'visitors.name'),
        email: eb.fn.coalesce('excluded.email', 'visitors.email'),
        locale: eb.fn.coalesce('excluded.locale', 'visitors.locale'),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Writes down who the visitor says they are; what is not given stays. */
export async function saveContact(
  tx: Tx<WebchatTables>,
  actor: Actor,
  visitor: VisitorRow,
  given: Contact,
): Promise<VisitorRow> {
  const contact = clean(given)
  return tx
    .updateTable('visitors')
    .set({ name: contact.name ?? visitor.name, email: contact.email ?? visitor.email })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visitor.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Moves the visitor on to their next line. The caller has seen that the present one is resolved. */
export async function startLine(tx: Tx<WebchatTables>, actor: Actor, visitor: VisitorRow): Promise<VisitorRow> {
  const ordinal = visitor.ordinal + 1
  const moved = await tx
    .updateTable('visitors')
    .set({ ordinal, threadKey: `${visitor.personKey}:${ordinal}` })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visitor.id)
    .where('ordinal', '=', visitor.ordinal)
    .returningAll()
    .executeTakeFirst()
  if (!moved) throw new Problem(409, 'webchat.still_open', 'Another window of yours has begun it already.')
  return moved
}

export async function endVisit(tx: Tx<WebchatTables>, actor: Actor, visitId: string): Promise<void> {
  await tx
    .updateTable('visits')
    .set({ endedAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', visitId)
    .execute()
}

/** Without what no database takes (U+0000, half a surrogate pair) and no name or address needs. */
export const withoutControls = (text: string): string => text.toWellFormed().replace(/(?![\n\t])\p{Cc}/gu, '')

function clean({ name, email }: Contact): Contact {
  const tidy = (text: string | undefined): string =>
    withoutControls(text ?? '')
      .replace(/\s+/g, ' ')
      .trim()
  return { ...(tidy(name) && { name: tidy(name) }), ...(tidy(email) && { email: tidy(email) }) }
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
