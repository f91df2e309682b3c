// The whole way from the sets to the file that is shipped, or a part of it.
import { packModel, unpackModel } from '../models/file.ts'
import { readModels } from '../models/models.ts'
import { calibrate, uncalibrated } from './calibrate.ts'
import { packModels, repackHead, repackNetwork, repackSentiment } from './pack.ts'
import { broadHeads, learnBroadHead, learnNetwork, learnSentiment, type BroadParts, type Say } from './train.ts'

/** What can be learned alone. */
export const trainable = ['sentiment', 'network', ...broadHeads] as const
export type Trainable = (typeof trainable)[number]

/** The bytes of the model file, learned from the sets in `directory`: the same sets, the same bytes. */
export async function buildModels(directory: string, say: Say): Promise<Buffer> {
  say('sentiment')
  const sentiment = learnSentiment(directory)
  say('network')
  const network = learnNetwork(directory)
  const parts: Partial<Record<keyof BroadParts, BroadParts['intent']>> = {}
  for (const head of broadHeads) {
    say(head)
    parts[head] = await learnBroadHead(directory, head)
  }
  say('calibration')
  return recalibrated(directory, packModels(sentiment, parts as BroadParts, network, uncalibrated))
}

/** A model file with only `heads` learned anew, and its calibration. With no head, the calibration alone. */
export async function rebuildModels(
  directory: string,
  bytes: Uint8Array,
  heads: readonly Trainable[],
  say: Say,
): Promise<Buffer> {
  let built = bytes
  for (const head of heads) {
    say(head)
    if (head === 'sentiment') built = repackSentiment(built, learnSentiment(directory))
    else if (head === 'network') built = repackNetwork(built, learnNetwork(directory))
    else built = repackHead(built, head, await learnBroadHead(directory, head))
  }
  say('calibration')
  return recalibrated(directory, built)
}

/** The same model with its calibration fitted anew. */
export function recalibrated(directory: string, bytes: Uint8Array): Buffer {
  const { about, arrays } = unpackModel(bytes)
  const calibration = calibrate(directory, { ...readModels(bytes), calibration: uncalibrated })
  return packModel({ ...(about as object), calibration }, arrays)
}
