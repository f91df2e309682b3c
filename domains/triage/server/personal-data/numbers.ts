// What a run of digits with its gaps is: a card, a telephone, an address of a machine, an official number, or nothing.
import { Kind, kindOf } from '../text/characters.ts'
import { passesLuhn } from './checksums.ts'

/** The value of a digit in whatever script, or null. */
export function digitValue(unit: number): number | null {
  if (unit >= 48 && unit <= 57) return unit - 48
  if (unit < 0x660 || kindOf[unit] !== Kind.digit) return null
  // Decimal digits stand in tens, and all tens begin at a multiple of ten or, in most blocks, at 6 or 0 modulo 16.
  for (let zero = unit; zero > unit - 10; zero -= 1) {
    if (kindOf[zero - 1] !== Kind.digit) return unit - zero
  }
  return null
}

/** A run: digits in groups, with what stands between. */
export interface NumberRun {
  readonly start: number
  readonly end: number
  readonly groups: readonly {
    readonly digits: string
    readonly start: number
    readonly end: number
    readonly gap: string
  }[]
  readonly plus: boolean
}

const GAPS = ' -./()\u00a0\u2010\u2011\u2012\u2013\u202f'

/** Reads the run that begins at `from`, which is a digit, `+` or `(`. Gaps are at most three characters long. */
export function readRun(text: string, from: number): NumberRun | null {
  const groups: { digits: string; start: number; end: number; gap: string }[] = []
  let at = from
  let gap = ''
  let total = 0
  const plus = text.charCodeAt(at) === 43
  if (plus) at += 1
  while (at < text.length && total < 80) {
    const unit = text.charCodeAt(at)
    if (digitValue(unit) !== null) {
      const start = at
      let digits = ''
      while (at < text.length) {
        const value = digitValue(text.charCodeAt(at))
        if (value !== null) digits += value
        else if (kindOf[text.charCodeAt(at)] !== Kind.unseen) break
        at += 1
      }
      while (kindOf[text.charCodeAt(at - 1)] === Kind.unseen) at -= 1
      groups.push({ digits, start, end: at, gap })
      total += digits.length
      gap = ''
    } else if ((GAPS.includes(text[at]!) || kindOf[unit] === Kind.unseen) && gap.length < 3) {
      gap += text[at]!
      at += 1
    } else break
  }
  const last = groups.at(-1)
  return last === undefined ? null : { start: from, end: last.end, groups, plus }
}

export type NumberKind = 'card' | 'phone' | 'ip' | 'id'

export interface NumberSpan {
  readonly kind: NumberKind
  readonly start: number
  readonly end: number
}

/** The cards of a run: every stretch of whole groups that has a card's length, first digits and check digit. */
export function cardsIn({ groups }: NumberRun): NumberSpan[] {
  const found: NumberSpan[] = []
  for (let first = 0; first < groups.length; first += 1) {
    let digits = ''
    let best: NumberSpan | null = null
    for (let last = first; last < groups.length && digits.length < 19; last += 1) {
      if (last > first && /[./()]/.test(groups[last]!.gap)) break
      digits += groups[last]!.digits
      if (isCard(digits, last > first)) best = { kind: 'card', start: groups[first]!.start, end: groups[last]!.end }
    }
    if (best !== null) {
      found.push(best)
      while (first + 1 < groups.length && groups[first + 1]!.start < best.end) first += 1
    }
  }
  return found
}

function isCard(digits: string, inGroups: boolean): boolean {
  const { length } = digits
  if (length < 12 || length > 19 || !passesLuhn(digits)) return false
  if (/^(\d)\1+$/.test(digits)) return false
  // Twelve digits are only Maestro's, thirteen only old Visa's and Maestro's; many other numbers are as long.
  if (length <= 13) return /^(?:5[0678]|6)/.test(digits) || (length === 13 && digits.startsWith('4') && !inGroups)
  return /^[2-6]|^1[38]/.test(digits)
}

/** What the run is as a whole, where it holds no card. `before` is what stands before it, in lower case. */
export function kindOfRun(run: NumberRun, text: string, before: string): NumberKind | null {
  const { groups, plus } = run
  const digits = groups.map((group) => group.digits).join('')
  const gaps = groups.slice(1).map(({ gap }) => gap)
  if (isAddress(run)) return 'ip'
  if (digits.length >= 20) return 'id'
  if (isUsSocial(run)) return 'id'
  if (OFFICIAL.test(before) && digits.length >= 6) return 'id'
  if (!plus && (isDate(run) || isAmount(run, text))) return null
  if (digits.length < 7 || digits.length > 15) return null
  if (plus) return 'phone'
  const named = CALLING.test(before)
  if (named) return 'phone'
  if (COUNTED.test(before) || isLabelled(run, text)) return null
  if (groups.length === 1) return isBarePhone(digits) ? 'phone' : null
  if (isPlace(run, text)) return null
  if (groups.length > 6 || gaps.some((gap) => gap === '/' || gap.length > 2)) return null
  if (gaps.includes('.') && new Set(gaps).size > 1 && !gaps.some((gap) => gap.includes(')'))) return null
  return groups.every((group, i) => group.digits.length <= (i === 0 ? 5 : 6)) ? 'phone' : null
}

