// A small network over hashed embeddings: the features' vectors are summed, one hidden layer reads the sum, and every
// task (sentiment, emotion, …) has its own output on that layer, so that what one set teaches helps the others.
import { seededRandom } from '#platform/random'
import type { Dataset } from './dataset.ts'
import { shuffle, softmaxInPlace } from './linear.ts'

export interface Task {
  readonly name: string
  readonly classes: number
  /** Each label on its own (sigmoid) instead of one of all (softmax). */
  readonly independent: boolean
}

export interface TaskRows {
  readonly task: number
  readonly rows: Uint32Array
  /** `targets[k * classes + c]` for the k-th of `rows`. */
  readonly targets: Float32Array
  readonly importance: Float32Array
}

export interface NetworkOptions {
  readonly bits: number
  readonly size: number
  readonly hidden: number
  readonly epochs: number
  readonly rate: number
  /** Share of features left out at each reading. */
  readonly dropped: number
  readonly seed: number
}

export interface Network {
  readonly bits: number
  readonly size: number
  readonly hidden: number
  readonly tasks: readonly Task[]
  readonly table: Float32Array
  readonly layer: Float32Array
  readonly layerBias: Float32Array
  readonly outputs: readonly { readonly weights: Float32Array; readonly bias: Float32Array }[]
}

export function trainNetwork(
  data: Dataset,
  tasks: readonly Task[],
  lessons: readonly TaskRows[],
  options: NetworkOptions,
): Network {
  const { bits, size, hidden, epochs, rate, dropped } = options
  const random = seededRandom(options.seed)
  const mask = (1 << bits) - 1
  const noise = (length: number, scale: number) => Float32Array.from({ length }, () => (random.next() * 2 - 1) * scale)
  const table = noise(size << bits, 0.3 / Math.sqrt(size))
  const tableSquares = new Float32Array(1 << bits).fill(1e-3)
  const layer = noise(hidden * size, Math.sqrt(3 / size))
  const layerSquares = new Float32Array(hidden * size).fill(1e-2)
  const layerBias = new Float32Array(hidden)
  const outputs = tasks.map(({ classes }) => ({
    weights: noise(classes * hidden, Math.sqrt(1 / hidden)),
    bias: new Float32Array(classes),
  }))
  const outputSquares = tasks.map(({ classes }) => new Float32Array(classes * hidden).fill(1e-2))
  const order = new Uint32Array(lessons.reduce((sum, { rows }) => sum + rows.length, 0))
  const lessonOf = new Uint8Array(order.length)
  const indexOf = new Uint32Array(order.length)
  let filled = 0
  for (const [l, { rows }] of lessons.entries()) {
    for (let k = 0; k < rows.length; k += 1) {
      lessonOf[filled] = l
      indexOf[filled] = k
      order[filled] = filled
      filled += 1
    }
  }
  const sum = new Float32Array(size)
  const sumGradient = new Float32Array(size)
  const active = new Float32Array(hidden)
  const activeGradient = new Float32Array(hidden)
  const kept = new Uint32Array(32_768)
  const keptScale = new Float32Array(32_768)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random.below)
    const pace = rate * (1 - (0.8 * epoch) / epochs)
    for (const entry of order) {
      const lesson = lessons[lessonOf[entry]!]!
      const k = indexOf[entry]!
      const row = lesson.rows[k]!
      const { classes, independent } = tasks[lesson.task]!
      const output = outputs[lesson.task]!
      const squares = outputSquares[lesson.task]!
      const start = data.starts[row]!
      const split = data.splits[row]!
      const end = data.starts[row + 1]!
      const wordScale = 1 / Math.sqrt(Math.max(1, split - start))
      const gramScale = 1 / Math.sqrt(Math.max(1, end - split))
      let used = 0
      sum.fill(0)
      for (let i = start; i < end; i += 1) {
        if (random.next() < dropped) continue
        const base = (data.ids[i]! & mask) * size
        const scale = i < split ? wordScale : gramScale
        kept[used] = base
        keptScale[used] = scale
        used += 1
        for (let d = 0; d < size; d += 1) sum[d]! += scale * table[base + d]!
      }
      for (let h = 0; h < hidden; h += 1) {
        let value = layerBias[h]!
        for (let d = 0; d < size; d += 1) value += layer[h * size + d]! * sum[d]!
        active[h] = value > 0 ? value : 0
      }
      const scores = new Float32Array(classes)
      for (let c = 0; c < classes; c += 1) {
        let value = output.bias[c]!
        for (let h = 0; h < hidden; h += 1) value += output.weights[c * hidden + h]! * active[h]!
        scores[c] = independent ? 1 / (1 + Math.exp(-value)) : value
      }
      if (!independent) softmaxInPlace(scores)
      activeGradient.fill(0)
      const weight = lesson.importance[k]!
      for (let c = 0; c < classes; c += 1) {
        const error = (scores[c]! - lesson.targets[k * classes + c]!) * weight
        output.bias[c]! -= pace * 0.05 * error
        for (let h = 0; h < hidden; h += 1) {
          const at = c * hidden + h
          activeGradient[h]! += error * output.weights[at]!
          const gradient = error * active[h]!
          squares[at]! += gradient * gradient
          output.weights[at]! -= (pace * gradient) / Math.sqrt(squares[at]!)
        }
      }
      sumGradient.fill(0)
      for (let h = 0; h < hidden; h += 1) {
        if (active[h]! <= 0) continue
        const error = activeGradient[h]!
        layerBias[h]! -= pace * 0.05 * error
        for (let d = 0; d < size; d += 1) {
          const at = h * size + d
          sumGradient[d]! += error * layer[at]!
          const gradient = error * sum[d]!
          layerSquares[at]! += gradient * gradient
          layer[at]! -= (pace * 0.3 * gradient) / Math.sqrt(layerSquares[at]!)
        }
      }
      let length = 0
      for (let d = 0; d < size; d += 1) length += sumGradient[d]! * sumGradient[d]!
      length /= size
      for (let i = 0; i < used; i += 1) {
        const base = kept[i]!
        const scale = keptScale[i]!
        const square = (tableSquares[base / size]! += length * scale * scale)
        const step = (pace * scale) / Math.sqrt(square)
        for (let d = 0; d < size; d += 1) table[base + d]! -= step * sumGradient[d]!
      }
    }
  }
  return { bits, size, hidden, tasks, table, layer, layerBias, outputs }
}

