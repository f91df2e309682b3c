// The models as they run: whole numbers of eight bits, summed as they stand and scaled at the end.
import { readFileSync } from 'node:fs'
import type { Features } from '../text/features.ts'
import { ModelFileError, unpackModel } from './file.ts'

/** Several linear models side by side over the same features: row `id & mask` holds one weight for every class. */
export interface Table {
  readonly bits: number
  readonly width: number
  readonly rows: Int8Array
  /** What one step of each column is worth, and what each begins with. */
  readonly scales: Float32Array
  readonly bias: Float32Array
}

/** Hashed embeddings, summed, and one hidden layer over the sum. */
export interface SmallNetwork {
  readonly bits: number
  readonly size: number
  readonly hidden: number
  readonly rows: Int8Array
  readonly scale: number
  readonly layer: Float32Array
  readonly layerBias: Float32Array
  readonly sentiment: Float32Array
  readonly sentimentBias: Float32Array
  readonly emotion: Float32Array
  readonly emotionBias: Float32Array
}

export interface Columns {
  readonly intent: number
  readonly toxicity: number
  readonly spam: number
  readonly severity: number
  readonly emotion: number
  /** How much a text speaks to a firm's desk. */
  readonly desk: number
}

/** How scores become probabilities and labels; fitted on what no model learned from. */
export interface Calibration {
  /** Share of the network in the scores of sentiment and emotion. */
  readonly networkShare: number
  readonly emotionShare: number
  readonly sentiment: {
    readonly sharpness: number
    readonly offsets: readonly number[]
    /** How much surer the scores are where a firm's desk is spoken to. */
    readonly desk: number
    /** Share of every probability that is spread evenly: no score is certain, since no reader is. */
    readonly doubt: number
  }
  /** Below this probability the sentiment is *unsure*. */
  readonly unsureBelow: number
  readonly emotionThresholds: readonly number[]
  readonly toxicityOffsets: readonly number[]
  readonly spamThreshold: number
  readonly severityThresholds: readonly number[]
  /** Share of the sentiment in the score of complaints, and what is added. */
  readonly complaint: { readonly sentimentShare: number; readonly offset: number }
}

export interface Models {
  readonly sentiment: Table
  readonly broad: Table
  readonly columns: Columns
  readonly network: SmallNetwork
  readonly emotions: readonly string[]
  readonly calibration: Calibration
}

interface About {
  readonly columns: Columns
  readonly emotions: readonly string[]
  readonly calibration: Calibration
  readonly sizes: {
    readonly sentiment: number
    readonly broad: number
    readonly network: readonly number[]
    readonly scale: number
  }
}

const SHIPPED = new URL('./text.bin', import.meta.url)

/** Reads a model file, the one in the repository where none is named. Throws ModelFileError where it can't be used. */
export function loadModels(path: string | URL = SHIPPED): Models {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new ModelFileError(
      `The model file can't be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    )
  }
  return readModels(bytes)
}

export function readModels(bytes: Uint8Array): Models {
  const { about, arrays } = unpackModel(bytes)
  const { columns, emotions, calibration, sizes } = about as About
  const int8 = (name: string) => pick(arrays[name], Int8Array, name)
  const float = (name: string) => pick(arrays[name], Float32Array, name)
  const table = (name: string, bits: number): Table => {
    const scales = float(`${name}.scales`)
    const rows = int8(`${name}.rows`)
    if (rows.length !== scales.length << bits)
      throw new ModelFileError(`The model file's table ${name} has another size.`)
    return { bits, width: scales.length, rows, scales, bias: float(`${name}.bias`) }
  }
  if (columns?.desk === undefined || calibration?.sentiment?.doubt === undefined)
    throw new ModelFileError('The model file is of an earlier version.')
  const [bits = 0, size = 0, hidden = 0] = sizes.network
  return {
    sentiment: table('sentiment', sizes.sentiment),
    broad: table('broad', sizes.broad),
    columns,
    emotions,
    calibration,
    network: {
      bits,
      size,
      hidden,
      rows: int8('network.rows'),
      scale: sizes.scale,
      layer: float('network.layer'),
      layerBias: float('network.layerBias'),
      sentiment: float('network.sentiment'),
      sentimentBias: float('network.sentimentBias'),
      emotion: float('network.emotion'),
      emotionBias: float('network.emotionBias'),
    },
  }
}

function pick<T extends Int8Array | Float32Array>(found: unknown, kind: new () => T, name: string): T {
  if (found instanceof kind) return found
  throw new ModelFileError(`The model file lacks ${name}.`)
}

/** Scores of one message, before any calibration. Reused from one message to the next. */
export interface Scores {
  readonly sentiment: Float32Array
  readonly broad: Float32Array
  readonly networkSentiment: Float32Array
  readonly networkEmotion: Float32Array
}

export function makeScores(models: Models): Scores {
  return {
    sentiment: new Float32Array(3),
    broad: new Float32Array(models.broad.width),
    networkSentiment: new Float32Array(3),
    networkEmotion: new Float32Array(models.emotions.length),
  }
}

/** Words whose sums are kept, by their hash. Most words of most messages are among a few thousand. */
const KEPT_WORDS = 8_192

