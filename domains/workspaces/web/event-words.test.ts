import { expect, test } from 'vitest'
import { workspacesEvents } from '../contract.ts'
import { eventWords } from './event-words.ts'

test('an event is told by its name, without its domain', () => {
  expect(eventWords('inbox.message_received')).toBe('Message received')
})

test('an event whose name is one word says of what', () => {
  expect(eventWords('connections.changed')).toBe('Connection changed')
  expect(eventWords('customers.blocked')).toBe('Customer blocked')
})

test('an event of this domain has words even where the contract came without its sentences', () => {
  for (const [type, event] of Object.entries(workspacesEvents)) {
    const bare = eventWords(type)
    expect(bare, type).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/)
    expect(bare, type).not.toBe(event.summary)
  }
})
