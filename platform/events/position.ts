// Where a reader of events stands. A transaction's id (xid8) orders events by who began first, and readers stay below the
// oldest transaction still running, so that a late commit can never land behind a reader.

export interface Position {
  /** Which life of the database: a restore starts a new one, and positions of the old one mean nothing. */
  readonly epoch: number
  readonly xid: number
  readonly seq: number
}

/** `epoch.xid.seq`, as it stands in SSE ids and in `?after=`. */
export function formatPosition({ epoch, xid, seq }: Position): string {
  return `${epoch}.${xid}.${seq}`
}

/** The position in a text, or null when it is none. */
export function parsePosition(text: string): Position | null {
  const match = /^(\d{1,9})\.(\d{1,16})\.(\d{1,16})$/.exec(text)
  return match ? { epoch: Number(match[1]), xid: Number(match[2]), seq: Number(match[3]) } : null
}

export function isAfter(a: Position, b: Position): boolean {
  return a.xid > b.xid || (a.xid === b.xid && a.seq > b.seq)
}
