import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { facetsOf, findInText, readRichText } from './rich-text.ts'

const link = (uri: string) => ({ $type: 'app.bsky.richtext.facet#link', uri })
const values = (text: string) => findInText(text).map(({ kind, value }) => `${kind} ${value}`)

// Emoji with joiners and skins, right to left, combining, zero width, more than one plane.
const odd = [
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  '👋🏽',
  'שלום',
  'مرحبا',
  'e\u0301',
  '\u200b',
  '\u202e',
  '漢',
  '🇩🇪',
  'ﬁ',
  '\u0301',
  '𝒳',
  'ß',
  ' ',
  '\n',
  '.',
  'word',
]
const words = fc.array(fc.constantFrom(...odd), { maxLength: 12 }).map((parts) => parts.join(''))

describe('outwards', () => {
  test('links, people and tags are found, and what only looks like one is not', () => {
    expect(values('https://a.example/x?y=1#z, (http://b.example/(c)). www.acme.com/x! end')).toEqual([
      'link https://a.example/x?y=1#z',
      'link http://b.example/(c)',
      'link https://www.acme.com/x',
    ])
    expect(values('@mia.test, mail@shop.example @x (@tom.bsky.social) @mia.test.')).toEqual([
      'mention mia.test',
      'mention tom.bsky.social',
      'mention mia.test',
    ])
    expect(values('#danke! #1 #a1 ##x #日本 a#b #ok,')).toEqual(['tag danke', 'tag a1', 'tag #x', 'tag 日本', 'tag ok'])
    expect(values('version 1.2.3 and file.txt, e.g. this; ok.Then')).toEqual([])
  })

  test('places are bytes that hold exactly what was found', async () => {
    await fc.assert(
      fc.asyncProperty(words, words, words, async (a, b, c) => {
        const text = `${a} https://shop.example/ä?x=1 ${b} @mia.test ${c} #danke`
        const facets = await facetsOf(text, async (handle) => (handle === 'mia.test' ? 'did:plc:mia' : null))
        const bytes = Buffer.from(text)
        const held = facets.map(({ index }) => bytes.subarray(index.byteStart, index.byteEnd).toString('utf8'))
        expect(held).toContain('https://shop.example/ä?x=1')
        for (const [index, { features }] of facets.entries()) {
          const [feature] = features
          if (feature!.$type.endsWith('#mention')) expect(held[index]).toBe('@mia.test')
          if (feature!.$type.endsWith('#tag')) expect(held[index]).toMatch(/^[#＃]/u)
        }
        const ranges = facets.flatMap(({ index }) => [index.byteStart, index.byteEnd])
        expect(ranges).toEqual(ranges.toSorted((one, other) => one - other))
        expect(ranges.every((place) => place >= 0 && place <= bytes.length)).toBe(true)
      }),
    )
  })

  test('what was marked outwards reads the same inwards', async () => {
    await fc.assert(
      fc.asyncProperty(words, words, async (a, b) => {
        const text = `${a} https://shop.example/x ${b} @mia.test`
        const facets = await facetsOf(text, async () => 'did:plc:mia')
        const written = readRichText(text, facets)
        expect(written.text).toBe(text)
        expect(written.mentions).toEqual(text.includes('@mia.test') ? ['did:plc:mia'] : [])
      }),
    )
  })
})

describe('inwards', () => {
  const at = (text: string, part: string, feature: object) => {
    const byteStart = Buffer.byteLength(text.slice(0, text.indexOf(part)))
    return { index: { byteStart, byteEnd: byteStart + Buffer.byteLength(part) }, features: [feature] }
  }

  test('a shortened link is whole, a disguised one shows where it leads', () => {
    const text = '👋 see shop.example/ord… and bank.example'
    const facets = [
      at(text, 'shop.example/ord…', link('https://shop.example/orders/1')),
      at(text, 'bank.example', link('https://thief.example/')),
    ]
    expect(readRichText(text, facets).text).toBe(
      '👋 see https://shop.example/orders/1 and bank.example (https://thief.example/)',
    )
  })

  test('nothing that lies over a link hides it', () => {
    const text = 'Pay at bank.example now'
    const facets = [
      { index: { byteStart: 0, byteEnd: 10 }, features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'x' }] },
      at(text, 'bank.example', link('https://thief.example/')),
    ]
    expect(readRichText(text, facets).text).toContain('https://thief.example/')
  })

  test('ranges that can’t be change nothing', () => {
    const number = fc.oneof(fc.integer({ min: -5, max: 60 }), fc.double(), fc.constant(null), fc.string())
    fc.assert(
      fc.property(words, fc.array(fc.record({ start: number, end: number }), { maxLength: 6 }), (text, ranges) => {
        const facets = ranges.map(({ start, end }) => ({
          index: { byteStart: start, byteEnd: end },
          features: [link('https://a.example/')],
        }))
        const written = readRichText(text, facets)
        expect(written.text.isWellFormed()).toBe(true)
        // Whatever was put in, nothing that was written is lost.
        expect(written.text.replaceAll(' (https://a.example/)', '').replaceAll('https://a.example/', '')).toBe(
          text.toWellFormed(),
        )
      }),
    )
  })
})
