// Cursors of keyset pages: the sort values of the last row, opaque to the caller and checked when they come back.
import { Problem } from './problem.ts'

export type CursorValue = string | number | Date
type Kind = 'moment' | 'number' | 'id'
type Decoded<K extends readonly Kind[]> = { [I in keyof K]: K[I] extends 'number' ? number : string }

const checks: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  // Microseconds as the database has them would be lost in a Date, so moments travel as text.
  moment: (value) =>
    typeof value === 'string' &&
    /^\d{4,6}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-5])(:[0-5]\d)?)$/.test(value) &&
    !Number.isNaN(Date.parse(value)) &&
    isDay(value),
  number: (value) => typeof value === 'number' && Number.isSafeInteger(value),
  id: (value) => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
}

/** Whether the day exists, year zero does not; JavaScript takes a 30 February for the beginning of March, the database does not. */
function isDay(moment: string): boolean {
  const [year = 0, month = 0, day = 0] = moment.split(/[T ]/, 1)[0]!.split('-').map(Number)
  return year > 0 && new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCDate() === day
}

export function encodeCursor(...values: readonly CursorValue[]): string {
  return Buffer.from(
    JSON.stringify(values.map((value) => (value instanceof Date ? value.toISOString() : value))),
  ).toString('base64url')
}

/** The values of a cursor of this shape; 400 for anything else. */
export function decodeCursor<const K extends readonly Kind[]>(cursor: string, kinds: K): Decoded<K> {
  const values = parse(cursor)
  if (Array.isArray(values) && values.length === kinds.length && kinds.every((kind, i) => checks[kind](values[i])))
    return values as Decoded<K>
  throw new Problem(400, 'invalid', 'The cursor is not one of this list.', {
    fields: [{ path: 'after', message: 'is not a cursor of this list' }],
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
