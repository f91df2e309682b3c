// The loop that fetches: finds the connections whose time has come, takes each on a lease so that no other node has it at the
// same time, and gives it a turn. So many polls at once; whoever has more to fetch goes to the end of the queue after each step.
import type { Logger } from 'pino'
import type { Connector } from '#channels/connector'
import type { Clock } from '#platform/clock'
import { isPassing, type Database } from '#platform/db/database'
import { openLeases } from '#platform/db/leases'
import type { Network } from '#platform/http/network'
import { findDueFeeds, findFetchable, openFeed, type FeedKey } from './feeds.ts'
import { CONNECTIONS_SIGNAL, type KnownConnection, type KnownConnections } from './known.ts'
import type { Fetching, Limits, PollingMetrics } from './fetching.ts'
import { takeTurn } from './turn.ts'
import type { Chance } from './waits.ts'

export interface Polling {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly known: KnownConnections
  readonly network: Network
  readonly connectors: readonly Connector[]
  readonly metrics?: PollingMetrics
  /** Polls at once on this node; streams count apart. Default 8. */
  readonly parallel?: number
  readonly limits?: Partial<Limits>
  readonly chance?: Chance
  /** Between two looks at what is due. Default 1 s. */
  readonly everyMs?: number
}

export interface RunningPolls extends AsyncDisposable {
  /** Streams that this node runs now. */
  readonly streams: () => number
}

const LIMITS: Limits = { pollMs: 60_000, graceMs: 5000, lookMs: 600_000, beatMs: 60_000, mostWaiting: 2000 }
const PARALLEL = 8
/** Of one node; connections above it are polled instead. */
const MOST_STREAMS = 500
/** Left alone for so long after another node had it, or the database went away under it. */
const LEAVE_MS = 3000
const CHECK_MS = 5000
/** How long a connection that is not fetched from is left alone, unless its settings change. */
const DEAF_MS = 60_000
/** More are looked at than are started, so that the order of turns has something to choose from. */
const LOOK_AHEAD = 50
const MOST_TURNS_KEPT = 10_000

interface Running {
  readonly key: FeedKey
  readonly end: AbortController
  readonly done: Promise<void>
  connection: KnownConnection | null
  /** The version that this turn began from or stored; -1 while it is not known. */
  version: number
  streams: boolean
}

