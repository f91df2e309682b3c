import { expect, test } from 'vitest'
import { cover } from '#inbox/server'
import { personalDataKinds } from '../../contract.ts'
import { spansOf } from '../storing/understand.ts'
import { findPersonalData, type PersonalDataKind } from './find.ts'
import { opened } from './opened.ts'

const shown = (
  text: string,
  own: readonly (string | null)[] = [],
  kinds: readonly PersonalDataKind[] = personalDataKinds,
) => cover(text, opened({ text }, findPersonalData(text), kinds, own))

test('everything is covered where nothing was chosen otherwise', () => {
  expect(shown('Mail anna@example.com or call +49 170 1234567')).toBe('Mail •••••••••••••••• or call ••• ••• •••••••')
})

test('the writer’s own address and number stand open, however they are written, and nobody else’s do', () => {
  const own = ['Anna@Example.com', '491701234567', null]
  const text = 'I am anna@example.com, 0170 1234567, not bob@example.com, +49 170 7654321'
  expect(shown(text, own)).toBe('I am anna@example.com, 0170 1234567, not •••••••••••••••, ••• ••• •••••••')
})

test('a handle that is no address opens nothing', () => {
  const text = 'call +49 170 1234567'
  expect(shown(text, ['anna', 'U01701234567', '4567'])).toBe('call ••• ••• •••••••')
})

test('kinds that the workspace does not cover stand open, the others do not', () => {
  const text = 'anna@example.com pays with 4111 1111 1111 1111'
  expect(shown(text, [], ['card'])).toBe('anna@example.com pays with •••• •••• •••• ••••')
})

test('subject and quoted text are looked at by their own words', () => {
  const texts = { text: 'as written', subject: 'call bob@example.com', quoted: 'From: anna@example.com' }
  const spans = opened(texts, spansOf(texts, []), personalDataKinds, ['anna@example.com'])
  expect(spans.map(({ part, open }) => [part, open])).toEqual([
    ['subject', undefined],
    ['quoted', 'own'],
  ])
})
