// What somebody asks for before the composer of a conversation is there.
export type EarlyKind = 'out' | 'note'

let wanted: { id: string; kind: EarlyKind } | null = null

/** What was asked for before the composer of this conversation was there: once, and nothing for any other conversation. */
export function takeEarly(id: string): EarlyKind | null {
  const kind = wanted?.id === id ? wanted.kind : null
  wanted = null
  return kind
}

export function wantsEarly(id: string): boolean {
  return wanted?.id === id
}

export function wantEarly(id: string, kind: EarlyKind): void {
  wanted = { id, kind }
}
