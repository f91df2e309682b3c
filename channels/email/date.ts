// The Date header without the machine's time zone: what says no zone is taken as UTC.

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const zones: Readonly<Record<string, number>> = {
  ...{ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, CET: 1, CEST: 2, BST: 1, JST: 9 },
  ...{ MET: 1, MEST: 2, EET: 2, EEST: 3, MSK: 3, IST: 5.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
}

const written =
  /(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s,-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:\.\d+)?\s*([+-]\s?\d{1,2}:?\d{2}|[a-z]{1,5})?/i
const byMonth = /([a-z]{3})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([a-z]{1,5})\s+)?(\d{4})/i
const iso = /(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?/i

/** When it was written by its own word, or null where the words are no moment. */
export function parseDate(header: string): Date | null {
  const text = header
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .replace(/\s+/g, ' ')
  const found = written.exec(text)
  if (found) {
    const [, day, month, year, hour, minute, second, zone] = found
    return moment(yearOf(year!), months.indexOf(month!.toLowerCase()), day, hour, minute, second, zone)
  }
  const named = byMonth.exec(text)
  if (named) {
    const [, month, day, hour, minute, second, zone, year] = named
    return moment(Number(year), months.indexOf(month!.toLowerCase()), day, hour, minute, second, zone)
  }
  const standard = iso.exec(text)
  if (!standard) return null
  const [, year, month, day, hour, minute, second, zone] = standard
  return moment(Number(year), Number(month) - 1, day, hour, minute, second, zone)
}

function moment(
  year: number,
  month: number,
  ...[day, hour, minute, second, zone]: (string | undefined)[]
): Date | null {
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second ?? 0)]
  if (month < 0 || month > 11 || d < 1 || d > 31 || h > 24 || m > 59 || s > 60) return null
  const date = new Date(Date.UTC(year, month, d, h, m, s) - offsetOf(zone ?? '') * 60_000)
  return Number.isNaN(date.getTime()) ? null : date
}

/** RFC 5322, obsolete years: two digits from 50 on are of the last century, three count from 1900. */
function yearOf(year: string): number {
  const number = Number(year)
  if (year.length === 2) return number < 50 ? 2000 + number : 1900 + number
  return year.length === 3 ? 1900 + number : number
}

/** Minutes east of Greenwich. */
function offsetOf(zone: string): number {
  const numbers = /^([+-])\s?(\d{1,2}):?(\d{2})$/.exec(zone)
  if (!numbers) return (zones[zone.toUpperCase()] ?? 0) * 60
  const minutes = Number(numbers[2]) * 60 + Number(numbers[3])
  return minutes > 24 * 60 ? 0 : numbers[1] === '-' ? -minutes : minutes
}
