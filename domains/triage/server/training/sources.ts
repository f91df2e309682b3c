// What every part of the model is taught: which sets, with what weight, and what their labels mean to us.
import { createHash } from 'node:crypto'
import { sentiments, type Sentiment } from '../assessment.ts'
import { readRows, unescape } from './data.ts'
import { careTexts } from './phrasebook.ts'

/** A message to learn from: how much it is of each class, how much it counts, and the number of the set it is of. */
export interface Lesson {
  readonly text: string
  readonly target: readonly number[]
  readonly weight: number
  readonly group: number
}

export const one = (classes: number, index: number): number[] =>
  Array.from({ length: classes }, (_, c) => (c === index ? 1 : 0))

export interface Labelled {
  readonly text: string
  readonly label: string
}
interface Rated {
  readonly text: string
  readonly mean: number
  readonly set: string
}
export interface Emotional {
  readonly text: string
  readonly labels: readonly string[]
}

const WARM = new Set(
  'amusement excitement joy love desire optimism caring pride admiration gratitude relief approval'.split(' '),
)
const COLD = new Set(
  'fear nervousness remorse embarrassment disappointment sadness grief disgust anger annoyance disapproval'.split(' '),
)

/** Sets of sentiment, the first of which gives the intercept. Each can be left out, to measure on it as on a stranger. */
export const sentimentSets = ['tweets', 'languages', 'rated-tweets', 'rated-other', 'emotions', 'care'] as const
export type SentimentSet = (typeof sentimentSets)[number]

const WEIGHTS: Readonly<Record<SentimentSet, number>> = {
  tweets: 1,
  languages: 1,
  'rated-tweets': 1,
  'rated-other': 0.5,
  emotions: 0.3,
  care: 0.5,
}

/** One tweet in twenty is kept back: probabilities are fitted on these. */
export const isKept = (text: string): boolean => createHash('sha1').update(text).digest()[0]! % 20 === 7

/** Lessons of sentiment from the sets of `directory` that are there; `without` names those to leave out. */
export function sentimentLessons(directory: string, without: readonly SentimentSet[] = []): Lesson[] {
  const lessons: Lesson[] = []
  const add = (set: SentimentSet, text: string, target: readonly number[]) => {
    if (!without.includes(set)) lessons.push({ text, target, weight: WEIGHTS[set], group: sentimentSets.indexOf(set) })
  }
  const label = (name: string) => one(3, sentiments.indexOf(name as Sentiment))
  for (const row of readRows<Labelled>(directory, 'text/sentiment-semeval2017.train') ?? [])
    if (!isKept(row.text)) add('tweets', unescape(row.text), label(row.label))
  for (const row of readRows<Labelled>(directory, 'text/sentiment-umsab.train') ?? [])
    add('languages', row.text, label(row.label))
  for (const row of readRows<Rated>(directory, 'text/rated-vader') ?? [])
    add(row.set === 'tweets' ? 'rated-tweets' : 'rated-other', row.text, ratedTarget(row.mean))
  for (const row of readRows<Emotional>(directory, 'text/emotion-goemotions.train') ?? [])
    add('emotions', row.text, feltTarget(row.labels))
  for (const { text, sentiment } of careTexts(8_000)) add('care', text, label(sentiment))
  return balanced(lessons)
}

/** Ratings from −4 to 4 as shares of the three: half and half at −0.5 and 0.5. */
function ratedTarget(mean: number): number[] {
  const negative = 1 / (1 + Math.exp((mean + 0.5) * 4))
  const positive = 1 / (1 + Math.exp((0.5 - mean) * 4))
  return [negative, 1 - negative - positive, positive]
}

function feltTarget(labels: readonly string[]): number[] {
  const target = [0, 0, 0]
  for (const label of labels) target[WARM.has(label) ? 2 : COLD.has(label) ? 0 : 1]! += 1 / labels.length
  return target
}

/** Weights such that within each set every class counts as much as the others, at most threefold. */
export function balanced(lessons: readonly Lesson[]): Lesson[] {
  const classes = lessons[0]?.target.length ?? 0
  const mass = new Map<number, Float64Array>()
  for (const { group, target } of lessons) {
    const sums = mass.get(group) ?? new Float64Array(classes)
    mass.set(group, sums)
    for (let c = 0; c < classes; c += 1) sums[c]! += target[c]!
  }
  return lessons.map((lesson) => {
    const sums = mass.get(lesson.group)!
    const total = sums.reduce((sum, value) => sum + value, 0)
    const rarity = lesson.target.reduce(
      (sum, share, c) => sum + (share === 0 ? 0 : (share * total) / classes / sums[c]!),
      0,
    )
    return { ...lesson, weight: lesson.weight * Math.min(3, rarity) }
  })
}
