import { expect, test } from 'vitest'
import { malformed, withUnknownFields } from './fuzz.ts'

const whole = [
  Buffer.from('{"type":"message","text":"Grüße","thread":{"key":"t"},"media":[{"url":"https://a.example/"}]}'),
]

test('the same seed breaks the same deliveries in the same way', () => {
  const run = (seed: number) =>
    [...malformed(whole, seed, 200)].map(({ how, body }) => `${how} ${body.toString('base64')}`)
  expect(run(1)).toEqual(run(1))
  expect(run(1)).not.toEqual(run(2))
})

test('what is broken differs from what was whole, and nearly every time from all the others', () => {
  const before = Buffer.from(whole[0]!)
  const bodies = [...malformed(whole, 3, 300)].map(({ body }) => body.toString('base64'))
  expect(bodies.length).toBeGreaterThan(300)
  expect(new Set(bodies).size).toBeGreaterThan(bodies.length * 0.75)
  expect(bodies.filter((body) => body === before.toString('base64')).length).toBeLessThan(bodies.length * 0.1)
  expect(whole[0]!.equals(before)).toBe(true)
})

test('something of everything is tried: too deep, too long, no UTF-8, torn JSON, sound JSON with a field missing', () => {
  const bodies = [...malformed(whole, 4, 300)].map(({ body }) => body)
  const texts = bodies.map((body) => body.toString('utf8'))
  const parses = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  expect(texts.some((text) => text.includes('['.repeat(10_000)))).toBe(true)
  expect(bodies.some((body) => body.length > 1_000_000)).toBe(true)
  expect(texts.some((text) => text.includes('\ufffd'))).toBe(true)
  expect(texts.filter((text) => !parses(text)).length).toBeGreaterThan(50)
  expect(texts.filter((text) => parses(text) && !text.includes('"key"')).length).toBeGreaterThan(5)
})

test('unknown fields go into every object but those whose fields are the sender’s own', () => {
  const wide = JSON.parse(withUnknownFields(Buffer.from('{"a":[{"b":{}}],"facts":{"c":1}}'), ['facts']).toString())
  expect(Object.keys(wide)).toContain('x-unheard-of')
  expect(Object.keys(wide.a[0].b)).toEqual(['x-unheard-of'])
  expect(wide.facts).toEqual({ c: 1 })
})
