import { expect, test } from 'vitest'
import { minimise } from './minimise.ts'

test('a bent valley is followed to its bottom', () => {
  const point = Float32Array.from([-1.2, 1])
  minimise(point, 200, (at, slope) => {
    const [x = 0, y = 0] = at
    slope[0] = -2 * (1 - x) - 400 * x * (y - x * x)
    slope[1] = 200 * (y - x * x)
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2
  })
  expect(point[0]).toBeCloseTo(1, 2)
  expect(point[1]).toBeCloseTo(1, 2)
})
