import { expect, test } from 'vitest'
import { MOST_MINUTES, parseSpan, writeSpan } from './spans.ts'

test.each([
  ['90 min', 90],
  ['1 d 6 h', 1800],
  ['2h30m', 150],
  [' 45 ', 45],
  ['0', 0],
])('“%s” is %d minutes', (text, minutes) => {
  expect(parseSpan(text)).toBe(minutes)
})

test.each(['', 'soon', '2 weeks', '-5', '1.5 h', '15 d', '20161'])('“%s” is no span of a policy', (text) => {
  expect(parseSpan(text)).toBeNull()
})

test('every span that is written is read back', () => {
  for (let minutes = 0; minutes <= MOST_MINUTES; minutes += 7) expect(parseSpan(writeSpan(minutes))).toBe(minutes)
})
