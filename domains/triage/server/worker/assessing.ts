// The thread that assesses: it alone holds the models, so that neither their size nor their work weighs on the program's own
// thread. Started by assessor.ts.
import { parentPort, workerData } from 'node:worker_threads'
import { decodeLayer, type LayerWeights } from '../layer.ts'
import { loadModels, type Models } from '../models/models.ts'
import { decodeTopics, type TopicWeights } from '../topics.ts'
import type { Answer, Request } from './assessed.ts'
import { judge } from './judge.ts'

const layers = new Map<string, LayerWeights>()
const topics = new Map<string, TopicWeights>()
const answer = (message: Answer): void => parentPort?.postMessage(message)

const models = openModels((workerData as { readonly modelFile: string | null }).modelFile)

function openModels(file: string | null): Models | null {
  try {
    const loaded = file === null ? loadModels() : loadModels(file)
    answer({ type: 'model', model: { state: 'ok', reason: null } })
    return loaded
  } catch (error) {
    answer({ type: 'model', model: { state: 'missing', reason: (error as Error).message } })
    return null
  }
}

function teach({ kind, id, content }: Request & { type: 'teach' }): void {
  try {
    if (kind === 'sentiment') layers.set(id, decodeLayer(Buffer.from(content).toString('utf8')))
    else topics.set(id, decodeTopics(content))
  } catch {
    // What can't be read is as if it had not been taught: the shipped models answer.
  }
}

parentPort?.on('message', (request: Request) => {
  if (request.type === 'teach') return teach(request)
  if (request.type === 'forget') {
    layers.delete(request.id)
    topics.delete(request.id)
    return
  }
  const { call, texts } = request
  try {
    const knowledge = {
      models,
      layer: request.layer === null ? null : (layers.get(request.layer) ?? null),
      topics: request.topics === null ? null : (topics.get(request.topics) ?? null),
    }
    answer({ type: 'assessed', call, assessed: judge(texts, knowledge) })
  } catch (error) {
    answer({ type: 'failed', call, reason: String(error) })
  }
})
