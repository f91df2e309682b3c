// From trained numbers to the file that is shipped: eight bits a weight, one scale a column.
import type { Linear } from './linear.ts'
import type { Network } from './network.ts'
import type { BroadParts } from './train.ts'
import type { Calibration, Columns } from '../models/models.ts'
import { packModel, unpackModel } from '../models/file.ts'
import { emotionNames } from './emotions.ts'
import { severities } from '../severity/severity.ts'
import { learnedIntents, toxicities } from './labels.ts'

export const columns: Columns = {
  intent: 0,
  toxicity: learnedIntents.length,
  spam: learnedIntents.length + toxicities.length,
  severity: learnedIntents.length + toxicities.length + 1,
  emotion: learnedIntents.length + toxicities.length + 1 + severities.length,
}

interface Packed {
  readonly rows: Int8Array
  readonly scales: Float32Array
  readonly bias: Float32Array
}

/** Lays models side by side in one table. All must have the same number of bits. */
function layTable(parts: readonly Linear[]): Packed {
  const bits = parts[0]!.bits
  const width = parts.reduce((sum, { classes }) => sum + classes, 0)
  const rows = new Int8Array(width << bits)
  const scales = new Float32Array(width)
  const bias = new Float32Array(width)
  let column = 0
  for (const { classes, weights, bias: own } of parts) {
    for (let c = 0; c < classes; c += 1) {
      const scale = scaleOf(weights, classes, c)
      scales[column] = scale
      bias[column] = own[c]!
      for (let row = 0; row < 1 << bits; row += 1)
        rows[row * width + column] = toStep(weights[row * classes + c]!, scale)
      column += 1
    }
  }
  return { rows, scales, bias }
}

/** What one step is worth, such that one weight in two thousand is cut. */
function scaleOf(weights: Float32Array, classes: number, c: number): number {
  const sizes: number[] = []
  for (let at = c; at < weights.length; at += classes) if (weights[at] !== 0) sizes.push(Math.abs(weights[at]!))
  const sorted = Float32Array.from(sizes).toSorted()
  return (sorted[Math.floor(sorted.length * 0.9995)] ?? 1) / 127 || 1
}

const toStep = (weight: number, scale: number): number => Math.max(-127, Math.min(127, Math.round(weight / scale)))

/** The same file with the columns from `first` on learned anew: the others keep their bytes. */
export function withColumns(bytes: Uint8Array, part: Linear, first: number): Buffer {
  const { about, arrays } = unpackModel(bytes)
  const fresh = layTable([part])
  const rows = arrays['broad.rows']!
  const width = arrays['broad.scales']!.length
  for (let row = 0; row < 1 << part.bits; row += 1)
    rows.set(fresh.rows.subarray(row * part.classes, (row + 1) * part.classes), row * width + first)
  arrays['broad.scales']!.set(fresh.scales, first)
  arrays['broad.bias']!.set(fresh.bias, first)
  return packModel(about, arrays)
}

/** The bytes of the model file. */
export function packModels(sentiment: Linear, broad: BroadParts, network: Network, calibration: Calibration): Buffer {
  const { intent, toxicity, spam, severity, emotion } = broad
  const small = layTable([sentiment])
  const wide = layTable([intent, toxicity, spam, severity, emotion])
  const scale = scaleOf(network.table, 1, 0)
  const about = {
    columns,
    emotions: emotionNames,
    calibration,
    sizes: {
      sentiment: sentiment.bits,
      broad: intent.bits,
      network: [network.bits, network.size, network.hidden],
      scale,
    },
  }
  return packModel(about, {
    'sentiment.rows': small.rows,
    'sentiment.scales': small.scales,
    'sentiment.bias': small.bias,
    'broad.rows': wide.rows,
    'broad.scales': wide.scales,
    'broad.bias': wide.bias,
    'network.rows': Int8Array.from(network.table, (weight) => toStep(weight, scale)),
    'network.layer': network.layer,
    'network.layerBias': network.layerBias,
    'network.sentiment': network.outputs[0]!.weights,
    'network.sentimentBias': network.outputs[0]!.bias,
    'network.emotion': network.outputs[1]!.weights,
    'network.emotionBias': network.outputs[1]!.bias,
  })
}
