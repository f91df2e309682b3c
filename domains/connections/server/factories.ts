// Connections and deliveries for tests, of any domain.
import { randomBytes, randomUUIDv7 } from 'node:crypto'
import type { Keyring } from '#platform/crypto'
import type { Database } from '#platform/db/database'
import { laneOf } from '#platform/jobs'
import { LANES } from './accept.ts'
import { sealCredentials } from './settings.ts'

const DAY = new Date('2026-11-02T09:00:00Z')

export interface MadeConnection {
  readonly workspaceId: string
  readonly id: string
  readonly publicKey: string
}

/** A connected account of a channel. Credentials need the keyring that shall open them. */
export async function aConnection(
  db: Database,
  workspaceId: string,
  channel: string,
  given: {
    readonly name?: string
    readonly settings?: Readonly<Record<string, unknown>>
    readonly credentials?: Readonly<Record<string, string>>
    readonly keyring?: Keyring
    readonly state?: 'active' | 'paused' | 'removed'
    readonly teamId?: string | null
    readonly serviceHoursId?: string | null
    readonly at?: Date
  } = {},
): Promise<MadeConnection> {
  const id = randomUUIDv7()
  const publicKey = randomBytes(24).toString('base64url')
  const { credentials, keyring } = given
  if (credentials && !keyring) throw new Error('credentials need a keyring')
  await db.write({ workspaceId }, (tx) =>
    tx
      .insertInto('connections')
      .values({
        workspaceId,
        id,
        channel,
        name: given.name ?? `A ${channel}`,
        publicKey,
        settings: JSON.stringify(given.settings ?? {}),
        credentials: credentials && keyring ? sealCredentials(keyring, { workspaceId, id }, credentials) : null,
        state: given.state ?? 'active',
        teamId: given.teamId ?? null,
        serviceHoursId: given.serviceHoursId ?? null,
        createdAt: given.at ?? DAY,
      })
      .execute(),
  )
  return { workspaceId, id, publicKey }
}

/** A stored delivery, pending unless said otherwise. */
export async function aDelivery(
  db: Database,
  connection: Pick<MadeConnection, 'workspaceId' | 'id'>,
  given: {
    readonly body?: string | Buffer
    readonly headers?: Readonly<Record<string, string>>
    readonly state?: 'pending' | 'done' | 'quarantined' | 'dismissed'
    readonly reason?: string
    readonly at?: Date
  } = {},
): Promise<{ readonly id: string; readonly receivedAt: Date }> {
  const id = randomUUIDv7()
  const receivedAt = given.at ?? DAY
  const { state = 'pending' } = given
  await db.system((tx) =>
    tx
      .insertInto('deliveries')
      .values({
        workspaceId: connection.workspaceId,
        id,
        connectionId: connection.id,
        lane: laneOf(connection.id, LANES),
        receivedAt,
        headers: JSON.stringify(given.headers ?? {}),
        body: Buffer.from(given.body ?? '{}'),
        state,
        reason: given.reason ?? null,
        settledAt: state === 'pending' ? null : receivedAt,
      })
      .execute(),
  )
  return { id, receivedAt }
}
