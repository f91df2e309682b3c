// A message as hashed features, in one pass over its characters: words, pairs of words, negated words, the character
// n-grams inside words, and how it is written (capitals, stretched letters, marks). No string is made on the way.
import { foldOf, isUpper, Kind, kindOf } from './characters.ts'

/** What is read of a message at most, in UTF-16 units: a book of a megabyte costs no more than a long letter. */
export const READ_LIMIT = 4_000

const MAX_WORD = 32
const MAX_FEATURES = 24_000

/** Features of one message. `ids[0, words)` come from words and style, `ids[words, count)` from characters inside words. */
export interface Features {
  readonly ids: Uint32Array
  words: number
  count: number
  /** How many words, numbers, emoji and marks were read. */
  tokens: number
  /** The folded words in their order, as `hashWord` gives them. */
  readonly lexicon: Int32Array
  lexical: number
  /** The k-th word's character features end at `ids[words + gramStops[k]]`. */
  readonly gramStops: Uint16Array
}

export function makeFeatures(): Features {
  return {
    ids: new Uint32Array(MAX_FEATURES + 256),
    words: 0,
    count: 0,
    tokens: 0,
    lexicon: new Int32Array(READ_LIMIT),
    lexical: 0,
    gramStops: new Uint16Array(READ_LIMIT),
  }
}

const PRIME = 0x01000193
const BASIS = 0x811c9dc5

/** Spreads the bits, so that any low part of the result is a good hash. */
function mix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The hash that the scanner gives a folded word. */
export function hashWord(word: string): number {
  let hash = BASIS
  for (let i = 0; i < word.length; i += 1) hash = Math.imul(hash ^ foldOf[word.charCodeAt(i)]!, PRIME)
  return hash | 0
}

const NEGATORS = new Set(
  (
    'not no never nothing nobody none nor neither without hardly barely cannot cant dont wont didnt doesnt isnt wasnt arent werent ' +
    'couldnt wouldnt shouldnt havent hasnt hadnt aint nunca jamas sin nada ningun ninguna tampoco ne pas jamais aucun aucune rien ' +
    'sans nicht kein keine keinen keinem keiner nie niemals ohne non mai senza nessun nessuna niente nao nem sem nenhum ' +
    'لا ليس لم لن ما مش مو नहीं नही न मत'
  )
    .split(' ')
    .map(hashWord),
)

// Salts keep what is counted differently apart, though the letters are the same.
const PAIR = 0x9e3779b9
const NEGATED = 0x7f4a7c15
const GRAM = 0x2545f491
const STYLE = 0x6c8e9cf5
const SKIP = 0x1b873593
const URL_TOKEN = hashWord('\u0001url')
const MENTION_TOKEN = hashWord('\u0001mention')
const NUMBER_TOKENS = ['\u00011', '\u00012', '\u00013', '\u00014', '\u00015'].map(hashWord)
const MARK_TOKEN = hashWord('\u0001mark')

const style = (code: number): number => mix(STYLE + code * 0x632be5ab)
const STYLES = Array.from({ length: 64 }, (_, code) => style(code))

const word = new Uint16Array(MAX_WORD + 2)
const grams = new Uint32Array(MAX_FEATURES + 256)

const isUrl = (text: string, at: number): boolean =>
  text.charCodeAt(at) === 104 || text.charCodeAt(at) === 72
    ? text.startsWith('http', at)
    : text.startsWith('www.', at) || text.startsWith('WWW.', at)

/** Letters, digits and underscore, as in names and tags. */
const inName = (unit: number): boolean => kindOf[unit] === Kind.letter || kindOf[unit] === Kind.digit || unit === 95

