import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { deepFreeze, withoutWorld } from './without-world.ts'

describe('a room without the world', () => {
  test('lets a pure function be', () => {
    const visit = withoutWorld(() => new Date('2026-01-01T00:00:00Z') instanceof Date && Math.max(1, 2))
    expect(visit).toEqual({ outcome: { value: 2 }, touched: [] })
  })

  test.each([
    ['Date.now', () => Date.now()],
    ['new Date()', () => new Date()],
    ['Date()', () => Date()],
    ['Math.random', () => Math.random()],
    ['node:crypto.randomUUID', () => randomUUID()],
    ['crypto.randomUUID', () => globalThis.crypto.randomUUID()],
    ['node:fs.readFileSync', () => readFileSync('/etc/hostname')],
    ['node:net.connect', () => connect(1, '127.0.0.1')],
    ['globalThis.fetch', () => fetch('http://127.0.0.1:1')],
    ['globalThis.setTimeout', () => setTimeout(() => {}, 1)],
  ])('tells of %s, even of a caller who swallows the refusal', (name, reach) => {
    const visit = withoutWorld(() => {
      try {
        return reach()
      } catch {
        return 'nothing happened'
      }
    })
    expect(visit.touched).toContain(name)
  })

  test('is gone afterwards, after a throw too', () => {
    withoutWorld(() => {
      throw new Error('no')
    })
    expect(Math.abs(Date.now() - new Date().getTime())).toBeLessThan(1000)
    expect(randomUUID()).not.toBe(randomUUID())
    expect(Math.random()).toBeLessThan(1)
  })
})

test('what is frozen deeply can be changed nowhere', () => {
  const frozen = deepFreeze({ a: { b: [{ c: 1 }] } })
  expect(() => {
    frozen.a.b[0]!.c = 2
  }).toThrow(TypeError)
})
