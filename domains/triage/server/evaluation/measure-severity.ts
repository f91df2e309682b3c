// Severity on our sentences, held half and open half apart, with alarms counted on tweets of nine languages and on
// everyday short messages.
import { assess } from '../assess.ts'
import type { Models } from '../models/models.ts'
import { severities } from '../severity/severity.ts'
import { readRows, unescape } from '../training/data.ts'
import type { Labelled } from '../training/sources.ts'
import type { Figures } from './evaluate.ts'
import { everydayMessages } from './everyday-messages.ts'
import { mean } from './measures.ts'
import { columnOf, scoreTexts } from './score.ts'
import { severitySentences } from './severity-sentences.ts'

export function measureSeverity(directory: string, models: Models): Figures {
  const sentences = severitySentences()
  const tweets = readRows<Labelled>(directory, 'text/sentiment-semeval2017.test')!.filter((_, i) => i % 3 === 0)
  const foreign = readRows<Labelled>(directory, 'text/sentiment-umsab.test')!
  const scored = scoreTexts(
    sentences.map(({ text }) => text),
    models,
  ).severity
  const ordinary = scoreTexts(
    [...tweets, ...foreign].map(({ text }) => unescape(text)),
    models,
  ).severity
  const everyday = assess(
    everydayMessages().map(({ text }) => text),
    models,
  )
  const figures: Figures = {
    'severity.alarms_everyday': mean(everyday.map(({ severity }) => Math.sign(severity.length))),
  }
  const held: number[] = []
  for (const [s, kind] of severities.entries()) {
    const threshold = models.calibration.severityThresholds[s]!
    const scores = columnOf(scored, severities.length, s)
    const recall = (isHeld: boolean) =>
      mean(
        scores
          .filter((_, i) => sentences[i]!.severity === kind && sentences[i]!.isHeld === isHeld)
          .map((score) => (score >= threshold ? 1 : 0)),
      )
    figures[`severity.recall_held_${kind}`] = recall(true)
    figures[`severity.recall_open_${kind}`] = recall(false)
    figures[`severity.alarms_${kind}`] = mean(
      columnOf(ordinary, severities.length, s).map((score) => (score >= threshold ? 1 : 0)),
    )
    if (kind !== 'self-harm') held.push(recall(true))
  }
  figures['severity.recall_held'] = mean(held)
  return figures
}
