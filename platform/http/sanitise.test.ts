import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRow, escapeFormula, linkify, safeFilename } from './sanitise.ts'

function links(text: string): string[] {
  return linkify(text).flatMap((segment) => (segment.kind === 'link' ? [segment.href] : []))
}

describe('linkify', () => {
  test('finds addresses and leaves the punctuation around them', () => {
    expect(linkify('See https://a.example/b?c=d#e, please.')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://a.example/b?c=d#e', href: 'https://a.example/b?c=d#e' },
      { kind: 'text', text: ', please.' },
    ])
    expect(links('(https://en.wikipedia.org/wiki/A_(b)) and www.a.example!')).toEqual([
      'https://en.wikipedia.org/wiki/A_(b)',
      'https://www.a.example/',
    ])
    expect(links('write to <jo@a.example>, or "x+y@b.co.uk".')).toEqual(['mailto:jo@a.example', 'mailto:x+y@b.co.uk'])
    expect(links('http://localhost:3000/x [https://a.example]')).toEqual([
      'http://localhost:3000/x',
      'https://a.example/',
    ])
  })

  test('shows where an international name really leads', () => {
    expect(links('https://аpple.com/')).toEqual(['https://xn--pple-43d.com/'])
  })

  test('what pretends to be another address stays text', () => {
    for (const text of [
      'https://bank.example@evil.example/',
      'https://user:pw@a.example',
      'https://a.example/\u202Egnp.exe',
      'https://a\u200B.example',
      'https://',
      'https://word',
      'xhttps://a.example',
      `https://a.example/${'x'.repeat(3000)}`,
    ]) {
      expect(links(text), JSON.stringify(text)).toEqual([])
    }
  })

  test('only http, https and mail become links', () => {
    for (const text of [
      'javascript:alert(1)',
      'JAVASCRIPT://www.a.example/%0aalert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'vbscript:x',
      'ftp://a.example',
    ]) {
      for (const href of links(text)) expect(href, text).toMatch(/^(https?:|mailto:)/)
    }
    expect(links('javascript:alert(1)')).toEqual([])
    expect(links('a@b.example?subject=x&body=y')).toEqual([])
  })

  test('the segments joined are the text, and every link is safe, for any text', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'https://',
        'www.',
        'a@b.example',
        'javascript:',
        '.',
        '(',
        ')',
        ' ',
        '@',
        '"',
        '>',
        '\u202E',
        'http://a.example',
      ),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('')
        const segments = linkify(text)
        expect(segments.map((segment) => segment.text).join('')).toBe(text)
        for (const segment of segments)
          if (segment.kind === 'link') expect(segment.href).toMatch(/^(https?:\/\/|mailto:)/)
      }),
    )
  })

  test('long hostile text takes no more than a moment', () => {
    for (const text of [
      'a.'.repeat(200_000),
      '('.repeat(400_000),
      `http://a.example/${')'.repeat(400_000)}`,
      `${'a'.repeat(200_000)}@${'b.'.repeat(100_000)}`,
      `www.${'.'.repeat(400_000)}x`,
      'http://'.repeat(60_000),
    ]) {
      const start = performance.now()
      linkify(text)
      expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(1000)
    }
  })
})

describe('cells of an export', () => {
  test('what a spreadsheet would run becomes text', () => {
    for (const cell of [
      '=1+1',
      '+1+1',
      '-2+3+cmd|" /C calc"!A0',
      '@SUM(A1)',
      '\t=1+1',
      '\r=1',
      '\n=1',
      ' =1+1',
      '\u200B=1',
      '\uFEFF=1',
      '＝1+1',
      '－1＋x',
      '+49 170 1',
      '-',
    ]) {
      expect(escapeFormula(cell), JSON.stringify(cell)).toBe(`'${cell}`)
    }
  })

  test('plain words and numbers stay as they are', () => {
    for (const cell of ['', 'a=b', 'x', '-5', '+49170', '-3.14', '2,5', '12', ' text', '"', "'"])
      expect(escapeFormula(cell)).toBe(cell)
  })

  test('a row quotes its texts, so that no separator inside one starts a cell', () => {
    expect(csvRow(['a;=1', 'say "hi"', '=x', 5, -1, null, true])).toBe('"a;=1","say ""hi""","\'=x",5,-1,,true\r\n')
  })
})

describe('file names', () => {
  test('folders, hidden characters and reserved names go', () => {
    const cases: [string, string][] = [
      ['../../etc/passwd', 'passwd'],
      ['C:\\Users\\x\\evil.exe', 'evil.exe'],
      ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
      ['a\u200Bb\u0000c\r\nd.txt', 'abcd.txt'],
      ['.htaccess', 'htaccess'],
      ['  name .txt. ', 'name.txt'],
      ['con.txt', '_con.txt'],
      ['a<b>:"|?*.png', 'a_b______.png'],
      ['', 'file'],
      ['...', 'file'],
      ['/', 'file'],
      ['e\u0301te\u0301.pdf', 'été.pdf'],
      ['\uD800x.png', '_x.png'],
      ['报告.pdf', '报告.pdf'],
    ]
    for (const [name, expected] of cases) expect(safeFilename(name), JSON.stringify(name)).toBe(expected)
  })

  test('a long name keeps its extension within 120 characters and 200 bytes', () => {
    expect(safeFilename(`${'a'.repeat(500)}.pdf`)).toBe(`${'a'.repeat(116)}.pdf`)
    const name = safeFilename(`${'報'.repeat(500)}.pdf`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
    expect(name.endsWith('報.pdf')).toBe(true)
  })

  test('any name becomes one that is safe, and stays it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const safe = safeFilename(name)
        expect(safe).toMatch(/^[^/\\\p{Cc}<>:"|?*\u202A-\u202E\u2066-\u2069]{1,120}$/u)
        expect(safe).not.toMatch(/^[.\s]|[.\s]$/)
        expect(safeFilename(safe)).toBe(safe)
      }),
      { numRuns: 500 },
    )
  })
})

test('the browser can use it: no imports at all', () => {
  expect(readFileSync(join(import.meta.dirname, 'sanitise.ts'), 'utf8')).not.toMatch(
    /\bimport\b|\brequire\b|\bBuffer\b|\bprocess\b/,
  )
})
