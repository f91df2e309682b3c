// What a workspace teaches: corrections move the sentiment of the shipped model, never replace it. The layer keeps the
// model's scores as its ground, learns how this firm's customers mix (offsets, sharpness) and which words mean what here.
import { seededRandom } from '#platform/random'
import { sentiments, type Sentiment } from './assessment.ts'

export interface LayerWeights {
  readonly bits: number
  readonly corrections: number
  /** What the shipped model's scores are multiplied with, and what is added to each class. */
  readonly sharpness: number
  readonly offsets: readonly number[]
  /** What each of the model's other findings (intent, emotion …) says for each class: three numbers a finding. */
  readonly findings: readonly number[]
  /** Rows of three, one step of which is worth `scale`. */
  readonly scale: number
  readonly rows: Int8Array
}

/** What is known of a corrected message: its features, its scores by the shipped model, the person's word. */
export interface LayerLesson {
  readonly ids: Uint32Array
  readonly words: number
  readonly scores: readonly number[]
  /** The model's other findings, each between −1 and 1; see `findingsOf`. */
  readonly findings: ArrayLike<number>
  readonly sentiment: Sentiment
}

export interface LayerOptions {
  readonly epochs: number
  readonly rate: number
  /** Pull of each word's weight back to nothing, that is to the shipped model. */
  readonly decay: number
  /** 0: as often as they come; 1: every class counts the same. */
  readonly balance: number
  readonly findingRate: number
}

export const LAYER_OPTIONS: LayerOptions = { epochs: 8, rate: 0.05, decay: 5e-3, balance: 1, findingRate: 0.02 }

const FINDING_DECAY = 0.01

/** A firm that corrected thousands of messages taught some hundred thousand features: in a smaller table they would share rows. */
const BITS = 18

/** Learns a layer from lessons: some seconds for thousands. The same lessons give the same layer. */
export function fitLayer(lessons: readonly LayerLesson[], options: LayerOptions = LAYER_OPTIONS): LayerWeights {
  const mask = (1 << BITS) - 1
  const weights = new Float32Array(3 << BITS)
  const squares = new Float32Array(3 << BITS).fill(1e-3)
  const sums = new Float32Array(3 << BITS)
  const labels = lessons.map(({ sentiment }) => sentiments.indexOf(sentiment))
  const importance = classWeights(labels, options.balance)
  let sharpness = 1
  const offsets = [0, 0, 0]
  const width = lessons[0]?.findings.length ?? 0
  const dense = new Float64Array(width * 3)
  const p = new Float64Array(3)
  const random = seededRandom(17)
  const order = lessons.map((_, i) => i)
  let averaged = 0
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = random.below(i + 1)
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    const pace = 1 / (1 + epoch)
    for (const row of order) {
      const { ids, words, scores, findings } = lessons[row]!
      const wordScale = 1 / Math.sqrt(Math.max(1, words))
      const gramScale = 1 / Math.sqrt(Math.max(1, ids.length - words))
      for (let c = 0; c < 3; c += 1) p[c] = sharpness * scores[c]! + offsets[c]!
      addFindings(dense, findings, p)
      for (let i = 0; i < ids.length; i += 1) {
        const base = (ids[i]! & mask) * 3
        const value = i < words ? wordScale : gramScale
        for (let c = 0; c < 3; c += 1) p[c]! += value * weights[base + c]!
      }
      softmax(p)
      const weight = importance[labels[row]!]!
      let slope = 0
      for (let c = 0; c < 3; c += 1) {
        p[c] = weight * (p[c]! - (c === labels[row] ? 1 : 0))
        slope += p[c]! * scores[c]!
        offsets[c]! -= 0.05 * pace * p[c]!
      }
      for (let f = 0; f < width; f += 1)
        for (let c = 0; c < 3; c += 1)
          dense[f * 3 + c]! -= options.findingRate * pace * (p[c]! * findings[f]! + FINDING_DECAY * dense[f * 3 + c]!)
      sharpness = Math.min(3, Math.max(0.2, sharpness - 0.005 * pace * slope))
      for (let i = 0; i < ids.length; i += 1) {
        const base = (ids[i]! & mask) * 3
        const value = i < words ? wordScale : gramScale
        for (let c = 0; c < 3; c += 1) {
          const w = weights[base + c]!
          const gradient = p[c]! * value + options.decay * w
          const square = (squares[base + c]! += gradient * gradient)
          weights[base + c] = w - (options.rate * gradient) / Math.sqrt(square)
        }
      }
    }
    if (epoch >= options.epochs / 2) {
      for (let i = 0; i < weights.length; i += 1) sums[i]! += weights[i]!
      averaged += 1
    }
  }
  if (averaged > 0) for (let i = 0; i < weights.length; i += 1) weights[i] = sums[i]! / averaged
  let most = 0
  for (const weight of weights) most = Math.max(most, Math.abs(weight))
  const scale = most / 127 || 1
  return {
    bits: BITS,
    corrections: lessons.length,
    sharpness,
    offsets,
    findings: [...dense].map((weight) => Number(weight.toFixed(4))),
    scale,
    rows: Int8Array.from(weights, (weight) => Math.round(weight / scale)),
  }
}

