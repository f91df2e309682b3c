// Endless answers of somebody else's platform, for whoever listens there.
import type { GuardedStreams } from './guarded-stream.ts'
import { sentences, sentOf } from './platform-fetch.ts'

export interface PlatformStreamRequest {
  readonly headers?: Readonly<Record<string, string>>
  /** The longest silence between two pieces. Default 90 s. */
  readonly idleMs?: number
  /** Default 1 MiB. */
  readonly maxLineBytes?: number
  readonly signal?: AbortSignal
}

export type PlatformStreamResponse =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      /** One by one as they come. Ends where the platform ends it; throws with a sentence when it breaks or falls silent. */
      readonly lines: AsyncGenerator<string, void, undefined>
    }
  | { readonly ok: false; readonly sent: 'no' | 'maybe'; readonly reason: string }

/** GET, and then line by line until somebody ends it. Answers every status as `ok: true` and never throws. */
export type OpenPlatformStream = (url: string, request?: PlatformStreamRequest) => Promise<PlatformStreamResponse>

export function openPlatformStream(guarded: Pick<GuardedStreams, 'open'>): OpenPlatformStream {
  return async (url, request = {}) => {
    try {
      const outcome = await guarded.open(url, request)
      if (outcome.ok) return outcome
      return { ok: false, sent: sentOf(outcome), reason: sentences[outcome.reason](outcome.detail) }
    } catch (error) {
      // The guard throws at headers that it sets itself, before it opens anything.
      return { ok: false, sent: 'no', reason: error instanceof Error ? error.message.slice(0, 300) : 'Not a request' }
    }
  }
}
