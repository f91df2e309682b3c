// What only one node may do at a time: held in the database by one session of this node, and by no clock. A program that is
// killed loses its session and with it all it held, at once; a machine that vanished, half a minute later.
import type pg from 'pg'
import type { Database } from './database.ts'

export interface Lease {
  /** Aborted when the session is lost: somebody else may hold it from then on. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

export interface Leases extends AsyncDisposable {
  /** Null: somebody has it, here or elsewhere. Throws when the database is away. */
  take(name: string): Promise<Lease | null>
}

interface Session {
  readonly client: pg.PoolClient
  readonly held: Map<string, AbortController>
  alive: boolean
}

const SEED = 7_305_192
/** A session of a machine that no longer answers ends after about half a minute instead of hours. */
const KEEP_ALIVE = 'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4'

/** Opens its session with the first lease. To be disposed before the database. */
export function openLeases(db: Pick<Database, 'pool'>): Leases {
  let opening: Promise<Session> | null = null
  let closed = false

  const open = async (): Promise<Session> => {
    const client = await db.pool.connect()
    const session: Session = { client, held: new Map(), alive: true }
    const lost = (): void => {
      if (!session.alive) return
      session.alive = false
      opening = null
      for (const lease of session.held.values()) lease.abort(new Error('The session that held it was lost.'))
      session.held.clear()
      client.release(true)
    }
    client.once('error', lost).once('end', lost)
    try {
      await client.query(KEEP_ALIVE)
    } catch (error) {
      lost()
      throw error
    }
    return session
  }
  const sessionNow = (): Promise<Session> => {
    if (closed) throw new Error('the leases are closed')
    const wanted = (opening ??= open())
    wanted.catch(() => opening === wanted && (opening = null))
    return wanted
  }

  return {
    async take(name) {
      const session = await sessionNow()
      // The database would give a session the same lock twice.
      if (session.held.has(name)) return null
      const lease = new AbortController()
      session.held.set(name, lease)
      const { rows } = await session.client
        .query<{ mine: boolean }>('select pg_try_advisory_lock(hashtextextended($1, $2)) as mine', [name, SEED])
        .catch((error: unknown) => {
          session.held.delete(name)
          throw error
        })
      if (!rows[0]!.mine || !session.alive) {
        session.held.delete(name)
        return null
      }
      return {
        lost: lease.signal,
        async release() {
          if (session.held.get(name) !== lease) return
          // Whoever can't give it back has lost the session, and with it the lease.
          await session.client
            .query('select pg_advisory_unlock(hashtextextended($1, $2))', [name, SEED])
            .catch(() => {})
          if (session.held.get(name) === lease) session.held.delete(name)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      const session = await opening?.catch(() => null)
      if (!session?.alive) return
      await session.client.query('select pg_advisory_unlock_all()').catch(() => {})
      session.alive = false
      session.client.release(true)
    },
  }
}