/** Makes what scores a message. Its working memory is its own, so that nothing is allocated for each message. */
export function makeScorer(models: Models): (features: Features, out: Scores) => void {
  const { sentiment, broad, network } = models
  const { width } = broad
  const { size, hidden, scale: networkScale } = network
  const total = 3 + width + size
  const sums = new Int32Array(total)
  const sum = new Float32Array(size)
  const active = new Float32Array(hidden)
  const addRows = makeAdder(models)
  const addWord = keepWords(addRows, total)

  const flush = (count: number, out: Scores): void => {
    const scale = 1 / Math.sqrt(count)
    for (let c = 0; c < 3; c += 1) out.sentiment[c]! += scale * sentiment.scales[c]! * sums[c]!
    for (let c = 0; c < width; c += 1) out.broad[c]! += scale * broad.scales[c]! * sums[3 + c]!
    for (let d = 0; d < size; d += 1) sum[d]! += scale * networkScale * sums[3 + width + d]!
  }

  return (features, out) => {
    const { ids, words, count, lexicon, lexical, gramStops } = features
    out.sentiment.set(sentiment.bias)
    out.broad.set(broad.bias)
    sum.fill(0)
    sums.fill(0)
    addRows(ids, 0, words, sums)
    flush(Math.max(1, words), out)
    if (count > words) {
      sums.fill(0)
      let from = words
      for (let k = 0; k < lexical; k += 1) {
        const to = words + gramStops[k]!
        if (to > from) addWord(lexicon[k]!, ids, from, to, sums)
        from = to
      }
      flush(count - words, out)
    }
    for (let h = 0; h < hidden; h += 1) {
      let value = network.layerBias[h]!
      for (let d = 0; d < size; d += 1) value += network.layer[h * size + d]! * sum[d]!
      active[h] = value > 0 ? value : 0
    }
    project(network.sentiment, network.sentimentBias, active, out.networkSentiment)
    project(network.emotion, network.emotionBias, active, out.networkEmotion)
  }
}

type AddRows = (ids: Uint32Array, from: number, to: number, sums: Int32Array) => void

/**
 * Adds the rows of features in all tables to sums that stand side by side: sentiment, broad, network. The two wide tables
 * are laid side by side first, because most of the time goes into waiting for memory, row by row.
 */
function makeAdder({ sentiment, broad, network }: Models): AddRows {
  const sentimentRows = sentiment.rows
  const sentimentMask = (1 << sentiment.bits) - 1
  const bits = Math.max(broad.bits, network.bits)
  const mask = (1 << bits) - 1
  const width = broad.width + network.size
  const wide = new Int8Array(width << bits)
  for (let row = 0; row <= mask; row += 1) {
    const from = (row & ((1 << broad.bits) - 1)) * broad.width
    const base = (row & ((1 << network.bits) - 1)) * network.size
    wide.set(broad.rows.subarray(from, from + broad.width), row * width)
    wide.set(network.rows.subarray(base, base + network.size), row * width + broad.width)
  }
  const even = width - (width % 4)
  return (ids, from, to, sums) => {
    for (let i = from; i < to; i += 1) {
      const id = ids[i]!
      const at = (id & sentimentMask) * 3
      const row = (id & mask) * width
      sums[0]! += sentimentRows[at]!
      sums[1]! += sentimentRows[at + 1]!
      sums[2]! += sentimentRows[at + 2]!
      let c = 0
      for (; c < even; c += 4) {
        sums[3 + c]! += wide[row + c]!
        sums[4 + c]! += wide[row + c + 1]!
        sums[5 + c]! += wide[row + c + 2]!
        sums[6 + c]! += wide[row + c + 3]!
      }
      for (; c < width; c += 1) sums[3 + c]! += wide[row + c]!
    }
  }
}

/** Adds the characters of a word, from the sums kept of it where it was met before. The sums are whole numbers: the same either way. */
function keepWords(
  addRows: AddRows,
  total: number,
): (hash: number, ids: Uint32Array, from: number, to: number, sums: Int32Array) => void {
  const keys = new Int32Array(KEPT_WORDS)
  // Two words of one hash are told apart by their characters' features.
  const checks = new Uint32Array(KEPT_WORDS)
  const kept = new Int16Array(KEPT_WORDS * total)
  const fresh = new Int32Array(total)
  return (hash, ids, from, to, sums) => {
    let check = to - from
    for (let i = from; i < to; i += 1) check = (Math.imul(check, 31) ^ ids[i]!) >>> 0
    const slot = (hash ^ (hash >>> 15)) & (KEPT_WORDS - 1)
    const start = slot * total
    if (keys[slot] !== hash || checks[slot] !== check) {
      fresh.fill(0)
      addRows(ids, from, to, fresh)
      keys[slot] = hash
      checks[slot] = check
      // At most 120 features a word, each at most 127: sixteen bits hold them.
      kept.set(fresh, start)
    }
    for (let c = 0; c < total; c += 1) sums[c]! += kept[start + c]!
  }
}

function project(weights: Float32Array, bias: Float32Array, active: Float32Array, out: Float32Array): void {
  const { length } = active
  for (let c = 0; c < out.length; c += 1) {
    let value = bias[c]!
    for (let h = 0; h < length; h += 1) value += weights[c * length + h]! * active[h]!
    out[c] = value
  }
}
