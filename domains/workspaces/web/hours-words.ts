// Hours in words, by the calendar of whoever reads them. Pure, so that what is shown can be tested.
import { isOpenAt, nextClosing, nextOpening, type Hours, type Interval } from '../contract.ts'

/** Monday first, as `weekly` is. 5 January 2026 was a Monday. */
export function weekdayNames(locale: string, weekday: 'long' | 'short' = 'long'): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' })
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2026, 0, 5 + day)))
}

/** `540` as a time box holds it, `09:00`; the day's end is `00:00`. */
export function toClock(minutes: number): string {
  const within = minutes % 1440
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`
}

/** What a time box holds, in minutes; null while it is half written. At the end of an interval midnight is the day's end. */
export function fromClock(clock: string, end = false): number | null {
  const found = /^(\d\d):(\d\d)/.exec(clock)
  if (!found) return null
  const minutes = Number(found[1]) * 60 + Number(found[2])
  return end && minutes === 0 ? 1440 : minutes
}

/** An interval to add behind those that are there, or null when the day is full. */
export function nextInterval(day: readonly Interval[]): Interval | null {
  const last = Math.max(0, ...day.map(({ to }) => to))
  if (day.length === 0) return { from: 540, to: 1020 }
  const from = Math.min(last + 60, 1380)
  return from <= last ? null : { from, to: Math.min(from + 180, 1440) }
}

export type Standing =
  | { readonly open: true; readonly closesAt: string | null }
  | { readonly open: false; readonly opensAt: string | null }

/** Whether it is open now, and until or from when, told by the clock on the wall of these hours. */
export function standingOf(hours: Hours, now: Date, locale: string): Standing {
  const tell = (at: Date | null) => at && wordsFor(at, now, hours.timeZone, locale)
  if (isOpenAt(hours, now)) return { open: true, closesAt: tell(nextClosing(hours, now)) }
  return { open: false, opensAt: tell(nextOpening(hours, now)) }
}

function wordsFor(at: Date, now: Date, timeZone: string, locale: string): string {
  const days = (at.getTime() - now.getTime()) / 86_400_000
  const day = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'short' })
  const near = day.format(at) === day.format(now)
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    ...(!near && { weekday: 'long' }),
    ...(days > 6 && { day: 'numeric', month: 'long' }),
  }).format(at)
}
