// Topics: a workspace names them and gives ten examples each; what else people write about them is learned from these.
// Features are weighed by how rare they are, each topic has a linear model, and a message that no topic is sure of has none.
import { deserialize, serialize } from 'node:v8'
import { seededRandom } from '#platform/random'
import { makeFeatures, readFeatures, type Features } from './text/features.ts'
import { everydayTexts } from './training/everyday.ts'

export interface TopicExample {
  readonly text: string
  /** Null is an example of what belongs to no topic. */
  readonly topic: string | null
}

export interface TopicWeights {
  /** In the order of the columns; '' is none of them. */
  readonly topics: readonly string[]
  /** Below this probability a message has no topic. */
  readonly threshold: number
  /** The features that count, and how much each is worth: `weights[index * topics.length + topic]`. */
  readonly features: Uint32Array
  readonly rarity: Float32Array
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** The name by which a topic is stored: it stays when the topic is renamed. */
export const topicKey = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)

/** Topics as bytes, for a row. */
export const encodeTopics = (weights: TopicWeights): Buffer => serialize(weights)

/** Reads what `encodeTopics` wrote. Throws where it is not whole. */
export function decodeTopics(bytes: Uint8Array): TopicWeights {
  const weights = deserialize(bytes) as TopicWeights
  const { topics, features, rarity, bias } = weights
  if (rarity.length !== features.length || bias.length !== topics.length)
    throw new RangeError('The topics are not whole.')
  if (weights.weights.length !== features.length * topics.length) throw new RangeError('The topics are not whole.')
  return weights
}

export interface TopicGuess {
  readonly topic: string | null
  readonly probability: number
}

interface Vector {
  readonly indices: Uint32Array
  readonly values: Float32Array
}

/** Fewer topics have too little to be told from: of two, every message would be one or the other. */
const ENOUGH_TOPICS = 12
const NONE = ''

const WORDS_WEIGHT = 1
const GRAMS_WEIGHT = 0.8

/** Learns topics from examples, in well under a second for a few hundred. The same examples give the same weights. */
export function learnTopics(
  given: readonly TopicExample[],
  options: { epochs?: number; rate?: number; decay?: number } = {},
): TopicWeights {
  const { epochs = 20, rate = 0.3, decay = 1e-6 } = options
  const named = [...new Set(given.flatMap(({ topic }) => (topic === null ? [] : [topic])))].toSorted()
  const plain = plainRivals(given, named.length)
  const topics = plain.length > 0 ? [...named, NONE] : named
  const examples = plain.length > 0 ? [...given, ...plain] : given
  const vocabulary = countFeatures(examples.map(({ text }) => text))
  const lookup = indexOf(vocabulary.features)
  const features = makeFeatures()
  const vectors = examples.map(({ text }) => {
    const { indices, values } = vectorOf(readFeatures(text, features), lookup, vocabulary.rarity)
    return { indices: indices.slice(), values: values.slice() }
  })
  const labels = examples.map(({ topic }) => topics.indexOf(topic ?? NONE))
  const { weights, bias } = fit(vectors, labels, topics.length, vocabulary.features.length, { epochs, rate, decay })
  return { topics, threshold: 0.35, ...vocabulary, weights, bias }
}

/** For each topic that is missing to enough, as many plain messages as the others have examples in the mean. */
function plainRivals(examples: readonly TopicExample[], topics: number): TopicExample[] {
  if (topics === 0 || topics >= ENOUGH_TOPICS) return []
  const texts = everydayTexts()
  const ofEach = examples.filter(({ topic }) => topic !== null).length / topics
  const count = Math.min(texts.length, Math.round((ENOUGH_TOPICS - topics) * ofEach))
  // Evenly, since they stand by language.
  return Array.from({ length: count }, (_, i) => ({
    text: texts[Math.floor((i * texts.length) / count)]!,
    topic: null,
  }))
}

