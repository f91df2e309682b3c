// The labels that the learned parts know, in the order of their columns.

export const learnedIntents = [
  'complaint',
  'question',
  'request',
  'praise',
  'allegation',
  'threat',
  'feedback',
  'other',
] as const
export type LearnedIntent = (typeof learnedIntents)[number]

export const toxicities = ['hate', 'offensive', 'neither'] as const
