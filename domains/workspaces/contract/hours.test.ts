import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  afterOpenMinutes,
  faultOf,
  isOpenAt,
  minutesOpenBetween,
  nextClosing,
  nextOpening,
  officeHours,
  type Hours,
  type Interval,
} from './hours.ts'

const berlin = officeHours('Europe/Berlin')
const at = (text: string): Date => new Date(text)
const allDay = [{ from: 0, to: 1440 }]
const always = (timeZone: string): Hours => ({
  timeZone,
  weekly: Array.from({ length: 7 }, () => allDay),
  holidays: [],
})
const nightly = (timeZone: string): Hours => ({
  timeZone,
  weekly: Array.from({ length: 7 }, () => [{ from: 60, to: 180 }]),
  holidays: [],
})

test('office hours open at nine and are closed from five on', () => {
  expect(isOpenAt(berlin, at('2026-11-20T07:59:59Z'))).toBe(false)
  expect(isOpenAt(berlin, at('2026-11-20T08:00:00Z'))).toBe(true)
  expect(isOpenAt(berlin, at('2026-11-20T15:59:59.999Z'))).toBe(true)
  expect(isOpenAt(berlin, at('2026-11-20T16:00:00Z'))).toBe(false)
})

test('after Friday comes Monday', () => {
  expect(nextOpening(berlin, at('2026-11-20T16:30:00Z'))).toEqual(at('2026-11-23T08:00:00Z'))
  expect(minutesOpenBetween(berlin, at('2026-11-20T15:00:00Z'), at('2026-11-23T09:00:00Z'))).toBe(120)
  expect(afterOpenMinutes(berlin, at('2026-11-20T15:30:00Z'), 60)).toEqual(at('2026-11-23T08:30:00Z'))
  expect(nextClosing(berlin, at('2026-11-20T15:00:00Z'))).toEqual(at('2026-11-20T16:00:00Z'))
})

test('an hour that the clock skips counts never, one that it repeats counts twice', () => {
  // 29 March 2026, 02:00 → 03:00; 25 October 2026, 03:00 → 02:00. Open 01:00–03:00 on the wall.
  const spring = minutesOpenBetween(nightly('Europe/Berlin'), at('2026-03-28T22:00:00Z'), at('2026-03-29T10:00:00Z'))
  const autumn = minutesOpenBetween(nightly('Europe/Berlin'), at('2026-10-24T20:00:00Z'), at('2026-10-25T10:00:00Z'))
  expect([spring, autumn]).toEqual([60, 180])
  const day = (from: string, to: string): number => minutesOpenBetween(always('Europe/Berlin'), at(from), at(to))
  expect(day('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(23 * 60)
})

test('a change by half an hour is followed too', () => {
  // Lord Howe Island goes from +10:30 to +11:00 at 02:00 on 4 October 2026.
  const minutes = minutesOpenBetween(
    nightly('Australia/Lord_Howe'),
    at('2026-10-03T12:00:00Z'),
    at('2026-10-04T00:00:00Z'),
  )
  expect(minutes).toBe(90)
})

test('a day that a zone leaves out is no opening', () => {
  // Samoa had no 30 December 2011.
  const samoa: Hours = { ...always('Pacific/Apia'), weekly: [[], [], [], [], allDay, [], []] }
  expect(minutesOpenBetween(samoa, at('2011-12-29T12:00:00Z'), at('2012-01-01T00:00:00Z'))).toBe(0)
})

test('a holiday replaces the hours of its day, in the calendar of the zone', () => {
  const hours: Hours = {
    ...berlin,
    holidays: [
      { date: '2026-12-25', name: 'Christmas', intervals: [] },
      { date: '2026-12-24', name: 'Christmas Eve', intervals: [{ from: 540, to: 720 }] },
    ],
  }
  expect(isOpenAt(hours, at('2026-12-25T10:00:00Z'))).toBe(false)
  expect(minutesOpenBetween(hours, at('2026-12-24T00:00:00Z'), at('2026-12-26T00:00:00Z'))).toBe(180)
})

test('hours that never open say so, and hours that never close too', () => {
  const never: Hours = { timeZone: 'UTC', weekly: [[], [], [], [], [], [], []], holidays: [] }
  expect(nextOpening(never, at('2026-01-01T00:00:00Z'))).toBe(null)
  expect(afterOpenMinutes(never, at('2026-01-01T00:00:00Z'), 1)).toBe(null)
  expect(nextClosing(always('UTC'), at('2026-01-01T00:00:00Z'))).toBe(null)
})

test.for<[string, Partial<Hours>, string | null]>([
  ['nothing wrong', berlin, null],
  [
    'touching intervals',
    {
      weekly: [
        [
          { from: 0, to: 60 },
          { from: 60, to: 90 },
        ],
        [],
        [],
        [],
        [],
        [],
        [],
      ],
    },
    null,
  ],
  ['an interval backwards', { weekly: [[], [{ from: 60, to: 60 }], [], [], [], [], []] }, 'weekly.1'],
  [
    'an overlap out of order',
    {
      weekly: [
        [
          { from: 60, to: 120 },
          { from: 0, to: 61 },
        ],
        [],
        [],
        [],
        [],
        [],
        [],
      ],
    },
    'weekly.0',
  ],
  ['no such day', { holidays: [{ date: '2026-02-30', name: 'x', intervals: [] }] }, 'holidays.0'],
  ['a day twice', { holidays: [1, 2].map(() => ({ date: '2026-02-20', name: 'x', intervals: [] })) }, 'holidays'],
])('faults are found: %s', ([, part, fault]) => {
  expect(faultOf({ ...berlin, ...part })).toBe(fault)
})

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/Sao_Paulo',
]
const day = fc.uniqueArray(fc.integer({ min: 0, max: 1440 }), { maxLength: 6 }).map((cuts): Interval[] => {
  const sorted = cuts.toSorted((a, b) => a - b)
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, i) => ({
    from: sorted[2 * i]!,
    to: sorted[2 * i + 1]!,
  }))
})
const anyHours = fc.record({
  timeZone: fc.constantFrom(...zones),
  weekly: fc.array(day, { minLength: 7, maxLength: 7 }),
  holidays: fc.array(
    fc.record({
      date: fc.constantFrom('2026-03-29', '2026-10-25', '2026-11-01', '2026-03-08'),
      name: fc.constant('x'),
      intervals: day,
    }),
    { maxLength: 1 },
  ),
})
// Around the changes of the clock, where the arithmetic can go wrong.
const moment = fc
  .tuple(
    fc.constantFrom(
      '2026-03-29',
      '2026-10-25',
      '2026-03-08',
      '2026-11-01',
      '2026-10-04',
      '2026-04-05',
      '2026-02-15',
      '2026-07-01',
    ),
    fc.integer({ min: -72 * 60, max: 72 * 60 }),
  )
  .map(([text, minutes]) => new Date(Date.parse(`${text}T00:00:00Z`) + minutes * 60_000))

