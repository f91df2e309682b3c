import fc from 'fast-check'
import { expect, test } from 'vitest'
import { severities } from '../severity/severity.ts'
import { defaultPolicy } from './default-policy.ts'
import { priorityOf, sharesOf, type PriorityFacts } from './priority.ts'

const NOW = new Date('2026-11-02T09:00:00Z')
const inMinutes = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
const calm: PriorityFacts = {
  severity: [],
  urgency: 0,
  dueAt: null,
  windowEndsAt: null,
  contacts: 0,
  brokenPromise: false,
  vulnerable: false,
  reach: null,
  saidAt: null,
  negative: 0.2,
  tags: [],
  topical: 1,
  waits: true,
  resolved: false,
}
const minutesOf = (facts: Partial<PriorityFacts>, policy = defaultPolicy, now = NOW) =>
  priorityOf({ ...calm, ...facts }, policy, now).minutes

const probability = fc.double({ min: 0, max: 1, noNaN: true })
const minutes = fc.integer({ min: 0, max: 20_160 })
const severity = fc.array(fc.record({ kind: fc.constantFrom(...severities), probability }), { maxLength: 4 })
const anyFacts: fc.Arbitrary<PriorityFacts> = fc.record({
  severity,
  urgency: probability,
  dueAt: fc.option(fc.integer({ min: -5000, max: 5000 }).map(inMinutes)),
  windowEndsAt: fc.option(fc.integer({ min: -5000, max: 5000 }).map(inMinutes)),
  contacts: fc.nat(20),
  brokenPromise: fc.boolean(),
  vulnerable: fc.boolean(),
  reach: fc.option(fc.nat(100_000_000)),
  saidAt: fc.option(fc.integer({ min: -50_000, max: 0 }).map(inMinutes)),
  negative: probability,
  tags: fc.subarray(['vip', 'press', 'hurt']),
  topical: probability,
  waits: fc.boolean(),
  resolved: fc.boolean(),
})
const anyPolicy = fc.record({
  severity: fc.record({
    on: fc.boolean(),
    minutes: fc.record(Object.fromEntries(severities.map((kind) => [kind, minutes]))) as fc.Arbitrary<
      (typeof defaultPolicy)['severity']['minutes']
    >,
  }),
  urgency: fc.record({ on: fc.boolean(), minutes }),
  promise: fc.record({ on: fc.boolean(), soonMinutes: minutes, soon: minutes, late: minutes }),
  window: fc.record({ on: fc.boolean(), withinMinutes: minutes, minutes }),
  repeat: fc.record({ on: fc.boolean(), each: minutes, most: minutes }),
  brokenPromise: fc.record({ on: fc.boolean(), minutes }),
  vulnerable: fc.record({ on: fc.boolean(), minutes }),
  reach: fc.record({
    on: fc.boolean(),
    tenfold: minutes,
    most: minutes,
    halfLifeDays: fc.integer({ min: 1, max: 90 }),
  }),
  sentiment: fc.record({ on: fc.boolean(), minutes }),
  flag: fc.record({
    on: fc.boolean(),
    tags: fc.array(fc.record({ tag: fc.constantFrom('vip', 'press', 'hurt'), minutes }), { maxLength: 3 }),
  }),
})

/** Each makes one thing worse, or more pressing, and nothing else otherwise. */
const worse: Readonly<Record<string, (facts: PriorityFacts, by: number) => PriorityFacts>> = {
  severity: (facts, by) => ({
    ...facts,
    severity: facts.severity.map((one) => ({ ...one, probability: Math.min(1, one.probability + by) })),
  }),
  'another kind of severity': (facts, by) => ({
    ...facts,
    severity: [...facts.severity, { kind: severities[Math.floor(by * 7.99)]!, probability: by }],
  }),
  urgency: (facts, by) => ({ ...facts, urgency: Math.min(1, facts.urgency + by) }),
  'less time left of a promise': (facts, by) => ({
    ...facts,
    dueAt: facts.dueAt && new Date(facts.dueAt.getTime() - by * 5000 * 60_000),
  }),
  contacts: (facts, by) => ({ ...facts, contacts: facts.contacts + Math.ceil(by * 5) }),
  'a broken promise': (facts) => ({ ...facts, brokenPromise: true }),
  'a vulnerable person': (facts) => ({ ...facts, vulnerable: true }),
  reach: (facts, by) => ({ ...facts, reach: (facts.reach ?? 0) + Math.ceil(by * 1e6) }),
  'a later word': (facts, by) => ({
    ...facts,
    saidAt: facts.saidAt && new Date(Math.min(NOW.getTime(), facts.saidAt.getTime() + by * 50_000 * 60_000)),
  }),
  negative: (facts, by) => ({ ...facts, negative: Math.min(1, facts.negative + by) }),
  'more of it about this matter': (facts, by) => ({ ...facts, topical: Math.min(1, facts.topical + by) }),
  'somebody who waits': (facts) => ({ ...facts, waits: true }),
  'an open matter': (facts) => ({ ...facts, resolved: false }),
  'another tag': (facts) => ({ ...facts, tags: [...new Set([...facts.tags, 'vip'])] }),
}

