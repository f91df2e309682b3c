import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accentsOf, contrast } from './colour.ts'

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

test('every colour becomes one that can be read, in both themes', () => {
  fc.assert(
    fc.property(hex, (colour) => {
      const { light, dark } = accentsOf(colour)
      for (const [{ accent, ink }, ground] of [
        [light, '#ffffff'],
        [dark, '#1e1c19'],
      ] as const) {
        expect(contrast(accent, ground)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(accent, ink)).toBeGreaterThanOrEqual(4.5)
      }
    }),
  )
})

test('a colour that can be read stays as it is, and what is none becomes pine', () => {
  expect(accentsOf('#0F6E5C').light.accent).toBe('#0f6e5c')
  expect(accentsOf('red; }').light).toEqual({ accent: '#0f6e5c', ink: '#ffffff' })
})
