// Proxies for domains never trained on: each time a model that has not seen the kind of text it is measured on. These
// are the linear half alone, trained on the spot.
import { sentiments, type Sentiment } from '../assessment.ts'
import type { Models } from '../models/models.ts'
import { readDataset } from '../training/dataset.ts'
import { readRows } from '../training/data.ts'
import { scoreLinear, trainLinear, type Linear } from '../training/linear.ts'
import { learn, learnSentiment } from '../training/train.ts'
import type { Labelled } from '../training/sources.ts'
import type { Figures } from './evaluate.ts'
import { argmaxRows, figuresByClass, macro, mean } from './measures.ts'
import { sentimentFigures } from './measure-sentiment.ts'
import { toProbabilities } from './probabilities.ts'

interface Rated {
  readonly text: string
  readonly mean: number
  readonly set: string
}

export function measureStrangers(directory: string, _models: Models): Figures {
  const linear = learnSentiment(directory, ['rated-other', 'care'])
  const rated = readRows<Rated>(directory, 'text/rated-vader')!.filter(({ set }) => set !== 'tweets')
  const labelled = rated.map(({ text, mean, set }) => ({ text, set, label: mean < -0.5 ? 0 : mean > 0.5 ? 2 : 1 }))
  const figures: Figures = {}
  for (const set of ['amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets']) {
    const rows = labelled.filter((row) => row.set === set)
    const scores = probabilitiesOf(
      linear,
      rows.map(({ text }) => text),
    )
    const all = sentimentFigures(
      `tweets-to-${set}`,
      rows.map(({ label }) => label),
      scores,
    )
    for (const measure of ['macro_f1', 'calibration_error', 'accuracy_at_60_coverage'])
      figures[`tweets-to-${set}.${measure}`] = all[`tweets-to-${set}.${measure}`]!
  }
  return { ...figures, ...measureForeign(directory), ...measureCrises(directory) }
}

function probabilitiesOf(linear: Linear, texts: readonly string[]): Float32Array {
  const scores = scoreLinear(linear, readDataset(texts))
  for (let i = 0; i < scores.length; i += 3)
    toProbabilities(scores.subarray(i, i + 3), { sharpness: 1, offsets: [0, 0, 0] }, scores.subarray(i, i + 3))
  return scores
}

/** Each of the eight languages from the seven others. */
function measureForeign(directory: string): Figures {
  type Row = Labelled & { readonly lang: string }
  const train = readRows<Row>(directory, 'text/sentiment-umsab.train')!
  const test = readRows<Row>(directory, 'text/sentiment-umsab.test') ?? []
  const languages = [...new Set(train.map(({ lang }) => lang))]
  const index = (label: string) => sentiments.indexOf(label as Sentiment)
  const recalls = languages.map((lang) => {
    const lessons = train
      .filter((row) => row.lang !== lang)
      .map(({ text, label }) => ({
        text,
        target: sentiments.map((name) => (name === label ? 1 : 0)),
        weight: 1,
        group: 0,
      }))
    const linear = learn(lessons, { bits: 17, epochs: 3, rate: 0.06 })
    const rows = test.filter((row) => row.lang === lang)
    const found = argmaxRows(scoreLinear(linear, readDataset(rows.map(({ text }) => text))), 3)
    return macro(
      figuresByClass(
        rows.map(({ label }) => index(label)),
        found,
        3,
      ),
      'recall',
    )
  })
  return { 'umsab-leave-one-out.macro_recall': mean(recalls) }
}

interface OfEvent {
  readonly event: string
  readonly text: string
  readonly label: string
}

/** On-topic or not, each disaster from the five others: how far such a model carries at all. */
function measureCrises(directory: string): Figures {
  const rows = readRows<OfEvent>(directory, 'text/crisis-t6')!.filter((_, i) => i % 3 === 0)
  const data = readDataset(rows.map(({ text }) => text))
  const labels = rows.map(({ label }) => (label === 'on-topic' ? 1 : 0))
  const targets = Float32Array.from(labels.flatMap((label) => [1 - label, label]))
  const importance = new Float32Array(rows.length).fill(1)
  const scores = [...new Set(rows.map(({ event }) => event))].map((event) => {
    const others = rows.flatMap((row, i) => (row.event === event ? [] : [i]))
    const own = rows.flatMap((row, i) => (row.event === event ? [i] : []))
    const options = { bits: 17, classes: 2, epochs: 2, rate: 0.06, decay: 1e-5, grams: 1, rows: others }
    const found = argmaxRows(scoreLinear(trainLinear(data, targets, importance, options), data), 2)
    return macro(
      figuresByClass(
        own.map((i) => labels[i]!),
        own.map((i) => found[i]!),
        2,
      ),
      'f1',
    )
  })
  return { 'crisis-leave-one-event-out.macro_f1': mean(scores) }
}
