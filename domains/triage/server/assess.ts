// The assessment of messages: pure, a batch in and a batch out, the same for each message whether it comes alone or not.
import { sentiments, type Assessment, type Intent, type Sentiment, type Toxicity } from './assessment.ts'
import { duplicateKeyOf } from './duplicates.ts'
import { toProbabilities } from './evaluation/probabilities.ts'
import { applyLayer, findingsOf, type LayerWeights } from './layer.ts'
import { makeScorer, makeScores, type Models, type Scores } from './models/models.ts'
import { findPersonalData } from './personal-data/find.ts'
import { eachPhrase } from './severity/phrases.ts'
import { RULE_BONUS, severities, type Severity } from './severity/severity.ts'
import { urgencyOf } from './severity/urgency.ts'
import { makeFeatures, readFeatures, type Features } from './text/features.ts'
import { languageOf } from './text/language.ts'
import { guesserOf, type TopicWeights } from './topics.ts'
import { learnedIntents, toxicities } from './training/labels.ts'

export interface AssessOptions {
  /** What the workspace taught. */
  readonly layer?: LayerWeights | null
  /** The workspace's topics; none where absent. */
  readonly topics?: TopicWeights | null
}

/** Languages in which sentiment was measured (docs/models.md). In any other it is *unsure*. */
export const measuredLanguages: ReadonlySet<string> = new Set(['ar', 'de', 'en', 'es', 'fr', 'hi', 'it', 'pt'])

/** Where the model is hardly better than chance it must be surer before it says anything. */
const WEAK: Readonly<Record<string, number>> = { ar: 0.6, hi: 0.5 }

const EVEN = { negative: 1 / 3, neutral: 1 / 3, positive: 1 / 3 } as const

/** Assesses texts of any length and kind, in their order. Without models (null) sentiment is *unsure* and the rules still work. */
export function assess(texts: readonly string[], models: Models | null, options: AssessOptions = {}): Assessment[] {
  const features = makeFeatures()
  const guess = options.topics ? guesserOf(options.topics) : null
  if (models === null) return texts.map((text) => withoutModels(text, readFeatures(text, features), guess))
  const scorer = scorerOf(models)
  const scores = makeScores(models)
  return texts.map((text) => {
    readFeatures(text, features)
    // Where nothing can be read, nothing can be said.
    if (features.tokens === 0) return withoutModels(text, features, guess)
    scorer(features, scores)
    return assembled(text, features, scores, models, options.layer ?? null, guess)
  })
}

const scorers = new WeakMap<Models, ReturnType<typeof makeScorer>>()

/** The scorer of these models, with the words that it remembers: they change its speed, never what it says. */
function scorerOf(models: Models): ReturnType<typeof makeScorer> {
  const known = scorers.get(models) ?? makeScorer(models)
  scorers.set(models, known)
  return known
}

type Guess = ReturnType<typeof guesserOf> | null

function withoutModels(text: string, features: Features, guess: Guess): Assessment {
  const severity = gravest(features, null, null)
  const kinds = severity.map(({ kind }) => kind)
  return {
    language: languageOf(text, features),
    sentiment: { label: 'unsure', probabilities: EVEN },
    intent: 'other',
    complaint: 0,
    emotions: [],
    topic: guess?.(features).topic ?? null,
    urgency: urgencyOf(kinds, features.lexicon, features.lexical),
    severity,
    needsPerson: kinds.includes('self-harm'),
    toxicity: { label: 'none', probability: 0 },
    spam: 0,
    personalData: findPersonalData(text),
    duplicateKey: duplicateKeyOf(features),
  }
}

