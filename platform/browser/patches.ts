// What an event changes in answers that are known already, so that nothing has to be fetched. Pure: the browser and
// `expectRealtimeConsistent` apply the same mapping.
import type { EventTable } from '../contract/kernel.ts'
import { filledKey, type HeardEvent, type StaleKey } from './stale-keys.ts'

export interface KnownPatch {
  readonly key: StaleKey
  /** The answer as the event leaves it; the very same object when it holds nothing that the event speaks of. */
  readonly apply: (known: unknown) => unknown
}

type Row = Readonly<Record<string, unknown>>

/** The patches of an event, each with the beginning of the keys that it is for. */
export function patchesOf(
  tables: readonly EventTable[],
  { type, data }: Pick<HeardEvent, 'type' | 'data'>,
): KnownPatch[] {
  const patches = tables.find((table) => Object.hasOwn(table, type))?.[type]?.patches ?? []
  return patches.map(({ key, id, change }) => ({
    key: filledKey(key, data),
    apply: (known) =>
      changed(known, (row) => (row['id'] === data[id] ? (change as (row: Row, of: Row) => Row)(row, data) : row)),
  }))
}

/** An answer is one thing, a page of them, or the pages so far. What stays the same stays the same object. */
function changed(known: unknown, change: (row: Row) => Row): unknown {
  if (typeof known !== 'object' || known === null) return known
  const { pages, items } = known as { pages?: unknown; items?: unknown }
  if (Array.isArray(pages)) return replaced(known, 'pages', pages, (page) => changed(page, change))
  if (Array.isArray(items)) return replaced(known, 'items', items, (row) => change(row as Row))
  return change(known as Row)
}

function replaced(known: object, name: string, parts: readonly unknown[], change: (part: unknown) => unknown): object {
  const next = parts.map(change)
  return next.every((part, at) => part === parts[at]) ? known : { ...known, [name]: next }
}
