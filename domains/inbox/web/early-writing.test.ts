import { expect, test } from 'vitest'
import { takeEarly, wantEarly } from './early-writing.ts'

test('what was asked for before the composer came is done once', () => {
  wantEarly('one', 'note')
  expect(takeEarly('one')).toBe('note')
  expect(takeEarly('one')).toBeNull()
})

test('what was asked for in one conversation does not open a box in another', () => {
  wantEarly('one', 'out')
  expect(takeEarly('two')).toBeNull()
  expect(takeEarly('one')).toBeNull()
})
