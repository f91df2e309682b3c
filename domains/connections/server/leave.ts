// Leave from the platform (OAuth): a person goes there, says yes, and comes back with something that only the channel understands.
// What they began with waits sealed. The state that leads back to it is taken once, within a quarter of an hour, from the same
// log-in in which it was made; whoever else comes with it has nothing.
import type { Authorization, AuthorizationRequest, Connector } from '#channels/connector'
import { NotAuthorized } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import { hashToken, open, randomToken, seal, type Keyring } from '#platform/crypto'
import type { Database, Tx } from '#platform/db/database'
import { RETURN_PATH } from '../contract/leave.ts'
import { inTime, type Asking } from './asking.ts'
import { changeConnection, createConnection, requireConnector, type ConnectionKeys } from './connections.ts'
import { contextOf } from './context.ts'
import { hurryFeed } from './feeds.ts'
import { reportHealth } from './health.ts'
import { findConnection } from './present.ts'
import { applySettings, openCredentials, withLearned, type Credentials, type Settings } from './settings.ts'
import type { ConnectionTables } from './tables.ts'

export interface Leaving {
  readonly db: Database
  readonly keys: ConnectionKeys
  readonly asking: Asking
  /** The program's own address as others reach it. */
  readonly origin: () => string
}

/** What waits for a person's return. */
interface Kept {
  readonly name: string
  readonly settings: Settings
  readonly credentials: Credentials
  readonly teamId?: string | null
  readonly serviceHoursId?: string | null
  readonly kept: Readonly<Record<string, string>>
}

/** How long a person may take at the platform. */
const WAIT_MS = 15 * 60_000
const noLeave = (words: string, field?: string | null): Problem =>
  new Problem(
    422,
    'connections.no_leave',
    words,
    field ? { fields: [{ path: `settings.${field}`, message: words }] } : {},
  )
const unknownState = (): Problem =>
  new Problem(
    422,
    'connections.unknown_state',
    'This is not the answer to a question of yours, it was used before, or it took too long. Please begin again.',
  )

/** The address at which the platform finds this program's document; null where it can't be reached from outside. */
const documentUrl = (origin: string, { id, authorization }: Connector): string | null =>
  authorization?.clientDocument && origin.startsWith('https:') ? `${origin}/api/channels/${id}/client.json` : null

function requestOf(origin: string, connector: Connector, state: string): AuthorizationRequest {
  return { redirectUri: `${origin}${RETURN_PATH}`, state, clientDocumentUrl: documentUrl(origin, connector) }
}

/** The document by which the platform knows this program; null where the channel has none. */
export function clientDocument(origin: string, connector: Connector): Readonly<Record<string, unknown>> | null {
  return (
    connector.authorization?.clientDocument?.({
      url: `${origin}/api/channels/${connector.id}/client.json`,
      redirectUri: `${origin}${RETURN_PATH}`,
      origin,
      name: 'Rapport',
    }) ?? null
  )
}

export interface Beginning {
  readonly name: string
  readonly settings: Settings
  readonly teamId?: string | null
  readonly serviceHoursId?: string | null
}

/** Where to send a person for leave to a new connection; null where these settings need none. `login`: in which they act. */
export async function beginAuthorization(
  leaving: Leaving,
  actor: Actor,
  login: string,
  channel: string,
  input: Beginning,
): Promise<string | null> {
  const connector = requireConnector(channel, leaving.keys)
  const generated = connector.generate?.() ?? {}
  const set = applySettings(connector, { settings: {}, credentials: generated }, input.settings)
  if (!connector.authorization?.wanted(set.settings)) return null
  return begin(leaving, actor, login, connector, { ...input, ...set }, null, set.settings)
}

/** The same for one that is there. Throws 404. */
export async function beginReauthorization(
  leaving: Leaving,
  actor: Actor,
  login: string,
  connectionId: string,
): Promise<string | null> {
  const row = await leaving.db.read(actor, (tx) => findConnection(tx, actor, connectionId))
  const connector = requireConnector(row.channel, leaving.keys)
  const settings = row.settings as Settings
  if (!connector.authorization?.wanted(settings)) return null
  const credentials = openCredentials(leaving.keys.keyring, row, row.credentials)
  const handed = withLearned(row.learned, settings)
  return begin(leaving, actor, login, connector, { name: row.name, settings, credentials }, row.id, handed)
}