function classWeights(labels: readonly number[], balance: number): number[] {
  return sentiments.map((_, c) => {
    const share = labels.filter((label) => label === c).length / Math.max(1, labels.length)
    return share === 0 ? 1 : (1 / 3 / share) ** balance
  })
}

function softmax(scores: Float64Array): void {
  const most = Math.max(scores[0]!, scores[1]!, scores[2]!)
  let sum = 0
  for (let c = 0; c < 3; c += 1) sum += scores[c] = Math.exp(scores[c]! - most)
  for (let c = 0; c < 3; c += 1) scores[c]! /= sum
}

/** The findings of a model as a layer reads them: each score squeezed between −1 and 1. */
export const findingsOf = (broad: Float32Array): Float32Array => broad.map((score) => Math.tanh(score / 3))

function addFindings(weights: ArrayLike<number>, findings: ArrayLike<number>, out: Float32Array | Float64Array): void {
  // A layer that was learned with an earlier model knows nothing of what was added since.
  const known = Math.min(findings.length, weights.length / 3)
  for (let f = 0; f < known; f += 1) for (let c = 0; c < 3; c += 1) out[c]! += weights[f * 3 + c]! * findings[f]!
}

/** What a layer is applied to: the features of a message and the model's findings. */
export type LayerInput = Pick<LayerLesson, 'ids' | 'words' | 'findings'> & { readonly count: number }

/** Adds what the layer knows to the three scores, in place. */
export function applyLayer(
  layer: LayerWeights,
  { ids, words, count, findings }: LayerInput,
  scores: Float32Array,
): void {
  const mask = (1 << layer.bits) - 1
  const { rows, scale, sharpness, offsets } = layer
  const sums = [0, 0, 0]
  for (let part = 0; part < 2; part += 1) {
    const from = part === 0 ? 0 : words
    const to = part === 0 ? words : count
    if (to === from) continue
    let [a, b, d] = [0, 0, 0]
    for (let i = from; i < to; i += 1) {
      const base = (ids[i]! & mask) * 3
      a += rows[base]!
      b += rows[base + 1]!
      d += rows[base + 2]!
    }
    const step = scale / Math.sqrt(to - from)
    sums[0]! += step * a
    sums[1]! += step * b
    sums[2]! += step * d
  }
  for (let c = 0; c < 3; c += 1) scores[c] = sharpness * scores[c]! + offsets[c]! + sums[c]!
  addFindings(layer.findings, findings, scores)
}

/** How much of a message's features the workspace ever taught something about, 0 to 1. */
export function taughtShare({ bits, rows }: LayerWeights, { ids, count }: Pick<LayerInput, 'ids' | 'count'>): number {
  const mask = (1 << bits) - 1
  let taught = 0
  for (let i = 0; i < count; i += 1) {
    const base = (ids[i]! & mask) * 3
    if (rows[base] !== 0 || rows[base + 1] !== 0 || rows[base + 2] !== 0) taught += 1
  }
  return count === 0 ? 1 : taught / count
}

/** A layer as text, for a row or a file. */
export function encodeLayer(layer: LayerWeights): string {
  const { rows, ...rest } = layer
  return JSON.stringify({
    ...rest,
    rows: Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength).toString('base64'),
  })
}

/** Reads what `encodeLayer` wrote. Throws a SyntaxError or RangeError where it is not whole. */
export function decodeLayer(text: string): LayerWeights {
  const { rows, ...rest } = JSON.parse(text) as Omit<LayerWeights, 'rows'> & { rows: string }
  const bytes = Buffer.from(rows, 'base64')
  if (bytes.length !== 3 << rest.bits) throw new RangeError('The layer is not whole.')
  return { ...rest, rows: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) }
}
