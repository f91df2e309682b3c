// One browser's stream, in three phases: backfill from where it stood, cut over to what happened meanwhile, then live.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '#platform/db/database'
import { isAfter, parsePosition, type Position } from '#platform/events/position'
import { headPosition, readEvents } from '#platform/events/read'
import type { VisitFrames } from '../contract.ts'
import { formatPlace, lineEvents, type Stream, type Streams } from './streams.ts'
import { listMessages, readLine, readMessages } from './thread.ts'
import type { Visiting } from './visits.ts'

/** More than this many bytes that a browser did not take, and it is let go; it comes back for them. */
const SLOW_BYTES = 256 * 1024
const BACKFILL_EVENTS = 500

/** Keeps proxies from taking a quiet stream for a dead one. */
const HEARTBEAT = ':\n\n'

export interface StreamOptions {
  readonly db: Database
  readonly streams: Streams
  readonly visiting: Visiting
  readonly after: string | undefined
  readonly onOpen: (stream: Stream) => void
  readonly onClose: (stream: Stream) => void
}

/** Takes the reply over and keeps it open until the browser, or the program, ends it. */
export async function openStream(request: FastifyRequest, reply: FastifyReply, options: StreamOptions): Promise<void> {
  const { db, streams, visiting, after } = options
  const { visitor } = visiting
  const raw = reply.raw
  reply.hijack()
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    // Once it ends the connection is over: kept alive it would hold up the program's own end.
    connection: 'close',
  })
  raw.flushHeaders()

  // While phase 1 reads, what phase 3 would have sent gathers here.
  let held: (() => void)[] | null = []
  let place: Position | null = null
  const write = (text: string): void => {
    if (raw.destroyed || raw.writableEnded) return
    raw.write(text)
    if (raw.writableLength > SLOW_BYTES) raw.destroy()
  }
  const frame = <K extends keyof VisitFrames>(name: K, data: VisitFrames[K], position?: Position): string =>
    `event: ${name}\n${position ? `id: ${formatPlace(visitor.ordinal, position)}\n` : ''}data: ${JSON.stringify(data)}\n\n`
  const stream: Stream = {
    visitId: visiting.visitId,
    visitor,
    send: (name, data, position) => {
      if (held) return void held.push(() => stream.send(name, data, position))
      if (position && place && !isAfter(position, place)) return // the backfill read later than this, and has it
      if (position) place = position
      write(frame(name, data, position))
    },
    heartbeat: () => held ?? write(HEARTBEAT),
    close: (reason) => {
      if (!raw.writableEnded) raw.end(reason ? `event: ${reason}\ndata: {}\n\n` : undefined)
    },
  }
  const leave = streams.join(stream)
  raw.on('close', () => {
    leave()
    options.onClose(stream)
  })
  raw.on('error', () => raw.destroy())
  try {
    const first = await backfill(db, streams, visiting, after)
    const gathered = held
    held = null
    stream.send(first[0], first[1] as never, first[2])
    for (const send of gathered) send()
    if (!raw.destroyed) options.onOpen(stream)
  } catch (error) {
    request.log.warn({ err: error }, 'opening a visitor’s stream failed')
    raw.destroy()
  }
}

type First = ['snapshot', VisitFrames['snapshot'], Position] | ['changes', VisitFrames['changes'], Position]

async function backfill(
  db: Database,
  streams: Streams,
  { visitor }: Visiting,
  after: string | undefined,
): Promise<First> {
  return db.read(visitor, async (tx) => {
    const { conversationId, line } = await readLine(tx, visitor)
    if (conversationId !== null) streams.bind(visitor, conversationId)
    const head = await headPosition(tx)
    const from = placeOf(after, visitor.ordinal, head)
    if (from !== null && conversationId !== null) {
      const batch = await readEvents(tx, from, { types: lineEvents, limit: BACKFILL_EVENTS })
      const ids = batch.events.flatMap(({ data }) =>
        data['conversationId'] === conversationId && typeof data['messageId'] === 'string' ? [data['messageId']] : [],
      )
      if (!batch.more) {
        const messages = await readMessages(tx, visitor.workspaceId, conversationId, [...new Set(ids)])
        return ['changes', { messages, line }, batch.position]
      }
    }
    const { items, next } = await listMessages(tx, visitor.workspaceId, conversationId)
    return ['snapshot', { messages: items.toReversed(), next, line }, head]
  })
}

/** Where a browser stands, or null when that means nothing here any more: another line, another life of the database. */
function placeOf(text: string | undefined, ordinal: number, head: Position): Position | null {
  const [, line, rest] = /^(\d{1,9})-(.+)$/.exec(text ?? '') ?? []
  const position = rest === undefined ? null : parsePosition(rest)
  if (position === null || Number(line) !== ordinal) return null
  return position.epoch === head.epoch && !isAfter(position, head) ? position : null
}
