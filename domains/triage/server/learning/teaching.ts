// The thread of one lesson. Started by teacher.ts, ends with it.
import { parentPort, workerData } from 'node:worker_threads'
import { loadModels } from '../models/models.ts'
import { encodeTopics, learnTopics, type TopicExample } from '../topics.ts'
import { learnSentiment, type SentimentLesson } from './lesson.ts'

export interface TopicLesson {
  readonly kind: 'topics'
  readonly examples: readonly TopicExample[]
}

const lesson = workerData as SentimentLesson | TopicLesson
parentPort?.postMessage(
  lesson.kind === 'sentiment' ? learnSentiment(lesson, loadModels()) : encodeTopics(learnTopics(lesson.examples)),
)