function assembled(
  text: string,
  features: Features,
  scores: Scores,
  models: Models,
  layer: LayerWeights | null,
  guess: Guess,
): Assessment {
  const { calibration, columns } = models
  const language = languageOf(text, features)
  const three = sentimentScores(features, scores, models, layer)
  const probabilities = [0, 0, 0]
  toProbabilities(three, { sharpness: 1, offsets: [0, 0, 0] }, probabilities)
  const spam = sigmoid(scores.broad[columns.spam]!)
  const complaint = sigmoid(complaintScore(scores.broad, three, models))
  const severity = gravest(features, scores.broad, models)
  const kinds = severity.map(({ kind }) => kind)
  return {
    language,
    sentiment: {
      label: sentimentLabel(probabilities, language, features, calibration.unsureBelow),
      probabilities: { negative: probabilities[0]!, neutral: probabilities[1]!, positive: probabilities[2]! },
    },
    intent: intentOf(scores.broad, complaint, spam, models),
    complaint,
    emotions: emotionsOf(scores, models),
    topic: guess?.(features).topic ?? null,
    urgency: urgencyOf(kinds, features.lexicon, features.lexical),
    severity,
    needsPerson: kinds.includes('self-harm'),
    toxicity: toxicityOf(scores.broad, features, language, models),
    spam,
    personalData: findPersonalData(text),
    duplicateKey: duplicateKeyOf(features),
  }
}

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score))

/** Scores of desks begin to be surer about here. */
const DESK_FROM = -2

/** The scores before they are fitted: both halves blended, stretched by how much the text speaks to a firm's desk. */
export function rawSentiment(scores: Scores, { calibration, columns }: Models): Float32Array {
  const { networkShare, sentiment } = calibration
  const three = new Float32Array(3)
  const stretch = 1 + sentiment.desk * sigmoid(scores.broad[columns.desk]! - DESK_FROM)
  for (let c = 0; c < 3; c += 1)
    three[c] = stretch * ((1 - networkShare) * scores.sentiment[c]! + networkShare * scores.networkSentiment[c]!)
  return three
}

/** The three scores of sentiment, calibrated, with what the workspace taught; their softmax are the probabilities. */
export function sentimentScores(
  features: Features,
  scores: Scores,
  models: Models,
  layer: LayerWeights | null,
): Float32Array {
  const three = rawSentiment(scores, models)
  toProbabilities(three, models.calibration.sentiment, three)
  for (let c = 0; c < 3; c += 1) three[c] = Math.log(three[c]!)
  if (layer !== null) {
    const { ids, words, count } = features
    applyLayer(layer, { ids, words, count, findings: findingsOf(scores.broad) }, three)
  }
  return three
}

function sentimentLabel(
  probabilities: readonly number[],
  language: string,
  features: Features,
  least: number,
): Sentiment | 'unsure' {
  // Emoji and marks alone are of no language and all languages.
  const isMeasured = measuredLanguages.has(language) || (features.lexical === 0 && features.tokens > 0)
  let best = 0
  for (let c = 1; c < 3; c += 1) if (probabilities[c]! > probabilities[best]!) best = c
  return isMeasured && probabilities[best]! >= (WEAK[language] ?? least) ? sentiments[best]! : 'unsure'
}

/** Log odds of the first class of three or more, against all others. */
function oddsOfFirst(scores: ArrayLike<number>, from: number, count: number): number {
  let most = -Infinity
  for (let c = 1; c < count; c += 1) most = Math.max(most, scores[from + c]!)
  let sum = 0
  for (let c = 1; c < count; c += 1) sum += Math.exp(scores[from + c]! - most)
  return scores[from]! - most - Math.log(sum)
}

function complaintScore(broad: Float32Array, three: Float32Array, { columns, calibration }: Models): number {
  const { sentimentShare, offset } = calibration.complaint
  const said = oddsOfFirst(broad, columns.intent, learnedIntents.length)
  return (1 - sentimentShare) * said + sentimentShare * oddsOfFirst(three, 0, 3) + offset
}

function intentOf(broad: Float32Array, complaint: number, spam: number, { columns, calibration }: Models): Intent {
  if (spam > calibration.spamThreshold) return 'spam'
  const probabilities = Array.from(learnedIntents, () => 0)
  const scores = broad.subarray(columns.intent, columns.intent + learnedIntents.length)
  toProbabilities(scores, { sharpness: 1, offsets: probabilities }, probabilities)
  for (const name of ['threat', 'allegation'] as const)
    if (probabilities[learnedIntents.indexOf(name)]! > 0.6) return name
  if (complaint > 0.5) return 'complaint'
  let best = 1
  for (let c = 2; c < scores.length; c += 1) if (scores[c]! > scores[best]!) best = c
  return learnedIntents[best]!
}

