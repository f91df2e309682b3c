// One turn of one connection, alone on all nodes: one step of its poll, and once nothing more is to be fetched its stream, until
// that ends or it is time to look again. Poll and stream take turns on one cursor, so neither can set the other back.
import type { Logger } from 'pino'
import type { PollStep } from '#channels/connector'
import { programActor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { isPassing, type Database } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import { contextOf } from './context.ts'
import { FeedMoved, countWaiting, noteFeed, storeStep, type Feed } from './feeds.ts'
import { reportHealth, type HealthReport } from './health.ts'
import type { KnownConnection } from './known.ts'
import { runStream } from './streaming.ts'
import { failureOf, healthAfter, nextTry, pollWait, within, type Chance } from './waits.ts'

/** What is counted; labels are channels, never connections. */
export interface PollingMetrics {
  fetched(channel: string, deliveries: number, bytes: number): void
  failed(channel: string, kind: 'poll' | 'stream' | 'reauthorize'): void
}

export interface Limits {
  /** For one step of a poll. */
  readonly pollMs: number
  /** What a connector that was told to stop may still take. */
  readonly graceMs: number
  /** How long a stream runs before a poll looks whether it missed something. */
  readonly lookMs: number
  /** How often a running stream is noted down; one that has run so long is well. */
  readonly beatMs: number
  /** Deliveries that wait for intake before looking back rests. */
  readonly mostWaiting: number
}

export interface Fetching {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly network: Network
  readonly metrics?: PollingMetrics
  readonly chance: Chance
  readonly limits: Limits
}

export interface Turn {
  readonly connection: KnownConnection
  readonly feed: Feed
  /** Aborted when the turn has to end: paused, changed, moved, the lease lost, the program stops. */
  readonly signal: AbortSignal
  /** Called with each version that this turn stores, and when the stream takes over from the poll. */
  readonly onVersion: (version: number) => void
  readonly onStream: () => void
  /** Whether this node has room for one more stream. */
  readonly mayStream: () => boolean
}

/** Throws only what passes: the database went away, and nothing was moved that was not stored. */
export async function takeTurn(fetching: Fetching, turn: Turn): Promise<void> {
  const { connector } = turn.connection
  try {
    const feed = connector.poll ? await pollOnce(fetching, turn) : turn.feed
    const streamDue = (feed?.streamDueAt?.getTime() ?? 0) <= fetching.clock.now().getTime()
    if (!feed || feed.behind || !connector.stream || !streamDue || turn.signal.aborted) return
    if (!turn.mayStream()) {
      const wait = pollWait(connector.pollSeconds, fetching.chance)
      return await note(fetching, feed, { dueAt: new Date(fetching.clock.now().getTime() + wait) })
    }
    turn.onStream()
    await runStream(fetching, { ...turn, feed })
  } catch (error) {
    if (error instanceof FeedMoved || turn.signal.aborted) return
    throw error
  }
}

/** The feed after the step; null when there is nothing to go on with. */
async function pollOnce(fetching: Fetching, { connection, feed, signal, onVersion }: Turn): Promise<Feed | null> {
  const { db, clock, network, limits, chance } = fetching
  const { connector } = connection
  if (feed.behind && (await countWaiting(db, feed, limits.mostWaiting)) >= limits.mostWaiting) {
    // Intake comes first: what is fetched now would only lie on disk.
    await note(fetching, feed, { dueAt: new Date(clock.now().getTime() + 1000) })
    return null
  }
  let step: PollStep
  try {
    const end = AbortSignal.any([signal, AbortSignal.timeout(limits.pollMs)])
    const late = `Fetching took longer than ${Math.round(limits.pollMs / 1000)} seconds.`
    const work = connector.poll!(feed.cursor, contextOf(connection, network, clock, end))
    step = await within(work, limits.pollMs + limits.graceMs, signal, late)
  } catch (error) {
    if (signal.aborted) return null
    await noteFailure(fetching, connection, feed, error, 'poll')
    return null
  }
  if (signal.aborted) return null
  const at = clock.now()
  const streams = connector.stream !== undefined && (feed.streamDueAt?.getTime() ?? 0) <= at.getTime()
  const wait = step.more || streams ? 0 : pollWait(connector.pollSeconds, chance)
  const due = at.getTime() + wait
  // A stream that may be opened sooner is not kept waiting for the next poll.
  const dueAt = new Date(
    connector.stream && feed.streamDueAt ? Math.min(due, Math.max(feed.streamDueAt.getTime(), at.getTime())) : due,
  )
  try {
    const version = await storeStep(db, feed, step, { at, dueAt, behind: step.more, streaming: false })
    onVersion(version)
    count(fetching, connection, step.deliveries)
    if (feed.failures > 0 || feed.health === 'unknown')
      await tellHealth(fetching, connection, { health: 'ok', reason: null })
    return { ...feed, cursor: step.cursor, version, behind: step.more, failures: 0, failingSince: null }
  } catch (error) {
    if (error instanceof FeedMoved || isPassing(error)) throw error
    await noteFailure(fetching, connection, feed, error, 'poll')
    return null
  }
}

/** Writes down that nothing could be fetched, when to try again, and tells people once it is more than a hiccup. */
export async function noteFailure(
  fetching: Fetching,
  connection: KnownConnection,
  feed: Feed,
  error: unknown,
  what: 'poll' | 'stream',
): Promise<void> {
  const now = fetching.clock.now()
  const failure = failureOf(error)
  const failures = feed.failures + 1
  const failingSince = feed.failingSince ?? now
  fetching.metrics?.failed(connection.channel, failure.kind === 'reauthorize' ? 'reauthorize' : what)
  fetching.log.info(
    { err: error, channel: connection.channel, connection: connection.id, failures },
    `a ${what} failed`,
  )
  const dueAt = nextTry(failure, failures, now, fetching.chance)
  await note(fetching, feed, { dueAt, failures, failingSince })
  const health = healthAfter(failure, failures, failingSince, now)
  if (health) await tellHealth(fetching, connection, health)
}

export async function note(fetching: Fetching, feed: Feed, values: Parameters<typeof noteFeed>[2]): Promise<void> {
  await fetching.db.system((tx) => noteFeed(tx, feed, values))
}

export async function tellHealth(fetching: Fetching, connection: KnownConnection, health: HealthReport): Promise<void> {
  const actor = programActor(connection.workspaceId, fetching.clock.now())
  await fetching.db.write(actor, (tx) => reportHealth(tx, actor, connection.id, health))
}

export function count(fetching: Fetching, connection: KnownConnection, deliveries: PollStep['deliveries']): void {
  const bytes = deliveries.reduce((sum, { body }) => sum + body.length, 0)
  fetching.metrics?.fetched(connection.channel, deliveries.length, bytes)
}
