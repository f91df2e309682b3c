import { eld } from 'eld/small'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { severitySentences } from '../evaluation/severity-sentences.ts'
import { sampleMessages } from '../training/phrasebook.ts'
import { mostLikelyLanguage } from './language-table.ts'

const eldSays = (text: string): string => eld.detect(text).language

test('the table answers as eld does, sentence by sentence', () => {
  const sentences = [...sampleMessages(2_000), ...severitySentences().map(({ text }) => text)]
  expect(sentences.map(mostLikelyLanguage)).toEqual(sentences.map(eldSays))
})

test.each([
  'Ťažko povedať, či to príde',
  '注文した商品が二週間届きません',
  'Я вже два тижні чекаю на своє замовлення',
  'ฉันรอสินค้ามาสองสัปดาห์แล้ว',
  "don’t can`t it's",
  'ab abc abcd abcde',
  'x'.repeat(66),
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'ñandú '.repeat(90),
  '한'.repeat(400),
  '😀😀 \ud83d \udc00 𠮷野家 \u0000 ',
  '',
])('%j is read as eld reads it', (text) => {
  expect(mostLikelyLanguage(text)).toBe(eldSays(text))
})

test('whatever the letters, and however long, the table answers as eld does', () => {
  const unit = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...'abdeghilmnorstuvzäéñøßčжитαωשלمنด한日') },
    { weight: 2, arbitrary: fc.constant(' ') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 600 }), (units) => {
      const text = units.join('')
      expect(mostLikelyLanguage(text)).toBe(eldSays(text))
    }),
    { numRuns: 300 },
  )
})
