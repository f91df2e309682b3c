// Topics learned from examples: 77 of a bank, 150 of an assistant with what belongs to none of them.
import { makeFeatures, readFeatures } from '../text/features.ts'
import { learnTopics, makeTopicGuesser, type TopicWeights } from '../topics.ts'
import type { Models } from '../models/models.ts'
import { readRows } from '../training/data.ts'
import type { Labelled } from '../training/sources.ts'
import type { Figures } from './evaluate.ts'

const OPTIONS = { epochs: 8, rate: 0.15 }

export function measureTopics(directory: string, _models: Models): Figures {
  const set = (name: string) => readRows<Labelled>(directory, `text/intent-${name}`) ?? []
  const examples = (name: string) =>
    set(name).map(({ text, label }) => ({ text, topic: label === 'oos' ? null : label }))
  const bank = learnTopics(examples('banking77.train'), OPTIONS)
  const clinc = learnTopics([...examples('clinc150.train'), ...examples('clinc150.oos_train')], OPTIONS)
  const few = learnTopics(firstOfEach(examples('banking77.train'), 10), { epochs: 20, rate: 0.15 })
  const inside = guesses(clinc, set('clinc150.test'))
  const outside = guesses(clinc, set('clinc150.oos_test'))
  const threshold = thresholdOf(guesses(clinc, set('clinc150.val')), guesses(clinc, set('clinc150.oos_val')))
  return {
    'banking77.accuracy': share(guesses(bank, set('banking77.test')), ({ right }) => right),
    'banking77.accuracy_ten_examples': share(guesses(few, set('banking77.test')), ({ right }) => right),
    'clinc150.accuracy': share(inside, ({ right }) => right),
    'clinc150.in_scope': share(inside, ({ right, probability }) => right && probability >= threshold),
    'clinc150.out_of_scope_recall': share(outside, ({ probability }) => probability < threshold),
    ...measureFew(set('clinc150.train'), set('clinc150.test')),
  }
}

/** A workspace that names only some topics, ten examples each: how much of them is found, and how much else is called one of them. */
function measureFew(train: readonly Labelled[], test: readonly Labelled[]): Figures {
  const labels = [...new Set(train.map(({ label }) => label))].toSorted()
  const figures: Figures = {}
  for (const count of [1, 3, 8]) {
    const found: boolean[] = []
    const mistaken: boolean[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const topics = Array.from({ length: count }, (_, k) => labels[(turn * 23 + k * 17) % labels.length]!)
      const examples = train.filter(({ label }) => topics.includes(label))
      const learned = learnTopics(
        firstOfEach(
          examples.map(({ text, label }) => ({ text, topic: label })),
          10,
        ),
      )
      const guess = makeTopicGuesser(learned)
      const features = makeFeatures()
      for (const { text, label } of test) {
        const { topic } = guess(readFeatures(text, features))
        if (topics.includes(label)) found.push(topic === label)
        else mistaken.push(topic !== null)
      }
    }
    figures[`clinc150.of_${count}_topics_found`] = found.filter(Boolean).length / found.length
    figures[`clinc150.of_${count}_topics_mistaken`] = mistaken.filter(Boolean).length / mistaken.length
  }
  return figures
}

interface Guessed {
  readonly right: boolean
  readonly probability: number
}

function guesses(learned: TopicWeights, rows: readonly Labelled[]): Guessed[] {
  const guess = makeTopicGuesser({ ...learned, threshold: 0 })
  const features = makeFeatures()
  return rows.map(({ text, label }) => {
    const { topic, probability } = guess(readFeatures(text, features))
    return { right: topic === label, probability }
  })
}

const share = (rows: readonly Guessed[], is: (row: Guessed) => boolean): number => rows.filter(is).length / rows.length

/** The highest threshold that costs at most 1.5 in 100 right answers on the rows kept for that. */
function thresholdOf(inside: readonly Guessed[], outside: readonly Guessed[]): number {
  const right = inside
    .filter((row) => row.right)
    .map(({ probability }) => probability)
    .toSorted((a, b) => a - b)
  const threshold = right[Math.floor(inside.length * 0.015)] ?? 0
  return outside.length === 0 ? 0 : threshold
}

function firstOfEach<T extends { readonly topic: string | null }>(rows: readonly T[], count: number): T[] {
  const seen = new Map<string | null, number>()
  return rows.filter(({ topic }) => {
    seen.set(topic, (seen.get(topic) ?? 0) + 1)
    return seen.get(topic)! <= count
  })
}
