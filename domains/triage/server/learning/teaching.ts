// The thread of one lesson. Started by teacher.ts, ends with it.
import { parentPort, workerData } from 'node:worker_threads'
import { loadModels } from '../models/models.ts'
import { makeFeatures, readFeatures } from '../text/features.ts'
import { encodeTopics, guesserOf, learnTopics, type TopicExample } from '../topics.ts'
import { learnSentiment, type SentimentLesson } from './lesson.ts'

export interface TopicLesson {
  readonly kind: 'topics'
  readonly examples: readonly TopicExample[]
}

/** A topic tried on texts before it is stored. */
export interface PreviewLesson {
  readonly kind: 'preview'
  readonly topic: string
  readonly examples: readonly TopicExample[]
  readonly texts: readonly string[]
}

const lesson = workerData as SentimentLesson | TopicLesson | PreviewLesson
parentPort?.postMessage(taught())

function taught() {
  if (lesson.kind === 'sentiment') return learnSentiment(lesson, loadModels())
  const weights = learnTopics(lesson.examples)
  return lesson.kind === 'topics' ? encodeTopics(weights) : caught(lesson, weights)
}

/** For each text how probable the topic is, or null where it is another or none. */
function caught({ topic, texts }: PreviewLesson, weights: ReturnType<typeof learnTopics>): (number | null)[] {
  const guess = guesserOf(weights)
  const features = makeFeatures()
  return texts.map((text) => {
    const said = guess(readFeatures(text, features))
    return said.topic === topic ? said.probability : null
  })
}
