import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overLimit, type TextLimit } from './length.ts'
import { splitText } from './split-text.ts'

const bluesky: readonly TextLimit[] = [
  { unit: 'grapheme', max: 30 },
  { unit: 'byte', max: 60 },
]
const mastodon: readonly TextLimit[] = [{ unit: 'grapheme', max: 60, linksCountAs: 23, mentionsWithoutServer: true }]

const word = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('Hello.', 'Is it?', 'no', '👩‍👩‍👧‍👦', 'مرحبا', '日本語です。', 'é́́', '@jo@a.example'),
  },
  { weight: 1, arbitrary: fc.webUrl({ size: 'small' }) },
  { weight: 1, arbitrary: fc.string({ minLength: 30, maxLength: 120, unit: 'grapheme' }) },
)
const text = fc
  .array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '\n\n')), { maxLength: 40 })
  .map((all) => all.flat().join(''))
const limits = fc.constantFrom(bluesky, mastodon, [{ unit: 'utf16', max: 40 } as const])
const bare = (given: string) => given.replace(/\s+/gu, '')

test('nothing is lost, nothing is added, and every part keeps every limit', () => {
  fc.assert(
    fc.property(text, limits, (given, all) => {
      const parts = splitText(given, all)
      expect(bare(parts.join(''))).toBe(bare(given))
      for (const part of parts) {
        expect(part).not.toBe('')
        expect(part).toBe(part.trim())
        expect(overLimit(all, part)).toBe(null)
      }
    }),
    { numRuns: 2000 },
  )
})

test('numbered parts keep the limits too, and without their marks are the same text', () => {
  fc.assert(
    fc.property(text, limits, (given, all) => {
      const parts = splitText(given, all, { numbered: true })
      for (const part of parts) expect(overLimit(all, part)).toBe(null)
      if (parts.length < 2) return
      const marks = parts.map((_, at) => ` (${at + 1}/${parts.length})`)
      expect(parts.every((part, at) => part.endsWith(marks[at]!))).toBe(true)
      expect(bare(parts.map((part, at) => part.slice(0, -marks[at]!.length)).join(''))).toBe(bare(given))
    }),
    { numRuns: 1000 },
  )
})

test('a word that fits is never broken, and neither is a link or a sign', () => {
  fc.assert(
    fc.property(text, limits, (given, all) => {
      const words = given.split(/\s+/u).filter((one) => one !== '')
      const found = splitText(given, all).flatMap((part) => part.split(/\s+/u))
      const whole = words.filter((one) => overLimit(all, one) === null)
      // Each word that fits stands in the parts as often as in the text, at least.
      for (const one of new Set(whole))
        expect(found.filter((other) => other === one).length).toBeGreaterThanOrEqual(
          words.filter((other) => other === one).length,
        )
    }),
    { numRuns: 1000 },
  )
})

test('it breaks after a sentence or a paragraph where one ends near', () => {
  const limit: TextLimit[] = [{ unit: 'utf16', max: 40 }]
  expect(splitText('We found your bag. It is in Vienna now and comes tomorrow.', limit)).toEqual([
    'We found your bag. It is in Vienna now',
    'and comes tomorrow.',
  ])
  expect(splitText('We have found your bag this morning. It comes tomorrow.', limit)).toEqual([
    'We have found your bag this morning.',
    'It comes tomorrow.',
  ])
  expect(splitText('Dear Jo, we found your bag\n\nIt comes tomorrow at noon.', limit)).toEqual([
    'Dear Jo, we found your bag',
    'It comes tomorrow at noon.',
  ])
})

test('what fits is one part, and nothing is none', () => {
  expect(splitText(' short ', [{ unit: 'utf16', max: 10 }], { numbered: true })).toEqual(['short'])
  expect(splitText(' \n ', [{ unit: 'utf16', max: 10 }])).toEqual([])
  expect(splitText('anything', [])).toEqual(['anything'])
})

test('a limit too small for a sign still ends', () => {
  expect(splitText('👩‍👩‍👧‍👦a', [{ unit: 'byte', max: 4 }]).join('')).toBe('👩‍👩‍👧‍👦a')
})

test('what the first part begins with takes room there, and is not in it', () => {
  const limits = [{ unit: 'utf16', max: 20 }] as const
  const text = 'We found your bag. It is in Vienna now.'
  expect(splitText(text, limits)).toEqual(['We found your bag.', 'It is in Vienna now.'])
  expect(splitText(text, limits, { opening: '@jo ' })).toEqual(['We found your', 'bag. It is in Vienna', 'now.'])
  expect(splitText('@jo, your bag is in Vienna.', limits, { opening: '@jo ' })[0]).toBe('@jo, your bag is in')
  expect(splitText('Seventeen letters', limits, { opening: '@jo ' })).toHaveLength(2)
})
