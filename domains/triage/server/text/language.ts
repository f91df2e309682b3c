// Which language a message is in: by its script where that settles it, by the small words of everyday speech where
// they are clear, and by eld's table of n-grams otherwise.
import type { Features } from './features.ts'
import { mostLikelyLanguage } from './language-table.ts'
import { languagesOfWord, votingLanguages } from './language-words.ts'

/** ISO 639-1, with `nb` for Norwegian; `und` where there is nothing to tell it by. */
export type LanguageCode = string

const SCRIPTS: readonly (readonly [from: number, to: number, script: number])[] = [
  [0x41, 0x24f, 1],
  [0x370, 0x3ff, 2],
  [0x400, 0x52f, 3],
  [0x531, 0x587, 4],
  [0x590, 0x5ff, 5],
  [0x600, 0x6ff, 6],
  [0x750, 0x77f, 6],
  [0x900, 0x97f, 7],
  [0x980, 0x9ff, 8],
  [0xa00, 0xa7f, 9],
  [0xa80, 0xaff, 10],
  [0xb00, 0xb7f, 11],
  [0xb80, 0xbff, 12],
  [0xc00, 0xc7f, 13],
  [0xc80, 0xcff, 14],
  [0xd00, 0xd7f, 15],
  [0xd80, 0xdff, 16],
  [0xe00, 0xe7f, 17],
  [0xe80, 0xeff, 18],
  [0x1000, 0x109f, 19],
  [0x10a0, 0x10ff, 20],
  [0x1200, 0x137f, 21],
  [0x1780, 0x17ff, 22],
  [0x1e00, 0x1eff, 1],
  [0x3040, 0x30ff, 23],
  [0x3400, 0x9fff, 24],
  [0xac00, 0xd7af, 25],
  [0x1100, 0x11ff, 25],
]
/** The one language that is written in the script, where there is only one worth guessing. */
const LANGUAGE_OF_SCRIPT = [
  '',
  '',
  'el',
  '',
  'hy',
  'he',
  '',
  '',
  'bn',
  'pa',
  'gu',
  'or',
  'ta',
  'te',
  'kn',
  'ml',
  'si',
  'th',
  'lo',
  'my',
  'ka',
  'am',
  'km',
  'ja',
  'zh',
  'ko',
]
const LATIN = 1
const KANA = 23
const HAN = 24

const scriptOf = new Uint8Array(65_536)
for (const [from, to, script] of SCRIPTS) scriptOf.fill(script, from, to + 1)
for (const unit of [0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60, 0x7b, 0x7c, 0x7d, 0x7e, 0xd7, 0xf7]) scriptOf[unit] = 0
scriptOf.fill(0, 0x7f, 0xaa)
scriptOf.fill(0, 0xab, 0xb5)
scriptOf.fill(0, 0xb6, 0xc0)

const ALL = votingLanguages.length
const INDONESIAN = votingLanguages.indexOf('id')
const MALAY = votingLanguages.indexOf('ms')
const HINDI = votingLanguages.indexOf('hi')
/** Share of a vote that a word gives to each of so many languages that use it. */
const SHARES = Float32Array.from({ length: ALL + 1 }, (_, n) => (n === 0 ? 0 : 1 / n))

const counts = new Uint16Array(32)
const ballots = new Float32Array(ALL)

const READ = 320

/** The language of `text`, whose words stand in `features`. Pure. */
export function languageOf(text: string, features: Features): LanguageCode {
  const script = mainScript(text)
  if (script === 0) return 'und'
  if (counts[KANA]! > 0 && counts[KANA]! + counts[HAN]! >= counts[script]!) return 'ja'
  const alone = LANGUAGE_OF_SCRIPT[script]!
  if (alone !== '') return alone
  const voted = vote(features)
  if (voted !== null) return voted
  return fromTable(withoutNames(text), script)
}

function mainScript(text: string): number {
  counts.fill(0)
  const length = Math.min(text.length, READ)
  let at = 0
  while (at < length) {
    const unit = text.charCodeAt(at)
    // Names and links are of no language.
    if (unit === 64 || (unit === 104 && text.startsWith('http', at))) {
      while (at < length && text.charCodeAt(at) > 32) at += 1
      continue
    }
    counts[scriptOf[unit]!]! += 1
    at += 1
  }
  let most = 0
  for (let script = 1; script < counts.length; script += 1) {
    if (counts[script]! > (most === 0 ? 0 : counts[most]!)) most = script
  }
  return most
}

/** The language most of whose small words stand in the message, where no other comes near. */
function vote({ lexicon, lexical }: Features): LanguageCode | null {
  ballots.fill(0)
  const read = Math.min(lexical, 40)
  for (let i = 0; i < read; i += 1) {
    const languages = languagesOfWord(lexicon[i]!)
    if (languages === undefined) continue
    const share = SHARES[languages.length]!
    for (let k = 0; k < languages.length; k += 1) ballots[languages[k]!]! += share
  }
  let first = 0
  for (let i = 1; i < ALL; i += 1) if (ballots[i]! > ballots[first]!) first = i
  let second = 0
  for (let i = 0; i < ALL; i += 1) if (i !== first && ballots[i]! > second) second = ballots[i]!
  const best = ballots[first]!
  return best >= 1.4 && best >= 2.5 * second + 0.5 ? votingLanguages[first]! : null
}

function fromTable(text: string, script: number): LanguageCode {
  const found = mostLikelyLanguage(text)
  if (found === '') return script === LATIN && ballots[0]! > 0 ? 'en' : 'und'
  if (found === 'no') return 'nb'
  const overruled = overrule(found)
  if (overruled !== null) return overruled
  // The table has no Indonesian and takes it for Malay or Tagalog.
  if (found === 'ms') return ballots[MALAY]! > ballots[INDONESIAN]! ? 'ms' : 'id'
  if (found === 'tl' && ballots[INDONESIAN]! >= 1) return 'id'
  // Hindi in Latin letters is in no table at all.
  if (script === LATIN && ballots[HINDI]! >= 2) return 'hi'
  return found
}

/** Neighbours that the table mistakes for greater ones on a few words: the small words decide. */
const RARE = new Set([
  'tl',
  'ca',
  'sl',
  'et',
  'sq',
  'ms',
  'hr',
  'sk',
  'eu',
  'yo',
  'is',
  'lt',
  'lv',
  'az',
  'mr',
  'be',
  'sr',
  'ku',
])

function overrule(found: LanguageCode): LanguageCode | null {
  let first = 0
  for (let i = 1; i < ALL; i += 1) if (ballots[i]! > ballots[first]!) first = i
  const own = votingLanguages.indexOf(found)
  const lead = ballots[first]! - (own < 0 ? 0 : ballots[own]!)
  return lead >= (RARE.has(found) ? 0.9 : 1.9) ? votingLanguages[first]! : null
}

/** So many characters settle what the small words have not. */
const ENOUGH = 100

/** The beginning, without links and mentions. */
function withoutNames(text: string): string {
  const head = text.length > ENOUGH ? text.slice(0, text.indexOf(' ', ENOUGH) + 1 || ENOUGH) : text
  return head.includes('@') || head.includes('http') ? head.replace(/@\w+|https?:?\S*|#/g, ' ') : head
}
