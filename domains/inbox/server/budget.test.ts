import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openBudget } from './budget.ts'

test('in no stretch of its window more than the count is begun, and never more at once than allowed', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('take' as const), n: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constant('pass' as const), n: fc.integer({ min: 0, max: 1500 }) }),
    fc.record({ kind: fc.constant('done' as const), n: fc.constant(1) }),
    fc.record({ kind: fc.constant('back' as const), n: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('forgo' as const), n: fc.integer({ min: 0, max: 12 }) }),
  )
  const budgets = fc.record({
    count: fc.integer({ min: 1, max: 10 }),
    perSeconds: fc.integer({ min: 1, max: 4 }),
    concurrent: fc.integer({ min: 1, max: 6 }),
  })
  fc.assert(
    fc.property(budgets, fc.array(step, { maxLength: 80 }), (limits, steps) => {
      let time = 1_000_000
      const budget = openBudget(limits, () => time)
      let running = 0
      let begun: number[] = []
      for (const { kind, n } of steps) {
        if (kind === 'pass') time += n
        else if (kind === 'done' && running > 0) {
          budget.done()
          running -= 1
        } else if (kind === 'forgo' && begun.length > 0) {
          const [at] = begun.splice(n % begun.length, 1)
          budget.forgo(new Date(at!))
        } else if (kind === 'take' || kind === 'back') {
          const given = budget.take(n)
          const unused = kind === 'back' ? Math.min(given, n) : 0
          budget.giveBack(unused)
          running += given - unused
          begun.push(...Array.from({ length: given - unused }, () => time))
        }
        begun = begun.filter((at) => at > time - limits.perSeconds * 1000)
        expect(begun.length).toBeLessThanOrEqual(limits.count)
        expect(running).toBeLessThanOrEqual(limits.concurrent)
      }
    }),
  )
})

test('all of a window is used, and waiting as long as told is enough', () => {
  let time = 0
  const budget = openBudget({ count: 5, perSeconds: 10, concurrent: 100 }, () => time)
  let begun = 0
  while (time < 100_000) {
    begun += budget.take(100)
    time += Math.max(1, budget.wait())
  }
  expect(begun).toBe(50)
})

test('what was asked for and not needed is not used up', () => {
  const budget = openBudget({ count: 1, perSeconds: 3600, concurrent: 1 }, () => 0)
  for (let i = 0; i < 10; i++) {
    expect(budget.take(1)).toBe(1)
    budget.giveBack(1)
  }
  expect(budget.wait()).toBe(0)
})

test('a turn that was taken only to ask is another’s', () => {
  let time = 1000
  const budget = openBudget({ count: 2, perSeconds: 10, concurrent: 9 }, () => time)
  expect(budget.take(2)).toBe(2)
  budget.forgo(new Date(1000))
  expect(budget.take(2)).toBe(1)
  // Long over: it holds up nobody any more.
  time += 20_000
  expect(budget.take(2)).toBe(2)
  budget.forgo(new Date(1000))
  expect(budget.take(2)).toBe(0)
})

test('a platform that asks for patience gets it', () => {
  let time = 0
  const budget = openBudget({ count: 5, perSeconds: 1, concurrent: 5 }, () => time)
  budget.pauseUntil(new Date(5000))
  expect(budget.take(1)).toBe(0)
  expect(budget.wait()).toBe(5000)
  time = 5000
  expect(budget.take(1)).toBe(1)
})

test('a clock that is set back an hour does not stop sending for an hour', () => {
  let time = 10_000_000
  const budget = openBudget({ count: 1, perSeconds: 1, concurrent: 9 }, () => time)
  expect(budget.take(1)).toBe(1)
  time -= 3_600_000
  expect(budget.wait()).toBeLessThanOrEqual(1000)
})
