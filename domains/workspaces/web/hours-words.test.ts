import { expect, test } from 'vitest'
import { officeHours } from '../contract.ts'
import { fromClock, nextInterval, standingOf, toClock, weekdayNames } from './hours-words.ts'

const berlin = officeHours('Europe/Berlin')
const at = (text: string) => standingOf(berlin, new Date(text), 'en-GB')

test('the week begins on Monday, as hours are kept', () => {
  expect(weekdayNames('en').at(0)).toBe('Monday')
  expect(weekdayNames('de').at(6)).toBe('Sonntag')
})

test('midnight ends a day, and begins one', () => {
  expect(toClock(1440)).toBe('00:00')
  expect(fromClock('00:00', true)).toBe(1440)
  expect(fromClock('00:00')).toBe(0)
  expect(fromClock(toClock(1439), true)).toBe(1439)
  expect(fromClock('')).toBe(null)
})

test('what closes today is told by its time, what opens another day with the day', () => {
  expect(at('2026-11-20T14:00:00Z')).toEqual({ open: true, closesAt: '17:00' })
  expect(at('2026-11-20T18:00:00Z')).toEqual({ open: false, opensAt: 'Monday 09:00' })
})

test('hours that never open say so', () => {
  const never = { ...berlin, weekly: [[], [], [], [], [], [], []] }
  expect(standingOf(never, new Date('2026-11-20T14:00:00Z'), 'en')).toEqual({ open: false, opensAt: null })
})

test('an added interval never overlaps what is there', () => {
  expect(nextInterval([])).toEqual({ from: 540, to: 1020 })
  expect(nextInterval([{ from: 540, to: 720 }])).toEqual({ from: 780, to: 960 })
  expect(nextInterval([{ from: 540, to: 1440 }])).toBe(null)
})
