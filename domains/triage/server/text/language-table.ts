// eld's table of n-grams, asked as eld itself asks it and with the same answers, several times faster and in a tenth of the
// memory: pieces of a text are looked up as numbers, and no string or object is made of any, neither of the text's nor of the
// table's. A test compares both. Reads the package's own files, which its exact version holds in place.
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const place = join(dirname(findPackageJSON('eld', import.meta.url)!), 'src')
const part = async <T>(file: string): Promise<T> =>
  (await import(/* @vite-ignore */ pathToFileURL(join(place, file)).href)) as T
const { dictionary } = await part<{ dictionary: readonly string[] }>('dictionary.js')
const { separators } = await part<{ separators: RegExp }>('regexPatterns.js')

const LEAST_SCORE = 53
const MOST_CHARACTERS = 1000
/** In bytes: the text ends at the first gap behind the first, and anywhere behind the second. */
const CUT_AFTER = 350
const CUT_ANYWHERE = 380
/** A word is read as far as this, but for its end. */
const MOST_WORD = 70
/** Pieces of four, with gaps before and behind. */
const MOST_PIECE = 6
const GAP = 32

const byteOf = Uint8Array.from({ length: 256 }, (_, byte) => dictionary[byte]?.charCodeAt(0) ?? GAP)
const { codes, table } = readTable(readFileSync(join(place, 'ngrams/small.js'), 'utf8'))

/** Pieces by open addressing: up to six bytes are two whole numbers, so that nothing is taken for anything else. */
interface Table {
  readonly mask: number
  readonly high: Int32Array
  readonly low: Int32Array
  /** Where a piece's scores begin and end, in pairs of language and score; an end of 0 is an empty slot. */
  readonly from: Uint32Array
  readonly to: Uint32Array
  readonly scores: Uint16Array
  /** By which question a piece was met last: each counts once a text. */
  readonly met: Uint32Array
}

/**
 * Reads `{…languages:{0:'am',…},…ngrams:{'abc':{0:12,5:40},…}}` as it is written: run as a program it would be eighty thousand
 * objects. Throws where it is not written so.
 */
function readTable(source: string): { codes: string[]; table: Table } {
  const size = 1 << 18
  const made: Table = {
    mask: size - 1,
    high: new Int32Array(size),
    low: new Int32Array(size),
    from: new Uint32Array(size),
    to: new Uint32Array(size),
    scores: new Uint16Array(1 << 19),
    met: new Uint32Array(size),
  }
  const languages = /languages:\{([^}]*)\}/.exec(source)?.[1] ?? ''
  const codes = [...languages.matchAll(/(\d+):'(\w+)'/g)].map(([, , code = '']) => code)
  const opening = source.indexOf('ngrams:{')
  let at = opening + 'ngrams:{'.length
  let end = 0
  const key = new Uint8Array(MOST_PIECE)
  const number = (): number => {
    let value = 0
    for (let digit = source.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = source.charCodeAt(at) - 48) {
      value = value * 10 + digit
      at += 1
    }
    return value
  }
  while (opening >= 0 && source[at] !== '}') {
    const quote = source[at] === "'" || source[at] === '"' ? source[at]! : ''
    if (quote !== '') at += 1
    let length = 0
    for (const stop = quote === '' ? ':' : quote; source[at] !== stop && length < MOST_PIECE; at += 1) {
      if (source[at] === '\\') at += 1
      key[length++] = source.charCodeAt(at)
    }
    at += quote.length
    if (!source.startsWith(':{', at)) break
    at += 2
    const slot = slotOf(made, packed(key, 0, Math.min(3, length)), packed(key, 3, length))
    made.from[slot] = end
    for (; at < source.length && source[at] !== '}'; at += Number(source[at] === ',')) {
      made.scores[end] = number()
      at += 1
      made.scores[end + 1] = number() + LEAST_SCORE
      end += 2
    }
    made.to[slot] = end
    at += 1
    if (source[at] === ',') at += 1
  }
  if (codes.length === 0 || end === 0 || source[at] !== '}')
    throw new Error('The table of languages is written otherwise.')
  return { codes, table: { ...made, scores: made.scores.slice(0, end) } }
}

