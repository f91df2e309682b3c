// Proxies for domains never trained on: each time a model that has not seen the kind of text it is measured on. These
// are the linear half alone, trained on the spot.
import { applyLayer, findingsOf, fitLayer, type LayerLesson } from '../layer.ts'
import type { Sentiment } from '../assessment.ts'
import type { Models } from '../models/models.ts'
import { readDataset, type Dataset } from '../training/dataset.ts'
import { readRows } from '../training/data.ts'
import { scoreLinear, trainLinear, type Linear } from '../training/linear.ts'
import { trainLogistic } from '../training/logistic.ts'
import { learn, learnSentiment } from '../training/train.ts'
import { sentimentLessons, sentimentSets, sentiments, type Labelled } from '../training/sources.ts'
import { learnLayer } from '../learn.ts'
import { seededRandom } from '#platform/random'
import type { Figures } from './evaluate.ts'
import { argmaxRows, figuresByClass, macro, mean } from './measures.ts'
import { readSupport, sentimentFigures } from './measure-sentiment.ts'
import { toProbabilities } from './probabilities.ts'
import { scoreTexts } from './score.ts'

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

const COUNTS = [0, 200, 1_000, 4_000] as const
/** How complaints to firms are: mostly negative. */
const MIX = [0.6, 0.22, 0.18] as const

interface Stranger {
  readonly lessons: readonly LayerLesson[]
  readonly test: readonly LayerLesson[]
}

/** Corrections played on sets that the ground model has not seen, drawn as complaints are mixed. */
export function measureCorrections(directory: string, models: Models): Figures {
  const figures: Figures = {}
  for (const [name, stranger] of [
    ['reddit', strangersOf(directory, models, 'emotions')],
    ['ratings', strangersOf(directory, models, 'rated-other')],
  ] as const)
    for (const count of COUNTS) {
      figures[`corrections-${name}.macro_f1_${count}`] = macroAfter(stranger, count)
      if (count > 0) figures[`corrections-${name}.alone_macro_f1_${count}`] = macroAlone(stranger, count)
    }
  return { ...figures, ...measureSupportCorrections(directory, models) }
}

export function strangersOf(directory: string, models: Models, set: 'emotions' | 'rated-other'): Stranger {
  const linear = learnSentiment(directory, [set])
  const group = sentimentSets.indexOf(set)
  const rows = sentimentLessons(directory).filter(
    (lesson) => lesson.group === group && Math.max(...lesson.target) > 0.75,
  )
  const random = seededRandom(7)
  const byClass = sentiments.map((_, c) =>
    rows.filter(({ target }) => target[c]! > 0.75).sort(() => random.next() - 0.5),
  )
  const whole = Math.min(6_500, ...byClass.map((own, c) => Math.floor(own.length / MIX[c]!)))
  const drawn = byClass.flatMap((own, c) => own.slice(0, Math.floor(whole * MIX[c]!)).map(({ text }) => ({ text, c })))
  drawn.sort(() => random.next() - 0.5)
  const data = readDataset(drawn.map(({ text }) => text))
  const scores = scoreLinear(linear, data)
  // The shipped findings know the emotions' set, so that there only words and scores may teach.
  const { broad, width } = scoreTexts(
    drawn.map(({ text }) => text),
    models,
  )
  const findings = (i: number) => (set === 'emotions' ? [] : findingsOf(broad.subarray(i * width, (i + 1) * width)))
  const lessons = drawn.map(({ c }, i): LayerLesson => ({
    ids: data.ids.slice(data.starts[i]!, data.starts[i + 1]!),
    words: data.splits[i]! - data.starts[i]!,
    scores: [...scores.subarray(i * 3, i * 3 + 3)],
    findings: findings(i),
    sentiment: sentiments[c]!,
  }))
  return { lessons: lessons.slice(2_000), test: lessons.slice(0, 2_000) }
}

export function macroAfter(
  { lessons, test }: Stranger,
  count: number,
  options?: Parameters<typeof fitLayer>[1],
): number {
  const layer = count === 0 ? null : fitLayer(lessons.slice(0, count), options)
  const scores = Float32Array.from(
    test.flatMap((lesson) => {
      const three = Float32Array.from(lesson.scores)
      if (layer !== null) applyLayer(layer, { ...lesson, count: lesson.ids.length }, three)
      return [...three]
    }),
  )
  const truth = test.map(({ sentiment }) => sentiments.indexOf(sentiment))
  return macro(figuresByClass(truth, argmaxRows(scores, 3), 3), 'f1')
}

/** What the same corrections teach a linear model that knows nothing before, over the same features: how hard the set is. */
function macroAlone({ lessons, test }: Stranger, count: number): number {
  const taught = lessons.slice(0, count)
  const labels = taught.map(({ sentiment }) => sentiments.indexOf(sentiment))
  const targets = Float32Array.from(labels.flatMap((label) => sentiments.map((_, c) => (c === label ? 1 : 0))))
  const shares = sentiments.map((_, c) => labels.filter((label) => label === c).length / count)
  const importance = Float32Array.from(labels, (label) => 1 / 3 / shares[label]!)
  const model = trainLogistic(datasetOf(taught), targets, importance, { bits: 18, classes: 3, pull: 0.1, steps: 60 })
  const truth = test.map(({ sentiment }) => sentiments.indexOf(sentiment))
  return macro(figuresByClass(truth, argmaxRows(scoreLinear(model, datasetOf(test)), 3), 3), 'f1')
}

function datasetOf(lessons: readonly LayerLesson[]): Dataset {
  const starts = Uint32Array.from([0, ...lessons.map(({ ids }) => ids.length)])
  for (let i = 1; i < starts.length; i += 1) starts[i]! += starts[i - 1]!
  const ids = new Uint32Array(starts[lessons.length]!)
  for (const [i, lesson] of lessons.entries()) ids.set(lesson.ids, starts[i]!)
  return { size: lessons.length, ids, starts, splits: Uint32Array.from(lessons, ({ words }, i) => starts[i]! + words) }
}

/** Three parts of our own reading taught, the fourth measured, in turn. */
function measureSupportCorrections(directory: string, models: Models): Figures {
  const rows = readSupport(directory)
  const truth: number[] = []
  const found: number[] = []
  for (let fold = 0; fold < 4; fold += 1) {
    const taught = rows.filter((_, i) => i % 4 !== fold)
    const measured = rows.filter((_, i) => i % 4 === fold)
    const layer = learnLayer(
      taught.map(({ text, sentiment }) => ({ text, sentiment: sentiments[sentiment]! })),
      models,
    )
    found.push(
      ...argmaxRows(
        scoreTexts(
          measured.map(({ text }) => text),
          models,
          layer,
        ).sentiment,
        3,
      ),
    )
    truth.push(...measured.map(({ sentiment }) => sentiment))
  }
  return { 'support.macro_f1_after_217_corrections': macro(figuresByClass(truth, found, 3), 'f1') }
}
