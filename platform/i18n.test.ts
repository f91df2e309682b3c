import { expect, test } from 'vitest'
import type { Texts } from './i18n.ts'
import { catalogue, directionOf, fallbackChain, translator } from './i18n.ts'

const texts = catalogue(
  {
    hello: 'Hello {name}',
    bye: 'Goodbye',
    open: { one: '{count} conversation is open', other: '{count} conversations are open' },
    sent: '{count} sent by {name}',
  },
  {
    de: { hello: 'Hallo {name}', open: { one: '{count} Gespräch ist offen', other: '{count} Gespräche sind offen' } },
    'de-AT': { hello: 'Servus {name}' },
    pl: { open: { one: '{count} rozmowa', few: '{count} rozmowy', many: '{count} rozmów', other: '{count} rozmowy' } },
    ar: { hello: 'مرحبا {name}' },
    ja: { open: { other: '{count}件' } },
  },
)

test('a text that a language lacks comes from the next in the chain', () => {
  expect(fallbackChain('zh-Hant-TW')).toEqual(['zh-Hant-TW', 'zh-Hant', 'zh'])
  const { t } = translator('de-AT', texts)
  expect(t('hello', { name: 'Jo' })).toBe('Servus Jo')
  expect(t('open', { count: 2 })).toBe('2 Gespräche sind offen')
  expect(t('bye')).toBe('Goodbye')
  expect(translator('de-CH', texts).t('hello', { name: 'Jo' })).toBe('Hallo Jo')
})

test('plurals follow the language of the text', () => {
  const open = (locale: string, count: number) => translator(locale, texts).t('open', { count })
  expect([1, 2, 5, 22].map((count) => open('pl', count))).toEqual(['1 rozmowa', '2 rozmowy', '5 rozmów', '22 rozmowy'])
  expect(open('ja', 1)).toBe('1件')
  expect([0, 1].map((count) => open('en', count))).toEqual(['0 conversations are open', '1 conversation is open'])
  // There is no French text: the English one takes English plurals, although French counts 0 as one.
  expect(open('fr', 0)).toBe('0 conversations are open')
})

test('numbers and dates are written as the reader writes them', () => {
  expect(translator('de', texts).t('open', { count: 12345 })).toBe('12.345 Gespräche sind offen')
  expect(translator('en', texts).number(0.5, { style: 'percent' })).toBe('50%')
  const date = new Date('2026-11-21T23:30:00Z')
  expect(translator('de', texts).dateTime(date, 'Asia/Tokyo')).toBe('22.11.2026, 08:30')
  expect(translator('en', texts).dateTime(date, 'UTC', { dateStyle: 'short' })).toBe('11/21/26')
})

test('what a value brings along is never read as a hole', () => {
  expect(translator('en', texts).t('sent', { count: 1, name: '{count} $& {name}' })).toBe('1 sent by {count} $& {name}')
})

test('a locale that is none falls back to the source language, in any spelling', () => {
  for (const locale of ['', 'x', 'not a locale', '__proto__', 'constructor', '../de', '*']) {
    const { t, direction, locale: used } = translator(locale, texts)
    expect(t('hello', { name: 'Jo' }), locale).toBe('Hello Jo')
    expect(direction, locale).toBe('ltr')
    expect(() => new Intl.NumberFormat(used)).not.toThrow()
  }
  expect(translator('DE-at', texts).t('hello', { name: 'Jo' })).toBe('Servus Jo')
})

test('the direction is that of the script', () => {
  for (const locale of ['ar', 'he', 'fa', 'ur-PK', 'az-Arab', 'ckb', 'dv', 'yi'])
    expect(directionOf(locale), locale).toBe('rtl')
  for (const locale of ['en', 'de-AT', 'ja', 'az', 'ar-Latn', 'ru', 'nonsense!'])
    expect(directionOf(locale), locale).toBe('ltr')
  expect(translator('ar-EG', texts)).toMatchObject({ direction: 'rtl', locale: 'ar-EG' })
})

test('keys and values are typed', () => {
  const { t } = translator('en', texts)
  // @ts-expect-error there is no such key
  expect(() => t('helo', { name: 'Jo' })).toThrow(TypeError)
  // @ts-expect-error the value is missing
  expect(() => t('hello')).toThrow(TypeError)
  // @ts-expect-error the value has another name
  expect(() => t('hello', { nam: 'Jo' })).toThrow(TypeError)
  // @ts-expect-error a count is a number
  expect(() => t('open', { count: 'two' })).toThrow(TypeError)
})

test('a wrong translation is found at the start', () => {
  const source = { hello: 'Hello {name}' }
  const wrong = (translations: Record<string, Texts>) => () => catalogue(source, translations as never)
  expect(wrong({ de: { hello: 'Hallo {nme}' } })).toThrow(/de: hello.*\{nme\}/)
  expect(wrong({ de: { hallo: 'Hallo' } })).toThrow(/de: hallo/)
  expect(wrong({ de_AT: { hello: 'Hallo' } })).toThrow(/de_AT/)
  expect(wrong({ de: { hello: 'Hallo' } })).not.toThrow()
})