async function begin(
  leaving: Leaving,
  actor: Actor,
  login: string,
  connector: Connector,
  input: Omit<Kept, 'kept'>,
  connectionId: string | null,
  handed: Settings,
): Promise<string> {
  const state = randomToken()
  const request = requestOf(leaving.origin(), connector, state)
  const { url, kept } = await ask(leaving, handed, input.credentials, (context) =>
    connector.authorization!.begin(request, context),
  )
  const target = URL.parse(url)
  // A person is sent there: nothing but the web, whatever an instance may have answered.
  if (target?.protocol !== 'https:' && target?.protocol !== 'http:') throw noLeave('The platform named no web address.')
  await leaving.db.write(actor, async (tx) => {
    const stateHash = hashToken(state)
    await tx
      .deleteFrom('connectionAuthorizations')
      .where('workspaceId', '=', actor.workspaceId)
      .where('expiresAt', '<=', actor.at)
      .execute()
    await tx
      .insertInto('connectionAuthorizations')
      .values({
        workspaceId: actor.workspaceId,
        stateHash,
        actorId: requireSomebody(actor),
        browserHash: hashToken(login),
        channel: connector.id,
        connectionId,
        sealed: sealKept(leaving.keys.keyring, actor, stateHash, { ...input, kept }),
        expiresAt: new Date(actor.at.getTime() + WAIT_MS),
      })
      .execute()
  })
  return target.href
}

export interface Finished {
  readonly id: string
  readonly secrets: Credentials
  readonly note: string
  readonly mended: boolean
}

/** Hands the query of a return to its channel, once. Throws 422 `connections.unknown_state` and `connections.no_leave`. */
export async function finishAuthorization(
  leaving: Leaving,
  actor: Actor,
  login: string,
  params: Readonly<Record<string, string>>,
): Promise<Finished> {
  const state = params['state'] ?? ''
  const stateHash = hashToken(state)
  const row = await leaving.db.write(actor, (tx) => takeState(tx, actor, login, stateHash))
  if (!row) throw unknownState()
  const connector = requireConnector(row.channel, leaving.keys)
  const { authorization } = connector
  if (!authorization) throw unknownState()
  const input = openKept(leaving.keys.keyring, actor, stateHash, row.sealed)
  const request = requestOf(leaving.origin(), connector, state)
  const outcome = await ask(leaving, input.settings, input.credentials, (context) =>
    authorization.finish(request, params, input.kept, context),
  )
  if (!outcome.ok) throw noLeave(outcome.reason, outcome.field ?? null)
  const { credentials, settings = {}, learned, note } = outcome
  const leave = { credentials, learned }
  return leaving.db.write(actor, async (tx) => {
    if (row.connectionId !== null) {
      await changeConnection(tx, actor, row.connectionId, { settings, leave }, leaving.keys)
      await reportHealth(tx, actor, row.connectionId, { health: 'ok', reason: null })
      await hurryFeed(tx, actor, row.connectionId)
      return { id: row.connectionId, secrets: {}, note, mended: true }
    }
    const { name, teamId = null, serviceHoursId = null } = input
    const all = { ...input.settings, ...input.credentials, ...settings }
    const given = Object.fromEntries(Object.entries(all).filter(([field]) => knows(connector, field)))
    const made = { channel: connector.id, name, settings: given, teamId, serviceHoursId, leave }
    return { ...(await createConnection(tx, actor, made, leaving.keys)), note, mended: false }
  })
}

const knows = ({ settings }: Connector, field: string): boolean =>
  Object.hasOwn((settings as { properties?: object }).properties ?? {}, field)

/** Whoever comes with a state that is not theirs neither gets it nor takes it from whose it is. */
async function takeState(
  tx: Tx<Pick<ConnectionTables, 'connectionAuthorizations'>>,
  actor: Actor,
  login: string,
  stateHash: string,
) {
  return tx
    .deleteFrom('connectionAuthorizations')
    .where('workspaceId', '=', actor.workspaceId)
    .where('stateHash', '=', stateHash)
    .where('actorId', '=', requireSomebody(actor))
    .where('browserHash', '=', hashToken(login))
    .where('expiresAt', '>', actor.at)
    .returning(['channel', 'connectionId', 'sealed'])
    .executeTakeFirst()
}

const requireSomebody = (actor: Actor): string => {
  if (actor.id === null) throw unknownState()
  return actor.id
}

/** Asks the channel outside any transaction, within its time; whatever it throws is an answer in words. */
async function ask<T>(
  { asking }: Leaving,
  settings: Settings,
  credentials: Credentials,
  work: (context: Parameters<Authorization['begin']>[1]) => Promise<T>,
): Promise<T> {
  try {
    return await inTime(asking, (signal) => {
      const { connectionId: _, ...context } = contextOf(
        { id: '', settings, credentials },
        asking.network,
        asking.clock,
        signal,
      )
      return work(context)
    })
  } catch (error) {
    if (error instanceof NotAuthorized) throw noLeave(error.message, error.field)
    throw noLeave(
      `The platform could not be asked: ${error instanceof Error ? error.message.slice(0, 300) : 'no answer'}`,
    )
  }
}

const placeOf = ({ workspaceId }: Actor, stateHash: string): string =>
  `connections.authorization:${workspaceId}:${stateHash}`

const sealKept = (keyring: Keyring, actor: Actor, stateHash: string, kept: Kept): string =>
  seal(keyring, JSON.stringify(kept), placeOf(actor, stateHash))

const openKept = (keyring: Keyring, actor: Actor, stateHash: string, sealed: string): Kept =>
  JSON.parse(open(keyring, sealed, placeOf(actor, stateHash))) as Kept
