import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

const id = '01a200d0-0000-7000-8000-000000000000'

test.each(['2026-11-22 01:13:23.333123+00', '2026-11-22T01:13:23.333Z', '2024-02-29T00:00:00+05:30'])(
  'a cursor at %s comes back as it was',
  (moment) => {
    expect(decodeCursor(encodeCursor(moment, id), ['moment', 'id'])).toEqual([moment, id])
  },
)

test.each([
  '2026-02-30T00:00:00Z',
  '2025-02-29T00:00:00Z',
  '2026-04-31 00:00:00+00',
  '0000-01-01T00:00:00Z',
  '2026-01-01T00:00:00+23:59',
  '2026-01-01T00:00:00-18:00',
  '2026-13-01T00:00:00Z',
  'infinity',
])('a cursor at %s, which the database would choke on, is refused as none', (moment) => {
  expect(() => decodeCursor(encodeCursor(moment, id), ['moment', 'id'])).toThrow(
    expect.objectContaining({ status: 400, code: 'invalid' }),
  )
})
