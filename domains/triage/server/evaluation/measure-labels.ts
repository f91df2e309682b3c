// Emotion, toxicity and spam.
import type { Models } from '../models/models.ts'
import { isTestRow, readRows } from '../training/data.ts'
import { emotionTargets } from '../training/emotions.ts'
import { toxicities } from '../training/labels.ts'
import { readMails } from '../training/sources-intent.ts'
import type { Emotional, Labelled } from '../training/sources.ts'
import type { Figures } from './evaluate.ts'
import { figuresByClass, figuresOf, macro, mean, recallAtAlarms } from './measures.ts'
import { columnOf, scoreTexts } from './score.ts'

export function measureEmotionAndToxicity(directory: string, models: Models): Figures {
  const felt = readRows<Emotional>(directory, 'text/emotion-goemotions.test')!
  const { emotion } = scoreTexts(
    felt.map(({ text }) => text),
    models,
  )
  const targets = emotionTargets(felt)
  const labels = models.emotions.length
  const f1 = models.emotions.map((_, e) => {
    const scores = columnOf(emotion, labels, e)
    const truth = columnOf(targets, labels, e)
    const found = scores.map((score) => score > models.calibration.emotionThresholds[e]!)
    const hits = found.filter((is, i) => is && truth[i] === 1).length
    return figuresOf(hits, found.filter(Boolean).length, truth.filter((is) => is === 1).length).f1
  })
  const rude = readRows<Labelled>(directory, 'text/toxicity-davidson')!.filter(({ text }) => isTestRow(text))
  const scored = scoreTexts(
    rude.map(({ text }) => text),
    models,
  )
  const truth = rude.map(({ label }) => toxicities.indexOf(label as 'hate'))
  const found = rude.map((_, i) => {
    const scores = toxicities.map(
      (_, c) => scored.broad[i * scored.width + models.columns.toxicity + c]! + models.calibration.toxicityOffsets[c]!,
    )
    return scores.indexOf(Math.max(...scores))
  })
  const classes = figuresByClass(truth, found, 3)
  return {
    'goemotions.macro_f1': mean(f1),
    ...Object.fromEntries(models.emotions.map((name, e) => [`goemotions.f1_${name}`, f1[e]!])),
    'davidson.macro_f1': macro(classes, 'f1'),
    ...Object.fromEntries(toxicities.map((name, c) => [`davidson.f1_${name}`, classes[c]!.f1])),
  }
}

export async function measureSpam(directory: string, models: Models): Promise<Figures> {
  const sms = readRows<Labelled>(directory, 'text/spam-sms')!
    .filter(({ text }) => isTestRow(text))
    .map(({ text, label }) => ({ text, isSpam: label === 'spam' }))
  const mails = (await readMails(directory)).filter(({ isTest }) => isTest)
  return Object.fromEntries(
    [['sms', sms] as const, ['mail', mails] as const].flatMap(([name, rows]) => {
      const { broad, width } = scoreTexts(
        rows.map(({ text }) => text),
        models,
      )
      const scores = columnOf(broad, width, models.columns.spam)
      const spam = scores.filter((_, i) => rows[i]!.isSpam)
      const ham = scores.filter((_, i) => !rows[i]!.isSpam)
      const right = scores.filter((score, i) => score > 0 === rows[i]!.isSpam).length
      return [
        [`spam-${name}.recall_at_1_alarms`, recallAtAlarms(spam, ham, 0.01)],
        [`spam-${name}.accuracy`, right / rows.length],
      ]
    }),
  )
}
