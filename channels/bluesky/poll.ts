// One step of reading an account: what is new in public first, then its chat, then what became of posts seen before. Whatever
// a step found stands in its deliveries and its cursor together, so nothing is skipped and a repeated step does no harm.
import { type CatchingUp, NotFetched, type PlatformContext, type PollStep } from '../connector.ts'
import { readChat } from './poll-chat.ts'
import { readNotes } from './poll-notes.ts'
import { readOwn } from './poll-own.ts'
import { readWatched } from './poll-watch.ts'
import { anyCursor, type Cursor, MOST_WATCHED, readCursor } from './cursor.ts'
import { textAt } from './json.ts'
import type { Reading } from './reading.ts'
import { openAccess } from './session.ts'

const LOOK_BACK_MS = 3 * 24 * 3600 * 1000
const ROOM_MS = 30_000

export async function poll(cursor: unknown, context: PlatformContext): Promise<PollStep> {
  const access = openAccess(context)
  const opened = await access.session()
  if (!opened.ok) throw new NotFetched(opened.broken ? 'reauthorize' : 'later', opened.reason, opened.retryAt)
  const { session } = opened
  const before = readCursor(cursor, session.did)
  const began = performance.now()
  const now = context.now()
  const reading: Reading = {
    access,
    context,
    session,
    now,
    from: fromOf(cursor) ?? access.account.backfillFrom ?? new Date(now.getTime() - LOOK_BACK_MS),
    room: () => ROOM_MS - (performance.now() - began),
  }
  const notes = await readNotes(before.notes, reading)
  const own = await readOwn(before.own, reading)
  const chat = await readChat(before.chat, reading)
  const watched = [...(notes.watch ?? []), ...(own.watch ?? [])]
  const known = new Set(watched)
  const posts = [
    ...watched.map((uri) => ({ uri, print: '', at: null })),
    ...before.watch.posts.filter(({ uri }) => !known.has(uri)),
  ].slice(0, MOST_WATCHED)
  const watch = await readWatched({ ...before.watch, posts }, reading)
  const after: Cursor = { did: session.did, notes: notes.state, own: own.state, chat: chat.state, watch: watch.state }
  return {
    deliveries: [notes, own, chat, watch].flatMap(({ deliveries }) => deliveries),
    cursor: after,
    more: notes.more || chat.more,
    learned: { did: session.did, ...(session.handle && { handle: session.handle }), ...chat.learned },
  }
}

/** Pure. */
export function backfill(from: Date, cursor: unknown): unknown {
  const before = anyCursor(cursor)
  const back = { from: from.toISOString(), cursor: null, done: 0, oldest: null, pages: 0 }
  const look = { from: from.toISOString(), cursor: null, pages: 0 }
  // Whose it is becomes known with the first step, which begins there then.
  if (before === null) return { did: null, from: from.toISOString() }
  return { ...before, notes: { ...before.notes, back }, chat: { ...before.chat, look } }
}

/** Where looking back was asked for before the first step. */
function fromOf(cursor: unknown): Date | null {
  const from = new Date(anyCursor(cursor) === null ? (textAt(cursor, 'from') ?? '') : '')
  return Number.isNaN(from.getTime()) ? null : from
}

/** Pure. */
export function progressOf(cursor: unknown): CatchingUp | null {
  const back = anyCursor(cursor)?.notes.back ?? null
  return back && { done: back.done, from: back.from, oldest: back.oldest }
}
