// Whether a connection works, by the word of whoever talks to its platform.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { connectionEvents, type Connection } from '../contract.ts'
import type { ConnectionTables } from './tables.ts'

const emit = emitter(connectionEvents)
const MOST_REASON = 300

export interface HealthReport {
  readonly health: Connection['health']
  /** In words a person can act on; null when all is well. */
  readonly reason: string | null
}

/** Writes, and tells, only what is news; so it may be called after every send. Answers whether it was. */
export async function reportHealth(
  tx: Tx<Pick<ConnectionTables, 'connections'>>,
  actor: Actor,
  connectionId: string,
  { health, reason }: HealthReport,
): Promise<boolean> {
  const words = reason?.slice(0, MOST_REASON) ?? null
  const news = await tx
    .updateTable('connections')
    .set({ health, healthReason: words, healthAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', connectionId)
    .where('state', '<>', 'removed')
    .where((is) => is.or([is('health', '<>', health), is('healthReason', 'is distinct from', words)]))
    .returning('id')
    .executeTakeFirst()
  if (!news) return false
  await emit(tx, actor, 'connections.health_changed', {
    subjectId: connectionId,
    data: { connectionId, changed: ['health'] },
  })
  return true
}

/** A time that is off by less is left as it is: a busy connection costs one update in a while, not one a message. */
const TIME_STEP_MS = 5000

/** Remembers when each connection was last heard; called once a batch by whoever takes deliveries in. */
export async function noteDeliveries(
  tx: Tx<Pick<ConnectionTables, 'connections'>>,
  actor: Actor,
  deliveries: readonly { readonly connectionId: string; readonly receivedAt: Date }[],
): Promise<void> {
  const newest = new Map<string, Date>()
  for (const { connectionId, receivedAt } of deliveries) {
    const known = newest.get(connectionId)
    if (known === undefined || known < receivedAt) newest.set(connectionId, receivedAt)
  }
  const entries = [...newest].sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return
  await sql`
    update connections c set last_delivery_at = n.at
    from unnest(${entries.map(([id]) => id)}::uuid[], ${entries.map(([, at]) => at)}::timestamptz[]) as n (id, at)
    where c.workspace_id = ${actor.workspaceId}::uuid and c.id = n.id
      and (c.last_delivery_at is null or c.last_delivery_at <= n.at - ${TIME_STEP_MS} * interval '1 millisecond')
  `.execute(tx)
}

/** Remembers that something left through the connection at the actor's time. */
export async function noteSent(
  tx: Tx<Pick<ConnectionTables, 'connections'>>,
  actor: Actor,
  connectionId: string,
): Promise<void> {
  const longAgo = new Date(actor.at.getTime() - TIME_STEP_MS)
  await tx
    .updateTable('connections')
    .set({ lastSentAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', connectionId)
    .where((is) => is.or([is('lastSentAt', 'is', null), is('lastSentAt', '<=', longAgo)]))
    .execute()
}