for (const [name, make] of Object.entries(worse))
  test(`never falls with more of one reason: ${name}`, () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, probability, (facts, policy, by) => {
        expect(minutesOf(make(facts, by), policy)).toBeGreaterThanOrEqual(minutesOf(facts, policy))
      }),
    )
  })

test('the reasons add up to the whole, the strongest stands first, and none is empty', () => {
  fc.assert(
    fc.property(anyFacts, anyPolicy, (facts, policy) => {
      const { minutes, reasons } = priorityOf(facts, policy, NOW)
      expect(reasons.reduce((sum, one) => sum + one.minutes, 0)).toBe(minutes)
      expect(reasons.every((one) => one.minutes > 0 && one.words !== '')).toBe(true)
      expect(reasons.map((one) => one.minutes)).toEqual(reasons.map((one) => one.minutes).toSorted((a, b) => b - a))
      const shares = sharesOf(reasons).reduce((sum, { share }) => sum + share, 0)
      expect(shares).toBeCloseTo(reasons.length > 0 ? 1 : 0)
    }),
  )
})

test('between its steps nothing changes by the clock', () => {
  fc.assert(
    fc.property(anyFacts, anyPolicy, probability, (facts, policy, part) => {
      const { minutes, nextStepAt } = priorityOf(facts, policy, NOW)
      const end = nextStepAt ?? inMinutes(100_000)
      const between = new Date(NOW.getTime() + part * 0.999 * (end.getTime() - NOW.getTime()))
      expect(minutesOf(facts, policy, between)).toBe(minutes)
    }),
  )
})

test('what is switched off counts nothing, however large', () => {
  expect(minutesOf({ reach: 10_000_000, saidAt: NOW })).toBe(0)
  const off = { ...defaultPolicy, severity: { ...defaultPolicy.severity, on: false } }
  expect(minutesOf({ severity: [{ kind: 'safety', probability: 1 }] }, off)).toBe(0)
})

test('reach counts by its logarithm, up to its cap, and fades by halves', () => {
  const policy = { ...defaultPolicy, reach: { on: true, tenfold: 20, most: 60, halfLifeDays: 3 } }
  expect(minutesOf({ reach: 100, saidAt: NOW }, policy)).toBe(0)
  expect(minutesOf({ reach: 1000, saidAt: NOW }, policy)).toBe(20)
  expect(minutesOf({ reach: 10_000, saidAt: NOW }, policy)).toBe(40)
  expect(minutesOf({ reach: 1_000_000_000, saidAt: NOW }, policy)).toBe(60)
  const aged = priorityOf({ ...calm, reach: 10_000, saidAt: NOW }, policy, inMinutes(3 * 1440))
  expect(aged).toMatchObject({ minutes: 20, nextStepAt: inMinutes(6 * 1440) })
})

test('reach counts whole where all that somebody writes is of this kind, and half where none of it is', () => {
  const policy = { ...defaultPolicy, reach: { on: true, tenfold: 20, most: 60, halfLifeDays: 3 } }
  expect(minutesOf({ reach: 10_000, saidAt: NOW, topical: 0 }, policy)).toBe(20)
  expect(minutesOf({ reach: 10_000, saidAt: NOW, topical: 0.5 }, policy)).toBe(30)
})

test('an answer ends what was pressing and keeps what the matter is; a resolution ends all of it', () => {
  const facts = {
    ...calm,
    severity: [{ kind: 'safety' as const, probability: 1 }],
    urgency: 1,
    negative: 1,
    vulnerable: true,
    windowEndsAt: inMinutes(30),
  }
  const codes = (given: Partial<PriorityFacts>) =>
    priorityOf({ ...facts, ...given }, defaultPolicy, NOW).reasons.map(({ code }) => code)
  expect(codes({}).toSorted()).toEqual(['sentiment', 'severity', 'urgency', 'vulnerable', 'window'])
  expect(codes({ waits: false }).toSorted()).toEqual(['severity', 'vulnerable'])
  expect(codes({ waits: false, resolved: true })).toEqual([])
})

test('a promise moves a conversation when it is near and more when it is over, each at its moment', () => {
  const facts = { ...calm, dueAt: inMinutes(90) }
  expect(priorityOf(facts, defaultPolicy, NOW)).toMatchObject({ minutes: 0, nextStepAt: inMinutes(30) })
  expect(priorityOf(facts, defaultPolicy, inMinutes(30))).toMatchObject({ minutes: 120, nextStepAt: inMinutes(90) })
  expect(priorityOf(facts, defaultPolicy, inMinutes(90))).toMatchObject({ minutes: 480, nextStepAt: null })
})

test('a window that is closed hurries nobody', () => {
  const facts = { windowEndsAt: inMinutes(60) }
  expect(minutesOf(facts)).toBe(360)
  expect(minutesOf(facts, defaultPolicy, inMinutes(61))).toBe(0)
})

test('nobody is called angry who more probably is not', () => {
  const reasonsAt = (negative: number) =>
    priorityOf({ ...calm, negative }, defaultPolicy, NOW).reasons.filter(({ code }) => code === 'sentiment')
  expect(reasonsAt(0.5)).toEqual([])
  expect(reasonsAt(0.75)).toMatchObject([{ minutes: 30 }])
  expect(reasonsAt(1)).toMatchObject([{ minutes: 60 }])
})
