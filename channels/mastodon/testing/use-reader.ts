// The set-up that the tests of reading share: a small network for each test, Ada, who writes to us, and a clock that stands still.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { openLoopbackFetch, testContext } from '../../conformance.ts'
import { openReader, type Reader } from './reader.ts'
import { type LocalMastodon, type MastodonServerOptions, startMastodonServer } from './server.ts'
import type { LocalAccount } from './state.ts'
import type { World } from './world.ts'

export interface ReaderParts {
  readonly server: LocalMastodon
  readonly world: World
  readonly ada: LocalAccount
  readonly reader: Reader
}

export interface ReadingTests {
  readonly now: () => Date
  /** Moves the clock on; answers where it stands. */
  minutes(count: number): number
  /** Begins anew, with a server of another kind. */
  start(options?: MastodonServerOptions): Promise<Reader>
  /** Another reader, of the same server where no other is named. */
  reading(given?: { readonly token?: string; readonly server?: LocalMastodon }): Reader
}

/** Makes all of it before each test; `onStart` hands it over, also where a test starts anew. */
export function useReader(onStart: (parts: ReaderParts) => void): ReadingTests {
  let network: ReturnType<typeof openLoopbackFetch>
  let server: LocalMastodon
  let at = 0
  const now = (): Date => new Date(at)
  const reading: ReadingTests['reading'] = (given = {}) =>
    openReader({ server, network, now, contextOf: testContext, ...given })
  const start: ReadingTests['start'] = async (options = {}) => {
    await server?.stop()
    at = Date.parse('2026-09-01T12:00:00.000Z')
    server = await startMastodonServer({ now, ...options })
    const reader = reading()
    const ada = server.world.account('ada@trains.example', { display_name: 'Ada' })
    onStart({ server, world: server.world, ada, reader })
    return reader
  }
  beforeAll(() => void (network = openLoopbackFetch()))
  afterAll(() => network.close())
  beforeEach(async () => void (await start()))
  afterEach(() => server.stop())
  return { now, minutes: (count) => (at += count * 60_000), start, reading }
}