const OFFICIAL =
  /(?:ssn|social security|passport|tax id|national id|id card|driver'?s licen[cs]e|nif|dni|cpf|steuer-?id|ausweis|codice fiscale)[\s\w:#.]{0,16}$/
const CALLING =
  /(?:phone|call(?: me)?|tel|mobile|cell|ring|text(?: me)?|phone number|my number|whatsapp|fax|sms|telefon|handy|llam\w+|télé\w*|cellulare)[\s:#.(+]{1,4}$/
const COUNTED =
  /(?:order|ticket|ref(?:erence)?|case|invoice|booking|tracking|confirmation|account|serial|flight|code|no|nr|#|id)[\s\w:.]{0,8}[#:.\s]$|[#$€£]$/

/** The number on a bag tag, a parcel or a seat: LM 4471 093. */
const isLabelled = ({ groups, start }: NumberRun, text: string): boolean =>
  groups.length === 2 &&
  groups[1]!.gap === ' ' &&
  groups[0]!.digits.length + groups[1]!.digits.length <= 8 &&
  /(?:^|[^\p{L}\p{N}])[A-Z]{2,3}[ \u00a0]$/u.test(text.slice(Math.max(0, start - 5), start))

const isAddress = ({ groups }: NumberRun): boolean =>
  groups.length === 4 &&
  groups.every(
    ({ digits, gap }, i) =>
      digits.length <= 3 &&
      Number(digits) <= 255 &&
      (i === 0 || gap === '.') &&
      (digits.length === 1 || digits[0] !== '0'),
  )

const isUsSocial = ({ groups }: NumberRun): boolean =>
  groups.length === 3 &&
  groups[0]!.digits.length === 3 &&
  groups[1]!.digits.length === 2 &&
  groups[2]!.digits.length === 4 &&
  groups[1]!.gap === '-' &&
  groups[2]!.gap === '-'

function isDate({ groups }: NumberRun): boolean {
  const [a, b, c] = groups.map(({ digits }) => Number(digits))
  if (groups.length < 3 || a === undefined || b === undefined || c === undefined) return false
  const gap = groups[1]!.gap
  if (!/^[-./]$/.test(gap) || groups[2]!.gap !== gap) return false
  const [first, , third] = groups.map(({ digits }) => digits.length)
  if (first === 4) return a >= 1900 && a <= 2100 && b <= 12 && c <= 31
  return (
    first! <= 2 &&
    (third === 4 || third === 2) &&
    a <= 31 &&
    b <= 31 &&
    Math.min(a, b) <= 12 &&
    (third === 2 || (c >= 1900 && c <= 2100)) &&
    groups.length === 3
  )
}

/** Years in a row, prices, thousands: 1.299.000 and 20 000. */
function isAmount({ groups, end }: NumberRun, text: string): boolean {
  const rest = groups.slice(1)
  if (/^\s?(?:€|\$|£|%|eur|usd|gbp|kr|pln|zł)/i.test(text.slice(end, end + 5))) return true
  if (rest.length === 0) return false
  const thousands = rest.every(({ digits, gap }) => digits.length === 3 && gap === rest[0]!.gap && /^[. ]$/.test(gap))
  return (
    (thousands && rest[0]!.gap === '.' && groups[0]!.digits.length <= 3 && groups[0]!.digits[0] !== '0') ||
    groups.every(({ digits }) => /^(?:19|20)\d\d$/.test(digits))
  )
}

/** A house and a flat before the name of a street, or a postcode: 370 3911 Fourth Avenue, 75534-030. */
function isPlace({ groups, end }: NumberRun, text: string): boolean {
  if (groups.length !== 2) return false
  const [first, second] = groups.map(({ digits }) => digits.length)
  const { gap } = groups[1]!
  if (gap === ' ') return /^\s+\p{L}/u.test(text.slice(end, end + 3)) || first! >= 5 || (first === 2 && second === 5)
  return gap === '-' && ((first === 5 && second! <= 4) || (first === 4 && second === 3))
}

/** Without any gap only what begins as telephones do: a zero, or ten digits as in North America. */
const isBarePhone = (digits: string): boolean =>
  (/^0[1-9]/.test(digits) && digits.length >= 9 && digits.length <= 12) ||
  (/^00[1-9]/.test(digits) && digits.length >= 11) ||
  /^[2-9]\d{2}[2-9]\d{6}$/.test(digits)
