import { describe, expect, test } from 'vitest'
import { assess } from './assess.ts'
import { mostProbable } from './assessment.ts'
import { decodeLayer, encodeLayer } from './layer.ts'
import { learnLayer, type Correction } from './learn.ts'
import { loadModels } from './models/models.ts'
import { careTexts } from './training/phrasebook.ts'

// A firm whose customers speak of mooring: words that no model knows from elsewhere.
const MOORED = [
  'the mooring slipped',
  'slipped from the quay',
  'berth seven slipped',
  'our line slipped at dusk',
  'slipped twice this tide',
  'the fender slipped',
  'slipped in the lock',
  'it slipped by the buoy',
]
const FAST = [
  'moored snug',
  'snug at the quay',
  'berth seven snug',
  'our line lies snug at dusk',
  'snug all tide long',
  'the fender sits snug',
  'snug in the lock',
  'it lay snug by the buoy',
]
const ASKED = [
  'which berth tomorrow',
  'which quay for us',
  'berth or buoy tonight',
  'which lock opens first',
  'which tide at dusk',
  'line or chain at seven',
  'which side the fender',
  'which buoy is ours',
]

const rows = (texts: readonly string[], sentiment: Correction['sentiment']) =>
  texts.map((text) => ({ text, sentiment }))
const all = [...rows(MOORED, 'negative'), ...rows(FAST, 'positive'), ...rows(ASKED, 'neutral')]
const taught = all.filter((_, i) => i % 4 !== 3)
const held = all.filter((_, i) => i % 4 === 3)
const models = loadModels()

const right = (layer: ReturnType<typeof learnLayer> | null) =>
  assess(
    held.map(({ text }) => text),
    models,
    { layer },
  ).filter(({ sentiment }, i) => {
    const { negative, neutral, positive } = sentiment.probabilities
    const best = Math.max(negative, neutral, positive)
    return sentiment.probabilities[held[i]!.sentiment] === best
  }).length

describe('a layer', () => {
  test('gets more right of what it was not taught than the shipped model alone', () => {
    const layer = learnLayer(taught, models)
    expect(right(layer)).toBeGreaterThan(right(null))
    expect(layer.corrections).toBe(taught.length)
  })

  test('corrections that all say the same do not make everything the same, with what nobody minded beside them', () => {
    const texts = careTexts(700, 31).map(({ text }) => text)
    const said = (layer: ReturnType<typeof learnLayer> | null) =>
      assess(texts, models, { layer }).map(({ sentiment }) => mostProbable(sentiment.probabilities))
    const before = said(null)
    const calm = [...before.keys()].filter((i) => before[i] !== 'negative')
    const mistaken = rows(
      calm.slice(0, 20).map((i) => texts[i]!),
      'negative',
    )
    const measured = calm.filter((i) => i >= 100 && i < 400)
    const left = (layer: ReturnType<typeof learnLayer>) => {
      const after = said(layer)
      return measured.filter((i) => after[i] === before[i]).length / measured.length
    }
    // Alone they turn all of it: this is what the rest is there for.
    expect(left(learnLayer(mistaken, models))).toBeLessThan(0.1)
    expect(left(learnLayer(mistaken, models, texts.slice(400)))).toBeGreaterThan(0.9)
  })

  test('is the same whenever it is learned from the same', () => {
    expect(encodeLayer(learnLayer(taught, models))).toBe(encodeLayer(learnLayer(taught, models)))
  })

  test('comes back whole from text, and not at all when it is cut', () => {
    const layer = learnLayer(taught, models)
    expect(decodeLayer(encodeLayer(layer))).toEqual(layer)
    const { rows, ...rest } = JSON.parse(encodeLayer(layer)) as { rows: string }
    expect(() => decodeLayer(JSON.stringify({ ...rest, rows: rows.slice(8) }))).toThrow(RangeError)
  })
})
