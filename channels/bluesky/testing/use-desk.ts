// The set-up that the tests of this folder share: a small network for each test, our desk on it, and Mia, who writes to us.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { anOutbound, openLoopbackFetch, testContext } from '../../conformance.ts'
import type { InboundEvent, InboundMessage, Outbound } from '../../connector.ts'
import { bluesky } from '../index.ts'
import { type Desk, openDesk } from './desk.ts'
import { type BlueskyServer, startBlueskyServer, stopSound } from './server.ts'
import type { Person, Stored } from './world.ts'

export interface DeskParts {
  readonly server: BlueskyServer
  readonly desk: Desk
  readonly mia: Person
  readonly network: ReturnType<typeof openLoopbackFetch>
}

/** Makes all of it before each test; `onStart` hands it over. Whatever goes over the wire has to keep the lexicons. */
export function useDesk(limits: { readonly timeoutMs: number }, onStart: (parts: DeskParts) => void): void {
  let network: ReturnType<typeof openLoopbackFetch>
  let server: BlueskyServer
  beforeAll(() => void (network = openLoopbackFetch({ maxBytes: 8 * 1024 * 1024, ...limits })))
  afterAll(() => network.close())
  beforeEach(async () => {
    server = await startBlueskyServer()
    const desk = openDesk(server, testContext({ fetch: network.fetch }))
    onStart({ server, desk, mia: server.world.addPerson({ handle: 'mia.test', displayName: 'Mia' }), network })
  })
  afterEach(() => stopSound(server))
}

export const messagesIn = (events: readonly InboundEvent[]): readonly InboundMessage[] =>
  events.filter((event): event is InboundMessage => event.type === 'message')

/** What makes the first word of a text a mention of us. */
export const mentionOf = ({ person }: Desk, text: string) => ({
  facets: [
    {
      index: { byteStart: 0, byteEnd: Buffer.byteLength(text.split(' ')[0]!) },
      features: [{ $type: 'app.bsky.richtext.facet#mention', did: person.did }],
    },
  ],
})

let tries = 0

/** An answer to a post, under a name of its own. */
export function answerTo({ server, desk }: DeskParts, to: Stored, given: Partial<Outbound> = {}): Outbound {
  const messageId = `019936a0-0000-7000-8000-${String(++tries).padStart(12, '0')}`
  return anOutbound({
    messageId,
    platformIdentity: bluesky.identityFor(messageId, server.world.now(), desk.context.settings),
    visibility: 'public',
    threadKey: (to.value['reply'] as { root: { uri: string } } | undefined)?.root.uri ?? to.uri,
    parentExternalId: to.uri,
    text: 'On its way.',
    at: server.world.now(),
    ...given,
  })
}
