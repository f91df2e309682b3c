import fc from 'fast-check'
import { expect, test } from 'vitest'
import { severities } from '../severity/severity.ts'
import { gather, join, nothingSaid, summarise, type Said } from './summary.ts'

const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100)
const said: fc.Arbitrary<Said> = fc
  .record({
    minute: fc.nat(20),
    language: fc.constantFrom('en', 'de', 'und'),
    sentiment: fc.constantFrom('negative', 'neutral', 'positive', 'unsure'),
    negative: share,
    intent: fc.constantFrom('complaint', 'question', 'spam', 'other'),
    topic: fc.constantFrom('billing', 'delivery', null),
    urgency: share,
    severity: fc.subarray([...severities]),
    probability: share,
    needsPerson: fc.boolean(),
    toxicity: fc.constantFrom('none', 'hate'),
    corrected: fc.subarray(['sentiment']),
  })
  .map(({ minute, probability, ...one }) => ({
    ...one,
    occurredAt: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString(),
    severityProbabilities: one.severity.map(() => probability),
  }))
const several = fc.array(said, { maxLength: 12 })

test('what is gathered is the same in whatever order and in whatever pieces it comes, and if some of it comes twice', () => {
  fc.assert(
    fc.property(
      several.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length }),
          fc.nat(all.length),
          fc.subarray(all),
        ),
      ),
      ([all, mixed, cut, twice]) => {
        const once = gather(1, all)
        expect(gather(1, mixed)).toEqual(once)
        expect(join(gather(1, mixed.slice(cut)), gather(1, mixed.slice(0, cut)))).toEqual(once)
        expect(join(once, gather(1, twice))).toEqual(once)
        expect(join(nothingSaid(1), once)).toEqual(once)
      },
    ),
  )
})

test('what is gathered survives the row that keeps it', () => {
  fc.assert(
    fc.property(several, (all) => {
      const once = gather(1, all)
      expect(summarise(JSON.parse(JSON.stringify(once)))).toEqual(summarise(once))
    }),
  )
})

const calm: Said = {
  occurredAt: '2026-01-01T12:00:00Z',
  language: 'en',
  sentiment: 'neutral',
  negative: 0.1,
  intent: 'question',
  topic: 'billing',
  urgency: 0,
  severity: [],
  severityProbabilities: [],
  needsPerson: false,
  toxicity: 'none',
  corrected: [],
}

test('the newest message that is sure of a label gives it, and the gravest of what was said counts', () => {
  const grave: Said = {
    ...calm,
    occurredAt: '2026-01-01T12:05:00Z',
    sentiment: 'negative',
    negative: 0.9,
    intent: 'complaint',
    topic: null,
    severity: ['safety'],
    severityProbabilities: [0.8],
  }
  const last: Said = {
    ...calm,
    occurredAt: '2026-01-01T12:09:00+00:00',
    sentiment: 'unsure',
    intent: 'other',
    topic: 'delivery',
  }
  expect(summarise(gather(1, [calm, grave, last]))).toEqual({
    language: 'en',
    sentiment: 'negative',
    intent: 'complaint',
    topic: 'delivery',
    severity: [{ kind: 'safety', probability: 0.8 }],
    needsPerson: false,
    toxic: false,
    urgency: 0,
    negative: 0.9,
    saidAt: new Date('2026-01-01T12:09:00Z'),
  })
  expect(summarise(nothingSaid(1))).toMatchObject({ language: null, sentiment: null, intent: null, saidAt: null })
  expect(summarise(gather(1, [{ ...last, topic: null }]))).toMatchObject({ sentiment: 'unsure', intent: 'other' })
})

test('spam angers nobody, nor does what the model is unsure of, and what a member said of a mood is sure', () => {
  const angry = { ...calm, negative: 0.9 }
  expect(summarise(gather(1, [{ ...angry, intent: 'spam' }])).negative).toBe(0)
  expect(summarise(gather(1, [{ ...angry, sentiment: 'unsure' }])).negative).toBe(0)
  expect(summarise(gather(1, [angry])).negative).toBe(0.9)
  expect(summarise(gather(1, [{ ...angry, corrected: ['sentiment'], sentiment: 'positive' }])).negative).toBe(0)
  expect(summarise(gather(1, [{ ...calm, corrected: ['sentiment'], sentiment: 'negative' }])).negative).toBe(1)
})
