// Personal data and secrets in a message: where they stand and what they are, found in one pass, masked on demand.
import { isIPv6 } from 'node:net'
import { Kind, kindOf } from '../text/characters.ts'
import { ibanLength, isIban } from './checksums.ts'
import { cardsIn, digitValue, kindOfRun, readRun } from './numbers.ts'

export type PersonalDataKind = 'card' | 'iban' | 'email' | 'phone' | 'ip' | 'id' | 'password' | 'secret'

/** `start` and `end` count UTF-16 units of the text as given; `end` is the first one after. */
export interface PersonalDataSpan {
  readonly kind: PersonalDataKind
  readonly start: number
  readonly end: number
}

/** Spans in the order of the text, none of them overlapping. Linear in the length of the text. */
export function findPersonalData(text: string): PersonalDataSpan[] {
  const found: PersonalDataSpan[] = []
  let hasWords = false
  let at = 0
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit === 64) {
      const span = emailAround(text, at, found.at(-1)?.end ?? 0)
      if (span !== null) {
        while (found.length > 0 && found.at(-1)!.end > span.start) found.pop()
        found.push(span)
        at = span.end
        continue
      }
    } else if (unit === 43 || unit === 40 || digitValue(unit) !== null) {
      const next = takeNumber(text, at, found)
      if (next > at) {
        at = next
        continue
      }
    } else if (unit === 58 && isHexUnit(text.charCodeAt(at + 1) || 0)) {
      const span = addressAround(text, at)
      if (span !== null && span.start >= (found.at(-1)?.end ?? 0)) {
        found.push(span)
        at = span.end
        continue
      }
    } else if (unit >= 65 && isLetterUnit(unit) && !isWordUnit(text.charCodeAt(at - 1) || 0)) {
      const end = ibanAt(text, at)
      if (end !== null) {
        found.push({ kind: 'iban', start: at, end })
        at = end
        continue
      }
      hasWords ||= mayName(unit)
    }
    at += 1
  }
  return hasWords ? merge(found, spansOfSecrets(text)) : found
}

const isLetterUnit = (unit: number): boolean => (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)
const isWordUnit = (unit: number): boolean => isLetterUnit(unit) || (unit >= 48 && unit <= 57)
const isHexUnit = (unit: number): boolean =>
  (unit >= 48 && unit <= 58) || (unit >= 65 && unit <= 70) || (unit >= 97 && unit <= 102)

/** Reads a number at `at`; answers where to go on, or `at` where none begins there. */
function takeNumber(text: string, at: number, found: PersonalDataSpan[]): number {
  const unit = text.charCodeAt(at)
  if (unit === 43 || unit === 40) {
    let next = at + 1
    while (next < text.length && (text.charCodeAt(next) === 40 || text.charCodeAt(next) === 43)) next += 1
    if (digitValue(text.charCodeAt(next) || 0) === null) return at
    if (unit === 40 && text.charCodeAt(next - 1) === 43) return at
  }
  const run = readRun(text, at)
  if (run === null) return at
  const cards = cardsIn(run)
  if (cards.length > 0) {
    found.push(...cards)
    return run.end
  }
  // Digits inside a word (names of models, links) are no number of anybody.
  const before = text.charCodeAt(at - 1) || 0
  const after = text.charCodeAt(run.end) || 0
  const glued =
    isWordUnit(before) ||
    before === 95 ||
    before === 47 ||
    before === 61 ||
    before === 46 ||
    before === 64 ||
    before === 37
  if (glued || (isWordUnit(after) && after !== 120) || after === 95) return endOfDigits(text, run.end)
  const kind = kindOfRun(run, text, text.slice(Math.max(0, at - 32), at).toLowerCase())
  if (kind !== null) {
    let { end } = run
    // An extension: 555-1234x459.
    const extension = kind === 'phone' ? /^\s?(?:x|ext\.?\s?)\d{1,6}/i.exec(text.slice(end, end + 12)) : null
    if (extension !== null) end += extension[0].length
    found.push({ kind, start: at, end })
    return end
  }
  return run.end
}

function endOfDigits(text: string, from: number): number {
  let at = from
  while (at < text.length && isWordUnit(text.charCodeAt(at))) at += 1
  return at
}

const inLocal = (unit: number): boolean =>
  isWordUnit(unit) ||
  unit === 46 ||
  unit === 95 ||
  unit === 45 ||
  unit === 43 ||
  unit === 37 ||
  (unit > 0x7f && kindOf[unit] === Kind.letter)

