import { expect, test } from 'vitest'
import type { LinkedConversation } from '../contract.ts'
import { othersOfMatter } from './matter.ts'

const linked = (given: Partial<LinkedConversation>): LinkedConversation => ({
  conversationId: 'c1',
  reason: 'same_matter',
  subject: null,
  customerName: 'Wanda',
  state: 'open',
  ...given,
})

test('who resolves a conversation resolves what is open or waits of the same matter, and nothing else', () => {
  const others = othersOfMatter({
    linked: [
      linked({}),
      linked({ conversationId: 'c2', state: 'waiting', customerName: null }),
      linked({ conversationId: 'c3', state: 'resolved' }),
      linked({ conversationId: 'c4', state: 'snoozed' }),
      linked({ conversationId: 'c5', reason: 'split_off' }),
    ],
  })
  expect(others).toEqual([
    { id: 'c1', state: 'open', snoozedUntil: null, customerName: 'Wanda' },
    { id: 'c2', state: 'waiting', snoozedUntil: null, customerName: null },
  ])
})
