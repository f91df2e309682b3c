// What a conversation's row says, out of what was said of its messages. By the times of the messages and not of their arrival,
// so that late and reordered deliveries leave the same row. Pure.
import type { Severity } from '../severity/severity.ts'

/** What is stored of a message, as far as its conversation repeats it. */
export interface Said {
  readonly messageId: string
  readonly occurredAt: string
  readonly language: string
  readonly sentiment: string
  readonly negative: number
  readonly positive: number
  readonly intent: string
  readonly topic: string | null
  readonly urgency: number
  readonly severity: readonly Severity[]
  readonly severityProbabilities: readonly number[]
  readonly needsPerson: boolean
  readonly toxicity: string
  readonly spam: number
  readonly corrected: readonly string[]
}

export interface Summary {
  readonly language: string | null
  readonly sentiment: string | null
  readonly intent: string | null
  readonly topic: string | null
  readonly severity: readonly { readonly kind: Severity; readonly probability: number }[]
  readonly needsPerson: boolean
  readonly toxic: boolean
  readonly urgency: number
  /** Of the message that is the most negative. */
  readonly negative: number
  readonly positive: number
  readonly saidAt: Date | null
}

/** `said`: messages of the other side in the present episode, newest first. The newest that is sure of a label gives it. */
export function summarise(said: readonly Said[]): Summary {
  const newest = <K extends 'language' | 'sentiment' | 'intent' | 'topic'>(label: K, unsaid: string | null) =>
    said.find((one) => one[label] !== unsaid)?.[label] ?? (said.length > 0 ? unsaid : null)
  const severity = new Map<Severity, number>()
  let worst = { negative: 0, positive: 0 }
  let urgency = 0
  for (const one of said) {
    one.severity.forEach((kind, i) =>
      severity.set(kind, Math.max(severity.get(kind) ?? 0, one.severityProbabilities[i] ?? 1)),
    )
    const mood = moodOf(one)
    if (mood.negative - mood.positive > worst.negative - worst.positive) worst = mood
    urgency = Math.max(urgency, one.urgency)
  }
  const language = newest('language', 'und')
  return {
    language: language === 'und' ? null : language,
    sentiment: newest('sentiment', 'unsure'),
    intent: newest('intent', 'other'),
    topic: newest('topic', null),
    severity: [...severity]
      .map(([kind, probability]) => ({ kind, probability }))
      .sort((a, b) => b.probability - a.probability || (a.kind < b.kind ? -1 : 1)),
    needsPerson: said.some(({ needsPerson }) => needsPerson),
    toxic: said.some(({ toxicity }) => toxicity !== 'none'),
    urgency,
    ...worst,
    saidAt: said[0] ? new Date(said[0].occurredAt) : null,
  }
}

/** A person's word is sure; the model's *unsure* is as sure as its probabilities, and spam angers nobody. */
function moodOf({ sentiment, negative, positive, corrected, intent }: Said): { negative: number; positive: number } {
  if (intent === 'spam') return { negative: 0, positive: 0 }
  if (!corrected.includes('sentiment')) return { negative, positive }
  return { negative: Number(sentiment === 'negative'), positive: Number(sentiment === 'positive') }
}
