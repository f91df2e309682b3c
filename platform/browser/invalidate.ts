// Turns stale keys into fetches: many events at once cost one fetch a query, and at most one in 150 ms.
import type { Query, QueryClient } from '@tanstack/react-query'
import { isUnder, type StaleKey } from './stale-keys.ts'

const PAUSE_MS = 150

export interface Invalidator {
  stale(keys: readonly StaleKey[]): void
  /** Nothing that is known can be trusted. */
  everything(): void
  close(): void
}

export function createInvalidator(client: QueryClient): Invalidator {
  const waiting = new Map<string, StaleKey>()
  let all = false
  let last = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const concerned = (query: Query): boolean => all || [...waiting.values()].some((key) => isUnder(query.queryKey, key))

  const flush = (): void => {
    timer = undefined
    last = Date.now()
    const queries = client.getQueryCache().findAll({ predicate: concerned })
    waiting.clear()
    all = false
    // What is being fetched at this moment may have looked before the change: it is let finish, so that a stream of events
    // can't starve it, and asked once more.
    const busy = queries.filter(({ state }) => state.fetchStatus === 'fetching')
    const free = new Set(queries.filter((query) => !busy.includes(query)))
    if (free.size > 0) void client.invalidateQueries({ predicate: (query) => free.has(query) })
    for (const query of busy) waiting.set(query.queryHash, query.queryKey as StaleKey)
    if (busy.length > 0) schedule()
  }
  const schedule = (): void => {
    timer ??= setTimeout(flush, Math.max(0, last + PAUSE_MS - Date.now()))
  }
  return {
    stale(keys) {
      for (const key of keys) waiting.set(JSON.stringify(key), key)
      if (keys.length > 0) schedule()
    },
    everything() {
      all = true
      schedule()
    },
    close: () => clearTimeout(timer),
  }
}
