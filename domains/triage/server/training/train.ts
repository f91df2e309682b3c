// `npm run train`: every model from the sets, the same bytes each time.
import { emotionNames, emotionTargets } from './emotions.ts'
import { readDataset } from './dataset.ts'
import { trainLinear, type Linear } from './linear.ts'
import { trainLogistic } from './logistic.ts'
import { trainNetwork, type Network, type TaskRows } from './network.ts'
import { readRows } from './data.ts'
import { deskLessons, intentLessons, spamLessons, toxicityLessons } from './sources-intent.ts'
import { severityLessons } from './sources-severity.ts'
import { type Emotional, type Lesson, sentimentLessons, type SentimentSet, sentimentSets } from './sources.ts'

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

/** What stands side by side in the broad table, in the order of its columns, and how each is learned. */
const BITS = 17
const broadLearners = {
  intent: (directory: string) => learn(intentLessons(directory), { bits: BITS, epochs: 3, rate: 0.06, grouped: true }),
  toxicity: (directory: string) => learn(toxicityLessons(directory), { bits: BITS, epochs: 4, rate: 0.06 }),
  spam: learnSpam,
  severity: (directory: string) =>
    learn(severityLessons(directory), { bits: BITS, epochs: 4, rate: 0.03, independent: true }),
  emotion: learnEmotion,
  desk: (directory: string) => solve(deskLessons(directory), { pull: 1, steps: 15 }),
} as const satisfies Record<string, (directory: string) => Linear | Promise<Linear>>

export type BroadHead = keyof typeof broadLearners
export const broadHeads = Object.keys(broadLearners) as readonly BroadHead[]
export type BroadParts = Readonly<Record<BroadHead, Linear>>

export async function learnBroadHead(directory: string, head: BroadHead): Promise<Linear> {
  return broadLearners[head](directory)
}

/** Independent labels, solved to the end. */
function solve(lessons: readonly Lesson[], options: { pull: number; steps: number }): Linear {
  const classes = lessons[0]?.target.length ?? 0
  const data = readDataset(lessons.map(({ text }) => text))
  const targets = new Float32Array(lessons.length * classes)
  for (const [i, { target }] of lessons.entries()) targets.set(target, i * classes)
  const importance = Float32Array.from(lessons, ({ weight }) => weight)
  return trainLogistic(data, targets, importance, { bits: BITS, classes, ...options })
}

function learnEmotion(directory: string): Linear {
  const rows = readRows<Emotional>(directory, 'text/emotion-goemotions.train') ?? []
  const targets = emotionTargets(rows)
  const labels = emotionNames.length
  const lessons = rows.map(({ text }, i) => ({
    text,
    target: [...targets.subarray(i * labels, (i + 1) * labels)],
    weight: 1,
    group: 0,
  }))
  return solve(lessons, { pull: 6, steps: 40 })
}

/** Share of the solved model beside the stepped one: the one is better at short messages, the other at mails. */
const SOLVED = 0.35

async function learnSpam(directory: string): Promise<Linear> {
  const lessons = await spamLessons(directory)
  const stepped = learn(lessons, { bits: BITS, epochs: 10, rate: 0.15, decay: 5e-5, independent: true })
  const solved = solve(lessons, { pull: 0.3, steps: 40 })
  const mixed = (of: 'weights' | 'bias') =>
    stepped[of].map((weight, i) => (1 - SOLVED) * weight + SOLVED * solved[of][i]!)
  return { ...solved, weights: mixed('weights'), bias: mixed('bias') }
}
