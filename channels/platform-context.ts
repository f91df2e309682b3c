// What a channel is handed to reach its platform, and what the platform says of itself.
import type { PlatformRequest, PlatformResponse } from '#platform/http/platform-fetch'
import type { PlatformStreamRequest, PlatformStreamResponse } from '#platform/http/platform-stream'

export type { PlatformResponse, PlatformStreamResponse as PlatformStreamed }
export type PlatformFetch = (url: string, init?: Omit<PlatformRequest, 'signal'>) => Promise<PlatformResponse>
export type PlatformStream = (
  url: string,
  init?: Omit<PlatformStreamRequest, 'signal'>,
) => Promise<PlatformStreamResponse>

/** What a connector needs to reach its platform. `fetch` refuses private addresses, redirects away, and endless bodies; endless are for `stream`. */
export interface PlatformContext {
  readonly connectionId: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
  readonly fetch: PlatformFetch
  readonly stream: PlatformStream
  /** Where a socket may be opened to: the address behind a name, or why not (private addresses, unless the program allows them). */
  readonly resolve: (host: string, port: number) => Promise<ResolvedHost>
  readonly signal: AbortSignal
  readonly now: () => Date
  /** Keeps credentials that the platform exchanged for new ones (a refresh token that rotates). */
  readonly keep?: (credentials: Readonly<Record<string, string>>) => Promise<void>
  /**
   * Runs alone for this connection, on all nodes, with its credentials as they stand then. Whatever dies with its first use is
   * exchanged in here: two that exchange it at once lose it. Absent: there is nobody else.
   */
  readonly renewing?: <T>(work: (credentials: Readonly<Record<string, string>>) => Promise<T>) => Promise<T>
}

export type ResolvedHost =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: string }

/**
 * What the platform says of itself or of the account (an instance's text limit, its media types, the account's own id), kept
 * beside the settings and handed over among them, under the same names; a setting of a person's goes first.
 */
export type Learned = Readonly<Record<string, unknown>>
