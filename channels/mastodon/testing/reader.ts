// A desk for tests: reads the local server by polls and streams as the product does, keeps what is handed over with its cursor,
// and understands it at once.
import type { InboundEvent, InboundMessage, PlatformContext, PollStep } from '../../connector.ts'
import { pollMastodon } from '../poll.ts'
import { receiveMastodon } from '../receive.ts'
import { streamMastodon } from '../stream.ts'
import type { LocalMastodon } from './server.ts'

export interface Reader {
  cursor: unknown
  readonly learned: Record<string, unknown>
  readonly events: InboundEvent[]
  readonly steps: number
  /** Polls until there is nothing more; answers how many steps it took. */
  poll(): Promise<number>
  /** Listens; `stop` ends it and settles with what it threw, if anything. */
  listen(): { readonly stop: () => Promise<unknown>; readonly ended: Promise<unknown> }
  messages(): readonly InboundMessage[]
  /** How often each message was told as said to us. */
  counts(): ReadonlyMap<string, number>
  context(signal?: AbortSignal): PlatformContext
}

export interface ReaderOptions {
  readonly server: LocalMastodon
  readonly network: Pick<PlatformContext, 'fetch' | 'stream'>
  readonly now: () => Date
  readonly settings?: Readonly<Record<string, unknown>>
  readonly token?: string
  readonly contextOf: (given: Partial<PlatformContext>) => PlatformContext
}

export function openReader({ server, network, now, settings = {}, token, contextOf }: ReaderOptions): Reader {
  let steps = 0
  const reader: Reader = {
    cursor: null,
    learned: {},
    events: [],
    get steps() {
      return steps
    },
    context: (signal) =>
      contextOf({
        settings: { ...reader.learned, server: server.url, ...settings },
        credentials: { accessToken: token ?? server.token },
        ...network,
        now,
        ...(signal && { signal, stream: stopped(network.stream, signal) }),
      }),
    async poll() {
      for (let count = 1; ; count++) {
        const { more, ...step } = await pollMastodon(reader.cursor, reader.context())
        keep(step)
        if (!more) return count
      }
    },
    listen() {
      const end = new AbortController()
      const ended = streamMastodon(reader.cursor, async (step) => keep(step), reader.context(end.signal)).then(
        () => null,
        (error: unknown) => error,
      )
      return {
        ended,
        stop: () => {
          end.abort()
          return ended
        },
      }
    },
    messages: () => reader.events.filter((event): event is InboundMessage => event.type === 'message'),
    counts() {
      const counts = new Map<string, number>()
      for (const { externalId, context } of reader.messages())
        if (!context) counts.set(externalId, (counts.get(externalId) ?? 0) + 1)
      return counts
    },
  }
  const keep = ({ deliveries, cursor, learned }: Omit<PollStep, 'more'>) => {
    steps += 1
    // As it is stored and read again.
    reader.cursor = JSON.parse(JSON.stringify(cursor)) as unknown
    Object.assign(reader.learned, learned)
    for (const { headers, body } of deliveries) {
      const delivery = { id: 'delivery', headers, body, receivedAt: now() }
      reader.events.push(...receiveMastodon(delivery, { connectionId: 'connection', settings: {} }))
    }
  }
  return reader
}

const stopped =
  (stream: PlatformContext['stream'], signal: AbortSignal): PlatformContext['stream'] =>
  (url, init) =>
    stream(url, { ...init, signal } as typeof init)