/** Where a piece stands, or would. */
function slotOf({ mask, high, low, to }: Table, first: number, second: number): number {
  let slot = hashOf(first, second) & mask
  while (to[slot] !== 0 && (high[slot] !== first || low[slot] !== second)) slot = (slot + 1) & mask
  high[slot] = first
  low[slot] = second
  return slot
}

/** Up to three bytes as one number, none of them the same as another one. */
function packed(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) value = (value << 8) | bytes[at]!
  return (value << 2) | Math.max(0, to - from)
}

function hashOf(high: number, low: number): number {
  let hash = Math.imul(high ^ Math.imul(low, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35)
  return (hash ^ (hash >>> 13)) >>> 0
}

const sums = new Uint32Array(codes.length)
let question = 0
// A word may be as long as the text is read, and its last character takes four bytes at most.
const word = new Uint8Array(CUT_ANYWHERE + 8)
const piece = new Uint8Array(MOST_PIECE)

/** The language most of whose pieces stand in the text, in eld's letters; '' where none does. Pure. */
export function mostLikelyLanguage(given: string): string {
  const text = given.slice(0, MOST_CHARACTERS).replace(separators, ' ').trim().toLowerCase()
  sums.fill(0)
  question = (question + 1) >>> 0
  let bytes = 0
  let length = 0
  for (let i = 0; i < text.length; i += 1) {
    let code = text.charCodeAt(i)
    if (code === GAP) {
      if (length > 0) readWord(length)
      length = 0
      bytes += 1
      if (bytes > CUT_AFTER + 1) break
      continue
    }
    if (code >= 0xd800 && code < 0xe000) {
      i += 1
      code = 0x10000 + (((code & 0x3ff) << 10) | (text.charCodeAt(i) & 0x3ff))
    }
    const size = putCharacter(code, length)
    length += size
    bytes += size
    if (bytes > CUT_ANYWHERE) break
  }
  if (length > 0) readWord(length)
  let best = -1
  let most = 0
  for (let language = 0; language < sums.length; language += 1) {
    if (sums[language]! > most) {
      most = sums[language]!
      best = language
    }
  }
  return best < 0 ? '' : codes[best]!
}

/** Puts the bytes of a character into the word, each in eld's letter for it; answers how many. */
function putCharacter(code: number, at: number): number {
  if (code < 0x80) {
    word[at] = code
    return 1
  }
  if (code < 0x800) {
    word[at] = byteOf[0xc0 | (code >> 6)]!
    word[at + 1] = byteOf[0x80 | (code & 0x3f)]!
    return 2
  }
  if (code < 0x10000) {
    word[at] = byteOf[0xe0 | (code >> 12)]!
    word[at + 1] = byteOf[0x80 | ((code >> 6) & 0x3f)]!
    word[at + 2] = byteOf[0x80 | (code & 0x3f)]!
    return 3
  }
  word[at] = byteOf[0xf0 | (code >> 18)]!
  word[at + 1] = byteOf[0x80 | ((code >> 12) & 0x3f)]!
  word[at + 2] = byteOf[0x80 | ((code >> 6) & 0x3f)]!
  word[at + 3] = byteOf[0x80 | (code & 0x3f)]!
  return 4
}

/** Pieces of four bytes, three apart, and the end; the first with the gap before it, the last with the gap behind. */
function readWord(size: number): void {
  const read = Math.min(size, MOST_WORD)
  let at = 0
  for (; at + 4 < read; at += 3) count(at, at + 4, at === 0, false)
  count(read === 3 ? 0 : Math.max(0, read - 4), size, at === 0, true)
}

function count(from: number, to: number, opens: boolean, closes: boolean): void {
  const length = to - from + Number(opens) + Number(closes)
  // What is longer is in no table.
  if (length > MOST_PIECE) return
  let put = 0
  if (opens) piece[put++] = GAP
  for (let at = from; at < to; at += 1) piece[put++] = word[at]!
  if (closes) piece[put++] = GAP
  const high = packed(piece, 0, Math.min(3, length))
  const low = packed(piece, 3, length)
  const { mask, scores, met } = table
  let slot = hashOf(high, low) & mask
  for (; table.to[slot] !== 0; slot = (slot + 1) & mask) {
    if (table.high[slot] !== high || table.low[slot] !== low) continue
    if (met[slot] === question) return
    met[slot] = question
    for (let i = table.from[slot]!; i < table.to[slot]!; i += 2) sums[scores[i]!]! += scores[i + 1]!
    return
  }
}
