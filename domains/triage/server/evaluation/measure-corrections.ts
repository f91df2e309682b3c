// What corrections teach: played on sets that the ground model has not seen, and with all of them leaning to one side.
import { assess } from '../assess.ts'
import { mostProbable, sentiments, type Sentiment } from '../assessment.ts'
import { applyLayer, findingsOf, fitLayer, type LayerLesson, type LayerOptions } from '../layer.ts'
import { learnLayer, sureLesson } from '../learn.ts'
import type { Models } from '../models/models.ts'
import { readRows, unescape } from '../training/data.ts'
import { readDataset, type Dataset } from '../training/dataset.ts'
import { scoreLinear } from '../training/linear.ts'
import { trainLogistic } from '../training/logistic.ts'
import { sentimentLessons, sentimentSets, type Labelled } from '../training/sources.ts'
import { learnSentiment } from '../training/train.ts'
import { seededRandom } from '#platform/random'
import type { Figures } from './evaluate.ts'
import { readSupport } from './measure-sentiment.ts'
import { argmaxRows, figuresByClass, macro, mean } from './measures.ts'
import { scoreTexts } from './score.ts'

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
  return { ...figures, ...measureSupportCorrections(directory, models), ...measureOneSided(directory, models) }
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

/** Messages beside the corrections that nobody put right, as a workspace learns from them. */
const UNTOUCHED = 1_000

export function macroAfter({ lessons, test }: Stranger, count: number, options?: LayerOptions): number {
  const untouched = lessons.slice(count).slice(-UNTOUCHED)
  const taught = [...lessons.slice(0, count), ...untouched.flatMap(sureLesson)]
  const layer = count === 0 ? null : fitLayer(taught, options)
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

const LEANING = [20, 200] as const

/**
 * Who corrects looks for mistakes, and those lean to one side: what is left of each class of the tweets after so many
 * corrections that all say the same, in the mean of the three sides, with what nobody put right beside them and without.
 */
function measureOneSided(directory: string, models: Models): Figures {
  const rows = (readRows<Labelled>(directory, 'text/sentiment-semeval2017.test') ?? []).slice(0, 4_000)
  const texts = rows.map(({ text }) => unescape(text))
  const truth = rows.map(({ label }) => sentiments.indexOf(label as Sentiment))
  const untouched = texts.slice(-UNTOUCHED)
  const measured = truth.flatMap((_, i) => (i % 2 === 1 && i < rows.length - UNTOUCHED ? [i] : []))
  const foundBy = (layer: ReturnType<typeof learnLayer> | null): number[] =>
    assess(texts, models, { layer }).map(({ sentiment }) => sentiments.indexOf(mostProbable(sentiment.probabilities)))
  const recallOf = (found: readonly number[]): number =>
    macro(
      figuresByClass(
        measured.map((i) => truth[i]!),
        measured.map((i) => found[i]!),
        3,
      ),
      'recall',
    )
  const before = foundBy(null)
  const after = (count: number, beside: readonly string[]): number =>
    mean(
      sentiments.map((sentiment, side) => {
        const mistakes = truth.flatMap((right, i) => (i % 2 === 0 && right === side && before[i] !== side ? [i] : []))
        const corrections = mistakes.slice(0, count).map((i) => ({ text: texts[i]!, sentiment }))
        return recallOf(foundBy(learnLayer(corrections, models, beside)))
      }),
    )
  return Object.fromEntries([
    ['one-sided.macro_recall_0', recallOf(before)],
    ...LEANING.flatMap((count) => [
      [`one-sided.macro_recall_${count}`, after(count, untouched)] as const,
      [`one-sided.alone_macro_recall_${count}`, after(count, [])] as const,
    ]),
  ])
}