/** Features that stand in at least two texts, or in any where there are few texts. */
function countFeatures(texts: readonly string[]): { features: Uint32Array; rarity: Float32Array } {
  const least = texts.length > 2_000 ? 2 : 1
  const counts = new Map<number, number>()
  const features = makeFeatures()
  for (const text of texts) {
    readFeatures(text, features)
    for (const id of new Set(features.ids.subarray(0, features.count))) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const kept = [...counts].filter(([, count]) => count >= least)
  return {
    features: Uint32Array.from(kept, ([id]) => id),
    rarity: Float32Array.from(kept, ([, count]) => Math.log((1 + texts.length) / (1 + count)) + 0.3),
  }
}

/** Where each feature stands, by open addressing: a message asks for some hundred. */
interface Index {
  readonly mask: number
  /** In pairs, so that one look at memory answers: the feature, and its index plus one; 0 is empty. */
  readonly slots: Int32Array
  /** One bit for each feature by its low 18 bits, small enough to stay in the nearest cache: most features are in no topic. */
  readonly seen: Uint8Array
}

function indexOf(features: Uint32Array): Index {
  const size = 1 << Math.max(8, Math.ceil(Math.log2(features.length * 4 + 1)))
  const index = { mask: size - 1, slots: new Int32Array(size * 2), seen: new Uint8Array(1 << 15) }
  for (const [i, id] of features.entries()) {
    index.seen[(id >>> 3) & 0x7fff]! |= 1 << (id & 7)
    let slot = id & index.mask
    while (index.slots[slot * 2 + 1] !== 0) slot = (slot + 1) & index.mask
    index.slots[slot * 2] = id | 0
    index.slots[slot * 2 + 1] = i + 1
  }
  return index
}

/** The feature's index, or −1 where no topic knows it. */
function find({ mask, slots, seen }: Index, id: number): number {
  if ((seen[(id >>> 3) & 0x7fff]! & (1 << (id & 7))) === 0) return -1
  let slot = id & mask
  for (let place = slots[slot * 2 + 1]!; place !== 0; place = slots[slot * 2 + 1]!) {
    if (slots[slot * 2] === (id | 0)) return place - 1
    slot = (slot + 1) & mask
  }
  return -1
}

const scratch: Vector = { indices: new Uint32Array(32_768), values: new Float32Array(32_768) }

/** The vector of a message. It lives until the next one is made; a copy lives longer. */
function vectorOf(read: Features, lookup: Index, rarity: Float32Array): Vector {
  const { indices, values } = scratch
  const middle = addPart(read, 0, read.words, WORDS_WEIGHT, 0, lookup, rarity)
  const used = addPart(read, read.words, read.count, GRAMS_WEIGHT, middle, lookup, rarity)
  return { indices: indices.subarray(0, used), values: values.subarray(0, used) }
}

/** Adds the features `[from, to)` behind `start`, scaled to the length `share`; answers where it ended. */
function addPart(
  { ids }: Features,
  from: number,
  to: number,
  share: number,
  start: number,
  lookup: Index,
  rarity: Float32Array,
): number {
  const { indices, values } = scratch
  let used = start
  let length = 0
  for (let i = from; i < to; i += 1) {
    const index = find(lookup, ids[i]!)
    if (index < 0) continue
    const value = rarity[index]!
    indices[used] = index
    values[used] = value
    length += value * value
    used += 1
  }
  const scale = length > 0 ? share / Math.sqrt(length) : 0
  for (let i = start; i < used; i += 1) values[i]! *= scale
  return used
}

function fit(
  vectors: readonly Vector[],
  labels: readonly number[],
  classes: number,
  size: number,
  { epochs, rate, decay }: { epochs: number; rate: number; decay: number },
): { weights: Float32Array; bias: Float32Array } {
  const weights = new Float32Array(size * classes)
  const squares = new Float32Array(size * classes).fill(1e-3)
  const bias = new Float32Array(classes)
  const errors = new Float64Array(classes)
  const random = seededRandom(3)
  const order = vectors.map((_, i) => i)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = random.below(i + 1)
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    for (const row of order) {
      const { indices, values } = vectors[row]!
      scoreInto(indices, values, weights, bias, errors)
      softmax(errors)
      const label = labels[row]!
      // What belongs to no topic should be as far from each as from the next.
      for (let c = 0; c < classes; c += 1) errors[c]! -= label < 0 ? 1 / classes : c === label ? 1 : 0
      for (let i = 0; i < indices.length; i += 1) {
        const base = indices[i]! * classes
        const value = values[i]!
        for (let c = 0; c < classes; c += 1) {
          const error = errors[c]!
          if (error < 1e-4 && error > -1e-4) continue
          const gradient = error * value + decay * weights[base + c]!
          const square = (squares[base + c]! += gradient * gradient)
          weights[base + c]! -= (rate * gradient) / Math.sqrt(square)
        }
      }
      for (let c = 0; c < classes; c += 1) bias[c]! -= 0.01 * rate * errors[c]!
    }
  }
  return { weights, bias }
}

function scoreInto(
  indices: Uint32Array,
  values: Float32Array,
  weights: Float32Array,
  bias: Float32Array,
  out: Float64Array,
): void {
  const classes = bias.length
  out.set(bias)
  for (let i = 0; i < indices.length; i += 1) {
    const base = indices[i]! * classes
    const value = values[i]!
    for (let c = 0; c < classes; c += 1) out[c]! += value * weights[base + c]!
  }
}

function softmax(scores: Float64Array): void {
  let most = -Infinity
  for (const score of scores) if (score > most) most = score
  let sum = 0
  for (let i = 0; i < scores.length; i += 1) sum += scores[i] = Math.exp(scores[i]! - most)
  for (let i = 0; i < scores.length; i += 1) scores[i]! /= sum
}

const guessers = new WeakMap<TopicWeights, ReturnType<typeof makeTopicGuesser>>()

/** What guesses by these weights, made once. */
export function guesserOf(learned: TopicWeights): ReturnType<typeof makeTopicGuesser> {
  const known = guessers.get(learned) ?? makeTopicGuesser(learned)
  guessers.set(learned, known)
  return known
}

/** Makes what guesses the topic of a message whose features were read. */
export function makeTopicGuesser(learned: TopicWeights): (features: Features) => TopicGuess {
  const lookup = indexOf(learned.features)
  const scores = new Float64Array(learned.topics.length)
  return (features) => {
    if (scores.length === 0) return { topic: null, probability: 0 }
    const { indices, values } = vectorOf(features, lookup, learned.rarity)
    scoreInto(indices, values, learned.weights, learned.bias, scores)
    softmax(scores)
    let best = 0
    for (let c = 1; c < scores.length; c += 1) if (scores[c]! > scores[best]!) best = c
    const probability = scores[best]!
    const isSaid = probability >= learned.threshold && indices.length > 0 && learned.topics[best] !== NONE
    return { topic: isSaid ? learned.topics[best]! : null, probability }
  }
}
