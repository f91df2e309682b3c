import { expect, test } from 'vitest'
import { readDataset } from './dataset.ts'
import { scoreLinear } from './linear.ts'
import { trainLogistic } from './logistic.ts'

const texts = [
  'I love this shop, it is wonderful',
  'what a wonderful day with love',
  'I hate waiting, it is awful',
  'an awful day, hate it',
  'the shop opens at nine',
  'the train leaves at nine',
]
/** Warm, cold. */
const targets = Float32Array.from([1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0])
const ones = new Float32Array(texts.length).fill(1)
const options = { bits: 12, classes: 2, pull: 0.1, steps: 30 }

test('labels are learned each on its own, and carry to words in another order', () => {
  const model = trainLogistic(readDataset(texts), targets, ones, options)
  const [warm, cold] = scoreLinear(model, readDataset(['love, wonderful']))
  expect(warm).toBeGreaterThan(0)
  expect(cold).toBeLessThan(0)
  const neither = scoreLinear(model, readDataset(['the shop opens at nine']))
  expect(Math.max(...neither)).toBeLessThan(0)
})

test('the same lessons give the same weights', () => {
  const first = trainLogistic(readDataset(texts), targets, ones, options)
  const second = trainLogistic(readDataset(texts), targets, ones, options)
  expect(Buffer.from(first.weights.buffer).equals(Buffer.from(second.weights.buffer))).toBe(true)
})

test('a text that was left out teaches nothing', () => {
  const model = trainLogistic(readDataset(texts), targets, ones, { ...options, rows: [0, 1, 4, 5] })
  const [, cold] = scoreLinear(model, readDataset(['awful, hate']))
  expect(cold).toBeLessThan(0)
})
