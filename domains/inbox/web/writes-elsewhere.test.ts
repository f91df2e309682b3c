import { expect, test } from 'vitest'
import { writesElsewhere } from './writes-elsewhere.ts'

/** What is asked of an element, without a page. */
const element = (matches: string, inPage = true) =>
  ({
    matches: (selector: string) => selector.split(', ').includes(matches),
    closest: (selector: string) => (selector === 'main' && inPage ? {} : null),
  }) as unknown as Element
const composer = (...inside: readonly Element[]) =>
  ({ contains: (other: Element) => inside.includes(other) }) as unknown as Element

test('keys that send do so from the composer and from the thread', () => {
  const box = element('textarea')
  expect(writesElsewhere(composer(box), box)).toBe(false)
  expect(writesElsewhere(composer(), element('button'))).toBe(false)
  expect(writesElsewhere(composer(), null)).toBe(false)
})

test('keys that send leave a half written answer alone while a note about the customer is written', () => {
  expect(writesElsewhere(composer(element('textarea')), element('textarea'))).toBe(true)
  expect(writesElsewhere(composer(), element('input'))).toBe(true)
})

test('the palette lies over the page and may send', () => {
  expect(writesElsewhere(composer(), element('input', false))).toBe(false)
})
