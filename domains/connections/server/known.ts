// Connections as the accepting and sending paths need them: found by key or id, secrets opened, kept for some seconds.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connector, PlatformContext } from '#channels/connector'
import { connectorOf } from '#channels/all'
import type { Keyring } from '#platform/crypto'
import { signalAfterCommit, type Database } from '#platform/db/database'
import { openLeases, type Leases } from '#platform/db/leases'
import { openCredentials, sealCredentials, withLearned, type SecretPlace } from './settings.ts'

export interface KnownConnection {
  readonly workspaceId: string
  readonly id: string
  readonly channel: string
  readonly connector: Connector
  readonly name: string
  readonly state: 'active' | 'paused' | 'removed'
  /** What a person set, over what the channel learned. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What a person set, alone: what tells whether somebody changed it. */
  readonly set?: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  readonly teamId: string | null
  readonly serviceHoursId: string | null
  readonly isSample: boolean
  /** Keeps credentials that the platform exchanged for new ones; others of the connection stay. */
  readonly keep?: (credentials: Readonly<Record<string, string>>) => Promise<void>
  readonly renewing?: PlatformContext['renewing']
}

export interface KnownConnections {
  byKey(publicKey: string): Promise<KnownConnection | null>
  byId(workspaceId: string, id: string): Promise<KnownConnection | null>
  /** Forgets what is kept of a connection, so that a change counts at once on this node. */
  forget(id: string): void
}

/** Finds the connector of a channel; `connectorOf` of channels/all but in tests. */
export type FindConnector = (channel: string) => Connector | undefined

/** Sent after every change of a connection: whoever keeps some forgets them, on every node. */
export const CONNECTIONS_SIGNAL = 'connections'

const KEEP_MS = 10_000
const MOST_KEPT = 10_000

export function openKnownConnections(
  db: Database,
  keyring: Keyring,
  findConnector: FindConnector = connectorOf,
): KnownConnections & AsyncDisposable {
  const leases = openLeases(db)
  const kept = new Map<string, { readonly at: number; readonly value: Promise<KnownConnection | null> }>()
  db.signals.on(CONNECTIONS_SIGNAL, () => kept.clear())

  const remember = (key: string, find: () => Promise<KnownConnection | null>): Promise<KnownConnection | null> => {
    const entry = kept.get(key)
    if (entry && performance.now() - entry.at < KEEP_MS) return entry.value
    if (kept.size >= MOST_KEPT) kept.clear() // keys that nobody has come from outside
    const made = { at: performance.now(), value: find() }
    kept.set(key, made)
    made.value.catch(() => kept.get(key) === made && kept.delete(key))
    return made.value
  }

  const find = (column: 'publicKey' | 'id', wanted: string): Promise<KnownConnection | null> =>
    db.system(async (tx) => {
      const row = await tx
        .selectFrom('connections')
        .selectAll()
        .where(column, '=', wanted)
        .where('state', '<>', 'removed')
        .executeTakeFirst()
      const connector = row && findConnector(row.channel)
      if (!row || !connector) return null
      return {
        workspaceId: row.workspaceId,
        id: row.id,
        channel: row.channel,
        connector,
        name: row.name,
        state: row.state as KnownConnection['state'],
        settings: withLearned(row.learned, row.settings),
        set: row.settings as Record<string, unknown>,
        credentials: openCredentials(keyring, row, row.credentials),
        teamId: row.teamId,
        serviceHoursId: row.serviceHoursId,
        isSample: row.isSample,
        keep: (credentials) => keepCredentials(db, keyring, row, credentials),
        renewing: (work) => renewAlone(leases, row.id, async () => work(await credentialsNow(db, keyring, row))),
      }
    })

  return {
    byKey: (publicKey) => remember(`key ${publicKey}`, () => find('publicKey', publicKey)),
    byId: async (workspaceId, id) => {
      const known = await remember(`id ${id}`, () => find('id', id))
      return known?.workspaceId === workspaceId ? known : null
    },
    forget(id) {
      kept.delete(`id ${id}`)
      for (const [key, entry] of kept)
        void entry.value.then(
          (known) => known?.id === id && kept.get(key) === entry && kept.delete(key),
          () => {},
        )
    },
    [Symbol.asyncDispose]: () => leases[Symbol.asyncDispose](),
  }
}

const RENEWING_MS = 60_000
const LOOK_AGAIN_MS = 100

/** Waits until nobody else renews this connection's credentials. Throws where that takes too long. */
async function renewAlone<T>(leases: Leases, id: string, work: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + RENEWING_MS; performance.now() < end; await sleep(LOOK_AGAIN_MS)) {
    const lease = await leases.take(`renewing ${id}`)
    if (!lease) continue
    try {
      return await work()
    } finally {
      await lease.release()
    }
  }
  throw new Error('Somebody else has been renewing the leave of this connection for a minute.')
}

async function credentialsNow(db: Database, keyring: Keyring, place: SecretPlace): Promise<Record<string, string>> {
  const row = await db.system((tx) =>
    tx
      .selectFrom('connections')
      .select(['id', 'workspaceId', 'credentials'])
      .where('workspaceId', '=', place.workspaceId)
      .where('id', '=', place.id)
      .executeTakeFirst(),
  )
  return row ? { ...openCredentials(keyring, row, row.credentials) } : {}
}

async function keepCredentials(
  db: Database,
  keyring: Keyring,
  place: SecretPlace,
  credentials: Readonly<Record<string, string>>,
): Promise<void> {
  await db.write(place, async (tx) => {
    const row = await tx
      .selectFrom('connections')
      .select(['id', 'workspaceId', 'credentials'])
      .where('workspaceId', '=', place.workspaceId)
      .where('id', '=', place.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) return
    const all = { ...openCredentials(keyring, row, row.credentials), ...credentials }
    await tx
      .updateTable('connections')
      .set({ credentials: sealCredentials(keyring, row, all) })
      .where('workspaceId', '=', row.workspaceId)
      .where('id', '=', row.id)
      .execute()
    signalAfterCommit(tx, CONNECTIONS_SIGNAL)
  })
}
