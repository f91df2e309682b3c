// Wake-ups: at once inside the process, and to other nodes by NOTIFY, at most one per name and 10 ms, on a connection of its
// own so that no transaction ever waits for the queue of notifications. Losing one costs a poll interval, never a row.
import pg from 'pg'

export interface Signals {
  send(name: string): void
  /** Tells something fleeting (who types, who looks) to every node, this one included; at most 2 kB, never stored. */
  publish(topic: string, message: Readonly<Record<string, unknown>>): void
  subscribe(topic: string, listener: (message: Readonly<Record<string, unknown>>) => void): () => void
  /** Calls `listener` on every signal of that name, also after a lost connection came back. Returns the way to stop. */
  on(name: string, listener: () => void): () => void
  close(): Promise<void>
}

const CHANNEL = 'rapport_signals'
const FLEETING = 'rapport_fleeting'
const GATHER_MS = 10
const RECONNECT_MS = 1000
/** Told with one statement; what waits beyond it is fleeting and not worth the room. */
const NOTICES_AT_ONCE = 500
/** PostgreSQL refuses what is longer, and all that is told with it. */
const LONGEST_NOTICE = 7999

export function openSignals({
  url,
  onError,
}: {
  readonly url: string
  readonly onError: (error: Error) => void
}): Signals {
  const listeners = new Map<string, Set<() => void>>()
  const origin = `${process.pid}.${Math.random().toString(36).slice(2)}`
  let gathered = new Set<string>()
  let gathering: NodeJS.Timeout | null = null
  let reconnecting: NodeJS.Timeout | null = null
  let connection: pg.Client | null = null
  let wanted = false
  let closed = false

  const hearers = new Map<string, Set<(message: Readonly<Record<string, unknown>>) => void>>()

  const connectOnce = (): void => {
    if (wanted) return
    wanted = true
    void connect()
  }
  const hear = (topic: string, message: Readonly<Record<string, unknown>>): void =>
    hearers.get(topic)?.forEach((listener) => listener(message))
  const tell = (name: string): void => listeners.get(name)?.forEach((listener) => listener())

  const connect = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: url, application_name: 'rapport signals' })
    const lost = (error?: Error): void => {
      if (connection === client) connection = null
      if (closed || reconnecting) return
      if (error) onError(error)
      reconnecting = setTimeout(() => {
        reconnecting = null
        void connect()
      }, RECONNECT_MS)
    }
    client.on('error', lost).on('end', () => lost())
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === FLEETING) {
        const { from, topic, message } = JSON.parse(payload)
        if (from !== origin) hear(topic, message)
        return
      }
      const [from, ...names] = payload.split(' ')
      if (from !== origin) names.forEach(tell)
    })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}; listen ${FLEETING}`)
      if (closed) return void (await client.end())
      connection = client
      for (const name of listeners.keys()) tell(name) // whatever was missed while away
    } catch (error) {
      lost(error as Error)
    }
  }

  // A client takes one statement after the other: what comes up while one is under way goes with the next.
  let notices: { readonly channel: string; readonly payload: string }[] = []
  let notifying = false
  const notify = async (channel: string, payload: string): Promise<void> => {
    if (!connection || notices.length >= NOTICES_AT_ONCE) return
    if (Buffer.byteLength(payload) > LONGEST_NOTICE) return onError(new Error('a message between nodes is too long'))
    notices.push({ channel, payload })
    if (notifying) return
    notifying = true
    try {
      while (connection && notices.length > 0) {
        const [channels, payloads] = [notices.map((one) => one.channel), notices.map((one) => one.payload)]
        notices = []
        const told = 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n (channel, payload)'
        await connection.query(told, [channels, payloads])
      }
    } catch (error) {
      onError(error as Error)
    } finally {
      notices = []
      notifying = false
    }
  }

  const flush = (): void => {
    gathering = null
    const payload = [origin, ...gathered].join(' ')
    gathered = new Set()
    void notify(CHANNEL, payload)
  }

  return {
    send(name) {
      tell(name)
      gathered.add(name)
      gathering ??= setTimeout(flush, GATHER_MS)
    },
    publish(topic, message) {
      hear(topic, message)
      void notify(FLEETING, JSON.stringify({ from: origin, topic, message }))
    },
    subscribe(topic, listener) {
      connectOnce()
      const set = hearers.get(topic) ?? new Set()
      hearers.set(topic, set.add(listener))
      return () => void set.delete(listener)
    },
    on(name, listener) {
      connectOnce()
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => void set.delete(listener)
    },
    async close() {
      closed = true
      if (gathering) clearTimeout(gathering)
      if (reconnecting) clearTimeout(reconnecting)
      await connection?.end().catch(() => {})
    },
  }
}
