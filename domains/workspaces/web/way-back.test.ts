import { expect, test } from 'vitest'
import { safeNext } from './way-back.ts'

test('the way back leads to where one wanted to go', () => {
  expect(safeNext('/people?tab=teams#two')).toBe('/people?tab=teams#two')
})

test.for(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', undefined, 7])(
  'an address of others leads to the start: %s',
  (next) => expect(safeNext(next)).toBe('/'),
)

test('a control character does not smuggle another host in', () => {
  expect(safeNext('/\t/evil.example')).toBe('/')
})

test('signing in does not lead to signing in', () => {
  expect(safeNext('/sign-in?next=/people')).toBe('/')
})
