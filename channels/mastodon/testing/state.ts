// All that the small network knows, as plain data: it can be kept and taken up again.

export interface LocalAccount {
  readonly id: string
  readonly acct: string
  readonly fields: Record<string, unknown>
  gone: boolean
}

export interface LocalStatus {
  readonly id: string
  readonly by: string
  text: string
  /** Given as it is, instead of being made of `text`. */
  html: string | null
  warning: string
  readonly visibility: string
  readonly inReplyTo: string | null
  readonly createdAt: Date
  editedAt: Date | null
  readonly likes: Set<string>
  readonly boosts: Set<string>
  readonly media: readonly Record<string, unknown>[]
  readonly poll: Record<string, unknown> | null
  readonly application: string | null
  readonly quotes: string | null
}

export type Entity = Record<string, unknown>

export interface LocalState {
  readonly accounts: Map<string, LocalAccount>
  readonly statuses: Map<string, LocalStatus>
  readonly notifications: Entity[]
  /** Reports, blocks, mutes. */
  readonly acts: Entity[]
  readonly made: { accounts: number; statuses: bigint; notifications: number }
}

export const freshState = (): LocalState => ({
  accounts: new Map(),
  statuses: new Map(),
  notifications: [],
  acts: [],
  made: { accounts: 109_000_000_000, statuses: 0n, notifications: 5_000_000 },
})
