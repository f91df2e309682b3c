// Multinomial logistic regression over hashed features: AdaGrad steps one message at a time, weights averaged over the
// last half, no chance but the seed's.
import { seededRandom } from '#platform/random'
import type { Dataset } from './dataset.ts'

export interface LinearOptions {
  readonly bits: number
  readonly classes: number
  readonly epochs: number
  readonly rate: number
  /** Strength of the pull to zero, each time a weight is touched. */
  readonly decay: number
  /** Share of the characters' features in the sum, beside 1 of the words'. */
  readonly grams: number
  /** Each label on its own (sigmoid) instead of one of all (softmax). */
  readonly independent?: boolean
  readonly seed?: number
  /** The set that each message is of. Each gets an intercept of its own, forgotten afterwards: how often a class occurs
   *  in one set says nothing about the next. */
  readonly groups?: Uint8Array
  /** Which messages; all where absent. */
  readonly rows?: ArrayLike<number>
}

export interface Linear {
  readonly bits: number
  readonly classes: number
  readonly grams: number
  /** Row `id & mask` holds one weight a class. */
  readonly weights: Float32Array
  readonly bias: Float32Array
  /** Share of each class's weights that may be cut when they are packed into eight bits; one in two thousand where absent. */
  readonly cut?: number
}

/** `targets[i * classes + c]` is how much of message i is of class c; `importance[i]` how much it counts. */
export function trainLinear(
  data: Dataset,
  targets: Float32Array,
  importance: Float32Array,
  options: LinearOptions,
): Linear {
  const { bits, classes, epochs, rate, decay, grams, groups, independent = false } = options
  const mask = (1 << bits) - 1
  const weights = new Float32Array(classes << bits)
  const squares = new Float32Array(classes << bits).fill(1e-4)
  const sums = new Float32Array(classes << bits)
  const bias = new Float32Array(classes)
  const scores = new Float64Array(classes)
  const groupBias = new Float32Array(classes * 256)
  const random = seededRandom(options.seed ?? 1)
  const rows = Uint32Array.from(options.rows ?? { length: data.size }, (row, i) => row ?? i)
  let averaged = 0
  // Rare labels begin where they are: otherwise every feature would first learn that they are rare.
  if (independent) setLogOdds(bias, targets, rows)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(rows, random.below)
    for (const row of rows) {
      const start = data.starts[row]!
      const split = data.splits[row]!
      const end = data.starts[row + 1]!
      const wordScale = 1 / Math.sqrt(Math.max(1, split - start))
      const gramScale = grams / Math.sqrt(Math.max(1, end - split))
      const group = (groups?.[row] ?? 0) * classes
      for (let c = 0; c < classes; c += 1) scores[c] = bias[c]! + groupBias[group + c]!
      for (let i = start; i < end; i += 1) {
        const base = (data.ids[i]! & mask) * classes
        const value = i < split ? wordScale : gramScale
        for (let c = 0; c < classes; c += 1) scores[c]! += value * weights[base + c]!
      }
      if (independent) for (let c = 0; c < classes; c += 1) scores[c] = 1 / (1 + Math.exp(-scores[c]!))
      else softmaxInPlace(scores)
      const weight = importance[row]!
      for (let c = 0; c < classes; c += 1) {
        const target = targets[row * classes + c]!
        scores[c] = (scores[c]! - target) * weight
        if (groups === undefined) bias[c]! -= 0.002 * scores[c]!
        else groupBias[group + c]! -= 0.01 * scores[c]!
      }
      for (let i = start; i < end; i += 1) {
        const base = (data.ids[i]! & mask) * classes
        const value = i < split ? wordScale : gramScale
        for (let c = 0; c < classes; c += 1) {
          const w = weights[base + c]!
          const gradient = scores[c]! * value + decay * w
          const square = (squares[base + c]! += gradient * gradient)
          weights[base + c] = w - (rate * gradient) / Math.sqrt(square)
        }
      }
    }
    if (epoch >= epochs / 2) {
      for (let i = 0; i < weights.length; i += 1) sums[i]! += weights[i]!
      averaged += 1
    }
  }
  if (averaged > 0) for (let i = 0; i < weights.length; i += 1) weights[i] = sums[i]! / averaged
  // What is left of the intercepts is that of the first set.
  if (groups !== undefined) bias.set(groupBias.subarray(0, classes))
  return { bits, classes, grams, weights, bias }
}

/** The log odds of every class as often as it comes. */
export function setLogOdds(bias: Float32Array, targets: Float32Array, rows: Uint32Array): void {
  const classes = bias.length
  for (let c = 0; c < classes; c += 1) {
    let sum = 0
    for (const row of rows) sum += targets[row * classes + c]!
    bias[c] = Math.log((sum + 0.5) / (rows.length - sum + 0.5))
  }
}

/** Scores of every message: `out[i * classes + c]`, before any softmax. */
export function scoreLinear(model: Linear, data: Dataset): Float32Array {
  const { classes, grams, weights, bias } = model
  const mask = (1 << model.bits) - 1
  const out = new Float32Array(data.size * classes)
  for (let row = 0; row < data.size; row += 1) {
    const start = data.starts[row]!
    const split = data.splits[row]!
    const end = data.starts[row + 1]!
    const wordScale = 1 / Math.sqrt(Math.max(1, split - start))
    const gramScale = grams / Math.sqrt(Math.max(1, end - split))
    for (let c = 0; c < classes; c += 1) out[row * classes + c] = bias[c]!
    for (let i = start; i < end; i += 1) {
      const base = (data.ids[i]! & mask) * classes
      const value = i < split ? wordScale : gramScale
      for (let c = 0; c < classes; c += 1) out[row * classes + c]! += value * weights[base + c]!
    }
  }
  return out
}

export function shuffle(rows: Uint32Array, below: (limit: number) => number): void {
  for (let i = rows.length - 1; i > 0; i -= 1) {
    const j = below(i + 1)
    const kept = rows[i]!
    rows[i] = rows[j]!
    rows[j] = kept
  }
}

export function softmaxInPlace(scores: Float64Array | Float32Array): void {
  let most = -Infinity
  for (const score of scores) if (score > most) most = score
  let sum = 0
  for (let i = 0; i < scores.length; i += 1) {
    scores[i] = Math.exp(scores[i]! - most)
    sum += scores[i]!
  }
  for (let i = 0; i < scores.length; i += 1) scores[i]! /= sum
}
