// Whether a node lives, as the database sees it: each that takes work upon itself holds a lock for as long as it runs, on a
// connection of its own. The machine that a killed program ran on closes that connection at once, and the lock is free.
//
// A lock that is gone says that its node can't be seen, not yet that it does nothing: it may only have lost its way here. So both
// sides keep a time: a node that could not be sure of its lock for ALONE_MS gives up what it has under way, and nobody takes that
// over before MISSED_MS. Clocks of two machines are never compared.
import { randomInt } from 'node:crypto'
import pg from 'pg'

/** What is under way here has to be given up once this node has not been seen for so long. */
export const ALONE_MS = 30_000
/** What a node had under way may be taken over once it has been missed for so long. */
export const MISSED_MS = 45_000
const BEAT_MS = 5_000
/** Longer than that without a word, and nothing new is taken on in the name of the lock. */
const SURE_MS = 3 * BEAT_MS
const RECONNECT_MS = 1_000
const LOCK_CLASS = 7305192

export interface Presence {
  /** The number by which others see this node; null while it is not sure that they do. The same for the life of the program. */
  number(): number | null
  /** How long ago the database last confirmed that it sees this node, in milliseconds. */
  unseenMs(): number
  /** Those of these numbers whose nodes the database does not see. */
  missing(numbers: readonly number[]): Promise<readonly number[]>
  close(): Promise<void>
}

export interface PresenceOptions {
  readonly url: string
  readonly onError: (error: Error) => void
}

export function openPresence({ url, onError }: PresenceOptions): Presence {
  const number = randomInt(1, 2 ** 31)
  let connection: pg.Client | null = null
  let seenAt: number | null = null
  let closed = false
  let timer: NodeJS.Timeout | null = null

  const connect = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'rapport presence',
      connectionTimeoutMillis: BEAT_MS,
      query_timeout: BEAT_MS,
    })
    const lost = (error?: Error): void => {
      if (connection === client) connection = null
      if (error && !closed) onError(error)
    }
    client.on('error', lost).on('end', () => lost())
    await client.connect()
    try {
      // Nobody else has the number: only an end of ours that the database has not noticed yet can hold it.
      const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as held', [LOCK_CLASS, number])
      if (!rows[0].held) throw new Error('the lock of this node is still held by its former connection')
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    connection = client
  }

  const beat = async (): Promise<void> => {
    timer = null
    try {
      const began = performance.now()
      if (connection) await connection.query('select 1')
      else await connect()
      seenAt = began
    } catch (error) {
      const broken = connection
      connection = null
      void broken?.end().catch(() => {})
      if (!closed) onError(error as Error)
    }
    if (!closed) timer = setTimeout(() => void (beating = beat()), connection ? BEAT_MS : RECONNECT_MS)
  }
  let beating = beat()

  const unseenMs = (): number => (seenAt === null ? 0 : performance.now() - seenAt)
  return {
    number: () => (seenAt === null || unseenMs() > SURE_MS ? null : number),
    unseenMs,
    async missing(numbers) {
      if (!connection || numbers.length === 0) return []
      const { rows } = await connection.query<{ n: number }>(
        `select n from unnest($2::int[]) as n where not exists (select from pg_locks l
          where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid::bigint = $1 and l.objid::bigint = n
            and l.database = (select oid from pg_database where datname = current_database()))`,
        [LOCK_CLASS, [...numbers]],
      )
      return rows.map(({ n }) => n)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await beating
      if (timer) clearTimeout(timer)
      await connection?.end().catch(() => {})
    },
  }
}