/** Scores of one task for every message, before any softmax. */
export function scoreNetwork(model: Network, task: number, data: Dataset): Float32Array {
  const { size, hidden, table, layer, layerBias } = model
  const { classes } = model.tasks[task]!
  const { weights, bias } = model.outputs[task]!
  const mask = (1 << model.bits) - 1
  const out = new Float32Array(data.size * classes)
  const sum = new Float32Array(size)
  const active = new Float32Array(hidden)
  for (let row = 0; row < data.size; row += 1) {
    const start = data.starts[row]!
    const split = data.splits[row]!
    const end = data.starts[row + 1]!
    const wordScale = 1 / Math.sqrt(Math.max(1, split - start))
    const gramScale = 1 / Math.sqrt(Math.max(1, end - split))
    sum.fill(0)
    for (let i = start; i < end; i += 1) {
      const base = (data.ids[i]! & mask) * size
      const scale = i < split ? wordScale : gramScale
      for (let d = 0; d < size; d += 1) sum[d]! += scale * table[base + d]!
    }
    for (let h = 0; h < hidden; h += 1) {
      let value = layerBias[h]!
      for (let d = 0; d < size; d += 1) value += layer[h * size + d]! * sum[d]!
      active[h] = value > 0 ? value : 0
    }
    for (let c = 0; c < classes; c += 1) {
      let value = bias[c]!
      for (let h = 0; h < hidden; h += 1) value += weights[c * hidden + h]! * active[h]!
      out[row * classes + c] = value
    }
  }
  return out
}