function emailAround(text: string, at: number, floor: number): PersonalDataSpan | null {
  let start = at
  const lowest = Math.max(0, at - 64)
  while (start > lowest && inLocal(text.charCodeAt(start - 1))) start -= 1
  while (start < at && (text.charCodeAt(start) === 46 || text.charCodeAt(start) === 45)) start += 1
  let end = at + 1
  let dot = -1
  const highest = Math.min(text.length, at + 255)
  while (end < highest) {
    const unit = text.charCodeAt(end)
    if (unit === 46) {
      if (!isWordUnit(text.charCodeAt(end + 1) || 0) && kindOf[text.charCodeAt(end + 1) || 0] !== Kind.letter) break
      dot = end
    } else if (!isWordUnit(unit) && unit !== 45 && !(unit > 0x7f && kindOf[unit] === Kind.letter)) break
    end += 1
  }
  if (start === at || dot < 0 || end - dot < 3 || start < floor - 64) return null
  // @ada@social.example names an account in public on an open network; nobody can be written to by it.
  if (text.charCodeAt(start - 1) === 64 && !isWordUnit(text.charCodeAt(start - 2) || 0)) return null
  return { kind: 'email', start, end }
}

function addressAround(text: string, at: number): PersonalDataSpan | null {
  let start = at
  while (start > 0 && at - start < 8 && isHexUnit(text.charCodeAt(start - 1))) start -= 1
  let end = at
  while (end < text.length && end - start < 46 && (isHexUnit(text.charCodeAt(end)) || text.charCodeAt(end) === 46))
    end += 1
  if (isWordUnit(text.charCodeAt(start - 1) || 0) || isWordUnit(text.charCodeAt(end) || 0)) return null
  const candidate = text.slice(start, end).replace(/[.:]$/, '')
  const colons = candidate.split(':').length - 1
  return colons >= 2 && candidate.length >= 6 && isIPv6(candidate)
    ? { kind: 'ip', start, end: start + candidate.length }
    : null
}

/** The end of the account number that begins here, or null. Groups may be set apart by single spaces or hyphens. */
function ibanAt(text: string, at: number): number | null {
  const second = text.charCodeAt(at + 1) || 0
  if (!isLetterUnit(second)) return null
  const first = text.charCodeAt(at + 2) || 0
  if (!(first >= 48 && first <= 57) && first !== 32) return null
  const length = ibanLength(text.slice(at, at + 2))
  if (length === null) return null
  let compact = ''
  let end = at
  while (end < text.length && compact.length < length) {
    const unit = text.charCodeAt(end)
    if (isWordUnit(unit)) compact += text[end]!
    else if ((unit !== 32 && unit !== 45 && unit !== 0xa0) || !isWordUnit(text.charCodeAt(end + 1) || 0)) break
    end += 1
  }
  return compact.length === length && !isWordUnit(text.charCodeAt(end) || 0) && isIban(compact) ? end : null
}

const NAMES =
  'password|passwort|passcode|passphrase|pass word|pwd|pw|pin(?: code| number)?|cvv2?|cvc|security code|contraseña|contrasena|clave|mot de passe|mdp|senha|kennwort|wachtwoord|api[ _-]?key|secret[ _-]?key|access[ _-]?token|token|otp|one[- ]time code'
const SECRET = new RegExp(
  `\\b(?:${NAMES})\\b(?:\\s+(?:for\\s+\\S+|is|es|est|ist|é|was|wlan|wifi))?\\s*([:=]|\\bis\\b|\\s)\\s*(["'«]?)(\\S{3,64})`,
  'giu',
)
const KEY =
  /\b(?:sk-[\w-]{16,}|sk_live_\w{16,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|xox[abps]-[\w-]{10,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/g

/** Units with which one of the names may begin, in either case. */
const mayName = (unit: number): boolean => 'pcmskwato ge'.includes(String.fromCharCode(unit | 32)) || unit === 45

function spansOfSecrets(text: string): PersonalDataSpan[] {
  const found: PersonalDataSpan[] = []
  for (const match of text.matchAll(SECRET)) {
    const [whole, sign = '', , raw = ''] = match
    const value = raw.replace(/["'».,;!?)]+$/u, '')
    const start = match.index + whole.length - raw.length
    const telling = /\d/.test(value) || /[^\p{L}\p{N}'’-]/u.test(value)
    if (
      value.length >= 3 &&
      (telling || ((sign === ':' || sign === '=') && value.length >= 4)) &&
      !/^[•*]+$/.test(value)
    )
      found.push({ kind: 'password', start, end: start + value.length })
  }
  for (const match of text.matchAll(KEY))
    found.push({ kind: 'secret', start: match.index, end: match.index + match[0].length })
  return found
}

function merge(first: readonly PersonalDataSpan[], second: readonly PersonalDataSpan[]): PersonalDataSpan[] {
  if (second.length === 0) return [...first]
  const free = second.filter((span) => !first.some((other) => other.start < span.end && span.start < other.end))
  const all = [...first, ...free].toSorted((a, b) => a.start - b.start)
  return all.filter((span, i) => i === 0 || span.start >= all[i - 1]!.end)
}

/** The text with every span covered: letters and digits become dots, gaps and length stay. Masking twice changes nothing. */
export function maskPersonalData(text: string, spans: readonly PersonalDataSpan[]): string {
  let masked = ''
  let done = 0
  for (const { start, end } of spans) {
    masked += text.slice(done, start)
    for (let i = start; i < end; i += 1) masked += kindOf[text.charCodeAt(i)] === Kind.space ? text[i]! : '•'
    done = end
  }
  return masked + text.slice(done)
}
