// The whole way from the sets to the file that is shipped.
import { packModel, unpackModel } from '../models/file.ts'
import { readModels } from '../models/models.ts'
import { calibrate, uncalibrated } from './calibrate.ts'
import { columns, packModels, withColumns } from './pack.ts'
import { learnBroad, learnNetwork, learnSentiment, learnSeverity, type Say } from './train.ts'

/** The bytes of the model file, learned from the sets in `directory`: the same sets, the same bytes. */
export async function buildModels(directory: string, say: Say): Promise<Buffer> {
  say('sentiment: words and characters')
  const sentiment = learnSentiment(directory)
  say('sentiment and emotion: network')
  const network = learnNetwork(directory)
  const broad = await learnBroad(directory, say)
  say('calibration')
  return recalibrated(directory, packModels(sentiment, broad, network, uncalibrated))
}

/** The same file with severity alone learned anew; `buildModels` gives the same bytes where nothing else changed. */
export function rebuildSeverity(directory: string, bytes: Uint8Array, say: Say): Buffer {
  say('severity alone')
  const learned = withColumns(bytes, learnSeverity(directory), columns.severity)
  say('calibration')
  return recalibrated(directory, learned)
}

/** The same model with its calibration fitted anew. */
export function recalibrated(directory: string, bytes: Uint8Array): Buffer {
  const { about, arrays } = unpackModel(bytes)
  const calibration = calibrate(directory, { ...readModels(bytes), calibration: uncalibrated })
  return packModel({ ...(about as object), calibration }, arrays)
}
