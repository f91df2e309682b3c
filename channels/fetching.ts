// What polls and streams hand over, and how they say that nothing could be had.
import type { Learned } from './platform-context.ts'

/**
 * Thrown by `poll` and `stream` to say in plain words what is wrong. `reauthorize`: a person has to act, the connection shows as
 * broken at once. `later`: it is tried again by itself, not before `retryAt` where the platform named a time (an hour at most).
 * Anything else that is thrown counts as `later`.
 */
export class NotFetched extends Error {
  override readonly name = 'NotFetched'
  readonly kind: 'later' | 'reauthorize'
  readonly retryAt: Date | null

  constructor(kind: 'later' | 'reauthorize', words: string, retryAt: Date | null = null) {
    super(words)
    this.kind = kind
    this.retryAt = retryAt
  }
}

/** One step of a poll: what was found, whole and unparsed, and where to go on. Stored and moved in one transaction. */
export interface PollStep {
  readonly deliveries: readonly { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer }[]
  readonly cursor: unknown
  readonly more: boolean
  /** Takes the place of what was learned before under the same names. */
  readonly learned?: Learned
}

/**
 * Where a stream hands over what it heard; the promise settles once it is stored, and a stream waits for it before it reads on.
 * Rejects when it was not stored, and from then on always: the stream ends, and the next begins from the stored cursor.
 */
export type StreamSink = (step: Omit<PollStep, 'more'>) => Promise<void>

/** How far looking back has come, for people. */
export interface CatchingUp {
  /** Messages fetched so far. */
  readonly done: number
  /** Days or moments (ISO 8601): how far back it shall go, and the oldest that was fetched. */
  readonly from: string | null
  readonly oldest: string | null
}