/** Reads `text` into `out`. Pure but for `out`. */
export function readFeatures(text: string, out: Features): Features {
  const { ids, lexicon, gramStops } = out
  const length = Math.min(text.length, READ_LIMIT)
  let words = 0
  let gramCount = 0
  let tokens = 0
  let before = BASIS
  let beforeThat = 0
  let negatedFor = 0
  let shouted = 0
  let stretched = 0
  let exclamations = 0
  let questions = 0
  let ellipses = 0
  let mentions = 0
  let links = 0
  let numbers = 0
  let lexical = 0

  const put = (token: number): void => {
    ids[words++] = mix(token)
    ids[words++] = mix(Math.imul(before ^ PAIR, PRIME) ^ token)
    if (beforeThat !== 0) ids[words++] = mix(Math.imul(beforeThat ^ SKIP, PRIME) ^ token)
    beforeThat = before === BASIS ? 0 : before
    before = token
    tokens += 1
  }

  let at = 0
  while (at < length && words < MAX_FEATURES / 2) {
    const unit = text.charCodeAt(at)
    const kind = kindOf[unit]!
    if (kind === Kind.letter) {
      if ((unit === 104 || unit === 72 || unit === 119 || unit === 87) && isUrl(text, at)) {
        while (at < length && kindOf[text.charCodeAt(at)] !== Kind.space) at += 1
        links += 1
        put(URL_TOKEN)
        continue
      }
      // One word: folded, apostrophes dropped, a letter at most twice in a row.
      let size = 0
      let hash = BASIS
      let upper = 0
      let letters = 0
      let run = 0
      let last = 0
      let isStretched = false
      while (at < length) {
        const next = text.charCodeAt(at)
        const nextKind = kindOf[next]!
        if (nextKind === Kind.letter || (nextKind === Kind.digit && letters > 0)) {
          const folded = foldOf[next]!
          run = folded === last ? run + 1 : 1
          last = folded
          letters += 1
          upper += isUpper[next]!
          if (run > 2) isStretched = true
          else if (size < MAX_WORD) {
            word[size++] = folded
            hash = Math.imul(hash ^ folded, PRIME)
          }
        } else if (nextKind === Kind.apostrophe) {
          if (at + 1 >= length || kindOf[text.charCodeAt(at + 1)] !== Kind.letter) break
        } else if (nextKind !== Kind.unseen) break
        at += 1
      }
      hash |= 0
      lexicon[lexical] = hash
      if (gramCount < MAX_FEATURES - 4 * MAX_WORD) gramCount = putGrams(size, gramCount)
      gramStops[lexical++] = gramCount
      put(hash)
      if (NEGATORS.has(hash)) negatedFor = 4
      else if (negatedFor > 0) {
        negatedFor -= 1
        ids[words++] = mix(hash ^ NEGATED)
      }
      if (isStretched) stretched += 1
      if (upper >= 3 && upper === letters) shouted += 1
    } else if (kind === Kind.digit) {
      let digits = 0
      while (at < length) {
        const next = text.charCodeAt(at)
        if (kindOf[next] === Kind.digit) digits += 1
        else if (next !== 46 && next !== 44 && next !== 58) break
        at += 1
      }
      numbers += 1
      put(NUMBER_TOKENS[Math.min(digits, 5) - 1]!)
    } else if (unit === 64 && at + 1 < length && inName(text.charCodeAt(at + 1))) {
      at += 1
      while (at < length && inName(text.charCodeAt(at))) at += 1
      mentions += 1
      if (before !== MENTION_TOKEN) put(MENTION_TOKEN)
    } else if (kind === Kind.surrogate) {
      const low = at + 1 < length ? text.charCodeAt(at + 1) : 0
      if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
        const point = ((unit & 0x3ff) << 10) | (low & 0x3ff)
        // Skin tones change nothing.
        if (point < 0xf3fb || point > 0xf3ff) put(Math.imul(BASIS ^ point, PRIME) ^ 0x5bd1e995)
        at += 2
      } else at += 1
    } else if (kind === Kind.mark || kind === Kind.apostrophe || kind === Kind.symbol) {
      // A run of marks is one token by itself (":-(", "!!!", "..."), cut at eight.
      const start = at
      let hash = MARK_TOKEN
      while (at < length) {
        const next = text.charCodeAt(at)
        const nextKind = kindOf[next]!
        if (nextKind !== Kind.mark && nextKind !== Kind.symbol && nextKind !== Kind.apostrophe) break
        if (next === 64 || next === 35) {
          if (at > start) break
        }
        if (next === 33) exclamations += 1
        else if (next === 63 || next === 0x061f || next === 0xff1f) questions += 1
        // Repeats add nothing beyond the third.
        if (at - start < 3 || next !== text.charCodeAt(at - 1)) hash = Math.imul(hash ^ foldOf[next]!, PRIME)
        at += 1
        if (at - start >= 8) break
      }
      // ":D", ":p", "<3": a face may end in a letter or digit that no word continues.
      const first = text.charCodeAt(start)
      if (
        at < length &&
        (first === 58 || first === 59 || first === 61 || first === 60 || first === 120) &&
        at - start <= 2
      ) {
        const next = text.charCodeAt(at)
        const after = at + 1 < length ? kindOf[text.charCodeAt(at + 1)] : Kind.space
        if (after !== Kind.letter && after !== Kind.digit && next > 32 && kindOf[next] !== Kind.space) {
          hash = Math.imul(hash ^ foldOf[next]!, PRIME)
          at += 1
        }
      }
      if (first === 46 && at - start >= 2) ellipses += 1
      if (first !== 35) {
        ids[words++] = mix(hash)
        if (first === 33 || first === 46 || first === 63 || first === 44 || first === 59) negatedFor = 0
        if (first === 63 || first === 33) ids[words++] = mix(Math.imul(before ^ PAIR, PRIME) ^ hash)
        tokens += 1
      }
    } else at += 1
  }
  words = putStyle(
    ids,
    words,
    [shouted, stretched, exclamations, questions, ellipses, mentions, links, numbers],
    lexical,
  )
  ids.set(grams.subarray(0, gramCount), words)
  out.words = words
  out.count = words + gramCount
  out.tokens = tokens
  out.lexical = lexical
  return out
}

/** The n-grams of 2 to 5 of the word in `word`, with its edges. */
function putGrams(size: number, from: number): number {
  let count = from
  // The edges stand as unit 1 on both sides; the word itself is moved by one.
  const last = size + 1
  const first = Math.imul(GRAM ^ 1, PRIME)
  for (let start = -1; start < size; start += 1) {
    let hash = start < 0 ? first : Math.imul(GRAM ^ word[start]!, PRIME)
    const stop = Math.min(start + 5, last)
    for (let i = start + 1; i < stop; i += 1) {
      hash = Math.imul(hash ^ (i === size ? 1 : word[i]!), PRIME)
      // Pairs only at the edges: inside a word they say little.
      if (i > start + 1 || start < 0 || i === size) grams[count++] = mix(hash)
    }
  }
  return count
}

function putStyle(ids: Uint32Array, from: number, counts: readonly number[], lexical: number): number {
  let words = from
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i]!
    if (count > 0) ids[words++] = STYLES[i * 4 + Math.min(count, 3)]!
  }
  ids[words++] = STYLES[32 + Math.min(7, Math.floor(Math.log2(lexical + 1)))]!
  return words
}

const counted = makeFeatures()

/** How many tokens a text has: reading alone, the limit that the assessment is measured against. */
export const tokenise = (text: string): number => readFeatures(text, counted).tokens