function emotionsOf(scores: Scores, { emotions, columns, calibration }: Models): string[] {
  const { emotionShare, emotionThresholds } = calibration
  const found: { name: string; over: number }[] = []
  for (let e = 0; e < emotions.length; e += 1) {
    const score = (1 - emotionShare) * scores.broad[columns.emotion + e]! + emotionShare * scores.networkEmotion[e]!
    if (score > emotionThresholds[e]!) found.push({ name: emotions[e]!, over: score - emotionThresholds[e]! })
  }
  return found.sort((a, b) => b.over - a.over).map(({ name }) => name)
}

/** A few words, or words of a language whose foul ones were never learned, must be this surely foul. */
const FOUL_FLOOR = 0.85
const FOUL_SHORT = 5

function toxicityOf(
  broad: Float32Array,
  features: Features,
  language: string,
  { columns, calibration }: Models,
): { label: Toxicity; probability: number } {
  const probabilities = [0, 0, 0]
  const scores = broad.subarray(columns.toxicity, columns.toxicity + toxicities.length)
  toProbabilities(scores, { sharpness: 1, offsets: calibration.toxicityOffsets }, probabilities)
  const [hate = 0, offensive = 0, neither = 0] = probabilities
  const isFamiliar = features.lexical >= FOUL_SHORT && language === 'en'
  if ((neither >= hate && neither >= offensive) || (!isFamiliar && 1 - neither < FOUL_FLOOR))
    return { label: 'none', probability: 1 - neither }
  return { label: hate > offensive ? 'hate' : 'offensive', probability: 1 - neither }
}

const ruled = new Float32Array(severities.length)
/** Where no model is there, a rule of two words is enough, and one of one word is not. */
const RULE_ALONE = 1.7
/** The floor of evidence: under this many words the learned part alone must be surer by so much. */
const SHORT = 8
const SHORT_PENALTY = -1.5

/** From so many words on it shows whether they are always the same. */
const REPEATED = 32

/** Whether the same few words come again and again: what was learned of them grows with each time and means nothing. */
function repeatsItself({ lexicon, lexical }: Features): boolean {
  if (lexical < REPEATED) return false
  const met = new Set<number>()
  for (let i = 0; i < lexical && met.size < SHORT; i += 1) met.add(lexicon[i]!)
  return met.size < SHORT
}

function gravest(
  features: Features,
  broad: Float32Array | null,
  models: Models | null,
): { kind: Severity; probability: number }[] {
  if (models !== null && repeatsItself(features)) return gravest(features, null, null)
  // A few words that no rule knows are hardly ground for alarm, whatever they resemble.
  ruled.fill(models !== null && features.lexical < SHORT ? SHORT_PENALTY : 0)
  eachPhrase(features.lexicon, features.lexical, (severity, words) => {
    const at = severities.indexOf(severity)
    ruled[at] = Math.max(ruled[at]!, RULE_BONUS[Math.min(words, 4)]!)
  })
  const found: { kind: Severity; probability: number }[] = []
  for (let s = 0; s < severities.length; s += 1) {
    const score = severityScore(s, broad, models)
    const threshold = models === null ? RULE_ALONE : models.calibration.severityThresholds[s]!
    if (score >= threshold) found.push({ kind: severities[s]!, probability: sigmoid(score - threshold) })
  }
  return found.sort((a, b) => b.probability - a.probability)
}

function severityScore(s: number, broad: Float32Array | null, models: Models | null): number {
  return broad === null || models === null ? ruled[s]! : broad[models.columns.severity + s]! + ruled[s]!
}

/** The scores of severity by rules and learning together, before any threshold: for measuring. */
export function severityScores(features: Features, broad: Float32Array, models: Models): Float32Array {
  gravest(features, broad, models)
  return Float32Array.from(severities, (_, s) => severityScore(s, broad, models))
}
