// Sentiment on the sets that have a test of their own, and on our own reading of messages to support desks.
import { assess } from '../assess.ts'
import type { Models } from '../models/models.ts'
import { readRows, unescape } from '../training/data.ts'
import { sentiments, type Sentiment } from '../assessment.ts'
import type { Labelled } from '../training/sources.ts'
import type { Figures } from './evaluate.ts'
import {
  accuracy,
  accuracyAtCoverage,
  argmaxRows,
  calibrationError,
  confidences,
  figuresByClass,
  macro,
  mean,
} from './measures.ts'
import { toProbabilities } from './probabilities.ts'
import { scoreTexts } from './score.ts'
import { supportLabels } from './support-labels.ts'

/** Probabilities, three a text, as `assess` gives them. */
export function sentimentOf(texts: readonly string[], models: Models): Float32Array {
  const { sentiment } = scoreTexts(texts, models)
  for (let i = 0; i < texts.length; i += 1) {
    const row = sentiment.subarray(i * 3, i * 3 + 3)
    toProbabilities(row, { sharpness: 1, offsets: [0, 0, 0] }, row)
  }
  return sentiment
}

/** What is measured of three-way sentiment, under the set's name. */
export function sentimentFigures(name: string, truth: readonly number[], probabilities: Float32Array): Figures {
  const found = argmaxRows(probabilities, 3)
  const classes = figuresByClass(truth, found, 3)
  const sure = confidences(truth, probabilities, 3)
  return {
    [`${name}.macro_f1`]: macro(classes, 'f1'),
    [`${name}.macro_recall`]: macro(classes, 'recall'),
    [`${name}.accuracy`]: accuracy(truth, found),
    [`${name}.calibration_error`]: calibrationError(sure),
    [`${name}.accuracy_at_60_coverage`]: accuracyAtCoverage(sure, 0.6),
    ...Object.fromEntries(sentiments.map((label, c) => [`${name}.f1_${label}`, classes[c]!.f1])),
  }
}

const labelOf = (label: string): number => sentiments.indexOf(label as Sentiment)

export function measureSentiment(directory: string, models: Models): Figures {
  const tweets = readRows<Labelled>(directory, 'text/sentiment-semeval2017.test')!
  const foreign = readRows<Labelled & { lang: string }>(directory, 'text/sentiment-umsab.test')!
  const figures = sentimentFigures(
    'semeval2017',
    tweets.map(({ label }) => labelOf(label)),
    sentimentOf(
      tweets.map(({ text }) => unescape(text)),
      models,
    ),
  )
  const found = argmaxRows(
    sentimentOf(
      foreign.map(({ text }) => text),
      models,
    ),
    3,
  )
  const recalls: number[] = []
  for (const lang of [...new Set(foreign.map((row) => row.lang))]) {
    const rows = foreign.flatMap((row, i) => (row.lang === lang ? [i] : []))
    const classes = figuresByClass(
      rows.map((i) => labelOf(foreign[i]!.label)),
      rows.map((i) => found[i]!),
      3,
    )
    figures[`umsab.macro_recall_${lang}`] = macro(classes, 'recall')
    recalls.push(macro(classes, 'recall'))
  }
  figures['umsab.macro_recall'] = mean(recalls)
  return figures
}

/** Our own reading of 290 messages to brands' desks: the nearest we have to complaints of a domain never trained on. */
export function readSupport(directory: string): { text: string; sentiment: number; isComplaint: boolean }[] {
  const rows = readRows<{ id: string; text: string }>(directory, 'support/support-threads')!
  return rows.flatMap(({ id, text }) => {
    const label = supportLabels.get(id)
    return label ? [{ text, sentiment: labelOf(label.sentiment), isComplaint: label.isComplaint }] : []
  })
}

export function measureSupport(directory: string, models: Models): Figures {
  const rows = readSupport(directory)
  const texts = rows.map(({ text }) => text)
  const assessed = assess(texts, models)
  const said = assessed.map(({ intent }) => (intent === 'complaint' ? 1 : 0))
  const sure = assessed.filter(({ sentiment }) => sentiment.label !== 'unsure').length
  const truth = rows.map(({ isComplaint }) => (isComplaint ? 1 : 0))
  return {
    ...sentimentFigures(
      'support',
      rows.map(({ sentiment }) => sentiment),
      sentimentOf(texts, models),
    ),
    'support.coverage': sure / rows.length,
    'support.complaint_macro_f1': macro(figuresByClass(truth, said, 2), 'f1'),
    'support.complaint_recall': figuresByClass(truth, said, 2)[1]!.recall,
    'support.complaint_precision': figuresByClass(truth, said, 2)[1]!.precision,
  }
}
