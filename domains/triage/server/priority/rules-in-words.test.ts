import { expect, test } from 'vitest'
import { defaultPolicy } from './default-policy.ts'
import { rulesInWords, saysOfReach, span } from './rules-in-words.ts'

test('every number of the policy that counts is said, and none that does not', () => {
  const said = rulesInWords(defaultPolicy)
  const all = said.flatMap(({ sentences }) => sentences).join(' ')
  expect(said.map(({ code }) => code)).not.toContain('reach')
  for (const minutes of [10_080, 720, 360, 240, 120, 480, 60]) expect(all).toContain(span(minutes))
  expect(saysOfReach(defaultPolicy)).toContain('counts nothing')
  const famous = { ...defaultPolicy, reach: { ...defaultPolicy.reach, on: true } }
  expect(rulesInWords(famous).map(({ code }) => code)).toContain('reach')
  expect(saysOfReach(famous)).toContain('counts a little')
})

test('spans are exact', () => {
  expect(span(1)).toBe('a minute')
  expect(span(90)).toBe('an hour and 30 minutes')
  expect(span(10_080)).toBe('7 days')
  expect(span(1501)).toBe('a day and an hour and a minute')
  expect(span(0)).toBe('no time')
})
