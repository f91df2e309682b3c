// Server-sent events: backfill from the browser's position, cut over, stream. Nothing is missed across a reconnect, because
// the position is that of the events table; whoever reads too slowly is dropped and resumes.
import { once } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../actor.ts'
import type { Database } from '../db/database.ts'
import { formatPosition, isAfter, parsePosition, type Position } from '../events/position.ts'
import { readEvents, type StoredEvent } from '../events/read.ts'
import type { EventTail } from '../events/tail.ts'

export interface Fleeting {
  readonly workspaceId: string
  readonly visibility: Readonly<Record<string, unknown>>
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** Whom it must not be echoed to. */
  readonly exceptActorId?: string | null
}

export interface StreamsOptions {
  readonly db: Database
  readonly tail: EventTail
  /** Pure, over the event's own fields: whether this actor may know of it. */
  readonly canSee: (actor: Actor, event: Pick<StoredEvent, 'type' | 'visibility' | 'data' | 'actorId'>) => boolean
  /** Event types after which everybody's authority in that workspace is asked again. */
  readonly authorityEvents: ReadonlySet<string>
}

export interface Streams {
  /** Answers a request with a stream. `authorize` is asked again at every heartbeat; null ends the stream. */
  open(
    request: FastifyRequest,
    reply: FastifyReply,
    actor: Actor,
    authorize: () => Promise<Actor | null>,
  ): Promise<void>
  count(): number
  close(): void
}

export const FLEETING_TOPIC = 'streams'
const HEARTBEAT_MS = 20_000
/** Streams beat in turn, so many groups of them: thousands that ask for their authority in one moment would stop all else. */
const BEATS = 20
/** Bytes that may wait for a slow reader before it is dropped. */
const MOST_WAITING = 512 * 1024
/** How long a backfill waits for its reader. */
const PATIENCE_MS = 30_000
/** Further back than this many events, fetching anew is cheaper than catching up. */
const MOST_BACKFILL = 2000

interface Stream {
  actor: Actor
  readonly reply: FastifyReply
  /** While the backfill runs, live events gather here. */
  gathered: StoredEvent[] | null
  position: Position
  /** In which of the `BEATS` it is asked for. */
  readonly beat: number
}

