import { expect, test } from 'vitest'
import { emotionThresholds } from './calibrate.ts'

/** Two labels: the first is had by every text with a score above 0, the second by few, at random. */
function rows(count: number): { scores: Float32Array; targets: Float32Array } {
  const scores = new Float32Array(count * 2)
  const targets = new Float32Array(count * 2)
  for (let i = 0; i < count; i += 1) {
    scores[i * 2] = (6 * ((i * 37) % count)) / count - 3
    targets[i * 2] = scores[i * 2]! > 0 ? 1 : 0
    scores[i * 2 + 1] = (6 * ((i * 53) % count)) / count - 3
    targets[i * 2 + 1] = i % 50 === 0 || scores[i * 2 + 1]! > 2.5 ? 1 : 0
  }
  return { scores, targets }
}

test('a threshold lies where F1 is best', () => {
  const { scores, targets } = rows(1_000)
  const [clear, rare] = emotionThresholds(scores, targets, 2)
  expect(clear).toBeGreaterThan(-0.5)
  expect(clear).toBeLessThan(0.3)
  expect(rare).toBeGreaterThan(2)
  expect(rare).toBeLessThan(2.8)
})

test('one lucky text at the top does not set the threshold of a rare label', () => {
  const { scores, targets } = rows(1_000)
  const before = emotionThresholds(scores, targets, 2)[1]!
  scores[1] = 9
  targets[1] = 1
  expect(Math.abs(emotionThresholds(scores, targets, 2)[1]! - before)).toBeLessThan(0.3)
})
