import { dateFormat, relativeFormat } from './formats.ts'

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** “5 min ago”, “in 2 days”; under a minute “now”. Both times are milliseconds since 1970. */
export function relativeWords(at: number, now: number, locale: string): string {
  const seconds = (at - now) / 1000
  const format = relativeFormat(locale, { numeric: 'auto', style: 'short' })
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const)
  return unit === 'second' ? format.format(0, 'second') : format.format(Math.trunc(seconds / size), unit)
}

/** The whole moment, in the reader's language and time zone. */
export function absoluteWords(at: number, locale: string): string {
  return dateFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(at)
}

/** How long the words stay true, in milliseconds: a minute's words for seconds, a day's for an hour. */
export function staysTrueFor(at: number, now: number): number {
  const seconds = Math.abs(at - now) / 1000
  return seconds < 3600 ? 15_000 : seconds < 86_400 ? 5 * 60_000 : 60 * 60_000
}
