import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBetter } from './lesson.ts'
import { confusionOf, driftIndex, shareOf } from './measures.ts'

test('an interval holds its share, narrows with more of the same, and knows nothing of nothing', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 1, max: 1000 }), (hits, more) => {
      const n = hits + more
      const one = shareOf(hits, n)
      expect(one.low!).toBeLessThanOrEqual(one.value! + 1e-12)
      expect(one.high!).toBeGreaterThanOrEqual(one.value! - 1e-12)
      const ten = shareOf(hits * 10, n * 10)
      expect(ten.high! - ten.low!).toBeLessThan(one.high! - one.low!)
    }),
  )
  expect(shareOf(0, 0)).toEqual({ value: null, low: null, high: null, n: 0 })
  // By hand: 8 of 10.
  expect(shareOf(8, 10).low).toBeCloseTo(0.4902, 3)
  expect(shareOf(8, 10).high).toBeCloseTo(0.9433, 3)
})

test('a confusion counts every pair once', () => {
  const pairs = [
    { said: 'neutral', right: 'negative', count: 3 },
    { said: 'negative', right: 'negative', count: 5 },
    { said: 'odd', right: 'neutral', count: 1 },
  ]
  expect(confusionOf(pairs, ['negative', 'neutral', 'positive'])).toEqual({
    values: ['negative', 'neutral', 'odd'],
    counts: [
      [5, 0, 0],
      [3, 0, 0],
      [0, 1, 0],
    ],
  })
})

test('what stays alike does not drift, what turns does', () => {
  const month = new Map([
    ['negative', 400],
    ['neutral', 500],
    ['positive', 100],
  ])
  const alike = new Map([...month].map(([value, count]) => [value, count / 4]))
  expect(driftIndex(month, alike)).toBeLessThan(0.01)
  expect(driftIndex(month, new Map([['negative', 200]]))).toBeGreaterThan(0.2)
  expect(driftIndex(month, new Map())).toBeNull()
})

test('only what is right more often, or surer when as often, is better', () => {
  const present = { accuracy: 0.8, loss: 0.5 }
  expect(isBetter({ accuracy: 0.81, loss: 0.9 }, present)).toBe(true)
  expect(isBetter({ accuracy: 0.8, loss: 0.4 }, present)).toBe(true)
  expect(isBetter(present, present)).toBe(false)
  expect(isBetter({ accuracy: 0.79, loss: 0.1 }, present)).toBe(false)
})
