// From trained numbers to the file that is shipped: eight bits a weight, one scale a column.
import type { Linear } from './linear.ts'
import type { Network } from './network.ts'
import { broadHeads, type BroadHead, type BroadParts } from './train.ts'
import type { Calibration, Columns } from '../models/models.ts'
import { packModel, unpackModel, type Numbers } from '../models/file.ts'
import { emotionNames } from './emotions.ts'
import { severities } from '../severity/severity.ts'
import { learnedIntents, toxicities } from './labels.ts'

export const columns: Columns = {
  intent: 0,
  toxicity: learnedIntents.length,
  spam: learnedIntents.length + toxicities.length,
  severity: learnedIntents.length + toxicities.length + 1,
  emotion: learnedIntents.length + toxicities.length + 1 + severities.length,
  desk: learnedIntents.length + toxicities.length + 1 + severities.length + emotionNames.length,
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
  for (const { classes, weights, bias: own, cut } of parts) {
    for (let c = 0; c < classes; c += 1) {
      const scale = scaleOf(weights, classes, c, cut)
      scales[column] = scale
      bias[column] = own[c]!
      for (let row = 0; row < 1 << bits; row += 1)
        rows[row * width + column] = toStep(weights[row * classes + c]!, scale)
      column += 1
    }
  }
  return { rows, scales, bias }
}

/** What one step is worth, such that a share of the weights is cut. */
function scaleOf(weights: Float32Array, classes: number, c: number, cut = 0.0005): number {
  const sizes: number[] = []
  for (let at = c; at < weights.length; at += classes) if (weights[at] !== 0) sizes.push(Math.abs(weights[at]!))
  const sorted = Float32Array.from(sizes).toSorted()
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * (1 - cut)))] ?? 1) / 127 || 1
}

const toStep = (weight: number, scale: number): number => Math.max(-127, Math.min(127, Math.round(weight / scale)))

/** The bytes of the model file. */
export function packModels(sentiment: Linear, broad: BroadParts, network: Network, calibration: Calibration): Buffer {
  const about = {
    columns,
    emotions: emotionNames,
    calibration,
    sizes: { sentiment: sentiment.bits, broad: broad.intent.bits, ...networkSizes(network) },
  }
  return packModel(about, {
    ...named('sentiment', layTable([sentiment])),
    ...named('broad', layTable(broadHeads.map((head) => broad[head]))),
    ...networkArrays(network),
  })
}

const named = (name: string, { rows, scales, bias }: Packed): Record<string, Numbers> => ({
  [`${name}.rows`]: rows,
  [`${name}.scales`]: scales,
  [`${name}.bias`]: bias,
})

const networkSizes = (network: Network) => ({
  network: [network.bits, network.size, network.hidden],
  scale: scaleOf(network.table, 1, 0),
})

function networkArrays(network: Network): Record<string, Numbers> {
  const scale = scaleOf(network.table, 1, 0)
  return {
    'network.rows': Int8Array.from(network.table, (weight) => toStep(weight, scale)),
    'network.layer': network.layer,
    'network.layerBias': network.layerBias,
    'network.sentiment': network.outputs[0]!.weights,
    'network.sentimentBias': network.outputs[0]!.bias,
    'network.emotion': network.outputs[1]!.weights,
    'network.emotionBias': network.outputs[1]!.bias,
  }
}

interface About {
  readonly sizes: { readonly broad: number }
}

/** A model file with its linear half of sentiment, its network or one head of the broad table learned anew, the rest as it was. */
export function repackSentiment(bytes: Uint8Array, sentiment: Linear): Buffer {
  const { about, arrays } = unpackModel(bytes)
  const sizes = { ...(about as About).sizes, sentiment: sentiment.bits }
  return packModel({ ...(about as About), sizes }, { ...arrays, ...named('sentiment', layTable([sentiment])) })
}

export function repackNetwork(bytes: Uint8Array, network: Network): Buffer {
  const { about, arrays } = unpackModel(bytes)
  const sizes = { ...(about as About).sizes, ...networkSizes(network) }
  return packModel({ ...(about as About), sizes }, { ...arrays, ...networkArrays(network) })
}

export function repackHead(bytes: Uint8Array, head: BroadHead, linear: Linear): Buffer {
  const { about, arrays } = unpackModel(bytes)
  if (linear.bits !== (about as About).sizes.broad) throw new RangeError('The table has another number of rows.')
  const table = arrays['broad.rows']!
  const scales = arrays['broad.scales']!
  const width = scales.length
  const { rows, scales: own, bias } = layTable([linear])
  const { classes } = linear
  for (let row = 0; row < 1 << linear.bits; row += 1)
    table.set(rows.subarray(row * classes, (row + 1) * classes), row * width + columns[head])
  scales.set(own, columns[head])
  arrays['broad.bias']!.set(bias, columns[head])
  return packModel(about, arrays)
}
