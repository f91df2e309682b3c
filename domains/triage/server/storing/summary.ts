// What a conversation's row says, out of what was said of its messages. By the times of the messages and not of their arrival,
// so that late and reordered deliveries leave the same row. What is gathered is kept on the row, so that a message is added to
// it without reading those before. Pure.
import type { Severity } from '../severity/severity.ts'

/** What is stored of a message, as far as its conversation repeats it. */
export interface Said {
  readonly occurredAt: string
  readonly language: string
  readonly sentiment: string
  readonly negative: number
  readonly intent: string
  readonly topic: string | null
  readonly urgency: number
  readonly severity: readonly Severity[]
  readonly severityProbabilities: readonly number[]
  readonly needsPerson: boolean
  readonly toxicity: string
  readonly corrected: readonly string[]
}

/** A label's newest sure word, and when it was said, in milliseconds. */
interface Newest {
  readonly at: number
  readonly value: string
}

/** What was said in an episode, gathered: JSON, a few hundred bytes however much it was. */
export interface Gathered {
  readonly episode: number
  /** When the newest message was written, in milliseconds; null before the first. */
  readonly saidAt: number | null
  readonly language?: Newest | undefined
  readonly sentiment?: Newest | undefined
  readonly intent?: Newest | undefined
  readonly topic?: Newest | undefined
  readonly severity: Readonly<Partial<Record<Severity, number>>>
  readonly needsPerson: boolean
  readonly toxic: boolean
  readonly urgency: number
  /** Of the message that is the most negative. */
  readonly negative: number
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
  readonly saidAt: Date | null
}

export const nothingSaid = (episode: number): Gathered => ({
  episode,
  saidAt: null,
  severity: {},
  needsPerson: false,
  toxic: false,
  urgency: 0,
  negative: 0,
})

/** Messages of the other side in one episode, in any order. */
export const gather = (episode: number, said: readonly Said[]): Gathered =>
  said.reduce((all, one) => join(all, gatheredOf(episode, one)), nothingSaid(episode))

/** Both together; in either order, and also where they have messages in common. */
export function join(a: Gathered, b: Gathered): Gathered {
  return {
    episode: a.episode,
    saidAt: a.saidAt === null || b.saidAt === null ? (a.saidAt ?? b.saidAt) : Math.max(a.saidAt, b.saidAt),
    language: newer(a.language, b.language),
    sentiment: newer(a.sentiment, b.sentiment),
    intent: newer(a.intent, b.intent),
    topic: newer(a.topic, b.topic),
    severity: graver(a.severity, b.severity),
    needsPerson: a.needsPerson || b.needsPerson,
    toxic: a.toxic || b.toxic,
    urgency: Math.max(a.urgency, b.urgency),
    negative: Math.max(a.negative, b.negative),
  }
}

function newer(a: Newest | undefined, b: Newest | undefined): Newest | undefined {
  if (!a || !b) return a ?? b
  return a.at > b.at || (a.at === b.at && a.value <= b.value) ? a : b
}

function graver(a: Gathered['severity'], b: Gathered['severity']): Gathered['severity'] {
  const both: Partial<Record<Severity, number>> = { ...a }
  for (const [kind, probability = 0] of Object.entries(b) as [Severity, number | undefined][])
    both[kind] = Math.max(both[kind] ?? 0, probability)
  return both
}

/** What one message adds. Of a label that it is not sure of, nothing. */
function gatheredOf(episode: number, one: Said): Gathered {
  const at = Date.parse(one.occurredAt)
  const word = (value: string | null, unsaid: string | null): Newest | undefined =>
    value === null || value === unsaid ? undefined : { at, value }
  const severity: Partial<Record<Severity, number>> = {}
  one.severity.forEach((kind, i) => (severity[kind] = Math.max(severity[kind] ?? 0, one.severityProbabilities[i] ?? 1)))
  return {
    episode,
    saidAt: at,
    language: word(one.language, 'und'),
    sentiment: word(one.sentiment, 'unsure'),
    intent: word(one.intent, 'other'),
    topic: word(one.topic, null),
    severity,
    needsPerson: one.needsPerson,
    toxic: one.toxicity !== 'none',
    urgency: one.urgency,
    negative: angerOf(one),
  }
}

/** What the row says of it. The newest message that is sure of a label gives it. */
export function summarise(all: Gathered): Summary {
  const said = all.saidAt !== null
  return {
    language: all.language?.value ?? null,
    sentiment: all.sentiment?.value ?? (said ? 'unsure' : null),
    intent: all.intent?.value ?? (said ? 'other' : null),
    topic: all.topic?.value ?? null,
    severity: (Object.entries(all.severity) as [Severity, number][])
      .map(([kind, probability]) => ({ kind, probability }))
      .sort((a, b) => b.probability - a.probability || (a.kind < b.kind ? -1 : 1)),
    needsPerson: all.needsPerson,
    toxic: all.toxic,
    urgency: all.urgency,
    negative: all.negative,
    saidAt: all.saidAt === null ? null : new Date(all.saidAt),
  }
}

/** How probable it is that a message is negative. A person's word is sure; of what the model is unsure of, and of spam, nobody is angry. */
function angerOf({ sentiment, negative, corrected, intent }: Said): number {
  if (intent === 'spam' || sentiment === 'unsure') return 0
  return corrected.includes('sentiment') ? Number(sentiment === 'negative') : negative
}
