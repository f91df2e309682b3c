// Scores of many texts by the shipped model, kept apart for fitting and measuring.
import { rawSentiment, sentimentScores, severityScores } from '../assess.ts'
import { makeScorer, makeScores, type Models } from '../models/models.ts'
import { makeFeatures, readFeatures } from '../text/features.ts'
import type { LayerWeights } from '../layer.ts'

export interface ManyScores {
  /** Three a text: calibrated log odds, whose softmax are the probabilities. */
  readonly sentiment: Float32Array
  /** Three a text, before calibration. */
  readonly raw: Float32Array
  readonly broad: Float32Array
  readonly emotion: Float32Array
  readonly severity: Float32Array
  readonly width: number
}

export function scoreTexts(texts: readonly string[], models: Models, layer: LayerWeights | null = null): ManyScores {
  const features = makeFeatures()
  const scorer = makeScorer(models)
  const scores = makeScores(models)
  const { width } = models.broad
  const { emotionShare } = models.calibration
  const labels = models.emotions.length
  const classes = models.columns.emotion - models.columns.severity
  const out: ManyScores = {
    sentiment: new Float32Array(texts.length * 3),
    raw: new Float32Array(texts.length * 3),
    broad: new Float32Array(texts.length * width),
    emotion: new Float32Array(texts.length * labels),
    severity: new Float32Array(texts.length * classes),
    width,
  }
  for (const [i, text] of texts.entries()) {
    scorer(readFeatures(text, features), scores)
    out.sentiment.set(sentimentScores(features, scores, models, layer), i * 3)
    out.raw.set(rawSentiment(scores, models), i * 3)
    out.broad.set(scores.broad, i * width)
    for (let e = 0; e < labels; e += 1)
      out.emotion[i * labels + e] =
        (1 - emotionShare) * scores.broad[models.columns.emotion + e]! + emotionShare * scores.networkEmotion[e]!
    out.severity.set(severityScores(features, scores.broad, models), i * classes)
  }
  return out
}

/** One column of rows that are `width` wide. */
export const columnOf = (rows: Float32Array, width: number, column: number): number[] =>
  Array.from({ length: rows.length / width }, (_, i) => rows[i * width + column]!)
