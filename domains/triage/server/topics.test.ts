import { expect, test } from 'vitest'
import { defaultTopics } from './default-topics.ts'
import { makeFeatures, readFeatures } from './text/features.ts'
import { learnTopics, makeTopicGuesser } from './topics.ts'

const guess = (learned: ReturnType<typeof learnTopics>, text: string) =>
  makeTopicGuesser(learned)(readFeatures(text, makeFeatures())).topic

test('the default topics are useful from the first hour', () => {
  const topics = defaultTopics()
  expect(guess(topics, 'my parcel never arrived and tracking is stuck')).toBe('delivery')
  expect(guess(topics, 'please reset my password, I am locked out of my account')).toBe('account')
  expect(guess(topics, 'charged twice on my invoice')).toBe('billing')
})

test('a new topic needs ten examples', () => {
  const examples = [
    'the lift is stuck',
    'lift out of order again',
    'no lift to the third floor',
    'elevator broken',
    'the lift smells',
    'lift doors do not close',
    'who repairs the lift',
    'lift button dead',
    'waiting for the lift',
    'the elevator shakes',
  ]
  const other = [
    'the garden needs water',
    'flowers are dry',
    'who cuts the grass',
    'hedge too high',
    'weeds everywhere',
    'plant new roses',
    'garden gate open',
    'tree fell down',
    'leaves on the path',
    'the lawn is brown',
  ]
  const topics = learnTopics([
    ...examples.map((text) => ({ text, topic: 'lift' })),
    ...other.map((text) => ({ text, topic: 'garden' })),
  ])
  expect(guess(topics, 'the lift does not move')).toBe('lift')
  expect(guess(topics, 'please cut the hedge in the garden')).toBe('garden')
})

test('a single topic is not what everything is about', () => {
  const lift =
    'the lift is stuck|lift out of order again|no lift to the third floor|elevator broken|the lift smells|lift doors do not close'
  const more = 'who repairs the lift|lift button dead|waiting for the lift|the elevator shakes'
  const topics = learnTopics(`${lift}|${more}`.split('|').map((text) => ({ text, topic: 'lift' })))
  expect(guess(topics, 'the lift does not move')).toBe('lift')
  expect(guess(topics, 'hello, the elevator is broken again')).toBe('lift')
  for (const text of [
    'my parcel never arrived and tracking is stuck',
    'what time do you open',
    'gracias',
    'I want my money back',
  ])
    expect(guess(topics, text), text).toBeNull()
})

test('no topics, no guess', () => {
  expect(guess(learnTopics([]), 'anything')).toBeNull()
})
