// Times and small facts in words, in the reader's language.
import { dateFormat, numberFormat } from '../../../web/ui/formats.ts'

/** The day of a moment where the reader sits, as something to compare. */
export const dayOf = (at: string): string => new Date(at).toDateString()

const clockWords = (at: string, locale: string): string =>
  dateFormat(locale, { timeStyle: 'short' }).format(new Date(at))

/** “Saturday 21 November”, with the year when it is another one. */
export function dayWords(at: string, locale: string, now = new Date()): string {
  const moment = new Date(at)
  const year = moment.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return dateFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(moment)
}

/** “Mon 23 Nov, 09:00” */
export const momentWords = (at: string, locale: string): string =>
  dateFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(at))

/** The time of day; with the day where nothing above it says so. */
export const timeWords = (at: string, dated: boolean, locale: string): string =>
  dated ? momentWords(at, locale) : clockWords(at, locale)

/** “4 min”, “3 h”, “2 d”: short enough for a row. */
export function spanWords(ms: number, locale: string): string {
  if (ms < 60_000) return `< ${spanWords(60_000, locale)}`
  const minutes = Math.round(ms / 60_000)
  const [value, unit] =
    minutes < 60
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day']
  return numberFormat(locale, { style: 'unit', unit: unit as string, unitDisplay: 'short' }).format(value as number)
}

export function sizeWords(bytes: number, locale: string): string {
  const [value, unit] =
    bytes < 1000 ? [bytes, 'byte'] : bytes < 1e6 ? [bytes / 1000, 'kilobyte'] : [bytes / 1e6, 'megabyte']
  return numberFormat(locale, {
    style: 'unit',
    unit: unit as string,
    // The short word for bytes is “byte”, whatever their number.
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(value as number)
}

/** A subject without the signs that it is an answer or passed on, to compare with another one. */
export const bareSubject = (subject: string): string =>
  subject
    .replace(/^(?:\s*(?:re|aw|sv|antw|vs|odp|rif|ref|res|ynt|fwd?|wg)(?:\[\d+\])?\s*:)+\s*/i, '')
    .trim()
    .toLowerCase()
