// Lessons of severity: the rules' phrases and the sentences that may be looked at, against all that people write otherwise.
// What stands around a phrase, how long it is and which language it is in must say nothing, so that the ordinary is made
// to have the same: bits of messages as short as phrases, the same greetings and frames, the same five languages; and what
// is grave is said again in the midst of ordinary words.
import { seededRandom } from '#platform/random'
import { severityFrames, severitySentences } from '../evaluation/severity-sentences.ts'
import { eachPhrase, severityPhrases } from '../severity/phrases.ts'
import { severities, type Severity } from '../severity/severity.ts'
import { makeFeatures, readFeatures } from '../text/features.ts'
import { readRows, unescape } from './data.ts'
import { everydayTexts, plainTexts } from './everyday.ts'
import { graveSentences } from './grave-sentences.ts'
import { careTexts } from './phrasebook.ts'
import { one, type Emotional, type Labelled, type Lesson } from './sources.ts'

const LEADS = ['', '', '', 'hi, ', '@firm ', 'hola, ', 'bonjour, ', 'hallo, ']
const FRAMES = Object.values(severityFrames).flat()
/** Words of a bit cut from a message, and of what is put around something grave. */
const BIT = 7
const AROUND = 10
/** How often each grave thing is said again among ordinary words, and how much one such time counts. */
const CONTEXTS = 4
const CONTEXT_WEIGHT = 0.5

type Random = ReturnType<typeof seededRandom>

export function severityLessons(directory: string): Lesson[] {
  const random = seededRandom(17)
  const whole = wholeTexts(directory)
  const care = careTexts(4_000).map(({ text }) => text)
  const everyday = everydayTexts()
  const plain = plainTexts(500)
  const around = [...whole, ...plain, ...plain, ...everyday, ...everyday, ...care]
  const grave = graveTexts().flatMap(({ text, severity }) => {
    const target = one(severities.length, severities.indexOf(severity))
    const again = Array.from({ length: CONTEXTS }, () => inContext(text, around, random))
    return [text, ...again].map((said, i) => ({ text: said, target, weight: i === 0 ? 1 : CONTEXT_WEIGHT, group: 0 }))
  })
  const none = severities.map(() => 0)
  const ordinary = whole.map((text) => ({ text, target: none, weight: 1, group: 0 }))
  const short = everyday.flatMap((text) => [text, dressed(text, random), dressed(text, random)])
  const bits = bitsOf([...whole, ...care, ...plain], random)
  return [...grave, ...ordinary, ...seenByRules([...care, ...short, ...plain, ...bits])]
}

interface Grave {
  readonly text: string
  readonly severity: Severity
}

const graveTexts = (): Grave[] => [
  ...severities.flatMap((severity) =>
    Object.values(severityPhrases[severity]).flatMap((phrases) =>
      phrases.split('|').map((text) => ({ text, severity })),
    ),
  ),
  ...severitySentences().filter(({ isHeld }) => !isHeld),
  ...severities.flatMap((severity) =>
    graveSentences[severity]
      .trim()
      .split('\n')
      .map((text) => ({ text, severity })),
  ),
]

/** Complaints are ordinary too, as is all that is short, save for what the rules see in them. */
function seenByRules(texts: readonly string[]): Lesson[] {
  const features = makeFeatures()
  return texts.map((text) => {
    const { lexicon, lexical } = readFeatures(text, features)
    const target = severities.map(() => 0)
    eachPhrase(lexicon, lexical, (severity) => (target[severities.indexOf(severity)] = 1))
    return { text, target, weight: 1, group: 0 }
  })
}

/** Messages of the sets, as they are: every tenth or third will do. */
function wholeTexts(directory: string): string[] {
  const english = readRows<Labelled>(directory, 'text/sentiment-semeval2017.train') ?? []
  const foreign = readRows<Labelled>(directory, 'text/sentiment-umsab.train') ?? []
  const forum = readRows<Emotional>(directory, 'text/emotion-goemotions.train') ?? []
  return [
    ...english.filter((_, i) => i % 10 === 0).map(({ text }) => unescape(text)),
    ...foreign.filter((_, i) => i % 3 === 0).map(({ text }) => text),
    ...forum.filter((_, i) => i % 10 === 0).map(({ text }) => text),
  ]
}

function bitOf(text: string, most: number, random: Random): string {
  const words = text.split(/\s+/)
  const size = 1 + random.below(most)
  const from = random.below(Math.max(1, words.length - size + 1))
  return words.slice(from, from + size).join(' ')
}

function inContext(text: string, around: readonly string[], random: Random): string {
  const before = `${bitOf(random.pick(around), AROUND, random)} `
  const after = ` ${bitOf(random.pick(around), AROUND, random)}`
  const where = random.below(3)
  return `${where === 1 ? '' : before}${text}${where === 0 ? '' : after}`
}

/** The same message after a greeting or in a frame of the sentences. */
const dressed = (text: string, random: Random): string =>
  random.below(2) === 1 ? random.pick(LEADS) + text : random.pick(FRAMES).replace('{}', text)

/** From every message a few words that follow each other, a third of them dressed. */
export function bitsOf(texts: readonly string[], random: Random): string[] {
  return texts.map((text) => {
    const bit = bitOf(text, BIT, random)
    return random.below(3) === 0 ? dressed(bit, random) : bit
  })
}
