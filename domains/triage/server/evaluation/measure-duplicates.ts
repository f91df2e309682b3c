// Near-duplicates on made variations of real messages against other messages of the same desks.
import { areNearDuplicates, duplicateKey } from '../duplicates.ts'
import type { Models } from '../models/models.ts'
import { readRows } from '../training/data.ts'
import type { Figures } from './evaluate.ts'

/** What people do to a text that they send again: another desk, a greeting, no capitals, a typo, a word less, copied with RT. */
const VARIATIONS: readonly ((text: string) => string)[] = [
  (text) => text.toUpperCase(),
  (text) => `RT @somebody: ${text} https://t.co/abc`,
  (text) => `${text} please help`,
  (text) => `Hello, ${text.replace(/@\w+/g, '@another')}`,
  (text) => text.replace(/[.,!?]/g, ' '),
  (text) =>
    text
      .split(' ')
      .filter((_, i, words) => i !== Math.floor(words.length / 2))
      .join(' '),
  (text) =>
    text
      .split(' ')
      .map((word, i) => (i === 4 && word.length > 3 ? word.slice(1) : word))
      .join(' '),
]

export function measureDuplicates(directory: string, _models: Models): Figures {
  const texts = readRows<{ text: string; inbound: boolean }>(directory, 'support/support-threads')!
    .filter(({ text, inbound }) => inbound && text.split(/\s+/).length >= 10)
    .map(({ text }) => text)
  const keys = texts.map(duplicateKey)
  let found = 0
  for (const [i, text] of texts.entries())
    for (const vary of VARIATIONS) if (areNearDuplicates(keys[i]!, duplicateKey(vary(text)))) found += 1
  let alarms = 0
  for (let i = 0; i < texts.length; i += 1)
    for (let j = i + 1; j < texts.length; j += 1) if (areNearDuplicates(keys[i]!, keys[j]!)) alarms += 1
  return {
    'duplicates.recall': found / (texts.length * VARIATIONS.length),
    'duplicates.precision': found / (found + alarms),
    'duplicates.alarms_per_million_pairs': (alarms / ((texts.length * (texts.length - 1)) / 2)) * 1e6,
  }
}
