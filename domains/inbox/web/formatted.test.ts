import { expect, test } from 'vitest'
import { formatted } from './formatted.ts'

test('marks become parts, and everything else stays as it was typed', () => {
  expect(formatted('Take **gate 4** at [the desk](https://a.example).\n\n2 * 3 = 6')).toEqual([
    [
      { kind: 'text', text: 'Take ' },
      { kind: 'bold', text: 'gate 4' },
      { kind: 'text', text: ' at ' },
      { kind: 'link', text: 'the desk' },
      { kind: 'text', text: '.' },
    ],
    [{ kind: 'text', text: '2 * 3 = 6' }],
  ])
})