/** Starts fetching; disposing ends what is under way. What was not stored is fetched again from the cursor. */
export function runPolling(polling: Polling): RunningPolls {
  const { db, clock, log, known } = polling
  const fetching: Fetching = {
    db,
    clock,
    log,
    network: polling.network,
    ...(polling.metrics && { metrics: polling.metrics }),
    chance: polling.chance ?? Math.random,
    limits: { ...LIMITS, ...polling.limits },
  }
  const channels = polling.connectors.filter(({ poll, stream }) => poll ?? stream).map(({ id }) => id)
  const stop = new AbortController()
  const running = new Map<string, Running>()
  const left = new Map<string, number>()
  const turns = new Map<string, number>()
  let turn = 0
  const leases = openLeases(db)
  let wake = (): void => {}
  let woken = false
  let mustCheck = false
  let checkedAt = performance.now()
  const rouse = (): void => {
    woken = true
    wake()
  }
  const off = db.signals.on(CONNECTIONS_SIGNAL, () => {
    mustCheck = true
    left.clear()
    rouse()
  })

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stop.signal.aborted) return resolve()
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const streamsNow = (): number => [...running.values()].filter((entry) => entry.streams).length

  const start = (key: FeedKey): void => {
    if (turns.size > MOST_TURNS_KEPT) turns.clear()
    turns.set(key.connectionId, (turn += 1))
    const entry: Running = {
      key,
      end: new AbortController(),
      connection: null,
      version: -1,
      streams: false,
      done: Promise.resolve().then(() => run(entry)),
    }
    running.set(key.connectionId, entry)
  }

  const run = async (entry: Running): Promise<void> => {
    try {
      if (!(await alone(entry))) left.set(entry.key.connectionId, performance.now() + LEAVE_MS)
    } catch (error) {
      left.set(entry.key.connectionId, performance.now() + LEAVE_MS)
      if (!isPassing(error)) log.error({ err: error, connection: entry.key.connectionId }, 'fetching stumbled')
    } finally {
      running.delete(entry.key.connectionId)
      rouse()
    }
  }

  /** False when it is not ours, or not to be fetched after all. */
  const alone = async (entry: Running): Promise<boolean> => {
    const lease = await leases.take(`feed ${entry.key.connectionId}`)
    if (!lease) return false
    try {
      const connection = await known.byId(entry.key.workspaceId, entry.key.connectionId)
      if (connection?.connector.fetches?.(connection.settings) === false) {
        left.set(entry.key.connectionId, performance.now() + DEAF_MS)
        return true
      }
      const feed = connection && (await openFeed(db, entry.key, clock.now()))
      if (!feed || entry.end.signal.aborted) return false
      entry.connection = connection
      entry.version = feed.version
      await takeTurn(fetching, {
        connection,
        feed,
        signal: AbortSignal.any([entry.end.signal, lease.lost]),
        onVersion: (version) => (entry.version = version),
        mayStream: () => streamsNow() < MOST_STREAMS,
        onStream: () => {
          entry.streams = true
          rouse()
        },
      })
      return true
    } finally {
      await lease.release()
    }
  }

  /** Ends turns of what was paused, removed, changed or moved by somebody else. */
  const check = async (): Promise<void> => {
    checkedAt = performance.now()
    const entries = [...running.values()]
    if (entries.length === 0) return
    const versions = new Map(entries.map((entry) => [entry, entry.version]))
    const standing = new Map(
      (
        await findFetchable(
          db,
          entries.map(({ key }) => key.connectionId),
        )
      ).map((one) => [one.connectionId, one]),
    )
    for (const entry of entries) {
      const stands = standing.get(entry.key.connectionId)
      if (!stands) entry.end.abort(new Error('It was paused or removed.'))
      // What this very turn stored meanwhile is newer than what was just read; what is higher than that is somebody else's.
      else if (versions.get(entry)! >= 0 && stands.version > entry.version) entry.end.abort(new Error('It was moved.'))
      else if (entry.connection && (await isChanged(entry.connection))) entry.end.abort(new Error('It was changed.'))
    }
  }

  const isChanged = async (connection: KnownConnection): Promise<boolean> => {
    const now = await known.byId(connection.workspaceId, connection.id)
    // What its own polls learn does not end them.
    const facts = ({ set, settings, credentials }: KnownConnection): string =>
      JSON.stringify([set ?? settings, credentials])
    return !now || (now !== connection && facts(now) !== facts(connection))
  }

  const round = async (): Promise<void> => {
    woken = false
    if (mustCheck || performance.now() - checkedAt > CHECK_MS) {
      mustCheck = false
      await check()
    }
    const free = (polling.parallel ?? PARALLEL) - (running.size - streamsNow())
    if (free <= 0) return
    for (const [id, until] of left) if (until < performance.now()) left.delete(id)
    const due = await findDueFeeds(db, clock.now(), channels, [...running.keys(), ...left.keys()], free + LOOK_AHEAD)
    // Who had a turn last comes last, also while the clock stands still.
    const inTurn = due.toSorted((a, b) => (turns.get(a.connectionId) ?? 0) - (turns.get(b.connectionId) ?? 0))
    for (const key of inTurn.slice(0, free)) if (!running.has(key.connectionId)) start(key)
  }

  const loop = (async () => {
    if (channels.length === 0) return
    while (!stop.signal.aborted) {
      try {
        await round()
        await rest(polling.everyMs ?? 1000)
      } catch (error) {
        if (!isPassing(error)) log.error({ err: error }, 'the fetching loop stumbled')
        woken = false
        await rest(1000)
      }
    }
  })()

  return {
    streams: streamsNow,
    async [Symbol.asyncDispose]() {
      stop.abort()
      off()
      wake()
      for (const entry of running.values()) entry.end.abort(new Error('The program stops.'))
      await loop
      for (const entry of running.values()) entry.end.abort(new Error('The program stops.'))
      await Promise.all([...running.values()].map(({ done }) => done))
      await leases[Symbol.asyncDispose]()
    },
  }
}
