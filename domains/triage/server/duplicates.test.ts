import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areNearDuplicates, bandsOf, duplicateKey, duplicateSimilarity } from './duplicates.ts'

const COMPLAINT = 'I have been waiting three weeks for my refund and nobody answers the phone, this is not acceptable'

test('similarity is symmetric and whole for the same text', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const [first, second] = [duplicateKey(a), duplicateKey(b)]
      expect(duplicateSimilarity(first, second)).toBe(duplicateSimilarity(second, first))
      expect(duplicateSimilarity(first, first)).toBe(first === '' ? 0 : 1)
    }),
  )
})

test('case, accents, names and links make no difference, a word more makes a small one', () => {
  const key = duplicateKey(COMPLAINT)
  expect(duplicateSimilarity(key, duplicateKey(COMPLAINT.toUpperCase()))).toBe(1)
  expect(areNearDuplicates(key, duplicateKey(`@firm ${COMPLAINT} please help https://t.co/x`))).toBe(true)
})

test('two complaints about the same thing are no duplicates', () => {
  expect(
    areNearDuplicates(duplicateKey(COMPLAINT), duplicateKey('where is my refund? I wait for three weeks now')),
  ).toBe(false)
})

test('near messages share a band', () => {
  const bands = new Set(bandsOf(duplicateKey(COMPLAINT)))
  expect(bandsOf(duplicateKey(`${COMPLAINT}!!`)).some((band) => bands.has(band))).toBe(true)
  expect(bandsOf(duplicateKey('😀'))).toEqual([])
})
