// Which queries an event makes stale, by the tables of the contracts. Pure: the browser and `expectRealtimeConsistent`
// apply the same mapping.
import type { EventTable } from '../contract/kernel.ts'

/** An event as a browser hears it. */
export interface HeardEvent {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly at?: string
  readonly actorId?: string | null
}

export type StaleKey = readonly string[]

/**
 * The first parts of the keys of stale queries; `$name` stands for that field of the event's data, and a key whose field
 * is missing is cut there, so that it makes more stale rather than less. An unknown event makes nothing stale.
 */
export function staleKeysOf(tables: readonly EventTable[], event: Pick<HeardEvent, 'type' | 'data'>): StaleKey[] {
  const stale = tables.find((table) => Object.hasOwn(table, event.type))?.[event.type]?.stale ?? []
  return stale.map((key) => filledKey(key, event.data))
}

/** A key of a contract with the event's fields in it. */
export function filledKey(key: StaleKey, data: Readonly<Record<string, unknown>>): StaleKey {
  const parts: string[] = []
  for (const part of key) {
    const value = part.startsWith('$') ? data[part.slice(1)] : part
    if (typeof value !== 'string') break
    parts.push(value)
  }
  return parts
}

/** Whether a query's key begins with a stale key. */
export const isUnder = (key: readonly unknown[], stale: StaleKey): boolean =>
  stale.length > 0 && stale.every((part, at) => key[at] === part)
