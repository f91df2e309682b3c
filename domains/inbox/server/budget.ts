// How fast a connection may send: so many in so long, so many at once. Kept in memory by node; the platform's own 429 is the
// second line.
import type { SendBudget } from '#channels/connector'

export interface Budget {
  /** How many may be begun now, at most `wanted`; they count as begun. */
  take(wanted: number): number
  /** One has ended. */
  done(): void
  /** Nothing is begun before this moment (the platform asked for patience). */
  pauseUntil(moment: Date): void
  /** Milliseconds until the next may be begun; 0 when it may now. */
  wait(): number
}

/** `now` in milliseconds. A bucket that holds `count` and fills evenly. */
export function openBudget({ count, perSeconds, concurrent }: SendBudget, now: () => number): Budget {
  const perMs = count / (perSeconds * 1000)
  let tokens = count
  let filledAt = now()
  let running = 0
  let paused = 0

  const fill = (): void => {
    const time = now()
    tokens = Math.min(count, tokens + Math.max(0, time - filledAt) * perMs)
    filledAt = time
  }

  return {
    take(wanted) {
      fill()
      if (now() < paused) return 0
      const given = Math.max(0, Math.min(wanted, Math.floor(tokens), concurrent - running))
      tokens -= given
      running += given
      return given
    },
    done() {
      running = Math.max(0, running - 1)
    },
    pauseUntil(moment) {
      paused = Math.max(paused, moment.getTime())
    },
    wait() {
      fill()
      const forPause = Math.max(0, paused - now())
      const forToken = tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMs)
      return Math.max(forPause, forToken)
    },
  }
}
