// Caps on how often somebody may do something: so many in a sliding minute, kept in memory by node. It guards against
// hurry and guessing; what must hold across nodes and restarts is counted in the database by whoever owns it.
import type { Clock } from '../clock.ts'

export interface Limiter {
  /** Counts one try of `key`; answers 0 when it may go on, else the seconds to wait. */
  take(key: string, perMinute: number): number
}

const WINDOW_MS = 60_000
const MOST_KEYS = 50_000

export function createLimiter(clock: Clock): Limiter {
  // Two windows, weighted by how far the present one has run: smooth, and two numbers a key.
  const counts = new Map<string, { window: number; now: number; before: number }>()

  return {
    take(key, perMinute) {
      const time = clock.now().getTime()
      const window = Math.floor(time / WINDOW_MS)
      const into = (time % WINDOW_MS) / WINDOW_MS
      let entry = counts.get(key)
      if (!entry) {
        if (counts.size >= MOST_KEYS) counts.delete(counts.keys().next().value!)
        entry = { window, now: 0, before: 0 }
        counts.set(key, entry)
      }
      if (entry.window !== window) {
        entry.before = entry.window === window - 1 ? entry.now : 0
        entry.now = 0
        entry.window = window
      }
      if (entry.now + entry.before * (1 - into) >= perMinute) return Math.max(1, Math.ceil((1 - into) * 60))
      entry.now += 1
      return 0
    },
  }
}
