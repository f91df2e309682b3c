// Corrections to a layer: what the shipped model says of each message, and what a person said instead.
import type { Sentiment } from './assessment.ts'
import { sentimentScores } from './assess.ts'
import { findingsOf, fitLayer, LAYER_OPTIONS, type LayerLesson, type LayerOptions, type LayerWeights } from './layer.ts'
import { makeScorer, makeScores, type Models } from './models/models.ts'
import { makeFeatures, readFeatures } from './text/features.ts'

export interface Correction {
  readonly text: string
  readonly sentiment: Sentiment
}

/** Learns a workspace's layer from its corrections. Pure; the order of the corrections matters little, their number a lot. */
export function learnLayer(
  corrections: readonly Correction[],
  models: Models,
  options: LayerOptions = LAYER_OPTIONS,
): LayerWeights {
  const features = makeFeatures()
  const scorer = makeScorer(models)
  const scores = makeScores(models)
  const lessons = corrections.map(({ text, sentiment }): LayerLesson => {
    scorer(readFeatures(text, features), scores)
    return {
      ids: features.ids.slice(0, features.count),
      words: features.words,
      scores: [...sentimentScores(features, scores, models, null)],
      findings: findingsOf(scores.broad),
      sentiment,
    }
  })
  return fitLayer(lessons, options)
}
