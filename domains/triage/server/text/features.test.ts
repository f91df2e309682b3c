import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashWord, makeFeatures, READ_LIMIT, readFeatures } from './features.ts'

const read = (text: string) => {
  const { ids, words, count, tokens, lexicon, lexical } = readFeatures(text, makeFeatures())
  return { ids: [...ids.subarray(0, count)], words, count, tokens, lexicon: [...lexicon.subarray(0, lexical)] }
}

describe('reading a message', () => {
  test('folds case, accents, apostrophes, invisible characters and stretched letters', () => {
    const words = (text: string) => read(text).lexicon
    expect(words('Réclamation')).toEqual([hashWord('reclamation')])
    expect(words("DON'T")).toEqual([hashWord('dont')])
    expect(words('re\u200bfund')).toEqual([hashWord('refund')])
    expect(words('sooooo')).toEqual(words('soo'))
  })

  test('takes links and mentions for what they are, not for words', () => {
    expect(read('@firm https://t.co/abc').lexicon).toEqual([])
    expect(read('@firm https://t.co/abc').tokens).toBe(2)
  })

  test('marks what is negated until the sentence ends', () => {
    const plain = new Set(read('a good day').ids)
    const negated = read('not a good day').ids.filter((id) => !plain.has(id)).length
    expect(negated).toBeGreaterThan(new Set(read('much a good day').ids).size - plain.size)
  })

  test('is the same every time and bounded for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const once = read(text)
        expect(read(text)).toEqual(once)
        expect(once.words).toBeLessThanOrEqual(once.count)
      }),
    )
    const long = read('x!'.repeat(READ_LIMIT))
    expect(long.count).toBeLessThanOrEqual(makeFeatures().ids.length)
    expect(read('a '.repeat(600_000)).tokens).toBeLessThanOrEqual(READ_LIMIT)
  })
})
