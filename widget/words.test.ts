import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { widgetLocales } from '#webchat/contract'
import { english } from './form-words.ts'
import { languages } from './languages.ts'
import { en, fill, languageOf, moment, type AllWords } from './words.ts'

const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()

test('every language that the contract names has all words, with the same holes to fill', async () => {
  const files = (await readdir(new URL('locales', import.meta.url))).map((name) => name.replace('.ts', ''))
  expect([...files, 'en'].sort()).toEqual([...widgetLocales].sort())
  expect(['en', ...Object.keys(languages)].sort()).toEqual([...widgetLocales].sort())
  for (const load of Object.values(languages)) {
    const { words } = await load()
    for (const [name, text] of Object.entries({ ...en, ...english })) {
      expect(holes(words[name as keyof AllWords]), `${name}: ${words[name as keyof AllWords]}`).toEqual(holes(text))
      expect(words[name as keyof AllWords].trim()).not.toBe('')
    }
  }
})

test('the first wanted language that there is decides, and English stands in', async () => {
  expect((await languageOf(['sv', 'de-AT', 'fr'])).locale).toBe('de-AT')
  expect((await languageOf(['en-GB', 'de'])).words).toBe(en)
  expect((await languageOf(['sv', 'fi'])).locale).toBe('en')
  expect((await languageOf(['ar'])).rtl).toBe(true)
})

test('a moment is told as briefly as it can be understood', () => {
  const now = new Date(2026, 10, 20, 12)
  expect(moment(new Date(2026, 10, 20, 15, 30).toISOString(), 'en-GB', now)).toBe('15:30')
  expect(moment(new Date(2026, 10, 23, 9).toISOString(), 'en-GB', now)).toMatch(/^Mon 0?9:00$/)
  expect(moment(new Date(2026, 11, 24, 9).toISOString(), 'de', now)).toMatch(/24\. Dez/)
  expect(fill('{a} and {b}', { a: 1, b: 'two' })).toBe('1 and two')
})
