import { expect, test } from 'vitest'
import { careTexts, intentTexts } from './phrasebook.ts'

test('the same seed makes the same sentences, without holes', () => {
  const texts = careTexts(500)
  expect(texts).toEqual(careTexts(500))
  expect(texts.filter(({ text }) => /[[\]<>|]/.test(text))).toEqual([])
  expect(new Set(texts.map(({ sentiment }) => sentiment))).toEqual(new Set(['negative', 'neutral', 'positive']))
  expect(intentTexts(40).filter(({ text }) => /[[\]<>|]/.test(text))).toEqual([])
})
