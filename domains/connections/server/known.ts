// Connections as the accepting and sending paths need them: found by key or id, secrets opened, kept for some seconds.
import type { Connector } from '#channels/connector'
import { connectorOf } from '#channels/all'
import { open, type Keyring } from '#platform/crypto'
import type { Database } from '#platform/db/database'

export interface KnownConnection {
  readonly workspaceId: string
  readonly id: string
  readonly channel: string
  readonly connector: Connector
  readonly name: string
  readonly state: 'active' | 'paused' | 'removed'
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  readonly teamId: string | null
  readonly serviceHoursId: string | null
}

export interface KnownConnections {
  byKey(publicKey: string): Promise<KnownConnection | null>
  byId(workspaceId: string, id: string): Promise<KnownConnection | null>
  /** Forgets what is kept of a connection, so that a change counts at once on this node. */
  forget(id: string): void
}

const KEEP_MS = 10_000

export const credentialContext = (workspaceId: string, id: string): string =>
  `connections.credentials:${workspaceId}:${id}`

export function openKnownConnections(db: Database, keyring: Keyring): KnownConnections {
  const kept = new Map<string, { readonly at: number; readonly value: Promise<KnownConnection | null> }>()

  const remember = (key: string, find: () => Promise<KnownConnection | null>): Promise<KnownConnection | null> => {
    const entry = kept.get(key)
    if (entry && performance.now() - entry.at < KEEP_MS) return entry.value
    if (kept.size > 10_000) kept.clear() // keys that nobody has come from outside
    const value = find()
    kept.set(key, { at: performance.now(), value })
    value.catch(() => kept.delete(key))
    return value
  }

  const find = (column: 'publicKey' | 'id', wanted: string): Promise<KnownConnection | null> =>
    db.system(async (tx) => {
      const row = await tx
        .selectFrom('connections')
        .selectAll()
        .where(column, '=', wanted)
        .where('state', '<>', 'removed')
        .executeTakeFirst()
      const connector = row && connectorOf(row.channel)
      if (!row || !connector) return null
      const sealed = row.credentials
      return {
        workspaceId: row.workspaceId,
        id: row.id,
        channel: row.channel,
        connector,
        name: row.name,
        state: row.state as KnownConnection['state'],
        settings: row.settings as Record<string, unknown>,
        credentials: sealed ? JSON.parse(open(keyring, sealed, credentialContext(row.workspaceId, row.id))) : {},
        teamId: row.teamId,
        serviceHoursId: row.serviceHoursId,
      }
    })

  return {
    byKey: (publicKey) => remember(publicKey, () => find('publicKey', publicKey)),
    byId: async (workspaceId, id) => {
      const known = await remember(id, () => find('id', id))
      return known?.workspaceId === workspaceId ? known : null
    },
    forget(id) {
      for (const [key, { value }] of kept) {
        void value.then(
          (known) => (known === null || known.id === id ? kept.delete(key) : false),
          () => {},
        )
      }
    },
  }
}
