// Where reading a mailbox has come to. Above `lastUid` everything is new; `old` is what is looked through besides, from the
// oldest on, so that new mail never waits behind five thousand old ones. Pure.
import * as t from 'typebox'
import { Value } from 'typebox/value'

const Folder = t.Object({
  path: t.String(),
  uidValidity: t.String(),
  lastUid: t.Integer({ minimum: 0 }),
  /** Mail older than this is not wanted (ISO 8601). */
  since: t.String(),
  /** Ranges of UIDs still to look through, one after the other; mail that arrived after `until` is known already. */
  old: t.Array(t.Object({ next: t.Integer(), end: t.Integer(), until: t.Union([t.Null(), t.String()]) })),
  /** Announced and not handed over: asked for again until they come or are gone. */
  missed: t.Array(t.Integer()),
})
export type FolderCursor = t.Static<typeof Folder>

const Cursor = t.Object({
  v: t.Literal(1),
  /** Whose mailbox it is: another one begins anew. */
  account: t.String(),
  connectedAt: t.String(),
  /** When it was last read to its end. */
  lookedAt: t.String(),
  /** How far back somebody asked to go. */
  asked: t.Union([t.Null(), t.String()]),
  done: t.Integer(),
  oldest: t.Union([t.Null(), t.String()]),
  inbox: t.Union([t.Null(), Folder]),
  sent: t.Union([t.Null(), Folder]),
})
export type ImapCursor = t.Static<typeof Cursor>

export const ROLES = ['inbox', 'sent'] as const
export type Role = (typeof ROLES)[number]

/** The stored cursor if it is one of this account; else a new one, which begins now. */
export function cursorFor(stored: unknown, account: string, backfillFrom: Date | null, now: Date): ImapCursor {
  const known = readCursor(stored)
  const at = now.toISOString()
  const kept = known !== null && (known.account === account || known.account === '') ? known : null
  const asked = earliest(kept?.asked ?? null, backfillFrom?.toISOString() ?? null)
  if (kept) return { ...kept, account, connectedAt: kept.connectedAt || at, lookedAt: kept.lookedAt || at, asked }
  return { ...EMPTY, account, connectedAt: at, lookedAt: at, asked }
}

const EMPTY: ImapCursor = {
  v: 1,
  account: '',
  connectedAt: '',
  lookedAt: '',
  asked: null,
  done: 0,
  oldest: null,
  inbox: null,
  sent: null,
}

export function readCursor(stored: unknown): ImapCursor | null {
  return Value.Check(Cursor, stored) ? stored : null
}

/** The cursor that makes the next steps look as far back as `from`. */
export function backfill(from: Date, stored: unknown): ImapCursor {
  const cursor = readCursor(stored) ?? EMPTY
  return { ...cursor, asked: earliest(cursor.asked, from.toISOString()) }
}

/** How far looking back has come; null when there is nothing left to look through. */
export function progressOf(stored: unknown): { done: number; from: string | null; oldest: string | null } | null {
  const cursor = readCursor(stored)
  if (cursor === null) return null
  const { done, asked, oldest } = cursor
  const wanted = ROLES.some((role) => {
    const folder = cursor[role]
    return folder !== null && (folder.old.length > 0 || (asked !== null && asked < folder.since))
  })
  const notBegun = asked !== null && cursor.inbox === null
  return wanted || notBegun ? { done, from: asked, oldest } : null
}

export interface FolderState {
  readonly path: string
  readonly uidValidity: string
  readonly uidNext: number
}

const RECENT_MS = 2 * 24 * 3_600_000

/**
 * A folder's cursor for the folder as it is found now. `firstRecent` is asked only where all numbers are void: the lowest UID
 * of what arrived since a moment, or null.
 */
export async function meetFolder(
  cursor: ImapCursor,
  role: Role,
  found: FolderState,
  firstRecent: (since: Date) => Promise<number | null>,
): Promise<FolderCursor> {
  const known = cursor[role]
  const last = Math.max(0, found.uidNext - 1)
  const { path, uidValidity } = found
  if (known === null || known.path !== path) {
    const since = cursor.asked ?? cursor.connectedAt
    const old = cursor.asked === null ? [] : rangesOf([1, last])
    return { path, uidValidity, lastUid: last, since, old, missed: [] }
  }
  // A server restored from a backup keeps the validity and counts on from below where we were.
  if (known.uidValidity !== uidValidity || last < known.lastUid) {
    const recent = new Date(new Date(cursor.lookedAt).getTime() - RECENT_MS)
    const first = await firstRecent(recent < new Date(known.since) ? new Date(known.since) : recent)
    // What may have come meanwhile goes first, then all that was there: it is known by its Message-ID.
    const old = rangesOf([first ?? last + 1, last], [1, (first ?? last + 1) - 1])
    return { path, uidValidity, lastUid: last, since: earliest(known.since, cursor.asked)!, old, missed: [] }
  }
  if (cursor.asked !== null && cursor.asked < known.since) {
    const further = rangesOf([1, known.lastUid]).map((range) => ({ ...range, until: known.since }))
    return { ...known, since: cursor.asked, old: [...known.old, ...further] }
  }
  return known
}

function rangesOf(...ranges: readonly (readonly [number, number])[]) {
  return ranges.filter(([next, end]) => next <= end).map(([next, end]) => ({ next, end, until: null as string | null }))
}

function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