test('minutes open are the minutes at which it is open', () => {
  fc.assert(
    fc.property(anyHours, moment, fc.integer({ min: 0, max: 36 * 60 }), (hours, from, length) => {
      let open = 0
      for (let i = 0; i < length; i++) if (isOpenAt(hours, new Date(from.getTime() + i * 60_000))) open++
      expect(minutesOpenBetween(hours, from, new Date(from.getTime() + length * 60_000))).toBe(open)
    }),
    { numRuns: 150 },
  )
})

test('minutes open add up, and never shrink as time goes on', () => {
  fc.assert(
    fc.property(anyHours, fc.tuple(moment, moment, moment), (hours, three) => {
      const [a, b, c] = three.toSorted((x, y) => x.getTime() - y.getTime()) as [Date, Date, Date]
      const whole = minutesOpenBetween(hours, a, c)
      expect(minutesOpenBetween(hours, a, b) + minutesOpenBetween(hours, b, c)).toBeCloseTo(whole, 6)
      expect(whole).toBeGreaterThanOrEqual(minutesOpenBetween(hours, a, b))
    }),
    { numRuns: 200 },
  )
})

test('the next opening is open, and nothing is open before it', () => {
  fc.assert(
    fc.property(anyHours, moment, (hours, from) => {
      const opening = nextOpening(hours, from)
      if (opening === null) return
      expect(isOpenAt(hours, opening)).toBe(true)
      expect(opening.getTime()).toBeGreaterThanOrEqual(from.getTime())
      expect(minutesOpenBetween(hours, from, opening)).toBe(0)
    }),
    { numRuns: 200 },
  )
})

test('the moment after so many open minutes has so many open minutes before it', () => {
  fc.assert(
    fc.property(anyHours, moment, fc.integer({ min: 1, max: 3000 }), (hours, from, minutes) => {
      const end = afterOpenMinutes(hours, from, minutes)
      if (end !== null) expect(minutesOpenBetween(hours, from, end)).toBeCloseTo(minutes, 6)
    }),
    { numRuns: 100 },
  )
})
