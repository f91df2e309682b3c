// What is noted a thousand times a second and read now and then: when something last came and went, and how much was
// refused. Gathered in memory and written once a second; a killed program loses at most that second, and no message.
import { sql } from 'kysely'
import type { Database } from '#platform/db/database'
import { dayOf } from './present.ts'

export type RefusalReason = 'bad_signature' | 'stale' | 'malformed'
type Noted = { readonly workspaceId: string; readonly id: string }

export interface Tally extends AsyncDisposable {
  noteDelivery(connection: Noted, at: Date): void
  noteSent(connection: Noted, at: Date): void
  noteRefusal(connection: Noted, reason: RefusalReason, at: Date): void
  /** Writes what is gathered now. What could not be written is kept for the next time. */
  flush(): Promise<void>
}

interface Times {
  readonly workspaceId: string
  readonly id: string
  delivered: Date | null
  sent: Date | null
}
interface Refusals {
  readonly workspaceId: string
  readonly id: string
  readonly day: string
  readonly reason: RefusalReason
  count: number
}

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a)

export function openTally(
  db: Database,
  {
    everyMs = 1000,
    onError = () => {},
  }: { readonly everyMs?: number; readonly onError?: (error: unknown) => void } = {},
): Tally {
  let times = new Map<string, Times>()
  let refusals = new Map<string, Refusals>()
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()

  const noteTimes = ({ workspaceId, id, delivered, sent }: Times): void => {
    const entry = times.get(id) ?? { workspaceId, id, delivered: null, sent: null }
    entry.delivered = later(entry.delivered, delivered)
    entry.sent = later(entry.sent, sent)
    times.set(id, entry)
    wait()
  }
  const noteRefusals = ({ workspaceId, id, day, reason, count }: Refusals): void => {
    const key = `${id} ${day} ${reason}`
    const entry = refusals.get(key) ?? { workspaceId, id, day, reason, count: 0 }
    entry.count += count
    refusals.set(key, entry)
    wait()
  }
  const wait = (): void => void (timer ??= setTimeout(() => void flush(), everyMs))

  const flush = (): Promise<void> => (writing = writing.then(writeGathered))
  const writeGathered = async (): Promise<void> => {
    if (timer) clearTimeout(timer)
    timer = null
    const written = { times: [...times.values()], refusals: [...refusals.values()] }
    times = new Map()
    refusals = new Map()
    try {
      await write(db, written.times, written.refusals)
    } catch (error) {
      onError(error)
      written.times.forEach(noteTimes)
      written.refusals.forEach(noteRefusals)
    }
  }

  return {
    noteDelivery: ({ workspaceId, id }, at) => noteTimes({ workspaceId, id, delivered: at, sent: null }),
    noteSent: ({ workspaceId, id }, at) => noteTimes({ workspaceId, id, delivered: null, sent: at }),
    noteRefusal: ({ workspaceId, id }, reason, at) =>
      noteRefusals({ workspaceId, id, day: dayOf(at), reason, count: 1 }),
    flush,
    async [Symbol.asyncDispose]() {
      await flush()
      if (timer) clearTimeout(timer)
    },
  }
}

async function write(db: Database, times: readonly Times[], refusals: readonly Refusals[]): Promise<void> {
  if (times.length === 0 && refusals.length === 0) return
  await db.system(async (tx) => {
    if (times.length > 0)
      // Locked in one order, so that two nodes never wait for each other.
      await sql`
        with noted as (
          select * from unnest(${times.map(({ workspaceId }) => workspaceId)}::uuid[], ${times.map(({ id }) => id)}::uuid[],
            ${times.map(({ delivered }) => delivered)}::timestamptz[], ${times.map(({ sent }) => sent)}::timestamptz[])
            as n (workspace_id, id, delivered, sent)
        ), locked as (
          select c.workspace_id, c.id from connections c join noted using (workspace_id, id) order by c.id for update of c
        )
        update connections c
        set last_delivery_at = greatest(c.last_delivery_at, n.delivered), last_sent_at = greatest(c.last_sent_at, n.sent)
        from locked join noted n using (workspace_id, id)
        where c.workspace_id = locked.workspace_id and c.id = locked.id
      `.execute(tx)
    if (refusals.length > 0)
      await tx
        .insertInto('refusedDeliveries')
        .values(
          [...refusals]
            .sort((a, b) => (a.id + a.reason < b.id + b.reason ? -1 : 1))
            .map(({ workspaceId, id, day, reason, count }) => ({ workspaceId, connectionId: id, day, reason, count })),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['workspaceId', 'connectionId', 'day', 'reason'])
            .doUpdateSet({ count: sql`refused_deliveries.count + excluded.count` }),
        )
        .execute()
  })
}
