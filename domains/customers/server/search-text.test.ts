import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldForSearch, searchTextOf, storable } from './search-text.ts'

describe('folding', () => {
  test('takes accents, case, odd spaces and what nobody sees away', () => {
    expect(foldForSearch('  Zoë  MÜLLER-Straße ')).toBe('zoe muller-strasse')
    expect(foldForSearch('Łukasz Ørsted Æther Đorđe')).toBe('lukasz orsted aether dorde')
    expect(foldForSearch('İstanbul ılık')).toBe('istanbul ilik')
    expect(foldForSearch('An\u200bna\u00ad \u202eevil\u202c')).toBe('anna evil')
    expect(foldForSearch('ΟΔΥΣΣΕΥΣ')).toBe(foldForSearch('οδυσσευς'))
    expect(foldForSearch('ＦＵＬＬ ﬁne')).toBe('full fine')
    expect(foldForSearch('a\tb\u0000c\nd')).toBe('a bc d')
  })

  test('leaves other scripts readable', () => {
    expect(foldForSearch('李小龍 🦊 שלום')).toBe('李小龍 🦊 שלום')
  })

  test('is done with after once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = foldForSearch(text)
        expect(foldForSearch(once)).toBe(once)
      }),
      { numRuns: 2000 },
    )
  })
})

test('search text has each word once and an end', () => {
  expect(searchTextOf(['Ann', 'ann', null, undefined, 42, true, '', 'ÁNN'])).toBe('ann 42')
  const long = searchTextOf(Array.from({ length: 300 }, (_, i) => `${i}${'🦊'.repeat(120)}`))
  expect(long.length).toBeLessThanOrEqual(2000)
  expect(long.isWellFormed()).toBe(true)
})

test('what is storable is short, whole and printable', () => {
  expect(storable('a\u0000b\ud800\n', 100)).toBe('a b\ufffd')
  expect(storable(`${'x'.repeat(511)}🦊`, 512)).toBe(`${'x'.repeat(511)}\ufffd`)
})
