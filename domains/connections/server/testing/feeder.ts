// A channel that polls and streams, and its platform in memory: a numbered list of items, and everything that goes wrong on the
// way to them, as a test tells it.
import * as t from 'typebox'
import { NotFetched, type Connector, type PlatformContext, type PollStep, type StreamSink } from '#channels/connector'
import { pager } from './desk.ts'

export interface FeedCursor {
  readonly after: number
  /** Looking back: the next to fetch, downwards to `until`. */
  readonly back?: { readonly next: number; readonly until: number; readonly done: number }
}

export interface FakeFeed {
  /** How many items the platform has; they are numbered from 1. */
  size: number
  /** Items a step. */
  pace: number
  /** Called before a step; throw, wait or abort here. */
  beforePoll: (cursor: FeedCursor, context: PlatformContext) => Promise<void>
  /** Runs a stream; the default listens until it is told to stop. */
  onStream: (cursor: FeedCursor, sink: StreamSink, context: PlatformContext) => Promise<void>
  readonly polls: { readonly cursor: FeedCursor | null; readonly connectionId: string }[]
  readonly streams: FeedCursor[]
  /** How many polls and streams of a connection ran at the same time, at most. */
  mostAtOnce: number
}

export const step = (numbers: readonly number[], cursor: FeedCursor, more = false): PollStep => ({
  deliveries: numbers.map((no) => ({ headers: { no: String(no) }, body: Buffer.from(JSON.stringify({ no })) })),
  cursor,
  more,
})

export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  )

export function aFeeder(given: { readonly polls?: boolean; readonly streams?: boolean } = {}) {
  const { polls = true, streams = false } = given
  const running = new Map<string, number>()
  const feed: FakeFeed = {
    size: 0,
    pace: 10,
    beforePoll: async () => {},
    onStream: (_cursor, _sink, { signal }) => untilAborted(signal),
    polls: [],
    streams: [],
    mostAtOnce: 0,
  }
  const alone = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    running.set(id, (running.get(id) ?? 0) + 1)
    feed.mostAtOnce = Math.max(feed.mostAtOnce, running.get(id)!)
    try {
      return await work()
    } finally {
      running.set(id, running.get(id)! - 1)
    }
  }
  const poll: Connector['poll'] = (cursor, context) =>
    alone(context.connectionId, async () => {
      const from = (cursor as FeedCursor | null) ?? { after: 0 }
      feed.polls.push({ cursor: cursor as FeedCursor | null, connectionId: context.connectionId })
      await feed.beforePoll(from, context)
      if (from.back) {
        const { next, until, done } = from.back
        const numbers = Array.from({ length: Math.min(feed.pace, next - until + 1) }, (_, i) => next - i)
        const rest = { next: next - numbers.length, until, done: done + numbers.length }
        return rest.next < until
          ? step(numbers, { after: from.after }, true)
          : step(numbers, { ...from, back: rest }, true)
      }
      const numbers = Array.from({ length: Math.min(feed.pace, feed.size - from.after) }, (_, i) => from.after + 1 + i)
      return step(numbers, { after: from.after + numbers.length }, from.after + numbers.length < feed.size)
    })
  const stream: Connector['stream'] = (cursor, sink, context) =>
    alone(context.connectionId, async () => {
      const from = (cursor as FeedCursor | null) ?? { after: 0 }
      feed.streams.push(from)
      await feed.onStream(from, sink, context)
    })
  const connector: Connector = {
    id: 'feeder',
    name: 'Feeder',
    summary: 'A channel of the tests that is fetched from.',
    settings: t.Object({
      url: t.Optional(t.String({ maxLength: 200 })),
      address: t.Optional(t.String({ maxLength: 200 })),
      token: t.Optional(t.String({ format: 'password', maxLength: 200 })),
    }),
    capabilities: {
      ...pager.capabilities,
      receives: [...(polls ? (['poll'] as const) : []), ...(streams ? (['stream'] as const) : []), 'smtp'],
    },
    budget: pager.budget,
    receive: pager.receive,
    identityFor: pager.identityFor,
    canReply: pager.canReply,
    pollSeconds: 60,
    ...(polls && { poll }),
    ...(streams && { stream }),
    // Days are numbers here: the first of January 1970 is item 0.
    backfill: (from, cursor) => {
      const { after } = (cursor as FeedCursor | null) ?? { after: 0 }
      return { after, back: { next: after, until: Math.max(1, Math.round(from.getTime() / 86_400_000)), done: 0 } }
    },
    progressOf: (cursor) => {
      const back = (cursor as FeedCursor | null)?.back
      return back ? { done: back.done, from: String(back.until), oldest: String(back.next + 1) } : null
    },
    addressesOf: (settings) => (typeof settings['address'] === 'string' ? [settings['address']] : []),
    test: async ({ settings }) =>
      settings['url'] === 'good'
        ? { ok: true, note: 'It answers.' }
        : { ok: false, reason: 'Nobody is there.', field: 'url' },
    discover: async (address) => (address.endsWith('@known.example') ? { url: 'good', address } : null),
    advise: async ({ settings }) => [
      {
        id: 'mx',
        why: 'So that mail finds us.',
        record: { type: 'MX', name: 'known.example', value: 'desk.known.example' },
        state: settings['url'] === 'good' ? 'right' : 'missing',
      },
    ],
  }
  return { connector, feed }
}

export const revoked = (): NotFetched =>
  new NotFetched('reauthorize', 'The account took the permission away. Connect it again.')
