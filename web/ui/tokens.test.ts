import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, readColours } from './contrast.ts'

const tokens = readColours(readFileSync(new URL('./tokens.css', import.meta.url), 'utf8'))
const grounds = ['page', 'sunken', 'raised', 'hover', 'tint', 'note']
const inks = [
  'text',
  'muted',
  'accent',
  'accent-strong',
  'open',
  'waiting',
  'resolved',
  'overdue',
  'overdue-strong',
  'crisis',
]
const words: [string, string][] = [
  ...inks.flatMap((ink) => grounds.map((ground): [string, string] => [ink, ground])),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-overdue', 'overdue'],
  ['on-overdue', 'overdue-strong'],
  ['on-inverse', 'inverse'],
  ['inverse-accent', 'inverse'],
  ...[1, 2, 3, 4, 5, 6].map((n): [string, string] => [`face-${n}-ink`, `face-${n}`]),
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const ratio = (a: string, b: string) => {
    const [ink, ground] = [tokens.get(a), tokens.get(b)]
    if (!ink || !ground) throw new Error(`tokens.css does not name ${ink ? b : a}`)
    return contrast(ink[theme], ground[theme])
  }

  it.each(words)('%s can be read on %s', (ink, ground) => {
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(grounds)('the edge of a control can be seen on %s', (ground) => {
    expect(ratio('edge', ground)).toBeGreaterThanOrEqual(3)
  })
})

it('every colour token is a ground, an ink that is tested, a line, a veil or a chart colour', () => {
  const tested = new Set([...words.flat(), ...grounds, 'edge'])
  const rest = [...tokens.keys()].filter((name) => !tested.has(name) && !name.startsWith('chart-'))
  expect(rest.toSorted()).toEqual(['line', 'veil'])
})
