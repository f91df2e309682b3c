// Fitting what turns scores into probabilities: one sharpness, one offset a class, found by following the slope.

export interface Sharpened {
  readonly sharpness: number
  readonly offsets: readonly number[]
}

/** Probabilities of three classes from scores; `out` may be the scores' own array. */
export function toProbabilities(
  scores: ArrayLike<number>,
  { sharpness, offsets }: Sharpened,
  out: Float32Array | number[],
): void {
  let most = -Infinity
  for (let c = 0; c < offsets.length; c += 1) most = Math.max(most, sharpness * scores[c]! + offsets[c]!)
  let sum = 0
  for (let c = 0; c < offsets.length; c += 1) {
    const value = Math.exp(sharpness * scores[c]! + offsets[c]! - most)
    out[c] = value
    sum += value
  }
  for (let c = 0; c < offsets.length; c += 1) out[c]! /= sum
}

/** The sharpness and offsets under which the labels are most probable; `scores` is one row after the other. */
export function fitProbabilities(
  scores: Float32Array,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
  classes = 3,
): Sharpened {
  let sharpness = 1
  const offsets = Array.from({ length: classes }, () => 0)
  const p = Array.from({ length: classes }, () => 0)
  const { length } = labels
  for (let step = 0; step < 300; step += 1) {
    let slope = 0
    const slopes = offsets.map(() => 0)
    let mass = 0
    for (let i = 0; i < length; i += 1) {
      const row = scores.subarray(i * classes, (i + 1) * classes)
      toProbabilities(row, { sharpness, offsets }, p)
      const weight = weights?.[i] ?? 1
      mass += weight
      for (let c = 0; c < classes; c += 1) {
        const error = weight * (p[c]! - (labels[i] === c ? 1 : 0))
        slope += error * row[c]!
        slopes[c]! += error
      }
    }
    sharpness = Math.max(0.05, sharpness - (0.5 * slope) / mass)
    for (let c = 0; c < classes; c += 1) offsets[c]! -= (1.5 * slopes[c]!) / mass
  }
  const middle = offsets.reduce((sum, value) => sum + value, 0) / classes
  return { sharpness, offsets: offsets.map((offset) => offset - middle) }
}
