// Where fetching has come to, one cursor for polls and streams. What came in the last minutes is remembered by name instead of by
// a mark alone, because servers number notifications before they show them: a lower one can come later. Pure.
import * as t from 'typebox'
import { Value } from 'typebox/value'
import { compareIds, type Status } from './entities.ts'

/** What is known of a post: its id, its thread, its counts and edit as last seen, who wrote it, and whether it only stands around. */
const Known = t.Tuple([t.String(), t.String(), t.String(), t.String(), t.Union([t.Literal(0), t.Literal(1)])])
export type Known = t.Static<typeof Known>

const Cursor = t.Object({
  v: t.Literal(1),
  /** Whose notifications these are: another account begins anew. Empty: whoever comes first. */
  account: t.String(),
  /** A print of the token that was proven last, and when. */
  token: t.String(),
  provenAt: t.String(),
  /** All notifications up to here are done, and `seen` (id and moment) besides; empty: there were none. */
  notified: t.String(),
  seen: t.Array(t.Tuple([t.String(), t.Integer()])),
  /** The newest private mention, and the newest post of our own, that were looked at. */
  direct: t.String(),
  own: t.String(),
  known: t.Array(Known),
  checkedAt: t.String(),
  /** Ids still to look at again in this round. */
  toCheck: t.Array(t.String()),
  /** Looking back: down to `from`, the next page before `before` (empty: from the newest on). */
  back: t.Union([
    t.Null(),
    t.Object({ from: t.String(), before: t.String(), done: t.Integer(), oldest: t.Union([t.Null(), t.String()]) }),
  ]),
  /** How far back it was looked already. */
  reached: t.Union([t.Null(), t.String()]),
})
export type Cursor = t.Static<typeof Cursor>

const EMPTY: Cursor = {
  v: 1,
  account: '',
  token: '',
  provenAt: '',
  notified: '',
  seen: [],
  direct: '',
  own: '',
  known: [],
  checkedAt: '',
  toCheck: [],
  back: null,
  reached: null,
}

export const MOST_KNOWN = 300
export const MOST_SEEN = 400
/** So long a notification may come late. */
export const SETTLE_MS = 2 * 60_000

export function readCursor(stored: unknown): Cursor | null {
  return Value.Check(Cursor, stored) ? stored : null
}

export const emptyCursor = (account: string): Cursor => ({ ...EMPTY, account })

/** The cursor that makes `poll` fetch what is as old as `from`, too. */
export function backfill(from: Date, stored: unknown): Cursor {
  const cursor = readCursor(stored) ?? EMPTY
  const wanted = from.toISOString()
  if (cursor.reached !== null && cursor.reached <= wanted) return cursor
  if (cursor.back !== null)
    return wanted < cursor.back.from ? { ...cursor, back: { ...cursor.back, from: wanted } } : cursor
  return { ...cursor, back: { from: wanted, before: '', done: 0, oldest: null } }
}

export function progressOf(stored: unknown): { done: number; from: string | null; oldest: string | null } | null {
  const back = readCursor(stored)?.back ?? null
  return back === null ? null : { done: back.done, from: back.from, oldest: back.oldest }
}

export function isDone(cursor: Cursor, notificationId: string): boolean {
  return (
    cursor.seen.some(([id]) => id === notificationId) ||
    (cursor.notified !== '' && compareIds(notificationId, cursor.notified) <= 0)
  )
}

/** Marks a notification as done; what is older than some minutes moves the mark, the others are remembered by name. */
export function markDone(cursor: Cursor, id: string, at: Date | null, now: Date): Cursor {
  const mine: [string, number] = [id, Math.trunc((at ?? now).getTime())]
  const all = [...cursor.seen.filter((one) => one[0] !== id), mine].toSorted((a, b) => compareIds(a[0], b[0]))
  const settled = all.filter((one) => one[1] < now.getTime() - SETTLE_MS).map(([one]) => one)
  const crowded = all.slice(0, Math.max(0, all.length - MOST_SEEN)).map(([one]) => one)
  const notified = [...settled, ...crowded].reduce(newer, cursor.notified)
  return { ...cursor, notified, seen: all.filter(([one]) => notified === '' || compareIds(one, notified) > 0) }
}

export function printOf({ editedAt, counts }: Status): string {
  return [editedAt?.getTime().toString(36) ?? '', counts.likes ?? 0, counts.reposts ?? 0, counts.replies ?? 0].join('.')
}

export const knownOf = (cursor: Cursor, id: string): Known | undefined => cursor.known.find((one) => one[0] === id)

/** The newest stay; what was said to us is never taken back to standing around. */
export function remember(cursor: Cursor, status: Status, thread: string, around: 0 | 1): Cursor {
  const before = knownOf(cursor, status.id)
  const others = before ? cursor.known.filter((one) => one !== before) : cursor.known
  const entry: Known = [
    status.id,
    before?.[1] ?? thread,
    printOf(status),
    status.account.id,
    before?.[4] === 0 ? 0 : around,
  ]
  return { ...cursor, known: [...others, entry].slice(-MOST_KNOWN) }
}

export function forget(cursor: Cursor, id: string): Cursor {
  return { ...cursor, known: cursor.known.filter((one) => one[0] !== id) }
}

export const newer = (a: string, b: string): string => (a === '' || (b !== '' && compareIds(b, a) > 0) ? b : a)
