// The stream of one connection while its turn lasts: what it hears is stored one step after the other, each with its cursor, and
// the connector waits meanwhile. After the first step that was not stored nothing of that stream is taken any more, or the
// cursor would pass over it; the next stream begins from where the stored one stands.
import type { StreamSink } from '#channels/connector'
import { isPassing } from '#platform/db/database'
import { contextOf } from './context.ts'
import { FeedMoved, storeStep, type Feed } from './feeds.ts'
import { count, note, noteFailure, tellHealth, type Fetching, type Turn } from './fetching.ts'
import { failureOf, reopenWait, within } from './waits.ts'

/** Steps that a connector may hand over without waiting; one more is a fault of its own. */
const MOST_UNSTORED = 32
/** Streams that dropped so often in a row are told to people, though polls go on. */
const TELL_AFTER = 6

class StreamOver extends Error {
  override readonly name = 'StreamOver'
}

/** Runs until the stream ends, the turn does, or it is time for a poll to look. Throws FeedMoved and what passes. */
export async function runStream(fetching: Fetching, turn: Turn): Promise<void> {
  const { clock, network, limits, chance } = fetching
  const { connection, signal } = turn
  const { connector } = connection
  const look = new AbortController()
  const broken = new AbortController()
  const end = AbortSignal.any([signal, look.signal, broken.signal])
  const sink = openSink(fetching, turn, end, broken)
  const opened = clock.now()
  const looking = setTimeout(() => look.abort(new StreamOver('time to look')), limits.lookMs * (0.8 + 0.4 * chance()))
  let beats = 0
  const beating = setInterval(() => void beat().catch(() => {}), limits.beatMs)
  const beat = async (): Promise<void> => {
    beats += 1
    await note(fetching, turn.feed, {
      streamedAt: clock.now(),
      ...(beats === 1 && { streamFailures: 0, failures: 0, failingSince: null }),
    })
    const wasTold = turn.feed.streamFailures >= TELL_AFTER || turn.feed.failures > 0 || turn.feed.health === 'unknown'
    if (beats === 1 && wasTold) await tellHealth(fetching, connection, { health: 'ok', reason: null })
  }
  let failure: unknown = new Error('The stream ended.')
  try {
    await note(fetching, turn.feed, { streamedAt: opened })
    const context = contextOf(connection, network, clock, end)
    const work = connector.stream!(turn.feed.cursor, sink.hand, context)
    await untilOver(work, end, limits.graceMs)
  } catch (error) {
    failure = error
  } finally {
    clearTimeout(looking)
    clearInterval(beating)
    // What is being stored is stored before anybody else has a turn.
    await sink.settled()
  }
  if (signal.aborted) return
  if (sink.error instanceof FeedMoved || (sink.error !== null && isPassing(sink.error))) throw sink.error
  if (look.signal.aborted) return note(fetching, turn.feed, { dueAt: clock.now() })
  await noteDrop(fetching, turn, sink.error ?? failure, beats > 0)
}

/** A connector that does not end when it is told to is left behind: nothing it says is taken any more. */
async function untilOver(work: Promise<void>, end: AbortSignal, graceMs: number): Promise<void> {
  const over = Promise.withResolvers<void>()
  end.addEventListener('abort', () => over.resolve(), { once: true })
  if (end.aborted) over.resolve()
  await Promise.race([work, over.promise])
  if (end.aborted)
    await within(work, graceMs, new AbortController().signal, 'It did not end when it was told to.').catch(() => {})
}

interface Sink {
  readonly hand: StreamSink
  readonly settled: () => Promise<void>
  readonly error: unknown
}

function openSink(fetching: Fetching, turn: Turn, end: AbortSignal, broken: AbortController): Sink {
  let version = turn.feed.version
  let error: unknown = null
  let unstored = 0
  let last: Promise<void> = Promise.resolve()

  const fail = (cause: unknown): never => {
    error ??= cause
    broken.abort(cause)
    throw cause
  }
  const store = async (step: Parameters<StreamSink>[0]): Promise<void> => {
    if (error !== null) throw error
    try {
      const at = fetching.clock.now()
      version = await storeStep(fetching.db, { ...turn.feed, version }, step, {
        at,
        dueAt: at,
        behind: false,
        streaming: true,
      })
      turn.onVersion(version)
      count(fetching, turn.connection, step.deliveries)
    } catch (cause) {
      fail(cause)
    } finally {
      unstored -= 1
    }
  }
  return {
    hand: (step) => {
      let handed: Promise<void>
      if (error !== null) handed = Promise.reject(error as Error)
      else if (end.aborted) handed = Promise.reject(new StreamOver('The stream is over.'))
      else if (unstored >= MOST_UNSTORED)
        handed = (async () => fail(new Error('The stream handed over more without waiting than is taken.')))()
      else {
        unstored += 1
        handed = last.then(() => store(step))
        last = handed.catch(() => {})
      }
      // A connector that does not look at the answer must not end the program.
      handed.catch(() => {})
      return handed
    },
    settled: () => last,
    get error() {
      return error
    },
  }
}

/** It ended by itself. A stream that was well is opened again soon; one that never was, later and later, and polls go on. */
async function noteDrop(fetching: Fetching, turn: Turn, error: unknown, wasWell: boolean): Promise<void> {
  const { connection, feed } = turn
  const failure = failureOf(error)
  if (failure.kind === 'reauthorize' || !connection.connector.poll)
    return noteFailure(fetching, connection, wasWell ? forgiven(feed) : feed, error, 'stream')
  const now = fetching.clock.now()
  const streamFailures = (wasWell ? 0 : feed.streamFailures) + 1
  fetching.metrics?.failed(connection.channel, 'stream')
  fetching.log.info(
    { err: error, channel: connection.channel, connection: connection.id, streamFailures },
    'a stream dropped',
  )
  const reopen = now.getTime() + reopenWait(streamFailures, fetching.chance)
  const streamDueAt = new Date(Math.max(reopen, Math.min(failure.retryAt?.getTime() ?? 0, now.getTime() + 3_600_000)))
  // One look at once for what came between; then polls, until it is time to open it again.
  await note(fetching, feed, { dueAt: now, streamFailures, streamDueAt, streamedAt: null })
  if (streamFailures === TELL_AFTER)
    await tellHealth(fetching, connection, {
      health: 'degraded',
      reason: `The live connection breaks again and again, so messages come with some delay: ${failure.words}`,
    })
}

const forgiven = (feed: Feed): Feed => ({ ...feed, failures: 0, failingSince: null })
