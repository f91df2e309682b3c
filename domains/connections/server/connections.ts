// Connecting an account, changing it, and letting it go.
import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { connectorOf } from '#channels/all'
import type { Connector, Learned } from '#channels/connector'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Keyring } from '#platform/crypto'
import { signalAfterCommit, type Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { connectionEvents } from '../contract.ts'
import { claimAddresses, freeAddresses } from './addresses.ts'
import { hurryFeed } from './feeds.ts'
import { keepLearned } from './learned.ts'
import { CONNECTIONS_SIGNAL, type FindConnector } from './known.ts'
import { requireNamed } from './named-connections.ts'
import { findConnection } from './present.ts'
import { applySettings, openCredentials, sealCredentials, type Credentials, type Settings } from './settings.ts'
import type { ConnectionReads } from './tables.ts'

const emit = emitter(connectionEvents)

/** What the use cases need beside the transaction: the keys that seal, and which channels there are. */
export interface ConnectionKeys {
  readonly keyring: Keyring
  readonly connectorOf?: FindConnector
}

export interface NewConnection {
  readonly channel: string
  readonly name: string
  readonly settings?: Settings
  readonly teamId?: string | null
  readonly serviceHoursId?: string | null
  readonly isSample?: boolean
  /** What the platform gave when it was asked for leave. */
  readonly leave?: Leave
}

export interface Leave {
  readonly credentials: Credentials
  readonly learned?: Learned | undefined
}

export interface ConnectionChange {
  readonly leave?: Leave
  readonly name?: string
  readonly settings?: Settings
  readonly teamId?: string | null
  readonly serviceHoursId?: string | null
}

/**
 * Connects an account. `secrets` are those made here, to be shown this once. Throws 422 `connections.no_such_channel`,
 * `connections.bad_settings` (with fields), `connections.no_such_team`, `connections.no_such_hours`, 409 `connections.address_taken`.
 */
export async function createConnection(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  input: NewConnection,
  keys: ConnectionKeys,
): Promise<{ readonly id: string; readonly secrets: Credentials }> {
  const connector = requireConnector(input.channel, keys)
  const id = randomUUIDv7()
  const given = input.settings ?? {}
  const generated = connector.generate?.() ?? {}
  // A secret that a person brings along (from an older system) stands before one made here.
  const secrets = Object.fromEntries(Object.entries(generated).filter(([name]) => !given[name]))
  const { settings, credentials } = applySettings(
    connector,
    { settings: {}, credentials: { ...secrets, ...input.leave?.credentials } },
    given,
  )
  await requirePlaces(tx, actor, input)
  await requireNamed(tx, actor, connector, settings, keys.connectorOf ?? connectorOf)
  await tx
    .insertInto('connections')
    .values({
      workspaceId: actor.workspaceId,
      id,
      channel: connector.id,
      name: input.name,
      publicKey: randomBytes(24).toString('base64url'),
      settings: JSON.stringify(settings),
      credentials: sealCredentials(keys.keyring, { workspaceId: actor.workspaceId, id }, credentials),
      teamId: input.teamId ?? null,
      serviceHoursId: input.serviceHoursId ?? null,
      isSample: input.isSample ?? false,
      createdAt: actor.at,
    })
    .execute()
  await keepLearned(tx, { workspaceId: actor.workspaceId, id }, input.leave?.learned)
  await claimAddresses(tx, actor, id, connector, settings)
  await told(tx, actor, 'connections.connected', id, [])
  return { id, secrets }
}

/** A setting left out stays, null takes it away. Throws 404, and 422 and 409 as `createConnection` does. */
export async function changeConnection(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  id: string,
  change: ConnectionChange,
  keys: ConnectionKeys,
): Promise<void> {
  const row = await findConnection(tx, actor, id, true)
  await requirePlaces(tx, actor, change)
  const values: Record<string, unknown> = {}
  const changed = new Set<string>()
  for (const name of ['name', 'teamId', 'serviceHoursId'] as const) {
    if (change[name] === undefined || change[name] === row[name]) continue
    values[name] = change[name]
    changed.add(name)
  }
  await keepLearned(tx, row, change.leave?.learned)
  if (change.settings !== undefined || change.leave) {
    const before = {
      settings: row.settings as Record<string, unknown>,
      credentials: openCredentials(keys.keyring, row, row.credentials),
    }
    const leave = { ...before.credentials, ...change.leave?.credentials }
    const connector = requireConnector(row.channel, keys)
    const after = applySettings(connector, { ...before, credentials: leave }, change.settings ?? {})
    if (!sameFields(before.settings, after.settings)) {
      // Only what is set now: one that was named and is gone must not keep anything else from being changed.
      const fresh = Object.entries(after.settings).filter(([name, value]) => before.settings[name] !== value)
      await requireNamed(tx, actor, connector, Object.fromEntries(fresh), keys.connectorOf ?? connectorOf)
      values['settings'] = JSON.stringify(after.settings)
      changed.add('settings')
      await claimAddresses(tx, actor, id, connector, after.settings)
    }
    if (!sameFields(before.credentials, after.credentials)) {
      values['credentials'] = sealCredentials(keys.keyring, row, after.credentials)
      changed.add('secrets')
    }
  }
  if (changed.size === 0) return
  await setFields(tx, actor, id, values)
  // What was wrong may be right now: nobody waits for the next try.
  if (changed.has('settings') || changed.has('secrets')) await hurryFeed(tx, actor, id)
  await told(tx, actor, 'connections.changed', id, [...changed])
}

/** Nothing is sent or fetched any more; what is delivered is still stored. Doing it twice changes nothing. */
export async function pauseConnection(tx: Tx<ConnectionReads>, actor: Actor, id: string): Promise<void> {
  await moveTo(tx, actor, id, 'paused', 'connections.paused')
}

export async function resumeConnection(tx: Tx<ConnectionReads>, actor: Actor, id: string): Promise<void> {
  await moveTo(tx, actor, id, 'active', 'connections.resumed')
}

/** Disconnects for good: its address answers no more, its secrets are forgotten; conversations stay. */
export async function removeConnection(tx: Tx<ConnectionReads>, actor: Actor, id: string): Promise<void> {
  await findConnection(tx, actor, id, true)
  await setFields(tx, actor, id, { state: 'removed', credentials: null })
  await freeAddresses(tx, actor, id)
  await tx
    .deleteFrom('connectionFeeds')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', id)
    .execute()
  await told(tx, actor, 'connections.removed', id, ['state', 'secrets'])
}

/** Makes new secrets, to be shown this once; what the old ones signed stays good as long as the channel says. Throws 422 `connections.no_made_secrets` where the channel makes none. */
export async function renewSecrets(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  id: string,
  keys: ConnectionKeys,
): Promise<Credentials> {
  const row = await findConnection(tx, actor, id, true)
  const connector = requireConnector(row.channel, keys)
  const secrets = connector.generate?.() ?? {}
  if (Object.keys(secrets).length === 0)
    throw new Problem(
      422,
      'connections.no_made_secrets',
      `Secrets of ${connector.name} are made there; enter the new ones in the settings.`,
    )
  const before = openCredentials(keys.keyring, row, row.credentials)
  const credentials = { ...before, ...connector.former?.(before, actor.at), ...secrets }
  await setFields(tx, actor, id, { credentials: sealCredentials(keys.keyring, row, credentials) })
  await told(tx, actor, 'connections.secrets_renewed', id, ['secrets'])
  return secrets
}

async function moveTo(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  id: string,
  state: 'active' | 'paused',
  event: 'connections.paused' | 'connections.resumed',
): Promise<void> {
  const row = await findConnection(tx, actor, id, true)
  if (row.state === state) return
  await setFields(tx, actor, id, { state })
  if (state === 'active') await hurryFeed(tx, actor, id)
  await told(tx, actor, event, id, ['state'])
}

/** Throws 422 `connections.no_such_channel`. */
export function requireConnector(channel: string, { connectorOf: find = connectorOf }: ConnectionKeys): Connector {
  const connector = find(channel)
  if (!connector)
    throw new Problem(422, 'connections.no_such_channel', `This version of Rapport has no channel “${channel}”.`)
  return connector
}

async function requirePlaces(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  { teamId, serviceHoursId }: ConnectionChange,
): Promise<void> {
  if (teamId) {
    const team = await tx
      .selectFrom('teams')
      .select('id')
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', teamId)
      .where('archivedAt', 'is', null)
      .executeTakeFirst()
    if (!team) throw new Problem(422, 'connections.no_such_team', 'There is no such team here.')
  }
  if (serviceHoursId) {
    const hours = await tx
      .selectFrom('serviceHours')
      .select('id')
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', serviceHoursId)
      .executeTakeFirst()
    if (!hours) throw new Problem(422, 'connections.no_such_hours', 'There are no such service hours here.')
  }
}

async function setFields(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  id: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx
    .updateTable('connections')
    .set(values)
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .execute()
}

async function told(
  tx: Tx<ConnectionReads>,
  actor: Actor,
  event:
    | 'connections.connected'
    | 'connections.changed'
    | 'connections.paused'
    | 'connections.resumed'
    | 'connections.removed'
    | 'connections.secrets_renewed',
  connectionId: string,
  changed: string[],
): Promise<void> {
  await emit(tx, actor, event, { subjectId: connectionId, data: { connectionId, changed } })
  signalAfterCommit(tx, CONNECTIONS_SIGNAL)
}

function sameFields(a: Settings, b: Settings): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
}
