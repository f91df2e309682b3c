import { describe, expect, test } from 'vitest'
import { accuracyAtCoverage, calibrationError, confidences, figuresByClass, macro, recallAtAlarms } from './measures.ts'
import { fitProbabilities, toProbabilities } from './probabilities.ts'

describe('measures', () => {
  test('macro counts each class once, however rare', () => {
    const figures = figuresByClass([0, 0, 0, 1], [0, 0, 1, 1], 2)
    expect(figures[0]).toMatchObject({ precision: 1, recall: 2 / 3, support: 3 })
    expect(macro(figures, 'recall')).toBeCloseTo((2 / 3 + 1) / 2)
  })

  test('calibration error is the distance between said and was', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => ({ confidence: 0.9, right: i % 2 === 0 }))
    expect(calibrationError(sorted, 5)).toBeCloseTo(0.4)
    expect(accuracyAtCoverage(confidences([0, 1], [0.9, 0.1, 0.6, 0.4], 2), 0.5)).toBe(1)
  })

  test('recall is taken where at most the allowed share of others is above', () => {
    expect(recallAtAlarms([5, 3, 0], [4, 1, 1, 1], 0)).toBeCloseTo(1 / 3)
    expect(recallAtAlarms([5, 3, 0], [4, 1, 1, 1], 0.25)).toBeCloseTo(2 / 3)
  })
})

test('fitting finds how much too sure the scores are and which class comes too seldom', () => {
  // Scores four times too large; class 2 as often as they say, class 0 twice.
  const scores: number[] = []
  const labels: number[] = []
  for (let i = 0; i < 3_000; i += 1) {
    const label = i % 4 === 3 ? 2 : i % 4 === 2 ? 1 : 0
    const pointsAt = i % 10 < 6 ? label : (label + 1) % 3
    scores.push(...[0, 1, 2].map((c) => (c === pointsAt ? 4 : 0)))
    labels.push(label)
  }
  const fitted = fitProbabilities(Float32Array.from(scores), labels)
  const p = [0, 0, 0]
  toProbabilities([4, 0, 0], fitted, p)
  expect(p[0]).toBeGreaterThan(0.5)
  expect(p[0]).toBeLessThan(0.85)
  expect(p.reduce((sum, value) => sum + value)).toBeCloseTo(1)
})
