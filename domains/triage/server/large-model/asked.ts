// What a large model is asked about: only messages over which the offline one is torn.
import type { Assessed } from '../worker/assessed.ts'

export const ASK_TASK = 'triage.ask_large_model'

export const isAsked = ({ sentiment, source, intent }: Pick<Assessed, 'sentiment' | 'source' | 'intent'>): boolean =>
  sentiment.label === 'unsure' && source !== 'rules' && intent !== 'spam'