export function openStreams({ db, tail, canSee, authorityEvents }: StreamsOptions): Streams {
  const byWorkspace = new Map<string, Map<Stream, () => Promise<Actor | null>>>()

  const frameOf = (event: StoredEvent): string =>
    `id: ${formatPosition(event.position)}\ndata: ${JSON.stringify({ type: event.type, data: event.data, at: event.at, actorId: event.actorId })}\n\n`

  const end = (stream: Stream): void => {
    byWorkspace.get(stream.actor.workspaceId)?.delete(stream)
    stream.reply.raw.end()
  }

  const write = (stream: Stream, frame: string): void => {
    const { raw } = stream.reply
    if (raw.destroyed) return
    raw.write(frame)
    if (raw.writableLength > MOST_WAITING) raw.destroy()
  }

  const reauthorize = async (stream: Stream, authorize: () => Promise<Actor | null>): Promise<void> => {
    const actor = await authorize().catch(() => null)
    if (actor === null || actor.workspaceId !== stream.actor.workspaceId) return end(stream)
    stream.actor = actor
  }

  const offTail = tail.subscribe((event) => {
    const streams = byWorkspace.get(event.workspaceId)
    if (!streams || streams.size === 0) return
    let frame: string | null = null
    for (const stream of streams.keys()) {
      if (stream.gathered) {
        stream.gathered.push(event)
        continue
      }
      // The backfill reads the table, which may be ahead of the tail.
      if (!isAfter(event.position, stream.position)) continue
      stream.position = event.position
      if (!canSee(stream.actor, event)) continue
      frame ??= frameOf(event)
      write(stream, frame)
    }
    if (authorityEvents.has(event.type)) for (const [stream, authorize] of streams) void reauthorize(stream, authorize)
  })

  const offFleeting = db.signals.subscribe(FLEETING_TOPIC, (raw) => {
    const message = raw as unknown as Fleeting
    const frame = `event: fleeting\ndata: ${JSON.stringify({ type: message.type, data: message.data })}\n\n`
    for (const stream of byWorkspace.get(message.workspaceId)?.keys() ?? []) {
      const { actor } = stream
      if (message.exceptActorId && actor.id === message.exceptActorId) continue
      if (canSee(actor, { type: message.type, visibility: message.visibility, data: message.data, actorId: null }))
        write(stream, frame)
    }
  })

  let beat = 0
  let opened = 0
  const heartbeat = setInterval(() => {
    beat = (beat + 1) % BEATS
    for (const streams of byWorkspace.values()) {
      for (const [stream, authorize] of streams) {
        if (stream.beat !== beat) continue
        write(stream, ': still here\n\n')
        void reauthorize(stream, authorize)
      }
    }
  }, HEARTBEAT_MS / BEATS)

  // History is written faster than anyone reads it: whoever does read must not be taken for slow.
  const drained = async ({ reply: { raw } }: Stream): Promise<void> => {
    if (raw.destroyed || raw.writableLength < MOST_WAITING / 2) return
    await once(raw, 'drain', { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => raw.destroy())
  }

  /** Hands over what happened since `from`, up to what has gathered meanwhile. */
  const backfill = async (stream: Stream, from: Position): Promise<void> => {
    let position = from
    for (let handed = 0; ;) {
      const batch = await db.read(stream.actor, (tx) => readEvents(tx, position))
      for (const event of batch.events) {
        if (!canSee(stream.actor, event)) continue
        write(stream, frameOf(event))
        await drained(stream)
      }
      position = batch.position
      handed += batch.events.length
      if (handed > MOST_BACKFILL) return reset(stream)
      if (!batch.more) break
    }
    const gathered = stream.gathered ?? []
    stream.gathered = null
    stream.position = position
    for (const event of gathered) {
      if (!isAfter(event.position, stream.position)) continue
      stream.position = event.position
      if (canSee(stream.actor, event)) write(stream, frameOf(event))
    }
  }

  /** The browser's knowledge can't be caught up with: it fetches anew, and goes on from here. */
  const reset = (stream: Stream): void => {
    stream.position = tail.position()
    write(stream, `id: ${formatPosition(stream.position)}\nevent: reset\ndata: {}\n\n`)
    stream.gathered = null
  }

  return {
    async open(request, reply, actor, authorize) {
      reply.hijack()
      // A stream's connection ends with it, or closing the server would wait for it to be used again.
      reply.raw.shouldKeepAlive = false
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      })
      const query = request.query as { after?: string }
      const wanted = parsePosition(String(request.headers['last-event-id'] ?? query.after ?? ''))
      const head = tail.position()
      const stream: Stream = { actor, reply, gathered: [], position: head, beat: opened++ % BEATS }
      const streams = byWorkspace.get(actor.workspaceId) ?? new Map<Stream, () => Promise<Actor | null>>()
      byWorkspace.set(actor.workspaceId, streams.set(stream, authorize))
      request.raw.on('close', () => streams.delete(stream))
      write(stream, `retry: 1000\n: hello\n\n`)
      if (wanted === null) {
        // A fresh browser: it fetches what it shows after this, so everything from here on is news to it.
        write(stream, `id: ${formatPosition(head)}\nevent: hello\ndata: {}\n\n`)
        const gathered = stream.gathered ?? []
        stream.gathered = null
        for (const event of gathered) if (canSee(actor, event)) write(stream, frameOf(event))
      } else if (wanted.epoch !== head.epoch) reset(stream)
      else await backfill(stream, wanted).catch(() => end(stream))
    },
    count: () => [...byWorkspace.values()].reduce((sum, streams) => sum + streams.size, 0),
    close() {
      clearInterval(heartbeat)
      offTail()
      offFleeting()
      for (const streams of byWorkspace.values()) for (const stream of streams.keys()) stream.reply.raw.end()
      byWorkspace.clear()
    },
  }
}
