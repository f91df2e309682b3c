// How many deliveries were refused, by connection, day and reason. Gathered in memory and written once a second, so that
// whoever forges signatures costs no statement each; a killed program loses at most that second of counting.
import { sql } from 'kysely'
import type { Database } from '#platform/db/database'
import { dayOf } from './present.ts'

export type RefusalReason = 'bad_signature' | 'stale' | 'malformed'

export interface Refusals extends AsyncDisposable {
  note(connection: { readonly workspaceId: string; readonly id: string }, reason: RefusalReason, at: Date): void
  /** Writes what is gathered now. What could not be written is kept for the next time. */
  flush(): Promise<void>
}

interface Counted {
  readonly workspaceId: string
  readonly connectionId: string
  readonly day: string
  readonly reason: RefusalReason
  count: number
}

export interface RefusalsOptions {
  readonly everyMs?: number
  readonly onError?: (error: unknown) => void
}

export function openRefusals(db: Database, { everyMs = 1000, onError = () => {} }: RefusalsOptions = {}): Refusals {
  let gathered = new Map<string, Counted>()
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  const gather = (counted: Counted): void => {
    const key = `${counted.connectionId} ${counted.day} ${counted.reason}`
    const entry = gathered.get(key) ?? { ...counted, count: 0 }
    entry.count += counted.count
    gathered.set(key, entry)
    timer ??= setTimeout(() => void flush(), everyMs)
  }
  const flush = (): Promise<void> => (writing = writing.then(writeGathered))
  const writeGathered = async (): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    if (gathered.size === 0) return
    // In one order, so that two nodes never wait for each other.
    const counts = [...gathered].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counted]) => counted)
    gathered = new Map()
    try {
      await write(db, counts)
    } catch (error) {
      onError(error)
      counts.forEach(gather)
    }
  }

  return {
    note: ({ workspaceId, id }, reason, at) =>
      gather({ workspaceId, connectionId: id, day: dayOf(at), reason, count: 1 }),
    flush,
    async [Symbol.asyncDispose]() {
      await flush()
      if (timer) clearTimeout(timer)
    },
  }
}

async function write(db: Database, counts: readonly Counted[]): Promise<void> {
  await db.system((tx) =>
    tx
      .insertInto('refusedDeliveries')
      .values(counts)
      .onConflict((conflict) =>
        conflict
          .columns(['workspaceId', 'connectionId', 'day', 'reason'])
          .doUpdateSet({ count: sql`refused_deliveries.count + excluded.count` }),
      )
      .execute(),
  )
}
