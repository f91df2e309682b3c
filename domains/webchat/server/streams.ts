// Every open widget of this node. One subscription to the events feeds all; a line (the thread of one visitor) is read once
// for all browsers that show it. What is sent is always the present state read from the tables, never the event, so that a
// frame sent twice changes nothing and a browser that resumes can only come nearer to the truth.
import type { Logger } from 'pino'
import type { Database } from '#platform/db/database'
import { formatPosition, type Position } from '#platform/events/position'
import type { StoredEvent } from '#platform/events/read'
import type { VisitFrames } from '../contract.ts'
import { readLine, readMessages } from './thread.ts'
import type { VisitorRow } from './visitors.ts'

/** What makes a visitor's view stale; notes, drafts, labels and the like do not. */
export const lineEvents: readonly string[] = [
  'inbox.conversation_opened',
  'inbox.conversation_resolved',
  'inbox.conversation_reopened',
  'inbox.message_received',
  'inbox.message_state_changed',
  'inbox.message_edited',
  'inbox.message_deleted',
  'inbox.read',
]

export interface Stream {
  readonly visitId: string
  readonly visitor: VisitorRow
  send<K extends keyof VisitFrames>(name: K, frame: VisitFrames[K], position?: Position): void
  readonly heartbeat: () => void
  /** `replaced`: a newer stream of the same visitor took its place, so that it should not come back by itself. */
  close(reason?: 'replaced'): void
}

export interface AgentTyping {
  readonly workspaceId: string
  readonly conversationId: string
  readonly typing: boolean
}

export interface Streams {
  /** Adds a stream; from now on changes reach it. Answers the way to take it off. */
  join(stream: Stream): () => void
  /** Says which conversation a visitor's line is, once somebody has read it. */
  bind(visitor: VisitorRow, conversationId: string): void
  /** Ends the streams of one visit, or of all visits of a visitor. */
  drop(of: { readonly visitId?: string; readonly visitorId?: string }): void
  each(work: (stream: Stream) => void): void
  close(): void
}

interface Line {
  readonly owner: VisitorRow
  readonly streams: Set<Stream>
  conversationId: string | null
  dirty: Set<string>
  position: Position | null
  flushing: boolean
}

const STREAMS_A_VISITOR = 3
const FOREIGN_MOST = 10_000

export interface StreamsOptions {
  readonly db: Database
  readonly log: Logger
  readonly subscribe: (listener: (event: StoredEvent) => void) => () => void
  readonly onTyping: (listener: (typing: AgentTyping) => void) => () => void
}

