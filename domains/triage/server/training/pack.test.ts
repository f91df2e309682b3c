import { expect, test } from 'vitest'
import { unpackModel } from '../models/file.ts'
import { learnedIntents, toxicities } from './labels.ts'
import { severities } from '../severity/severity.ts'
import { uncalibrated } from './calibrate.ts'
import { emotionNames } from './emotions.ts'
import type { Linear } from './linear.ts'
import type { Network } from './network.ts'
import { packModels, repackHead } from './pack.ts'

const BITS = 4

function aLinear(classes: number, weight: number): Linear {
  const weights = Float32Array.from({ length: classes << BITS }, (_, i) => weight * (1 + (i % 7)))
  return { bits: BITS, classes, grams: 1, weights, bias: new Float32Array(classes).fill(weight) }
}

const heads = {
  intent: aLinear(learnedIntents.length, 1),
  toxicity: aLinear(toxicities.length, 2),
  spam: aLinear(1, 3),
  severity: aLinear(severities.length, 4),
  emotion: aLinear(emotionNames.length, 5),
  desk: aLinear(1, 6),
}
const network: Network = {
  bits: BITS,
  size: 2,
  hidden: 2,
  tasks: [],
  table: new Float32Array(2 << BITS).fill(0.5),
  layer: new Float32Array(4),
  layerBias: new Float32Array(2),
  outputs: [3, emotionNames.length].map((classes) => ({
    weights: new Float32Array(classes * 2),
    bias: new Float32Array(classes),
  })),
}

test('a head learned anew gives the same bytes as if all had been packed with it', () => {
  const sentiment = aLinear(3, 1)
  const before = packModels(sentiment, heads, network, uncalibrated)
  for (const [head, classes] of [
    ['spam', 1],
    ['emotion', emotionNames.length],
  ] as const) {
    const fresh = aLinear(classes, -0.3)
    const whole = packModels(sentiment, { ...heads, [head]: fresh }, network, uncalibrated)
    expect(repackHead(before, head, fresh).equals(whole), head).toBe(true)
    expect(whole.equals(before), head).toBe(false)
  }
  expect(unpackModel(before).arrays['broad.scales']).toHaveLength(49)
})

test('of weights that were solved to the end none is cut', () => {
  const spam = aLinear(1, 1)
  spam.weights.fill(0.1)
  spam.weights[3] = 5
  const scaleIn = (linear: Linear) =>
    unpackModel(packModels(aLinear(3, 1), { ...heads, spam: linear }, network, uncalibrated)).arrays['broad.scales']![
      learnedIntents.length + toxicities.length
    ]
  expect(scaleIn({ ...spam, cut: 0 })).toBeCloseTo(5 / 127)
  expect(scaleIn({ ...spam, cut: 0.2 })).toBeCloseTo(0.1 / 127)
})
