import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isIban, passesLuhn } from './checksums.ts'
import { findPersonalData, maskPersonalData } from './find.ts'

const found = (text: string) =>
  findPersonalData(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)
const masked = (text: string) => maskPersonalData(text, findPersonalData(text))

/** Any card number of `length` digits. */
const card = fc
  .tuple(fc.constantFrom('4', '51', '55', '37', '6011'), fc.stringMatching(/^\d{11}$/))
  .map(([start, rest]) => {
    const body = `${start}${rest}`.slice(0, 15)
    for (let check = 0; check < 10; check += 1) if (passesLuhn(`${body}${check}`)) return `${body}${check}`
    throw new Error('every number has a check digit')
  })

describe('numbers', () => {
  test('a card is one by its check digit, with or without gaps', () => {
    expect(found('my card 4111 1111 1111 1111 was refused')).toEqual(['card 4111 1111 1111 1111'])
    expect(found('card 5500-0000-0000-0004, exp 12/27')).toEqual(['card 5500-0000-0000-0004'])
    expect(found('order 4111 1111 1111 1112')).toEqual([])
  })

  test('an account number is one by country, length and remainder', () => {
    expect(isIban('GB82WEST12345698765432')).toBe(true)
    expect(isIban('GB82WEST12345698765431')).toBe(false)
    expect(found('transfer to DE89 3704 0044 0532 0130 00 please')).toEqual(['iban DE89 3704 0044 0532 0130 00'])
  })

  test('a telephone is told from dates, prices, versions and order numbers', () => {
    expect(found('call +44 20 7946 0958 now')).toEqual(['phone +44 20 7946 0958'])
    expect(found('ring me: 905-674-3793x12')).toEqual(['phone 905-674-3793x12'])
    for (const text of [
      'on 2026-11-22 at 10:30',
      '1.299.000 €',
      'ios 11.0.3',
      'order 1234567',
      'in 2016 2017 2018',
      'flight BA 1234',
    ])
      expect(found(text), text).toEqual([])
  })

  test('the number on a bag tag is nobody, and a telephone behind capitals is still one', () => {
    expect(found('The tag says LM 4471 093. It is yellow.')).toEqual([])
    expect(found('UK 7700 900123. TEL 4471 093')).toEqual(['phone 7700 900123', 'phone 4471 093'])
  })

  test('machines have addresses of both kinds', () => {
    expect(found('from 192.168.10.4 and 2001:db8::ff00:42:8329')).toEqual([
      'ip 192.168.10.4',
      'ip 2001:db8::ff00:42:8329',
    ])
    expect(found('at 10:30:45 o clock')).toEqual([])
  })

  test('digits of other scripts count', () => {
    expect(found('البطاقة ٤١١١١١١١١١١١١١١١')).toEqual(['card ٤١١١١١١١١١١١١١١١'])
  })
})

describe('words', () => {
  test('mail addresses end where the sentence goes on', () => {
    expect(found('write to anna.berg+shop@mail.example.co.uk. Thanks')).toEqual([
      'email anna.berg+shop@mail.example.co.uk',
    ])
    expect(found('@firm and me@ and @me.')).toEqual([])
  })

  test('an account of an open network is named in public and is no mail address', () => {
    expect(found('@larkmoor@larkmoor.example my bag (@mia@far.example) is lost')).toEqual([])
    expect(found('write me: mia@far.example, or a@@b@far.example')).toContain('email mia@far.example')
  })

  test('a password is what follows the word, not every word that follows', () => {
    expect(found('my password is Hunter2! ok')).toEqual(['password Hunter2'])
    expect(found('Passwort: geheimnis')).toEqual(['password geheimnis'])
    expect(found('the password reset is not working')).toEqual([])
  })

  test('keys of services are secrets', () => {
    expect(found('used AKIAIOSFODNN7EXAMPLE today')).toEqual(['secret AKIAIOSFODNN7EXAMPLE'])
  })
})

describe('masking', () => {
  test('covers letters and digits, keeps gaps and length', () => {
    expect(masked('pay 4111 1111 1111 1111 now')).toBe('pay •••• •••• •••• •••• now')
  })

  test('twice is once, and no card is left', () => {
    fc.assert(
      fc.property(fc.string(), card, fc.constantFrom('', ' ', '-'), fc.string(), (before, digits, gap, after) => {
        const text = `${before} ${digits.match(/.{4}/g)!.join(gap)} ${after}`
        const once = masked(text)
        expect(once.length).toBe(text.length)
        expect(masked(once)).toBe(once)
        expect(once.includes(digits)).toBe(false)
      }),
    )
  })

  test('spans stand in order and apart in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789 +-.@()aB:/GDE\ud83d\u200b٤'), maxLength: 80 }),
        (text) => {
          let last = 0
          for (const { start, end } of findPersonalData(text)) {
            expect(start).toBeGreaterThanOrEqual(last)
            expect(end).toBeGreaterThan(start)
            last = end
          }
          expect(last).toBeLessThanOrEqual(text.length)
        },
      ),
    )
  })
})
