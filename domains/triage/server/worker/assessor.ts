// Owner of the thread that assesses. Whatever befalls the thread, the answer is an assessment or null, in time: nobody's
// message waits for ours to be understood.
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { Answer, Assessed, ModelState, Request } from './assessed.ts'

/** Something taught: its name, and where its content is when the thread does not know it yet. */
export interface Artefact {
  readonly id: string
  readonly kind: 'sentiment' | 'topics'
  readonly load: () => Promise<Uint8Array | null>
}

export interface Taught {
  readonly layer: Artefact | null
  readonly topics: Artefact | null
}

export interface Assessor extends AsyncDisposable {
  readonly state: () => ModelState
  /** In the order of the texts; null when it could not be done in time, or too much is under way. Never throws. */
  readonly assess: (texts: readonly string[], taught?: Taught) => Promise<readonly Assessed[] | null>
}

export interface AssessorOptions {
  readonly log: Logger
  /** Default: the models that Rapport brings. */
  readonly modelFile?: string
  /** For a batch. Default 10 s. */
  readonly timeoutMs?: number
}

/** Artefacts that the thread keeps; more workspaces than this take turns. */
const MOST_KEPT = 100
/** Batches under way at once: who asks may have gone by the time of an answer, and what nobody hears must not pile up. */
const MOST_WAITING = 8
/** A thread that dies at once is not started again at once. */
const PAUSE_MS = 5_000
const NOTHING: Taught = { layer: null, topics: null }

interface Call {
  readonly settle: (assessed: readonly Assessed[] | null) => void
}

export function openAssessor({ log, modelFile, timeoutMs = 10_000 }: AssessorOptions): Assessor {
  let model: ModelState = { state: 'starting', reason: null }
  let worker: Worker | null = null
  let ended = false
  let startedAt = -Infinity
  let calls = 0
  const waiting = new Map<number, Call>()
  /** In the order of use, the oldest first. */
  const kept = new Map<string, true>()

  function start(): Worker | null {
    if (worker !== null || ended) return worker
    if (performance.now() - startedAt < PAUSE_MS) return null
    startedAt = performance.now()
    const made = new Worker(new URL('./assessing.ts', import.meta.url), {
      workerData: { modelFile: modelFile ?? null },
      name: 'triage',
    })
    made.on('message', (answer: Answer) => {
      if (answer.type === 'model') {
        model = answer.model
        if (model.state === 'missing')
          log.error({ part: 'triage', reason: model.reason }, 'the models can not be used: sentiment is unsure')
        return
      }
      if (answer.type === 'failed') log.error({ part: 'triage', reason: answer.reason }, 'assessing failed')
      waiting.get(answer.call)?.settle(answer.type === 'assessed' ? answer.assessed : null)
    })
    made.on('error', (error) => log.error({ err: error, part: 'triage' }, 'the thread that assesses broke'))
    made.on('exit', () => {
      if (worker !== made) return
      drop()
    })
    made.unref()
    worker = made
    return made
  }

  function drop(): void {
    worker = null
    kept.clear()
    model = { state: 'starting', reason: null }
    for (const { settle } of [...waiting.values()]) settle(null)
  }

  async function teach(to: Worker, artefact: Artefact | null): Promise<string | null> {
    if (artefact === null) return null
    const { id, kind, load } = artefact
    if (!kept.has(id)) {
      const content = await load()
      if (content === null) return null
      send(to, { type: 'teach', kind, id, content })
    }
    kept.delete(id)
    kept.set(id, true)
    const oldest = kept.size > MOST_KEPT ? kept.keys().next().value : undefined
    if (oldest !== undefined) {
      kept.delete(oldest)
      send(to, { type: 'forget', id: oldest })
    }
    return id
  }

  const send = (to: Worker, request: Request): void => to.postMessage(request)

  function ask(to: Worker, texts: readonly string[], layer: string | null, topics: string | null) {
    const call = (calls += 1)
    return new Promise<readonly Assessed[] | null>((resolve) => {
      const timer = setTimeout(() => {
        log.error({ part: 'triage', texts: texts.length }, 'assessing took too long: its thread is started anew')
        void to.terminate()
        waiting.get(call)?.settle(null)
      }, timeoutMs)
      waiting.set(call, {
        settle: (assessed) => {
          clearTimeout(timer)
          waiting.delete(call)
          resolve(assessed)
        },
      })
      send(to, { type: 'assess', call, texts, layer, topics })
    })
  }

  start()
  return {
    state: () => model,
    async assess(texts, taught = NOTHING) {
      if (texts.length === 0) return []
      try {
        const thread = start()
        if (thread === null) return null
        const [layer, topics] = [await teach(thread, taught.layer), await teach(thread, taught.topics)]
        if (thread !== worker || waiting.size >= MOST_WAITING) return null
        return await ask(thread, texts, layer, topics)
      } catch (error) {
        log.error({ err: error, part: 'triage' }, 'assessing failed')
        return null
      }
    },
    async [Symbol.asyncDispose]() {
      ended = true
      const last = worker
      worker = null
      for (const { settle } of [...waiting.values()]) settle(null)
      await last?.terminate()
    },
  }
}
