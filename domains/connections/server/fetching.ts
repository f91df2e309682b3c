// What polls and streams share while a connection has its turn: what they are given, and how they write down what became of it.
import type { Logger } from 'pino'
import type { PollStep } from '#channels/connector'
import { programActor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import { noteFeed, type Feed } from './feeds.ts'
import { reportHealth, type HealthReport } from './health.ts'
import type { KnownConnection } from './known.ts'
import { failureOf, healthAfter, nextTry, type Chance } from './waits.ts'

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
