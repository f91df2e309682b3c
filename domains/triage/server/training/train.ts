// `npm run train`: every model from the sets, the same bytes each time.
import { emotionNames, emotionTargets } from './emotions.ts'
import { readDataset } from './dataset.ts'
import { trainLinear, type Linear } from './linear.ts'
import { trainNetwork, type Network, type TaskRows } from './network.ts'
import { readRows } from './data.ts'
import { learnedIntents } from './labels.ts'
import { intentLessons, spamLessons, toxicityLessons } from './sources-intent.ts'
import { severityLessons } from './sources-severity.ts'
import { type Emotional, type Lesson, sentimentLessons, type SentimentSet, sentimentSets } from './sources.ts'
import { severities } from '../severity/severity.ts'

export type Say = (line: string) => void

/** A linear model from lessons. */
export function learn(
  lessons: readonly Lesson[],
  options: { bits: number; epochs: number; rate: number; decay?: number; independent?: boolean; grouped?: boolean },
): Linear {
  const classes = lessons[0]?.target.length ?? 0
  const data = readDataset(lessons.map(({ text }) => text))
  const targets = new Float32Array(lessons.length * classes)
  for (const [i, { target }] of lessons.entries()) targets.set(target, i * classes)
  const importance = Float32Array.from(lessons, ({ weight }) => weight)
  const groups = options.grouped ? { groups: Uint8Array.from(lessons, ({ group }) => group) } : {}
  return trainLinear(data, targets, importance, { classes, decay: 1e-5, grams: 1, ...options, ...groups })
}

/** The linear half of sentiment; `without` leaves sets out, to measure on them as on strangers. */
export const learnSentiment = (directory: string, without: readonly SentimentSet[] = []): Linear =>
  learn(sentimentLessons(directory, without), { bits: 19, epochs: 3, rate: 0.06, grouped: true })

/** The network's half: sentiment of tweets, of ratings and of care, and emotions, on one hidden layer. */
export function learnNetwork(directory: string, without: readonly SentimentSet[] = []): Network {
  const lessons = sentimentLessons(directory, [...without, 'emotions'])
  const emotional = readRows<Emotional>(directory, 'text/emotion-goemotions.train') ?? []
  const data = readDataset([...lessons, ...emotional].map(({ text }) => text))
  const rowsOf = (task: number, sets: readonly SentimentSet[]): TaskRows => {
    const groups = sets.map((set) => sentimentSets.indexOf(set))
    const rows = Uint32Array.from(lessons.flatMap(({ group }, i) => (groups.includes(group) ? [i] : [])))
    return {
      task,
      rows,
      targets: Float32Array.from([...rows].flatMap((i) => lessons[i]!.target)),
      importance: Float32Array.from(rows, (i) => lessons[i]!.weight),
    }
  }
  const felt: TaskRows = {
    task: 1,
    rows: Uint32Array.from(emotional, (_, i) => lessons.length + i),
    targets: emotionTargets(emotional),
    importance: new Float32Array(emotional.length).fill(0.5),
  }
  const tasks = [
    { name: 'sentiment', classes: 3, independent: false },
    { name: 'emotion', classes: emotionNames.length, independent: true },
  ]
  const sets = sentimentSets.filter((set) => set !== 'emotions')
  const all = [...sets.map((set) => rowsOf(0, [set])), felt].filter(({ rows }) => rows.length > 0)
  return trainNetwork(data, tasks, all, {
    bits: 16,
    size: 32,
    hidden: 32,
    epochs: 1,
    rate: 0.03,
    dropped: 0.3,
    seed: 1,
  })
}

export interface BroadParts {
  readonly intent: Linear
  readonly toxicity: Linear
  readonly spam: Linear
  readonly severity: Linear
  readonly emotion: Linear
}

const BROAD_BITS = 17

export const learnSeverity = (directory: string): Linear =>
  learn(severityLessons(directory), { bits: BROAD_BITS, epochs: 4, rate: 0.03, independent: true })

export async function learnBroad(directory: string, say: Say): Promise<BroadParts> {
  const bits = BROAD_BITS
  say(`intent: ${learnedIntents.length} classes`)
  const intent = learn(intentLessons(directory), { bits, epochs: 3, rate: 0.06, grouped: true })
  say('toxicity')
  const toxicity = learn(toxicityLessons(directory), { bits, epochs: 4, rate: 0.06 })
  say('spam')
  const spam = learn(await spamLessons(directory), { bits, epochs: 10, rate: 0.15, decay: 5e-5, independent: true })
  say(`severity: ${severities.length} classes`)
  const severity = learnSeverity(directory)
  say(`emotion: ${emotionNames.length} labels`)
  return { intent, toxicity, spam, severity, emotion: learnEmotion(directory, bits) }
}

export function learnEmotion(directory: string, bits: number): Linear {
  const rows = readRows<Emotional>(directory, 'text/emotion-goemotions.train') ?? []
  const data = readDataset(rows.map(({ text }) => text))
  const importance = new Float32Array(rows.length).fill(1)
  return trainLinear(data, emotionTargets(rows), importance, {
    bits,
    classes: emotionNames.length,
    epochs: 4,
    rate: 0.15,
    decay: 0,
    grams: 1,
    independent: true,
  })
}
