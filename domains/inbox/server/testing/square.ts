// A channel of the tests that can do all that open networks can: its payload is the contract's own events, as JSON.
import type { Connector, InboundEvent } from '#channels/connector'
import { minute } from '../factories.ts'

export const square: Partial<Connector> = {
  receive: ({ body }) =>
    (JSON.parse(body.toString()) as { events: (InboundEvent & { at: string })[] }).events.map(
      (event) => ({ ...event, at: new Date(event.at) }) as InboundEvent,
    ),
}

let made = 0

/** Somebody's post in a public tree. */
export function aPost(given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> & { externalId: string } {
  made += 1
  return {
    type: 'message',
    externalId: `p-${made}`,
    thread: { key: 'tree', shape: 'tree', visibility: 'public' },
    author: { externalId: 'jo', name: 'Jo Customer', handle: 'jo@square.example' },
    text: 'You lost my bag again.',
    at: minute(0),
    ...given,
  }
}

/** A line of somebody's private talk with us. */
export const aPrivateWord = (given: Readonly<Record<string, unknown>> = {}) =>
  aPost({ thread: { key: 'line of jo', shape: 'line', visibility: 'private' }, text: 'My number is 12.', ...given })
