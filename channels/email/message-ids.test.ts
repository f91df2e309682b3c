import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHead } from './headers.ts'
import { contentHash, followedIds, messageIdOf, parseIds } from './message-ids.ts'

const headersOf = (text: string) => readHead(Buffer.from(text)).headers

describe('ids in a header', () => {
  test.each([
    ['<a@b>', ['a@b']],
    ['<a@b><c@d>', ['a@b', 'c@d']],
    ['<a@b>,\t<c@d> (a comment)', ['a@b', 'c@d']],
    ['a@b c@d', ['a@b', 'c@d']],
    ['a@b, c@d;', ['a@b', 'c@d']],
    ['<long-\r\n id@b>', ['long-id@b']],
    ['Your message of "Mon" <a@b>', ['a@b']],
    ['<a@b', ['a@b']],
    ['=?utf-8?q?=3Ca=40b=3E?=', ['a@b']],
    ['<>', []],
    ['', []],
    ['no id at all', []],
  ])('%s', (written, ids) => {
    expect(parseIds(written)).toEqual(ids)
  })

  test('are found again however they are separated', () => {
    const id = fc.stringMatching(/^[a-z0-9.$+-]{1,20}@[a-z0-9.-]{1,20}$/)
    const between = fc.constantFrom(' ', '', '\r\n ', '\t', ', ', ' (said so) ')
    fc.assert(
      fc.property(fc.array(fc.tuple(id, between), { minLength: 1, maxLength: 30 }), (all) => {
        const written = all.map(([one, space]) => `<${one}>${space}`).join('')
        expect(parseIds(written)).toEqual(all.map(([one]) => one))
      }),
    )
  })

  test('hold no blank, bracket or control character, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (written) => {
        for (const one of parseIds(written)) expect(one).toMatch(/^[^\s<>\p{Cc}]{1,405}$/u)
      }),
    )
  })
})

describe('what a mail follows', () => {
  test('is In-Reply-To, then References from the last, each once and never itself', () => {
    const headers = headersOf(
      'References: <1@x> <2@x>\r\nIn-Reply-To: <3@x>\r\nReferences: <3@x> <me@x> <4@x>\r\nIn-Reply-To: <2@x>\r\n\r\n',
    )
    expect(followedIds(headers, 'me@x')).toEqual(['3@x', '2@x', '4@x', '1@x'])
  })

  test('is at most two hundred ids, the nearest', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `<${index}@x>`)
    const follows = followedIds(headersOf(`References: ${ids.join('\r\n ')}\r\n\r\n`), null)
    expect(follows).toHaveLength(200)
    expect(follows[0]).toBe('499@x')
  })

  test('is written like the id that it names, however long that is', () => {
    const long = `${'a'.repeat(600)}@x`
    const id = messageIdOf(headersOf(`Message-ID: <${long}>\r\n\r\n`))
    expect(id).toMatch(/^long:[0-9a-f]{64}$/)
    expect(followedIds(headersOf(`In-Reply-To: <${long}>\r\n\r\n`), null)).toEqual([id])
  })
})

describe('the fingerprint', () => {
  const hash = (text: string) => {
    const raw = Buffer.from(text)
    const head = readHead(raw)
    return contentHash(head.headers, raw.subarray(head.bodyAt))
  }
  const mail = 'From: a@b\r\nSubject: x\r\nMessage-ID: <1@b>\r\n\r\nHello\r\n'

  test('is the same for the same mail by two ways', () => {
    expect(hash(`Received: by c\r\nX-Spam: no\r\n${mail}\r\n\r\n`)).toBe(hash(mail))
    expect(hash(mail.replaceAll('\r\n', '\n'))).toBe(hash(mail))
  })

  test('is another for another text, author or subject', () => {
    for (const [from, to] of [
      ['Hello', 'Hallo'],
      ['a@b', 'c@b'],
      ['x', 'y'],
    ] as const)
      expect(hash(mail.replace(from, to))).not.toBe(hash(mail))
  })
})
