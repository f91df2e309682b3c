// What the widget remembers, in the storage of the page's own origin: no cookie, nothing of a third party. Where the page may
// not store (private windows, sandboxes), it is remembered until the page goes.
export interface Stored {
  get<T>(name: string): T | null
  set(name: string, value: unknown): void
  remove(name: string): void
  /** Names that begin with `prefix`, in order. */
  names(prefix: string): string[]
}

export function stored(key: string, storage: Storage | null = pageStorage()): Stored {
  const memory = new Map<string, string>()
  const full = (name: string): string => `rapport:${key}:${name}`
  const attempt = <T>(work: (storage: Storage) => T, otherwise: T): T => {
    try {
      return storage ? work(storage) : otherwise
    } catch {
      return otherwise
    }
  }
  return {
    get(name) {
      const text = memory.get(full(name)) ?? attempt((storage) => storage.getItem(full(name)), null)
      try {
        return text === null ? null : JSON.parse(text)
      } catch {
        return null
      }
    },
    set(name, value) {
      const text = JSON.stringify(value)
      const kept = attempt((storage) => (storage.setItem(full(name), text), true), false)
      if (kept) memory.delete(full(name))
      else memory.set(full(name), text)
    },
    remove(name) {
      memory.delete(full(name))
      attempt((storage) => storage.removeItem(full(name)), undefined)
    },
    names(prefix) {
      const begin = full(prefix)
      const all = new Set([...memory.keys(), ...attempt((storage) => Object.keys(storage), [])])
      return [...all]
        .filter((name) => name.startsWith(begin))
        .map((name) => name.slice(full('').length))
        .sort()
    },
  }
}

function pageStorage(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
