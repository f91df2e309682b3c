// Lessons take seconds of a processor, so each has a thread of its own and nobody waits for it but its job.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SentimentLearned, SentimentLesson } from './lesson.ts'
import type { PreviewLesson, TopicLesson } from './teaching.ts'

const MOST_MS = 120_000

export const teachSentiment = (lesson: SentimentLesson): Promise<SentimentLearned> => teach(lesson)

export async function teachTopics(lesson: TopicLesson): Promise<Buffer> {
  return Buffer.from(await teach<Uint8Array>(lesson))
}

/** For each text how probable the topic is, or null where it is another or none. */
export const previewTopics = (lesson: PreviewLesson): Promise<(number | null)[]> => teach(lesson)

/** Throws what the thread threw, or that it took too long. */
async function teach<T>(lesson: SentimentLesson | TopicLesson | PreviewLesson): Promise<T> {
  const worker = new Worker(new URL('./teaching.ts', import.meta.url), { workerData: lesson, name: 'lesson' })
  try {
    const [learned] = (await once(worker, 'message', { signal: AbortSignal.timeout(MOST_MS) })) as [T]
    return learned
  } finally {
    await worker.terminate()
  }
}
