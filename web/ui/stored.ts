import { useSyncExternalStore } from 'react'

/** A value kept in this browser, the same in every tab. */
export type Stored<T> = { get(): T; set(value: T): void; subscribe(listener: () => void): () => void }

/** `check` turns whatever was found (or nothing) into a value; a browser that refuses storage keeps it until reload. */
export function stored<T>(key: string, check: (found: unknown) => T): Stored<T> {
  const listeners = new Set<() => void>()
  let current: T | undefined
  const read = (): T => {
    try {
      return check(JSON.parse(localStorage.getItem(key) ?? 'null'))
    } catch {
      return check(null)
    }
  }
  const onStorage = (event: StorageEvent) => {
    if (event.key !== key && event.key !== null) return
    current = read()
    for (const listener of listeners) listener()
  }
  return {
    get: () => (current ??= read()),
    set(value) {
      current = value
      try {
        localStorage.setItem(key, JSON.stringify(value))
      } catch {
        // Storage is full or refused: the choice still holds for this page.
      }
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      if (listeners.size === 0) addEventListener('storage', onStorage)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) removeEventListener('storage', onStorage)
      }
    },
  }
}

export function useStored<T>(store: Stored<T>): [T, (value: T) => void] {
  return [useSyncExternalStore(store.subscribe, store.get), store.set]
}
