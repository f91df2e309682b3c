// What a domain does when another speaks. One reader with a durable place hands events out in batches of one workspace; each
// (event, reaction) is answered once, in the same transaction as what the reaction changes. A batch that fails is halved until
// the bad event is alone; that one is written to `failures`, visible and retryable, and the rest goes on.
import { randomUUIDv7 } from 'node:crypto'
import type { Logger } from 'pino'
import { programActor, type Actor } from '../actor.ts'
import type { Clock } from '../clock.ts'
import { isPassing, type Database, type Tx } from '../db/database.ts'
import { runWakefulLoop } from '../wakeful-loop.ts'
import { EVENTS_SIGNAL } from './emit.ts'
import { headPosition, readEvents, type StoredEvent } from './read.ts'
import type { Position } from './position.ts'

export interface Reaction {
  /** `response-map.decide`: unique and stable, since it is the key under which answered events are remembered. */
  readonly name: string
  readonly on: readonly string[]
  /** Gets events of one workspace in order. Runs as the program; must leave no effect outside the transaction. */
  readonly run: (tx: Tx, actor: Actor, events: readonly StoredEvent[]) => Promise<void>
}

const CURSOR = 'reactions'
const POLL_MS = 1000

/** Starts answering; of several nodes one does, and another takes over when it ends. */
export function runReactions(db: Database, clock: Clock, log: Logger, reactions: readonly Reaction[]): AsyncDisposable {
  const types = [...new Set(reactions.flatMap(({ on }) => on))]
  if (types.length === 0) return { [Symbol.asyncDispose]: async () => {} }
  return runWakefulLoop({
    log,
    stumbled: 'answering events failed',
    wokenBy: (wake) => db.signals.on(EVENTS_SIGNAL, wake),
    round: async () => ((await reactOnce(db, clock, log, reactions, types)) ? 0 : POLL_MS),
  })
}

/** Answers one batch; true when more waits. Exported for tests, which own the time at which reactions run. */
export async function reactOnce(
  db: Database,
  clock: Clock,
  log: Logger,
  reactions: readonly Reaction[],
  types = [...new Set(reactions.flatMap(({ on }) => on))],
): Promise<boolean> {
  const now = clock.now()
  const batch = await db.system(async (tx) => {
    const from = await cursorFor(tx, now)
    return from === null ? null : readEvents(tx, from, { types, limit: 500 })
  })
  if (batch === null) return false
  const byWorkspace = Map.groupBy(batch.events, ({ workspaceId }) => workspaceId)
  for (const [workspaceId, events] of byWorkspace) {
    for (const reaction of reactions) {
      const mine = events.filter(({ type }) => reaction.on.includes(type))
      if (mine.length > 0) await answer(db, clock, log, reaction, workspaceId, mine)
    }
  }
  const { epoch, xid, seq } = batch.position
  await db.system((tx) =>
    tx
      .updateTable('eventCursors')
      .set({ epoch, xid: String(xid), seq, movedAt: now })
      .where('reader', '=', CURSOR)
      .execute(),
  )
  return batch.more
}

// The row lock makes one node the reader for this statement; answered twice by two nodes would be answered once anyway.
async function cursorFor(tx: Tx, now: Date): Promise<Position | null> {
  const row = await tx
    .selectFrom('eventCursors')
    .select(['epoch', 'xid', 'seq'])
    .where('reader', '=', CURSOR)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  const head = await headPosition(tx)
  if (row)
    return row.epoch === head.epoch
      ? { epoch: row.epoch, xid: Number(row.xid), seq: row.seq }
      : { ...head, xid: 0, seq: 0 }
  await tx
    .insertInto('eventCursors')
    .values({ reader: CURSOR, epoch: head.epoch, xid: '0', seq: 0, movedAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return null
}

async function answer(
  db: Database,
  clock: Clock,
  log: Logger,
  reaction: Reaction,
  workspaceId: string,
  events: readonly StoredEvent[],
): Promise<void> {
  const actor = programActor(workspaceId, clock.now())
  try {
    await db.write(actor, async (tx) => {
      const fresh = await tx
        .insertInto('reactionsDone')
        .values(events.map(({ seq }) => ({ workspaceId, eventSeq: seq, reaction: reaction.name, doneAt: actor.at })))
        .onConflict((conflict) => conflict.doNothing())
        .returning('eventSeq')
        .execute()
      const seqs = new Set(fresh.map(({ eventSeq }) => eventSeq))
      const open = events.filter(({ seq }) => seqs.has(seq))
      if (open.length > 0) await reaction.run(tx, actor, open)
    })
  } catch (error) {
    if (isPassing(error)) throw error
    if (events.length > 1) {
      const middle = Math.ceil(events.length / 2)
      await answer(db, clock, log, reaction, workspaceId, events.slice(0, middle))
      return answer(db, clock, log, reaction, workspaceId, events.slice(middle))
    }
    await giveUp(db, clock, log, reaction, events[0]!, error)
  }
}

async function giveUp(
  db: Database,
  clock: Clock,
  log: Logger,
  reaction: Reaction,
  event: StoredEvent,
  error: unknown,
): Promise<void> {
  log.error({ err: error, reaction: reaction.name, event: event.seq }, 'a reaction gave up on an event')
  await db.system((tx) =>
    tx
      .insertInto('failures')
      .values({
        id: randomUUIDv7(),
        workspaceId: event.workspaceId,
        kind: 'reaction',
        name: reaction.name,
        payload: JSON.stringify({ eventSeq: event.seq, type: event.type }),
        reason: error instanceof Error ? error.message : String(error),
        attempts: 1,
        failedAt: clock.now(),
      })
      .execute(),
  )
}
