import { expect, test } from 'vitest'
import { exampleLines } from './example-lines.ts'

test('a pasted list becomes examples, without bullets, empty lines, and the same twice', () => {
  expect(exampleLines('- Where is my bag?\n\n2) My bag is lost\n  Where is my bag?  \nok\n• 5 bags')).toEqual([
    'Where is my bag?',
    'My bag is lost',
    '5 bags',
  ])
})

test('a number that begins a sentence stays', () => {
  expect(exampleLines('3 bags are missing')).toEqual(['3 bags are missing'])
})
