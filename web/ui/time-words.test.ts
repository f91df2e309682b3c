import { expect, it } from 'vitest'
import { relativeWords } from './time-words.ts'

const now = Date.UTC(2026, 10, 21, 12)
const words = (seconds: number) => relativeWords(now + seconds * 1000, now, 'en')

it('a moment is told in the largest unit that fits, and never rounded up', () => {
  expect(words(-20)).toBe('now')
  expect(words(-119)).toBe('1 min. ago')
  expect(words(-3 * 3600)).toBe('3 hr. ago')
  expect(words(-86_400)).toBe('yesterday')
  expect(words(2.9 * 86_400)).toBe('in 2 days')
  expect(words(-15 * 86_400)).toBe('2 wk. ago')
  expect(words(-400 * 86_400)).toBe('last yr.')
})
