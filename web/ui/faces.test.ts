import { expect, it } from 'vitest'
import { faceOf, initialsOf } from './faces.ts'

it('initials are the first letters of the first and the last word', () => {
  expect(initialsOf('Ada Lovelace')).toBe('AL')
  expect(initialsOf('  Gabriel  José García Márquez ')).toBe('GM')
  expect(initialsOf('zoë')).toBe('Z')
  expect(initialsOf('(Dr.) Émile Zola')).toBe('DZ')
  expect(initialsOf('anna.smith@example.org')).toBe('AS')
  expect(initialsOf('李小龍')).toBe('李')
  expect(initialsOf('🙂')).toBe('·')
  expect(initialsOf('')).toBe('·')
})

it('a key keeps its colour, and keys spread over all six', () => {
  expect(faceOf('customer-1')).toBe(faceOf('customer-1'))
  const seen = new Set(Array.from({ length: 60 }, (_, i) => faceOf(`customer-${i}`)))
  expect(seen.size).toBe(6)
})
