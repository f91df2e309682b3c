// What is said of one message.
import type { PersonalDataSpan } from './personal-data/find.ts'
import type { Severity } from './severity/severity.ts'
import type { LanguageCode } from './text/language.ts'

/** In the order of every table of three. */
export const sentiments = ['negative', 'neutral', 'positive'] as const
export type Sentiment = (typeof sentiments)[number]

export const mostProbable = (probabilities: Readonly<Record<Sentiment, number>>): Sentiment =>
  sentiments.reduce((best, name) => (probabilities[name] > probabilities[best] ? name : best))

export const intents = [
  'complaint',
  'question',
  'request',
  'praise',
  'allegation',
  'threat',
  'feedback',
  'spam',
  'other',
] as const
export type Intent = (typeof intents)[number]

export type Toxicity = 'hate' | 'offensive' | 'none'

export interface Assessment {
  readonly language: LanguageCode
  readonly sentiment: {
    /** *unsure* where the model is, and in languages in which it was never measured. */
    readonly label: Sentiment | 'unsure'
    readonly probabilities: Readonly<Record<Sentiment, number>>
  }
  readonly intent: Intent
  /** How probable it is that the writer complains, whatever else the message is. */
  readonly complaint: number
  /** Labels of GoEmotions, the surest first; empty where nothing is felt. */
  readonly emotions: readonly string[]
  readonly topic: string | null
  /** From 0 to 1: how soon somebody should look. */
  readonly urgency: number
  readonly severity: readonly { readonly kind: Severity; readonly probability: number }[]
  /** Somebody may hurt themselves: this goes to a person at once. */
  readonly needsPerson: boolean
  readonly toxicity: { readonly label: Toxicity; readonly probability: number }
  readonly spam: number
  readonly personalData: readonly PersonalDataSpan[]
  /** See duplicates.ts. */
  readonly duplicateKey: string
}
