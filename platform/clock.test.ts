import { expect, test } from 'vitest'
import { systemClock, testClock } from './clock.ts'

test('a test clock stands still until it is advanced', () => {
  const clock = testClock('2026-11-21T10:00:00.000Z')
  expect(clock.now().toISOString()).toBe('2026-11-21T10:00:00.000Z')
  clock.advance(90_000)
  expect(clock.now().toISOString()).toBe('2026-11-21T10:01:30.000Z')
  clock.advance(-30_000)
  expect(clock.now().toISOString()).toBe('2026-11-21T10:01:00.000Z')
})

test('changing a date that the clock handed out does not move the clock', () => {
  const clock = testClock(new Date('2026-01-01T00:00:00Z'))
  clock.now().setFullYear(1999)
  expect(clock.now().getUTCFullYear()).toBe(2026)
})

test('a test clock can be set and refuses what is no date', () => {
  const clock = testClock('2026-01-01T00:00:00Z')
  clock.set(new Date('2030-05-05T05:05:05Z'))
  expect(clock.now().toISOString()).toBe('2030-05-05T05:05:05.000Z')
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError)
  expect(() => testClock('soon')).toThrow(RangeError)
})

test('the system clock tells the time of the machine', () => {
  const before = Date.now()
  const now = systemClock.now().getTime()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})
