// Fitting what turns scores into probabilities: one sharpness, one offset a class, one doubt for all.
import { minimise } from '../training/minimise.ts'

export interface Sharpened {
  readonly sharpness: number
  readonly offsets: readonly number[]
  /** Share of every probability that is spread evenly over the classes; none where absent. */
  readonly doubt?: number
}

/** Probabilities of three classes from scores; `out` may be the scores' own array. */
export function toProbabilities(
  scores: ArrayLike<number>,
  { sharpness, offsets, doubt = 0 }: Sharpened,
  out: Float32Array | number[],
): void {
  const classes = offsets.length
  let most = -Infinity
  for (let c = 0; c < classes; c += 1) most = Math.max(most, sharpness * scores[c]! + offsets[c]!)
  let sum = 0
  for (let c = 0; c < classes; c += 1) {
    const value = Math.exp(sharpness * scores[c]! + offsets[c]! - most)
    out[c] = value
    sum += value
  }
  for (let c = 0; c < classes; c += 1) out[c] = ((1 - doubt) * out[c]!) / sum + doubt / classes
}

/**
 * The sharpness, offsets and doubt under which the labels are most probable; `scores` is one row after the other,
 * `weights` how much each row counts.
 */
export function fitProbabilities(
  scores: Float32Array,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
  classes = 3,
): Required<Sharpened> {
  const read = (point: Float32Array): Required<Sharpened> => ({
    sharpness: point[0]!,
    offsets: [...point.subarray(2)],
    doubt: 1 / (1 + Math.exp(-point[1]!)),
  })
  const point = new Float32Array(2 + classes)
  point[0] = 1
  point[1] = -3
  const p = Array.from({ length: classes }, () => 0)
  minimise(point, 200, (at, slope) => {
    const { sharpness, offsets, doubt } = read(at)
    slope.fill(0)
    let loss = 0
    let mass = 0
    for (let i = 0; i < labels.length; i += 1) {
      const row = scores.subarray(i * classes, (i + 1) * classes)
      const label = labels[i]!
      toProbabilities(row, { sharpness, offsets }, p)
      const right = p[label]!
      const said = (1 - doubt) * right + doubt / classes
      const weight = weights?.[i] ?? 1
      mass += weight
      loss -= weight * Math.log(said)
      slope[1]! -= ((weight * (1 / classes - right)) / said) * doubt * (1 - doubt)
      for (let c = 0; c < classes; c += 1) {
        const error = ((weight * (1 - doubt) * right) / said) * (p[c]! - (label === c ? 1 : 0))
        slope[0]! += error * row[c]!
        slope[2 + c]! += error
      }
    }
    for (let k = 0; k < slope.length; k += 1) slope[k]! /= mass
    return loss / mass
  })
  const { sharpness, offsets, doubt } = read(point)
  const middle = offsets.reduce((sum, value) => sum + value, 0) / classes
  return { sharpness, offsets: offsets.map((offset) => offset - middle), doubt }
}
