// How grave a message is: classes that a desk must see first, each found by rules that anyone can read or by the
// learned part where it is surer than the share of false alarms that we accept.

export const severities = [
  'safety',
  'legal',
  'discrimination',
  'fraud',
  'money',
  'outage',
  'vulnerable',
  'self-harm',
] as const
export type Severity = (typeof severities)[number]

/** Added to the learned score where a rule fires, by how many words of the phrase stood together. */
export const RULE_BONUS = [0, 1.2, 1.8, 2.4, 2.6] as const
