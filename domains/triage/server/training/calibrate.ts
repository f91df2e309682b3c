// What turns the trained scores into labels, fitted on texts that no model has seen.
import { seededRandom } from '#platform/random'
import { sentiments, type Sentiment } from '../assessment.ts'
import { columnOf, scoreTexts, type ManyScores } from '../evaluation/score.ts'
import { fitProbabilities } from '../evaluation/probabilities.ts'
import type { Calibration, Models } from '../models/models.ts'
import { severities } from '../severity/severity.ts'
import { readRows, unescape } from './data.ts'
import { emotionTargets } from './emotions.ts'
import { bitsOf } from './sources-severity.ts'
import { isKept, type Emotional, type Labelled } from './sources.ts'

/** What stands before anything was fitted. */
export const uncalibrated: Calibration = {
  networkShare: 0.3,
  emotionShare: 0.1,
  sentiment: { sharpness: 1, offsets: [0, 0, 0], desk: 0.4, doubt: 0 },
  unsureBelow: 0.45,
  emotionThresholds: Array.from({ length: 28 }, () => 0),
  toxicityOffsets: [0, 0, 0],
  spamThreshold: 0.8,
  severityThresholds: severities.map(() => 0),
  complaint: { sentimentShare: 0.5, offset: 0 },
}

/** Shares that a desk may expect of strangers: nobody's set decides what the next firm's customers are like. */
const EXPECTED = [0.33, 0.38, 0.29] as const
/** Strangers are less like the tweets kept back than these are like the tweets learned from. */
const SHADE = 0.9
/** Share of ordinary messages that may be called grave in one class, and of bits of them as short as a greeting. */
const ALARMS = 0.006
const SHORT_ALARMS = 0.004
/** Each of these alarms takes a person from other work at once. */
const SELF_HARM = severities.indexOf('self-harm')
const SELF_HARM_SHARE = 0.75

export function calibrate(directory: string, models: Models): Calibration {
  const kept = (readRows<Labelled>(directory, 'text/sentiment-semeval2017.train') ?? [])
    .filter(({ text }) => isKept(text))
    .map(({ text, label }) => ({ text: unescape(text), label }))
  const foreign = readRows<Labelled>(directory, 'text/sentiment-umsab.val') ?? []
  const felt = readRows<Emotional>(directory, 'text/emotion-goemotions.dev') ?? []
  const tweets = scoreTexts(
    kept.map(({ text }) => text),
    models,
  )
  const abroad = scoreTexts(
    foreign.map(({ text }) => text),
    models,
  )
  const [own, other] = [kept, foreign].map((rows) => rows.map(({ label }) => sentiments.indexOf(label as Sentiment)))
  // Both sets count the same: the tweets kept back are too like those learned from, the other languages too unlike.
  const fitted = fitProbabilities(
    Float32Array.from([...tweets.raw, ...abroad.raw]),
    [...own!, ...other!],
    [...expectedWeights(own!), ...expectedWeights(other!)],
  )
  const emotional = scoreTexts(
    felt.map(({ text }) => text),
    models,
  )
  const ordinary = [tweets, abroad, emotional]
  const bits = bitsOf(
    [...kept, ...foreign, ...felt].map(({ text }) => text),
    seededRandom(3),
  )
  const short = [scoreTexts(bits, models)]
  return {
    ...models.calibration,
    sentiment: { ...fitted, sharpness: fitted.sharpness * SHADE, desk: models.calibration.sentiment.desk },
    emotionThresholds: emotionThresholds(emotional.emotion, emotionTargets(felt), models.emotions.length),
    severityThresholds: severities.map((_, s) => {
      const share = s === SELF_HARM ? SELF_HARM_SHARE : 1
      return Math.max(exceededBy(ALARMS * share, ordinary, s), exceededBy(SHORT_ALARMS * share, short, s))
    }),
  }
}

/** The score of a class of severity that this share of the texts exceeds. */
function exceededBy(share: number, scored: readonly ManyScores[], s: number): number {
  const scores = scored.flatMap(({ severity }) => columnOf(severity, severities.length, s)).toSorted((a, b) => b - a)
  return scores[Math.floor(scores.length * share)] ?? 0
}

/** Weights under which the classes are mixed as expected, and all of a set weighs one. */
function expectedWeights(labels: readonly number[]): number[] {
  const counts = EXPECTED.map((_, c) => labels.filter((label) => label === c).length)
  return labels.map((label) => EXPECTED[label]! / counts[label]!)
}

/** Thresholds are sought in steps of this many log odds … */
const STEP = 0.05
/** … and the best one is that around which F1 is best in the mean, this wide: the best point alone is luck where few have the label. */
const WIDTH = 0.4

/** For each label the threshold with the best F1, smoothed. `scores` and `targets` are one row of `labels` a text. */
export function emotionThresholds(scores: Float32Array, targets: Float32Array, labels: number): number[] {
  const kernel = Array.from({ length: 81 }, (_, k) => Math.exp(-0.5 * (((k - 40) * STEP) / WIDTH) ** 2))
  return Array.from({ length: labels }, (_, e) => {
    const all = columnOf(scores, labels, e)
    const having = all.filter((_, i) => targets[i * labels + e] === 1)
    const from = Math.min(...all)
    const count = Math.ceil((Math.max(...all) - from) / STEP) + 1
    const found = countAbove(all, from, count)
    const hits = countAbove(having, from, count)
    const f1 = Array.from({ length: count }, (_, g) => (2 * hits[g]!) / Math.max(1, found[g]! + having.length))
    let best = 0
    let threshold = 0
    for (let g = 0; g < count; g += 1) {
      let sum = 0
      let mass = 0
      for (const [k, weight] of kernel.entries()) {
        const value = f1[g + k - 40]
        if (value === undefined) continue
        sum += weight * value
        mass += weight
      }
      if (sum / mass > best) {
        best = sum / mass
        threshold = from + g * STEP
      }
    }
    return threshold
  })
}

/** How many scores lie above each of `count` thresholds, the first of which is `from`. */
function countAbove(scores: readonly number[], from: number, count: number): number[] {
  const above = Array.from({ length: count }, () => 0)
  // A score lies above the thresholds up to its own step, which it does not exceed if it is on it.
  for (const score of scores) {
    const last = Math.min(count - 1, Math.ceil((score - from) / STEP) - 1)
    if (last >= 0) above[last]! += 1
  }
  for (let g = count - 2; g >= 0; g -= 1) above[g]! += above[g + 1]!
  return above
}
