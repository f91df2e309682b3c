// One lesson, pure and in a thread of its own: a candidate is learned from the older corrections and measured on the newest
// fifth, beside what is in use and what was shipped. What is in use learned from older ones yet, so none of the three has
// seen what it is measured on.
import { assess } from '../assess.ts'
import { mostProbable } from '../assessment.ts'
import { decodeLayer, encodeLayer, type LayerWeights } from '../layer.ts'
import { learnLayer, type Correction } from '../learn.ts'
import type { Models } from '../models/models.ts'

export interface SentimentLesson {
  readonly kind: 'sentiment'
  /** The oldest first. */
  readonly corrections: readonly Correction[]
  /** Messages that nobody put right; see `learnLayer`. */
  readonly untouched: readonly string[]
  /** What is in use now, if anything is. */
  readonly live: string | null
}

export interface Holdout {
  readonly n: number
  readonly accuracy: number
  readonly before: number
  readonly shipped: number
}

export interface SentimentLearned {
  readonly content: string
  readonly lessons: number
  readonly holdout: Holdout
  readonly better: boolean
}

const HELD_OUT = 0.2

export function learnSentiment({ corrections, untouched, live }: SentimentLesson, models: Models): SentimentLearned {
  const kept = Math.max(1, Math.round(corrections.length * HELD_OUT))
  const older = corrections.slice(0, -kept)
  const newest = corrections.slice(-kept)
  const candidate = learnLayer(older, models, untouched)
  const shipped = measure(newest, models, null)
  const present = live === null ? shipped : measure(newest, models, readLayer(live))
  const found = measure(newest, models, candidate)
  return {
    content: encodeLayer(candidate),
    lessons: older.length,
    holdout: { n: newest.length, accuracy: found.accuracy, before: present.accuracy, shipped: shipped.accuracy },
    better: isBetter(found, present),
  }
}

interface Measured {
  readonly accuracy: number
  /** Mean of −log of the probability that the right label was given. */
  readonly loss: number
}

/** More right; or as many right, and surer of it. */
export const isBetter = (candidate: Measured, present: Measured): boolean =>
  candidate.accuracy > present.accuracy || (candidate.accuracy === present.accuracy && candidate.loss < present.loss)

function measure(corrections: readonly Correction[], models: Models, layer: LayerWeights | null): Measured {
  const said = assess(
    corrections.map(({ text }) => text),
    models,
    { layer },
  )
  let right = 0
  let loss = 0
  said.forEach(({ sentiment: { probabilities } }, i) => {
    const wanted = corrections[i]!.sentiment
    if (mostProbable(probabilities) === wanted) right += 1
    loss -= Math.log(Math.max(1e-9, probabilities[wanted]))
  })
  return { accuracy: right / corrections.length, loss: loss / corrections.length }
}

function readLayer(content: string): LayerWeights | null {
  try {
    return decodeLayer(content)
  } catch {
    return null
  }
}
