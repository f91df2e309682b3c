// Whether a connection works, by the word of whoever talks to its platform.
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { connectionEvents, type Connection } from '../contract.ts'
import type { ConnectionReads } from './tables.ts'

const emit = emitter(connectionEvents)
const MOST_REASON = 300

export interface HealthReport {
  readonly health: Connection['health']
  /** In words a person can act on; null when all is well. */
  readonly reason: string | null
}

/** Writes, and tells, only what is news; so it may be called after every send. Answers whether it was. */
export async function reportHealth(
  tx: Tx<Pick<ConnectionReads, 'connections' | 'events'>>,
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
