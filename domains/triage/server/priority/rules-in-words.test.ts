import { expect, test } from 'vitest'
import { defaultPolicy } from './default-policy.ts'
import { policyTranslator } from './policy-texts.ts'
import { rulesInWords, saysOfReach, span } from './rules-in-words.ts'

const words = policyTranslator(undefined)

test('every number of the policy that counts is said, and none that does not', () => {
  const said = rulesInWords(defaultPolicy, words)
  const all = said.flatMap(({ sentences }) => sentences).join(' ')
  expect(said.map(({ code }) => code)).not.toContain('reach')
  for (const minutes of [10_080, 720, 360, 240, 120, 480, 60]) expect(all).toContain(span(minutes, words))
  expect(saysOfReach(defaultPolicy, words)).toContain('counts nothing')
  const famous = { ...defaultPolicy, reach: { ...defaultPolicy.reach, on: true } }
  expect(rulesInWords(famous, words).map(({ code }) => code)).toContain('reach')
  expect(saysOfReach(famous, words)).toContain('counts a little')
})

test('spans are exact', () => {
  expect(span(1, words)).toBe('a minute')
  expect(span(90, words)).toBe('an hour and 30 minutes')
  expect(span(10_080, words)).toBe('7 days')
  expect(span(1501, words)).toBe('a day and an hour and a minute')
  expect(span(0, words)).toBe('no time')
})

test.each([
  ['en-GB,en;q=0.9', 'en-GB'],
  ['tlh, de;q=0.5', 'en'],
  ['not a language;;', 'en'],
  [undefined, 'en'],
])('who asks for %j is answered in %j', (asked, locale) => {
  expect(policyTranslator(asked).locale).toBe(locale)
})
