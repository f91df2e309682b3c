// One turn of one connection, alone on all nodes: one step of its poll, and once nothing more is to be fetched its stream, until
// that ends or it is time to look again. Poll and stream take turns on one cursor, so neither can set the other back.
import type { PollStep } from '#channels/connector'
import { isPassing } from '#platform/db/database'
import { contextOf } from './context.ts'
import { FeedMoved, countWaiting, storeStep, type Feed } from './feeds.ts'
import { count, note, noteFailure, tellHealth, type Fetching, type Turn } from './fetching.ts'
import { runStream } from './streaming.ts'
import { pollWait, within } from './waits.ts'

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
