// The 28 labels of GoEmotions, in their set's order, and texts' labels as numbers.
import type { Emotional } from './sources.ts'

export const emotionNames = [
  'admiration',
  'amusement',
  'anger',
  'annoyance',
  'approval',
  'caring',
  'confusion',
  'curiosity',
  'desire',
  'disappointment',
  'disapproval',
  'disgust',
  'embarrassment',
  'excitement',
  'fear',
  'gratitude',
  'grief',
  'joy',
  'love',
  'nervousness',
  'optimism',
  'pride',
  'realization',
  'relief',
  'remorse',
  'sadness',
  'surprise',
  'neutral',
] as const

/** One row of 28 a text, 1 where the label was given. */
export function emotionTargets(rows: readonly Emotional[]): Float32Array {
  const targets = new Float32Array(rows.length * emotionNames.length)
  for (const [i, { labels }] of rows.entries()) {
    for (const label of labels) targets[i * emotionNames.length + emotionNames.indexOf(label as 'joy')] = 1
  }
  return targets
}
