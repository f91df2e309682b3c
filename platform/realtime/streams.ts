// Server-sent events: backfill from the browser's position, cut over, stream. Nothing is missed across a reconnect, because
// the position is that of the events table; whoever reads too slowly is dropped and resumes.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../actor.ts'
import type { Database } from '../db/database.ts'
import { formatPosition, isAfter, parsePosition, type Position } from '../events/position.ts'
import { readEvents, type StoredEvent } from '../events/read.ts'
import type { EventTail } from '../events/tail.ts'
import { openAudiences, type Audiences, type CanSee } from './audiences.ts'

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
  readonly canSee: CanSee
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
  /** Up to where it has heard, as long as it does not simply hear what the tail tells. */
  position: Position
  /** In which of the `BEATS` it is asked for. */
  readonly beat: number
}

/** The streams of one workspace. */
interface Listeners {
  readonly authorize: Map<Stream, () => Promise<Actor | null>>
  readonly audiences: Audiences<Stream>
  /** Those that still catch up, or have read ahead of the tail. */
  readonly unsteady: Set<Stream>
}

export function openStreams({ db, tail, canSee, authorityEvents }: StreamsOptions): Streams {
  const byWorkspace = new Map<string, Listeners>()

  const frameOf = (event: StoredEvent): string =>
    `id: ${formatPosition(event.position)}\ndata: ${JSON.stringify({ type: event.type, data: event.data, at: event.at, actorId: event.actorId })}\n\n`

  const join = (stream: Stream, authorize: () => Promise<Actor | null>): void => {
    const { workspaceId } = stream.actor
    const listeners = byWorkspace.get(workspaceId) ?? {
      authorize: new Map(),
      audiences: openAudiences<Stream>(canSee),
      unsteady: new Set<Stream>(),
    }
    byWorkspace.set(workspaceId, listeners)
    listeners.authorize.set(stream, authorize)
    listeners.audiences.add(stream)
    listeners.unsteady.add(stream)
  }
  const leave = (stream: Stream): void => {
    const listeners = byWorkspace.get(stream.actor.workspaceId)
    listeners?.authorize.delete(stream)
    listeners?.audiences.remove(stream)
    listeners?.unsteady.delete(stream)
  }
  const end = (stream: Stream): void => {
    leave(stream)
    stream.reply.raw.end()
  }

  // Events come in batches, and a call of the system costs far more than the bytes it carries: one for all that is written in a turn.
  const held = new Set<ServerResponse>()
  const hold = (raw: ServerResponse): void => {
    if (held.has(raw)) return
    if (held.size === 0) queueMicrotask(letGo)
    held.add(raw)
    raw.cork()
  }
  const letGo = (): void => {
    for (const raw of held) raw.uncork()
    held.clear()
  }

  const write = (stream: Stream, frame: string | Buffer): void => {
    const { raw } = stream.reply
    if (raw.destroyed) return
    hold(raw)
    raw.write(frame)
    if (raw.writableLength > MOST_WAITING) raw.destroy()
  }

  const reauthorize = async (stream: Stream, authorize: () => Promise<Actor | null>): Promise<void> => {
    const actor = await authorize().catch(() => null)
    if (actor === null || actor.workspaceId !== stream.actor.workspaceId) return end(stream)
    // It may have ended while its authority was asked, and all others with it.
    const listeners = byWorkspace.get(actor.workspaceId)
    if (!listeners?.authorize.has(stream)) return
    listeners.audiences.remove(stream)
    stream.actor = actor
    listeners.audiences.add(stream)
  }

  /** Whether a stream that is not steady has nothing to hear of this event now. */
  const waits = (stream: Stream, event: StoredEvent, unsteady: Set<Stream>): boolean => {
    if (stream.gathered) return true
    // The backfill reads the table, which may be ahead of the tail.
    if (!isAfter(event.position, stream.position)) return true
    unsteady.delete(stream)
    return false
  }

  const offTail = tail.subscribe((event) => {
    const listeners = byWorkspace.get(event.workspaceId)
    if (!listeners || listeners.authorize.size === 0) return
    const { audiences, unsteady } = listeners
    for (const stream of unsteady) stream.gathered?.push(event)
    const hearers = audiences.hearersOf(event)
    // Encoded once for all of them.
    const frame = Buffer.from(hearers.length > 0 ? frameOf(event) : '')
    for (const stream of hearers) {
      if (unsteady.has(stream) && waits(stream, event, unsteady)) continue
      write(stream, frame)
    }
    if (!authorityEvents.has(event.type)) return
    for (const [stream, authorize] of listeners.authorize) void reauthorize(stream, authorize)
  })

  const offFleeting = db.signals.subscribe(FLEETING_TOPIC, (raw) => {
    const message = raw as unknown as Fleeting
    const frame = Buffer.from(
      `event: fleeting\ndata: ${JSON.stringify({ type: message.type, data: message.data })}\n\n`,
    )
    const { workspaceId, exceptActorId, type, visibility, data } = message
    const hearers = byWorkspace.get(workspaceId)?.audiences.hearersOf({ type, visibility, data, actorId: null })
    for (const stream of hearers ?? []) if (!exceptActorId || stream.actor.id !== exceptActorId) write(stream, frame)
  })

  let beat = 0
  let opened = 0
  const heartbeat = setInterval(() => {
    beat = (beat + 1) % BEATS
    for (const listeners of byWorkspace.values()) {
      for (const [stream, authorize] of listeners.authorize) {
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
      // So it need not be cut into chunks either, which would make every frame three writes.
      reply.raw.useChunkedEncodingByDefault = false
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
      join(stream, authorize)
      request.raw.on('close', () => leave(stream))
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
    count: () => [...byWorkspace.values()].reduce((sum, { authorize }) => sum + authorize.size, 0),
    close() {
      clearInterval(heartbeat)
      offTail()
      offFleeting()
      for (const { authorize } of byWorkspace.values()) for (const stream of authorize.keys()) stream.reply.raw.end()
      byWorkspace.clear()
    },
  }
}
