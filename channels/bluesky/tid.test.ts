import { isValidTid } from '@atproto/syntax'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTid, microsOf, tidFor, tidNamed, tidOf } from './tid.ts'

describe('a record key', () => {
  test('is one by the network’s own check, whatever it was made of', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        (id, at) => {
          for (const tid of [tidFor(id, at), tidNamed(id)]) {
            expect(isValidTid(tid)).toBe(true)
            expect(isTid(tid)).toBe(true)
          }
        },
      ),
    )
  })

  test('sorts as time goes, and tells it again', () => {
    const micros = fc.bigInt({ min: 0n, max: (1n << 53n) - 1n })
    fc.assert(
      fc.property(
        micros,
        micros,
        fc.bigInt({ min: 0n, max: 1023n }),
        fc.bigInt({ min: 0n, max: 1023n }),
        (a, b, x, y) => {
          const [one, other] = [tidOf(a, x), tidOf(b, y)]
          expect(microsOf(one)).toBe(a)
          if (a !== b) expect(one < other).toBe(a < b)
        },
      ),
    )
  })

  test('of messages more than 17 seconds apart sorts as they were made, and stands within them', () => {
    const at = fc.integer({ min: 1_700_000_000_000, max: 4_000_000_000_000 })
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uuid(),
        at,
        fc.integer({ min: 17_000, max: 10_000_000 }),
        (one, other, since, later) => {
          expect(tidFor(one, new Date(since)) < tidFor(other, new Date(since + later))).toBe(true)
          expect(Math.abs(Number(microsOf(tidFor(one, new Date(since))) / 1000n) - since)).toBeLessThanOrEqual(17_000)
        },
      ),
    )
  })

  test('differs for each message of one instant', () => {
    const at = new Date('2026-09-01T12:00:00.000Z')
    const names = Array.from({ length: 5000 }, (_, index) => tidFor(`019936a0-0000-7000-8000-${index}`, at))
    expect(new Set(names).size).toBe(names.length)
  })
})
