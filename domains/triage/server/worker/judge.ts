// A batch assessed with everything that is stored of it: pure, and the same in the thread and out of it.
import { assess, measuredLanguages } from '../assess.ts'
import type { Assessment } from '../assessment.ts'
import { defaultTopics } from '../default-topics.ts'
import { faultOf } from '../fault.ts'
import { taughtShare, type LayerWeights } from '../layer.ts'
import type { Models } from '../models/models.ts'
import { topicKey, type TopicWeights } from '../topics.ts'
import { makeFeatures, readFeatures } from '../text/features.ts'
import type { Assessed } from './assessed.ts'

export interface Knowledge {
  readonly models: Models | null
  readonly layer: LayerWeights | null
  /** Null: the default set. */
  readonly topics: TopicWeights | null
}

/** Languages in which sentiment was never measured teach little by one answer more. */
const ELSEWHERE = 0.3

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** Four digits are more than anybody is sure of, and a number that is the same in memory and in a column of four bytes. */
const rounded = ({ sentiment, severity, toxicity, complaint, urgency, spam }: Assessment) => ({
  sentiment: {
    label: sentiment.label,
    probabilities: {
      negative: round(sentiment.probabilities.negative),
      neutral: round(sentiment.probabilities.neutral),
      positive: round(sentiment.probabilities.positive),
    },
  },
  severity: severity.map(({ kind, probability }) => ({ kind, probability: round(probability) })),
  toxicity: { label: toxicity.label, probability: round(toxicity.probability) },
  complaint: round(complaint),
  urgency: round(urgency),
  spam: round(spam),
})

export function judge(texts: readonly string[], { models, layer, topics }: Knowledge): Assessed[] {
  const features = makeFeatures()
  const weights = topics ?? defaultTopics()
  return assess(texts, models, { layer, topics: weights }).map((one, i) => {
    const text = texts[i]!
    const { negative, neutral, positive } = one.sentiment.probabilities
    const [first = 0, second = 0] = [negative, neutral, positive].sort((a, b) => b - a)
    const complains = one.intent === 'complaint' || one.intent === 'allegation' || one.complaint > 0.5
    const weight = measuredLanguages.has(one.language) ? 1 : ELSEWHERE
    return {
      ...one,
      ...rounded(one),
      topic: one.topic === null ? null : topicKey(one.topic),
      fault: complains ? faultOf(text) : 'unclear',
      source: models === null ? 'rules' : layer === null ? 'shipped' : 'workspace',
      torn: round(weight * (1 - (first - second))),
      novelty: layer === null ? 1 : round(1 - taughtShare(layer, readFeatures(text, features))),
    }
  })
}
