// Every figure that we promise, from the sets that are there. What is left out is said.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Models } from '../models/models.ts'
import { measureCalibration } from './measure-calibration.ts'
import { measureCorrections } from './measure-corrections.ts'
import { measureEmotionAndToxicity, measureSpam } from './measure-labels.ts'
import { measureLanguage } from './measure-language.ts'
import { measurePersonalData } from './measure-personal-data.ts'
import { measureStrangers } from './measure-strangers.ts'
import { measureSentiment, measureSupport } from './measure-sentiment.ts'
import { measureSeverity } from './measure-severity.ts'
import { measureDuplicates } from './measure-duplicates.ts'
import { measureTopics } from './measure-topics.ts'

/** `set.measure` to its value. */
export type Figures = Record<string, number>

interface Part {
  readonly name: string
  /** Files that it needs, without `.jsonl.gz`. */
  readonly needs: readonly string[]
  measure(directory: string, models: Models): Figures | Promise<Figures>
}

const PARTS: readonly Part[] = [
  {
    name: 'sentiment',
    needs: ['text/sentiment-semeval2017.test', 'text/sentiment-umsab.test'],
    measure: measureSentiment,
  },
  { name: 'support', needs: ['support/support-threads'], measure: measureSupport },
  {
    name: 'calibration',
    needs: ['text/sentiment-semeval2017.test', 'support/support-threads'],
    measure: measureCalibration,
  },
  {
    name: 'labels',
    needs: ['text/emotion-goemotions.test', 'text/toxicity-davidson'],
    measure: measureEmotionAndToxicity,
  },
  { name: 'spam', needs: ['text/spam-sms', 'mail/spamassassin'], measure: measureSpam },
  {
    name: 'severity',
    needs: ['text/sentiment-semeval2017.test', 'text/sentiment-umsab.test'],
    measure: measureSeverity,
  },
  { name: 'personal-data', needs: ['text/pii-presidio'], measure: measurePersonalData },
  { name: 'language', needs: ['language/tweets-eld', 'language/lingua'], measure: measureLanguage },
  { name: 'duplicates', needs: ['support/support-threads'], measure: measureDuplicates },
  { name: 'topics', needs: ['text/intent-banking77.test', 'text/intent-clinc150.test'], measure: measureTopics },
  {
    name: 'strangers',
    needs: ['text/sentiment-semeval2017.train', 'text/sentiment-umsab.train', 'text/rated-vader', 'text/crisis-t6'],
    measure: measureStrangers,
  },
  {
    name: 'corrections',
    needs: ['text/emotion-goemotions.train', 'support/support-threads', 'text/sentiment-semeval2017.test'],
    measure: measureCorrections,
  },
]

export interface EvaluateOptions {
  /** Names of parts; all where absent. */
  readonly only?: readonly string[]
  say(line: string): void
}

export async function evaluate(directory: string, models: Models, { only, say }: EvaluateOptions): Promise<Figures> {
  const figures: Figures = {}
  for (const { name, needs, measure } of PARTS) {
    if (only !== undefined && !only.includes(name)) continue
    const absent = needs.filter((set) => !existsSync(join(directory, `${set}.jsonl.gz`)))
    if (absent.length > 0) {
      say(`left out: ${name}, for want of ${absent.join(', ')}`)
      continue
    }
    say(name)
    Object.assign(figures, await measure(directory, models))
  }
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toPrecision(5))]))
}
