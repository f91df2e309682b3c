// Many messages as one long list of feature hashes, the form in which models are trained.
import { makeFeatures, readFeatures } from '../text/features.ts'

export interface Dataset {
  readonly size: number
  /** Message i has `ids[starts[i], starts[i + 1])`; those before `splits[i]` come from words. */
  readonly ids: Uint32Array
  readonly starts: Uint32Array
  readonly splits: Uint32Array
}

export function readDataset(texts: readonly string[]): Dataset {
  const features = makeFeatures()
  const starts = new Uint32Array(texts.length + 1)
  const splits = new Uint32Array(texts.length)
  let ids = new Uint32Array(texts.length * 200 + 1024)
  let used = 0
  for (const [i, text] of texts.entries()) {
    readFeatures(text, features)
    if (used + features.count > ids.length) {
      const larger = new Uint32Array(ids.length * 2 + features.count)
      larger.set(ids.subarray(0, used))
      ids = larger
    }
    ids.set(features.ids.subarray(0, features.count), used)
    splits[i] = used + features.words
    used += features.count
    starts[i + 1] = used
  }
  return { size: texts.length, ids: ids.slice(0, used), starts, splits }
}
