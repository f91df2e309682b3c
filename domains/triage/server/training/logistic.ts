// Logistic regression over hashed features, each label on its own, solved to the end: all messages a step, steps by
// L-BFGS. Rare features weigh more before they are learned (as in TF-IDF), and what they weighed is folded into the
// weights, so that a message is read as by any other linear model here.
import type { Dataset } from './dataset.ts'
import { setLogOdds, type Linear } from './linear.ts'
import { minimise } from './minimise.ts'

export interface LogisticOptions {
  readonly bits: number
  readonly classes: number
  /** Strength of the pull to zero. */
  readonly pull: number
  /** Steps at most. Stopping early is a pull of its own. */
  readonly steps: number
  /** Which messages; all where absent. */
  readonly rows?: ArrayLike<number>
}

/** What the commonest feature is multiplied with; it only sets the measure in which `pull` is told. */
const GROUND = 0.5

/** `targets[i * classes + c]` is 1 where message i is of class c; `importance[i]` how much it counts. No chance at all. */
export function trainLogistic(
  data: Dataset,
  targets: Float32Array,
  importance: Float32Array,
  { bits, classes, pull, steps, rows: chosen }: LogisticOptions,
): Linear {
  const rows = Uint32Array.from(chosen ?? { length: data.size }, (row, i) => row ?? i)
  const rarity = rarityOf(data, rows, bits)
  const size = classes << bits
  const point = new Float32Array(size + classes)
  setLogOdds(point.subarray(size), targets, rows)
  minimise(point, steps, (at, slope) => {
    slope.fill(0)
    let loss = 0
    for (let i = 0; i < size; i += 1) {
      const weight = at[i]!
      if (weight === 0) continue
      loss += 0.5 * pull * weight * weight
      slope[i] = pull * weight
    }
    return loss + addLoss(data, rows, targets, importance, rarity, classes, at, slope)
  })
  const weights = point.slice(0, size)
  for (let i = 0; i < size; i += 1) weights[i]! *= rarity[Math.floor(i / classes)]!
  // The few largest weights are those that know most: none may be cut.
  return { bits, classes, grams: 1, weights, bias: point.slice(size), cut: 0 }
}

/** How much each row of the table weighs: the rarer among the messages, the more. */
function rarityOf(data: Dataset, rows: Uint32Array, bits: number): Float32Array {
  const mask = (1 << bits) - 1
  const counts = new Uint32Array(1 << bits)
  const lastSeen = new Int32Array(1 << bits).fill(-1)
  for (const row of rows) {
    for (let i = data.starts[row]!; i < data.starts[row + 1]!; i += 1) {
      const at = data.ids[i]! & mask
      if (lastSeen[at] === row) continue
      lastSeen[at] = row
      counts[at]! += 1
    }
  }
  return Float32Array.from(counts, (count) => GROUND * (1 + Math.log((rows.length + 1) / (count + 1))))
}

/** The log loss of all messages at a point; its slope is added to `slope`. The intercepts stand after the weights. */
function addLoss(
  data: Dataset,
  rows: Uint32Array,
  targets: Float32Array,
  importance: Float32Array,
  rarity: Float32Array,
  classes: number,
  at: Float32Array,
  slope: Float32Array,
): number {
  const mask = rarity.length - 1
  const size = rarity.length * classes
  const scores = new Float64Array(classes)
  let loss = 0
  for (const row of rows) {
    const start = data.starts[row]!
    const split = data.splits[row]!
    const end = data.starts[row + 1]!
    const wordScale = 1 / Math.sqrt(Math.max(1, split - start))
    const gramScale = 1 / Math.sqrt(Math.max(1, end - split))
    for (let c = 0; c < classes; c += 1) scores[c] = at[size + c]!
    for (let i = start; i < end; i += 1) {
      const feature = data.ids[i]! & mask
      const value = (i < split ? wordScale : gramScale) * rarity[feature]!
      const base = feature * classes
      for (let c = 0; c < classes; c += 1) scores[c]! += value * at[base + c]!
    }
    const weight = importance[row]!
    for (let c = 0; c < classes; c += 1) {
      const score = scores[c]!
      const target = targets[row * classes + c]!
      loss += weight * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score)
      scores[c] = weight * (1 / (1 + Math.exp(-score)) - target)
      slope[size + c]! += scores[c]!
    }
    for (let i = start; i < end; i += 1) {
      const feature = data.ids[i]! & mask
      const value = (i < split ? wordScale : gramScale) * rarity[feature]!
      const base = feature * classes
      for (let c = 0; c < classes; c += 1) slope[base + c]! += value * scores[c]!
    }
  }
  return loss
}
