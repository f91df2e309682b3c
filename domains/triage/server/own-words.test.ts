import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultOf } from './fault.ts'
import { ownWords } from './own-words.ts'

test('what others said before is not the writer’s', () => {
  const text = 'It still does not work.\n\nOn 3 Nov 2026 at 10:00 Ann wrote:\n> I hate you all\n> and your firm'
  expect(ownWords({ text }).trim()).toBe('It still does not work.')
  expect(ownWords({ text: 'See below\n-------- Forwarded Message --------\nFrom: x\nI will sue you' })).toBe(
    'See below',
  )
})

test('where all is quoted, all is read', () => {
  expect(ownWords({ text: '> the lift is stuck\n> again' })).toBe('> the lift is stuck\n> again')
})

test('a subject belongs to the words, unless it answers or stands there already', () => {
  expect(ownWords({ text: 'please help', subject: 'Charged twice' })).toBe('Charged twice\nplease help')
  expect(ownWords({ text: 'please help', subject: 'Re: Charged twice' })).toBe('please help')
})

test('takes any text, and adds nothing that was not there', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(text.includes(ownWords({ text }).split('\n')[0]!)).toBe(true)
      faultOf(text)
    }),
  )
})

test('whose fault the writer sees', () => {
  expect(faultOf('Your driver threw the box over the fence')).toBe('firm')
  expect(faultOf('The courier lost it')).toBe('other')
  expect(faultOf('my mistake, I ordered the wrong size')).toBe('self')
  expect(faultOf('Sie haben mir das versprochen')).toBe('firm')
  expect(faultOf('it is broken')).toBe('unclear')
})
