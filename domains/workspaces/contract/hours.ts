// Service hours as data, and the arithmetic over them. Open means: the clock on the wall of that time zone stands inside an
// interval of that day. An hour that the clock goes through twice counts twice, one that it skips counts never.
// Pure and without Node, so that the widget and the web app reckon as the server does.
import * as t from 'typebox'

/** Minutes from midnight of the wall clock, `from` inside, `to` outside; 1440 is the day's end. */
export const Interval = t.Object({
  from: t.Integer({ minimum: 0, maximum: 1439 }),
  to: t.Integer({ minimum: 1, maximum: 1440 }),
})
export type Interval = t.Static<typeof Interval>
const Intervals = t.Array(Interval, { maxItems: 12 })
/** Seven days, Monday first. */
export const Weekly = t.Array(Intervals, { minItems: 7, maxItems: 7 })
export const Holiday = t.Object({
  date: t.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  name: t.String({ minLength: 1, maxLength: 60 }),
  /** Instead of the weekday's; empty for a day closed. */
  intervals: Intervals,
})
export type Holiday = t.Static<typeof Holiday>
export const Holidays = t.Array(Holiday, { maxItems: 400 })

export interface Hours {
  readonly timeZone: string
  readonly weekly: readonly (readonly Interval[])[]
  readonly holidays: readonly Holiday[]
}

const MINUTE = 60_000
const DAY = 86_400_000
/** How far `nextOpening` and `afterOpenMinutes` look before they say that it never opens. */
const HORIZON_DAYS = 400

/** Mon–Fri 9–17, the hours of a fresh workspace. */
export function officeHours(timeZone: string): Hours {
  const day = [{ from: 540, to: 1020 }]
  return { timeZone, weekly: [day, day, day, day, day, [], []], holidays: [] }
}

/** The first fault of hours (an interval that ends before it begins, or two that overlap), or null. */
export function faultOf({ weekly, holidays }: Pick<Hours, 'weekly' | 'holidays'>): string | null {
  for (const [index, day] of [...weekly, ...holidays.map(({ intervals }) => intervals)].entries()) {
    const sorted = [...day].sort((a, b) => a.from - b.from)
    const bad = sorted.some(({ from, to }, i) => from >= to || from < (sorted[i - 1]?.to ?? 0))
    if (bad) return index < 7 ? `weekly.${index}` : `holidays.${index - 7}`
  }
  const dates = holidays.map(({ date }) => date)
  if (new Set(dates).size < dates.length) return 'holidays'
  const odd = dates.findIndex((date) => !isDate(date))
  return odd < 0 ? null : `holidays.${odd}`
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export function isOpenAt(hours: Hours, date: Date): boolean {
  const wall = date.getTime() + offsetAt(hours.timeZone, date.getTime())
  const minute = (wall - Math.floor(wall / DAY) * DAY) / MINUTE
  return intervalsOn(hours, Math.floor(wall / DAY)).some(({ from, to }) => from <= minute && minute < to)
}

/** The date itself when open, else the moment of the next opening; null when nothing opens within 400 days. */
export function nextOpening(hours: Hours, date: Date): Date | null {
  for (const [start] of openSpans(hours, date.getTime(), date.getTime() + HORIZON_DAYS * DAY)) return new Date(start)
  return null
}

/** When the present opening ends; null when closed now, or open without an end within 400 days. */
export function nextClosing(hours: Hours, date: Date): Date | null {
  if (!isOpenAt(hours, date)) return null
  const end = date.getTime() + HORIZON_DAYS * DAY
  for (const [, stop] of openSpans(hours, date.getTime(), end)) return stop < end ? new Date(stop) : null
  return null
}

/** Open minutes in [from, to), with fractions; 0 when `to` is not after `from`. */
export function minutesOpenBetween(hours: Hours, from: Date, to: Date): number {
  let total = 0
  for (const [start, end] of openSpans(hours, from.getTime(), to.getTime())) total += end - start
  return total / MINUTE
}

/** The moment at which `minutes` open minutes have passed since `date`; null when that is not within 400 days. */
export function afterOpenMinutes(hours: Hours, date: Date, minutes: number): Date | null {
  let left = minutes * MINUTE
  for (const [start, end] of openSpans(hours, date.getTime(), date.getTime() + HORIZON_DAYS * DAY)) {
    if (end - start >= left) return new Date(start + left)
    left -= end - start
  }
  return null
}

/** Open spans within [from, to) in order, as milliseconds; those that touch are one. */
function* openSpans(hours: Hours, from: number, to: number): Generator<readonly [number, number]> {
  let open: [number, number] | null = null
  for (const [start, end] of rawSpans(hours, from, to)) {
    if (open && start <= open[1]) open[1] = end
    else {
      if (open) yield open
      open = [start, end]
    }
  }
  if (open) yield open
}

function* rawSpans(hours: Hours, from: number, to: number): Generator<readonly [number, number]> {
  for (const [pieceStart, pieceEnd, offset] of steadyPieces(hours.timeZone, from, to)) {
    const lastDay = Math.floor((pieceEnd + offset - 1) / DAY)
    for (let day = Math.floor((pieceStart + offset) / DAY); day <= lastDay; day++) {
      for (const interval of [...intervalsOn(hours, day)].sort((a, b) => a.from - b.from)) {
        const start = Math.max(pieceStart, day * DAY + interval.from * MINUTE - offset)
        const end = Math.min(pieceEnd, day * DAY + interval.to * MINUTE - offset)
        if (start < end) yield [start, end]
      }
    }
  }
}

/** Cuts [from, to) where the zone changes its offset; inside a piece the wall clock runs evenly. */
function* steadyPieces(timeZone: string, from: number, to: number): Generator<readonly [number, number, number]> {
  let start = from
  let offset = offsetAt(timeZone, from)
  for (let at = from; at < to;) {
    const next = Math.min(at + DAY / 2, to)
    const then = offsetAt(timeZone, next)
    if (then !== offset) {
      let before = at
      let after = next
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2)
        if (offsetAt(timeZone, middle) === offset) before = middle
        else after = middle
      }
      yield [start, after, offset]
      start = after
      offset = offsetAt(timeZone, after)
      at = after
    } else at = next
  }
  if (start < to) yield [start, to, offset]
}

/** `day` counts from 1970-01-01, a Thursday, on the wall's calendar. */
function intervalsOn({ weekly, holidays }: Hours, day: number): readonly Interval[] {
  if (holidays.length > 0) {
    const date = new Date(day * DAY).toISOString().slice(0, 10)
    const holiday = holidays.find((one) => one.date === date)
    if (holiday) return holiday.intervals
  }
  return weekly[(((day + 3) % 7) + 7) % 7] ?? []
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the wall clock is ahead of UTC, in milliseconds. */
function offsetAt(timeZone: string, time: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    const numeric = 'numeric'
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    })
    formats.set(timeZone, format)
  }
  const of: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(time)) of[type] = Number(value)
  const wall = Date.UTC(of['year']!, of['month']! - 1, of['day'], of['hour'], of['minute'], of['second'])
  return wall - Math.floor(time / 1000) * 1000
}
