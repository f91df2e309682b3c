// A signed delivery that comes again, byte for byte and under its own id, is thanked for and not stored again. Held in memory,
// for as long as its signature can be fresh, by each node for itself: what slips through (another node, a restart, more
// than is remembered) costs a row and no second message, since a message's own key makes it one.
import { createHash } from 'node:crypto'

const REMEMBER_MS = 660_000
const MOST = 20_000

interface Taken {
  readonly at: number
  readonly stored: Promise<void>
}

export interface Repeats {
  /** Stores by `store` unless the same was taken in already; then settles as that did. A failure is forgotten. */
  once(
    connectionId: string,
    id: string,
    body: Buffer,
    now: Date,
    store: () => Promise<void>,
  ): Promise<'stored' | 'repeat'>
}

export function openRepeats(): Repeats {
  const taken = new Map<string, Taken>()
  return {
    async once(connectionId, id, body, now, store) {
      // With its body: a sender that gives two deliveries one id must not lose the second.
      const key = createHash('sha256').update(`${connectionId} ${id} `).update(body).digest('base64')
      const at = now.getTime()
      const known = taken.get(key)
      if (known && Math.abs(at - known.at) < REMEMBER_MS) {
        await known.stored
        return 'repeat'
      }
      forgetOld(taken, at)
      const one: Taken = { at, stored: store() }
      taken.delete(key)
      taken.set(key, one)
      try {
        await one.stored
      } catch (error) {
        if (taken.get(key) === one) taken.delete(key)
        throw error
      }
      return 'stored'
    },
  }
}

/** The oldest stand first. */
function forgetOld(taken: Map<string, Taken>, now: number): void {
  for (const [key, { at }] of taken) {
    if (taken.size < MOST && Math.abs(now - at) < REMEMBER_MS) return
    taken.delete(key)
  }
}
