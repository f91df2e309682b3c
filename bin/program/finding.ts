/** What the doctor found: what it looked at, how that is, and what to do. */
export interface Finding {
  readonly what: string
  readonly state: 'ok' | 'warn' | 'bad'
  readonly words: string
}

export const found = (what: string, bad: boolean | 'warn', words: string): Finding[] => [
  { what, state: bad === 'warn' ? 'warn' : bad ? 'bad' : 'ok', words },
]
