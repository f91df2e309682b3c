import { describe, expect, test } from 'vitest'
import { limitsBehind, lengthOf, lengthIn, overLimit } from './length.ts'

describe('the length of a text', () => {
  test.each([
    ['', 0, 0, 0],
    ['Hello', 5, 5, 5],
    ['Grüße', 5, 5, 7],
    ['e\u0301', 2, 1, 3],
    ['日本語', 3, 3, 9],
    ['👍', 2, 1, 4],
    ['👍🏽', 4, 1, 8],
    ['👩‍👩‍👧‍👦', 11, 1, 25],
    ['🇩🇪🇫🇷', 8, 2, 16],
    ['한국', 2, 2, 6],
    ['\r\n', 2, 1, 2],
    // Half a pair counts as what it is sent as: U+FFFD.
    ['\ud83d', 1, 1, 3],
  ])('"%s" is %i units, %i graphemes, %i bytes', (text, units, graphemes, bytes) => {
    expect([lengthIn('utf16', text), lengthIn('grapheme', text), lengthIn('byte', text)]).toEqual([
      units,
      graphemes,
      bytes,
    ])
  })
})

describe('a limit', () => {
  const bluesky = [
    { unit: 'grapheme', max: 300 },
    { unit: 'byte', max: 3000 },
  ] as const

  test('holds up to its last unit', () => {
    expect(overLimit(bluesky, 'a'.repeat(300))).toBeNull()
    expect(overLimit(bluesky, 'a'.repeat(301))).toEqual({ unit: 'grapheme', max: 300, length: 301 })
  })

  test('holds at the same time as the others', () => {
    const families = '👩‍👩‍👧‍👦'.repeat(130)
    expect(overLimit(bluesky, families)).toEqual({ unit: 'byte', max: 3000, length: 3250 })
  })

  test('that is broken worst is the one that is told', () => {
    const families = '👩‍👩‍👧‍👦'.repeat(301)
    expect(overLimit(bluesky, families)).toMatchObject({ unit: 'byte', length: 7525 })
    expect(
      overLimit(
        [
          { unit: 'utf16', max: 1 },
          { unit: 'byte', max: 2 },
        ],
        'aaa',
      ),
    ).toMatchObject({ unit: 'utf16' })
  })

  test('that nobody set is none', () => {
    expect(overLimit([], 'a'.repeat(1_000_000))).toBeNull()
  })
})

test('a link counts as the network says, whatever its length, and what stands behind it is not of it', () => {
  const limit = { unit: 'grapheme', max: 50, linksCountAs: 23 } as const
  expect(lengthOf(limit, 'https://a.example')).toBe(23)
  expect(lengthOf(limit, `https://a.example/${'x'.repeat(500)}`)).toBe(23)
  expect(lengthOf(limit, 'See https://a.example/b, or http://c.example.')).toBe(4 + 23 + 5 + 23 + 1)
  expect(lengthOf(limit, 'ftp://a.example')).toBe(15)
  expect(overLimit([limit], `https://a.example/${'x'.repeat(500)} 12345`)).toBe(null)
  expect(lengthOf({ unit: 'byte', max: 9, linksCountAs: 23 }, 'é https://a.example')).toBe(3 + 23)
})

test('of a mention only the name counts where the network says so', () => {
  const limit = { unit: 'grapheme', max: 50, mentionsWithoutServer: true } as const
  expect(lengthOf(limit, '@jo@square.example hello')).toBe('@jo hello'.length)
  expect(lengthOf(limit, 'Hi @jo.b@square.example, @ann')).toBe('Hi @jo.b, @ann'.length)
  expect(lengthOf(limit, 'mail jo@square.example')).toBe('mail jo@square.example'.length)
  expect(lengthOf({ unit: 'grapheme', max: 50 }, '@jo@square.example')).toBe(18)
})

test('a warning takes from limits that count it, and only from those', () => {
  const limits = [{ unit: 'grapheme', max: 500, countsWarning: true } as const, { unit: 'byte', max: 3000 } as const]
  expect(limitsBehind(limits, ' Spiders ').map(({ max }) => max)).toEqual([493, 3000])
  expect(limitsBehind(limits, '  ')).toBe(limits)
  expect(limitsBehind(limits, null)).toBe(limits)
})
