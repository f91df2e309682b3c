import { expect, test } from 'vitest'
import type { MessageAssessment } from '../contract.ts'
import { sentimentShare, valueOf, withLabel } from './labels.ts'

const said: MessageAssessment = {
  messageId: 'm',
  conversationId: 'c',
  language: 'en',
  sentiment: { label: 'unsure', probabilities: { negative: 0.5, neutral: 0.4, positive: 0.1 } },
  intent: 'question',
  emotions: [],
  topic: null,
  urgency: 0,
  severity: [{ kind: 'fraud', probability: 0.7 }],
  needsPerson: false,
  toxicity: { label: 'offensive', probability: 0.8 },
  spam: 0,
  fault: 'unclear',
  personalData: [],
  corrected: ['intent'],
  source: 'shipped',
  assessedAt: '2026-11-22T00:00:00Z',
}

test('a corrected label says what the member said, once, and keeps what the model said of it', () => {
  const once = withLabel(said, 'sentiment', 'negative')
  expect(once.sentiment).toEqual({ label: 'negative', probabilities: said.sentiment.probabilities })
  expect(withLabel(once, 'sentiment', 'positive').corrected).toEqual(['intent', 'sentiment'])
  expect(said.corrected).toEqual(['intent'])
})

test('whoever says self-harm calls a person', () => {
  expect(withLabel(said, 'severity', ['self-harm']).needsPerson).toBe(true)
  expect(withLabel(said, 'severity', []).severity).toEqual([])
})

test.each(['sentiment', 'intent', 'topic', 'severity', 'toxicity', 'language', 'emotions'] as const)(
  'what %s was can be said again, which changes only that it was said',
  (label) => {
    const { corrected: _, ...again } = withLabel(said, label, valueOf(said, label))
    const { corrected: __, ...before } = said
    if (label === 'severity') before.severity = [{ kind: 'fraud', probability: 1 }]
    expect(again).toEqual(before)
  },
)

test('of an unsure message the certainty is that of the likeliest', () => {
  expect(sentimentShare(said.sentiment)).toBe(0.5)
  expect(sentimentShare({ ...said.sentiment, label: 'positive' })).toBe(0.1)
})
