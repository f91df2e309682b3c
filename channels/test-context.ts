// What a connector is handed, for tests, drills and benches: the product's own fetch, allowed to talk to the loopback.
import { openGuardedFetch } from '#platform/http/guarded-fetch'
import { openGuardedStreams } from '#platform/http/guarded-stream'
import { openPlatformFetch, type PlatformFetchDefaults } from '#platform/http/platform-fetch'
import { openPlatformStream } from '#platform/http/platform-stream'
import type { Outbound, PlatformContext, PlatformFetch, PlatformStream } from './connector.ts'

export interface LoopbackFetch {
  readonly fetch: PlatformFetch
  readonly stream: PlatformStream
  close(): Promise<void>
}

/** Close it. */
export function openLoopbackFetch(defaults: PlatformFetchDefaults = {}): LoopbackFetch {
  const allow = (address: string) => address === '127.0.0.1' || address === '::1'
  const guarded = openGuardedFetch({ allow })
  const streams = openGuardedStreams({ allow })
  return {
    fetch: openPlatformFetch(guarded, defaults),
    stream: openPlatformStream(streams),
    close: async () => void (await Promise.all([guarded.close(), streams.close()])),
  }
}

export const TEST_NOW = new Date('2026-09-01T12:00:00.000Z')

/** A context that can reach nothing unless it is given a `fetch`; its clock stands still. */
export function testContext(given: Partial<PlatformContext> = {}): PlatformContext {
  return {
    connectionId: '019936a0-0000-7000-8000-000000000001',
    settings: {},
    credentials: {},
    fetch: async () => ({ ok: false, sent: 'no', reason: 'This test has no network' }),
    stream: async () => ({ ok: false, sent: 'no', reason: 'This test has no network' }),
    resolve: async () => ({ ok: false, reason: 'This test has no network' }),
    signal: new AbortController().signal,
    now: () => TEST_NOW,
    ...given,
  }
}

/** An answer about to leave. */
export function anOutbound(given: Partial<Outbound> = {}): Outbound {
  return {
    messageId: '019936a0-0000-7000-8000-0000000000a1',
    platformIdentity: 'msg_019936a0-0000-7000-8000-0000000000a1',
    threadKey: 'thread-1',
    visibility: 'private',
    conversationId: '019936a0-0000-7000-8000-0000000000c1',
    follows: [],
    addressees: null,
    automatic: false,
    parentExternalId: null,
    recipient: { externalId: 'customer-1', handle: 'ada', scope: '' },
    authorName: 'Jo from support',
    text: 'Your bag is on the next flight.',
    subject: null,
    warning: null,
    media: [],
    threadFacts: {},
    attempt: 1,
    at: TEST_NOW,
    triedAt: null,
    ...given,
  }
}
