// How long to wait before a platform is asked again, and what people are told meanwhile. Pure.
import { NotFetched } from '#channels/connector'
import type { HealthReport } from './health.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const POLL_SECONDS = 60
const FIRST_RETRY = 30 * SECOND
const LONGEST_RETRY = 30 * MINUTE
/** What a platform may ask for; beyond it we look again all the same. */
const LONGEST_ASKED = 60 * MINUTE
const FIRST_REOPENING = 5 * SECOND
const LONGEST_REOPENING = 10 * MINUTE
const BROKEN_AFTER = 30 * MINUTE

/** A number from 0 up to 1, by chance. */
export type Chance = () => number

/** Up to a fifth more or less, so that what was started together does not stay together. */
const spread = (ms: number, chance: Chance): number => Math.round(ms * (0.8 + 0.4 * chance()))

export function pollWait(pollSeconds: number | undefined, chance: Chance): number {
  return spread((pollSeconds ?? POLL_SECONDS) * SECOND, chance)
}

/** Doubling from half a minute to half an hour. `failures` counts this one. */
function retryWait(failures: number, chance: Chance): number {
  return spread(Math.min(FIRST_RETRY * 2 ** Math.min(failures - 1, 20), LONGEST_RETRY), chance)
}

/** Doubling from five seconds to ten minutes; polls go on meanwhile. */
export function reopenWait(failures: number, chance: Chance): number {
  return spread(Math.min(FIRST_REOPENING * 2 ** Math.min(failures - 1, 20), LONGEST_REOPENING), chance)
}

export interface Failure {
  readonly kind: 'later' | 'reauthorize'
  readonly words: string
  readonly retryAt: Date | null
}

/** What a connector threw, as something to tell people. */
export function failureOf(error: unknown): Failure {
  if (error instanceof NotFetched) return { kind: error.kind, words: error.message, retryAt: error.retryAt }
  const words = error instanceof Error ? error.message : String(error)
  return { kind: 'later', words: words.trim() || 'It could not be fetched.', retryAt: null }
}

/** When to try again: by our own patience, and not before the platform wants it. */
export function nextTry(failure: Failure, failures: number, now: Date, chance: Chance): Date {
  const own = now.getTime() + retryWait(failure.kind === 'reauthorize' ? Math.max(failures, 6) : failures, chance)
  const asked = Math.min(failure.retryAt?.getTime() ?? 0, now.getTime() + LONGEST_ASKED)
  return new Date(Math.max(own, asked))
}

/**
 * What people see after so many failures in a row: nothing after a hiccup, a warning after the third, broken when only a person
 * can help, or after half an hour. Null: nothing new to say.
 */
export function healthAfter(failure: Failure, failures: number, failingSince: Date, now: Date): HealthReport | null {
  const lasting = now.getTime() - failingSince.getTime() >= BROKEN_AFTER
  if (failure.kind === 'reauthorize' || (lasting && failures >= 3)) return { health: 'broken', reason: failure.words }
  return failures >= 3 ? { health: 'degraded', reason: failure.words } : null
}

/** Ends with the signal, or after so long; a promise that goes on by itself is left alone. */
export async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal, late: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(late)), ms)
  const abort = (): void => reject(signal.reason as Error)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    work.catch(() => {})
  }
}