export function openStreams({ db, log, subscribe, onTyping }: StreamsOptions): Streams {
  const lines = new Map<string, Line>()
  const byConversation = new Map<string, Line>()
  /** How many lines of a workspace wait for their first message to be taken in. */
  const unbound = new Map<string, number>()
  /** Conversations that were looked up and belong to no open line, so that a busy desk costs no second look. */
  const foreign = new Set<string>()
  const lookingUp = new Map<string, StoredEvent[]>()

  const countUnbound = ({ owner }: Line, by: number): void => {
    const count = (unbound.get(owner.workspaceId) ?? 0) + by
    if (count > 0) unbound.set(owner.workspaceId, count)
    else unbound.delete(owner.workspaceId)
  }

  const bindLine = (line: Line, conversationId: string): void => {
    if (line.conversationId !== null) return
    line.conversationId = conversationId
    byConversation.set(conversationId, line)
    countUnbound(line, -1)
  }

  const mark = (line: Line, event: StoredEvent): void => {
    const { messageId } = event.data
    if (typeof messageId === 'string') line.dirty.add(messageId)
    line.position = event.position
    if (!line.flushing) void flush(line)
  }

  const flush = async (line: Line): Promise<void> => {
    line.flushing = true
    try {
      while (line.position !== null && line.conversationId !== null) {
        const { conversationId, position, dirty } = line
        line.dirty = new Set()
        line.position = null
        const frame = await db.read(line.owner, async (tx) => ({
          messages: await readMessages(tx, line.owner.workspaceId, conversationId, [...dirty]),
          line: (await readLine(tx, line.owner)).line,
        }))
        for (const stream of line.streams) stream.send('changes', frame, position)
      }
    } catch (error) {
      // They come back with their last position, and get from there what they missed.
      log.warn({ err: error }, 'reading for the streams of a visitor failed')
      for (const stream of line.streams) stream.close()
    } finally {
      line.flushing = false
    }
  }

  const lookUp = async (event: StoredEvent, conversationId: string): Promise<void> => {
    const waiting = lookingUp.get(conversationId)
    if (waiting) return void waiting.push(event)
    const events = [event]
    lookingUp.set(conversationId, events)
    try {
      const row = await db.read(event, (tx) =>
        tx
          .selectFrom('conversations')
          .select(['connectionId', 'threadKey'])
          .where('workspaceId', '=', event.workspaceId)
          .where('id', '=', conversationId)
          .executeTakeFirst(),
      )
      const line = row && lines.get(keyOf({ workspaceId: event.workspaceId, ...row }))
      if (line) {
        bindLine(line, conversationId)
        for (const one of events) mark(line, one)
      } else {
        if (foreign.size >= FOREIGN_MOST) foreign.clear()
        foreign.add(conversationId)
      }
    } catch (error) {
      log.warn({ err: error }, 'finding the visitor of a conversation failed')
      for (const line of lines.values()) {
        if (line.conversationId === null && line.owner.workspaceId === event.workspaceId)
          line.streams.forEach((stream) => stream.close())
      }
    } finally {
      lookingUp.delete(conversationId)
    }
  }

  const hear = (event: StoredEvent): void => {
    const { conversationId } = event.data
    if (typeof conversationId !== 'string' || !lineEvents.includes(event.type)) return
    const line = byConversation.get(conversationId)
    if (line) return mark(line, event)
    if (unbound.has(event.workspaceId) && !foreign.has(conversationId)) void lookUp(event, conversationId)
  }

  const stops = [
    subscribe(hear),
    onTyping(({ conversationId, workspaceId, typing }) => {
      const line = byConversation.get(conversationId)
      if (line?.owner.workspaceId === workspaceId) line.streams.forEach((stream) => stream.send('typing', { typing }))
    }),
  ]
  const each = (work: (stream: Stream) => void): void => {
    for (const line of lines.values()) line.streams.forEach(work)
  }

  return {
    join(stream) {
      const key = keyOf(stream.visitor)
      let line = lines.get(key)
      if (!line) {
        line = {
          owner: stream.visitor,
          streams: new Set(),
          conversationId: null,
          dirty: new Set(),
          position: null,
          flushing: false,
        }
        lines.set(key, line)
        countUnbound(line, 1)
      }
      line.streams.add(stream)
      // A browser that lost its network leaves a stream that nobody reads: the oldest makes room.
      const [oldest] = line.streams
      if (line.streams.size > STREAMS_A_VISITOR) oldest?.close('replaced')
      const joined = line
      return () => {
        joined.streams.delete(stream)
        if (joined.streams.size > 0 || lines.get(key) !== joined) return
        lines.delete(key)
        if (joined.conversationId === null) countUnbound(joined, -1)
        else byConversation.delete(joined.conversationId)
      }
    },
    bind(visitor, conversationId) {
      const line = lines.get(keyOf(visitor))
      if (line) bindLine(line, conversationId)
    },
    drop({ visitId, visitorId }) {
      each((stream) => {
        if (stream.visitId === visitId || stream.visitor.id === visitorId) stream.close()
      })
    },
    each,
    close() {
      for (const stop of stops) stop()
      each((stream) => stream.close())
    },
  }
}

const keyOf = ({
  workspaceId,
  connectionId,
  threadKey,
}: Pick<VisitorRow, 'workspaceId' | 'connectionId' | 'threadKey'>): string =>
  `${workspaceId} ${connectionId} ${threadKey}`

/** A place in a visitor's line: which line of theirs, and how far in the events. */
export const formatPlace = (ordinal: number, position: Position): string => `${ordinal}-${formatPosition(position)}`
