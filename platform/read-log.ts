// Who read private content, written down beside the reading and not in its way: reads are gathered for a second and go into
// access_log in one statement. Somebody who reads the same thing again within ten minutes has read it once. What was
// gathered is written when the program ends; only a kill loses the last second.
import type { Logger } from 'pino'
import { logAccess, type Access } from './access-log.ts'
import type { Actor } from './actor.ts'
import type { Clock } from './clock.ts'
import type { Database } from './db/database.ts'

export interface ReadLog extends AsyncDisposable {
  /** `action` is stable, since people search by it; `from` is the request, for address and device. Never throws, never waits. */
  note(actor: Actor, action: string, subjectIds: readonly string[], from?: ReadFrom): void
  /** Writes what was gathered, now. */
  flush(): Promise<void>
}

export interface ReadFrom {
  readonly ip: string
  readonly headers: { readonly 'user-agent'?: string | undefined }
}

export const READ_AGAIN_MS = 600_000
const FLUSH_MS = 1000
const MOST_REMEMBERED = 50_000
const MOST_WAITING = 20_000

export function openReadLog(db: Database, clock: Clock, log: Pick<Logger, 'error'>): ReadLog {
  const seen = new Map<string, number>()
  let waiting: Access[] = []
  let underway: Promise<void> = Promise.resolve()

  const isNew = (key: string, now: number): boolean => {
    const last = seen.get(key)
    // A clock that jumped back must not hide a reading.
    if (last !== undefined && now >= last && now - last < READ_AGAIN_MS) return false
    // To the end of the map, so that the oldest is first and goes first.
    seen.delete(key)
    if (seen.size >= MOST_REMEMBERED) seen.delete(seen.keys().next().value!)
    seen.set(key, now)
    return true
  }

  const write = async (): Promise<void> => {
    if (waiting.length === 0) return
    const batch = waiting
    waiting = []
    try {
      await db.system((tx) => logAccess(tx, batch))
    } catch (error) {
      // Kept for the next try, but never without end.
      const kept = [...batch, ...waiting]
      waiting = kept.slice(0, MOST_WAITING)
      log.error(
        { err: error, waiting: waiting.length, lost: kept.length - waiting.length },
        'who read what was not written',
      )
    }
  }
  const flush = (): Promise<void> => (underway = underway.then(write))
  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()

  return {
    note(actor, action, subjectIds, from) {
      // A visitor reads their own; the program reads nothing.
      if (actor.kind !== 'member' && actor.kind !== 'token') return
      for (const subjectId of subjectIds) {
        if (!isNew(`${actor.workspaceId} ${actor.id} ${action} ${subjectId}`, actor.at.getTime())) continue
        if (waiting.length >= MOST_WAITING) void flush()
        waiting.push({
          workspaceId: actor.workspaceId,
          at: clock.now(),
          actorKind: actor.kind,
          actorId: actor.id,
          action,
          subjectId,
          ...(from && { address: from.ip, device: deviceOf(from) }),
        })
      }
    },
    flush,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await flush()
    },
  }
}

const deviceOf = ({ headers }: ReadFrom): string =>
  (headers['user-agent'] ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, 300)
