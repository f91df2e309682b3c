// Corrections to a layer: what the shipped model says of each message, and what a person said instead.
import { sentiments, type Sentiment } from './assessment.ts'
import { sentimentScores } from './assess.ts'
import { toProbabilities } from './evaluation/probabilities.ts'
import { findingsOf, fitLayer, LAYER_OPTIONS, type LayerLesson, type LayerOptions, type LayerWeights } from './layer.ts'
import { makeScorer, makeScores, type Models } from './models/models.ts'
import { makeFeatures, readFeatures } from './text/features.ts'

export interface Correction {
  readonly text: string
  readonly sentiment: Sentiment
}

/** From this probability on the model's word is taken for right where nobody put it right. */
const SURE = 0.6

/**
 * Learns a workspace's layer from its corrections. Pure; the order of the corrections matters little, their number a lot.
 *
 * `untouched` are messages of the same workspace that nobody put right. Who corrects looks for mistakes, and mistakes of a kind
 * lean to one side: taught by twenty of them alone, a layer calls everything negative. What the model was sure of and nobody
 * minded is therefore learned beside them, as it was.
 */
export function learnLayer(
  corrections: readonly Correction[],
  models: Models,
  untouched: readonly string[] = [],
  options: LayerOptions = LAYER_OPTIONS,
): LayerWeights {
  const lessonOf = makeLessons(models)
  const lessons = [
    ...corrections.map(({ text, sentiment }) => ({ ...lessonOf(text), sentiment })),
    ...untouched.flatMap((text) => sureLesson(lessonOf(text))),
  ]
  return { ...fitLayer(lessons, options), corrections: corrections.length }
}

type Scored = Omit<LayerLesson, 'sentiment'>

/** Makes what says of a text all that a layer learns from, but for what it should have been. */
function makeLessons(models: Models): (text: string) => Scored {
  const features = makeFeatures()
  const scorer = makeScorer(models)
  const scores = makeScores(models)
  return (text) => {
    scorer(readFeatures(text, features), scores)
    return {
      ids: features.ids.slice(0, features.count),
      words: features.words,
      scores: [...sentimentScores(features, scores, models, null)],
      findings: findingsOf(scores.broad),
    }
  }
}

/** The message as it was called, where that was sure; nothing where it was not. */
export function sureLesson(lesson: Scored): LayerLesson[] {
  const probabilities = [0, 0, 0]
  toProbabilities(lesson.scores, { sharpness: 1, offsets: [0, 0, 0] }, probabilities)
  const best = probabilities.indexOf(Math.max(...probabilities))
  return probabilities[best]! >= SURE ? [{ ...lesson, sentiment: sentiments[best]! }] : []
}
