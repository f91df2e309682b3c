// What turns the trained scores into labels, fitted on texts that no model has seen.
import { seededRandom } from '#platform/random'
import { columnOf, scoreTexts, type ManyScores } from '../evaluation/score.ts'
import { fitProbabilities } from '../evaluation/probabilities.ts'
import type { Calibration, Models } from '../models/models.ts'
import { severities } from '../severity/severity.ts'
import { readRows, unescape } from './data.ts'
import { emotionTargets } from './emotions.ts'
import { bitsOf } from './sources-severity.ts'
import { isKept, sentiments, type Emotional, type Labelled, type Sentiment } from './sources.ts'

/** What stands before anything was fitted. */
export const uncalibrated: Calibration = {
  networkShare: 0.3,
  emotionShare: 0.2,
  sentiment: { sharpness: 1, offsets: [0, 0, 0], care: 1.2 },
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
  const labels = kept.map(({ label }) => sentiments.indexOf(label as Sentiment))
  const shares = sentiments.map((_, c) => labels.filter((label) => label === c).length / labels.length)
  const fitted = fitProbabilities(
    tweets.raw,
    labels,
    labels.map((label) => EXPECTED[label]! / shares[label]!),
  )
  const emotional = scoreTexts(
    felt.map(({ text }) => text),
    models,
  )
  const strangers = foreign.map(({ text }) => text)
  const ordinary = [tweets, scoreTexts(strangers, models), emotional]
  const bits = bitsOf(
    [...kept, ...foreign, ...felt].map(({ text }) => text),
    seededRandom(3),
  )
  const short = [scoreTexts(bits, models)]
  return {
    ...models.calibration,
    sentiment: { ...fitted, sharpness: fitted.sharpness * SHADE, care: models.calibration.sentiment.care },
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

/** For each label the threshold with the best F1, smoothed where hardly any text has it. */
function emotionThresholds(scores: Float32Array, targets: Float32Array, labels: number): number[] {
  return Array.from({ length: labels }, (_, e) => {
    const rows = Array.from(
      { length: scores.length / labels },
      (_, i) => [scores[i * labels + e]!, targets[i * labels + e]!] as const,
    )
    rows.sort((a, b) => b[0] - a[0])
    const support = rows.reduce((sum, [, target]) => sum + target, 0)
    let hits = 0
    let best = 0
    let threshold = 0
    for (const [k, [score, target]] of rows.entries()) {
      hits += target
      const f1 = (2 * hits) / (k + 1 + support)
      if (f1 > best) {
        best = f1
        threshold = (score + (rows[k + 1]?.[0] ?? score)) / 2
      }
    }
    return threshold
  })
}
