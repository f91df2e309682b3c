// How fast a connection may send: so many in so long, so many at once. Kept in memory by node; the platform's own 429 is the
// second line.
import type { SendBudget } from '#channels/connector'

export interface Budget {
  /** How many may be begun now, at most `wanted`; they count as begun. */
  take(wanted: number): number
  /** Of those just taken, this many were not needed: they count as never begun. */
  giveBack(unused: number): void
  /** One has ended. */
  done(): void
  /** One that was begun at that moment needed no turn after all (the platform was only asked): another may have it. */
  forgo(begunAt: Date): void
  /** Nothing is begun before this moment (the platform asked for patience). */
  pauseUntil(moment: Date): void
  /** Milliseconds until the next may be begun; 0 when it may now. */
  wait(): number
}

/**
 * `now` in milliseconds. In no stretch of `perSeconds` are more than `count` begun: a bucket that fills evenly would let twice
 * as many through around a pause, and platforms count just that.
 */
export function openBudget({ count, perSeconds, concurrent }: SendBudget, now: () => number): Budget {
  const windowMs = perSeconds * 1000
  /** When each of the last `count` was begun, oldest first. */
  let begun: number[] = []
  let running = 0
  let paused = 0

  const forget = (): void => {
    const time = now()
    // After the clock was set back, what lies ahead of it counts as begun now, or nothing would leave for that long.
    if (begun.length > 0 && begun.at(-1)! > time) begun = begun.map((at) => Math.min(at, time))
    const kept = begun.findIndex((at) => at > time - windowMs)
    begun = kept === -1 ? [] : begun.slice(kept)
  }

  return {
    take(wanted) {
      forget()
      const time = now()
      if (time < paused) return 0
      const given = Math.max(0, Math.min(wanted, count - begun.length, concurrent - running))
      for (let i = 0; i < given; i++) begun.push(time)
      running += given
      return given
    },
    giveBack(unused) {
      running = Math.max(0, running - unused)
      if (unused > 0) begun.splice(-unused)
    },
    done() {
      running = Math.max(0, running - 1)
    },
    forgo(begunAt) {
      forget()
      // The oldest goes, not its own: as many count as were truly begun, and none of them is forgotten too early.
      if (begunAt.getTime() > now() - windowMs) begun.shift()
    },
    pauseUntil(moment) {
      paused = Math.max(paused, moment.getTime())
    },
    wait() {
      forget()
      const forPause = Math.max(0, paused - now())
      const forTurn = begun.length < count ? 0 : begun[0]! + windowMs - now()
      return Math.max(forPause, forTurn)
    },
  }
}
