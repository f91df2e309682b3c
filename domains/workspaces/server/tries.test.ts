import { expect, test } from 'vitest'
import { secondsToWait } from './tries.ts'

test('the first misses cost nothing, then each costs twice the last, up to a limit', () => {
  expect([0, 4].map((failures) => secondsToWait(failures, 0, 5, 900))).toEqual([0, 0])
  expect([5, 6, 7, 9, 10, 500].map((failures) => secondsToWait(failures, 0, 5, 900))).toEqual([
    30, 60, 120, 480, 900, 900,
  ])
})

test('waiting is over when it is over, and forgotten after an hour', () => {
  expect(secondsToWait(5, 29_500, 5, 900)).toBe(1)
  expect(secondsToWait(5, 30_000, 5, 900)).toBe(0)
  expect(secondsToWait(100, 3_600_000, 5, 100_000)).toBe(0)
})
