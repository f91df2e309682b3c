// Requests to somebody else's platform, for callers to whom the difference between "it surely did not arrive" and "it may
// have" is everything: what surely did not arrive may be tried again, what may have must be asked about first.
import type { GuardedFailure } from './guarded-body.ts'
import type { GuardedFetch, GuardedOutcome, GuardedRequest } from './guarded-fetch.ts'

export type PlatformResponse =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
    }
  | { readonly ok: false; readonly sent: 'no' | 'maybe'; readonly reason: string }

export interface PlatformRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** For everything together. Default 25 s. */
  readonly timeoutMs?: number
  /** Of the answer. Default 1 MiB. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

export type PlatformFetch = (url: string, request?: PlatformRequest) => Promise<PlatformResponse>

export interface PlatformFetchDefaults {
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

/** Longer than the guard's limits on finding a name and connecting together, so that those are told apart from a silence. */
const defaultTimeoutMs = 25_000
const defaultMaxBytes = 1024 * 1024
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** Answers every status as `ok: true` and never throws. */
export function openPlatformFetch(
  guarded: Pick<GuardedFetch, 'fetch'>,
  defaults: PlatformFetchDefaults = {},
): PlatformFetch {
  return async (url, { method = 'GET', headers, body, timeoutMs, maxBytes, signal } = {}) => {
    if (!methods.has(method)) return { ok: false, sent: 'no', reason: `${method} is not a method to use here` }
    const request: GuardedRequest = {
      method: method as NonNullable<GuardedRequest['method']>,
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
      timeoutMs: timeoutMs ?? defaults.timeoutMs ?? defaultTimeoutMs,
      maxBytes: maxBytes ?? defaults.maxBytes ?? defaultMaxBytes,
      ...(signal && { signal }),
    }
    let outcome: GuardedOutcome
    try {
      outcome = await guarded.fetch(url, request)
    } catch (error) {
      // The guard throws at headers that it sets itself, before it opens anything.
      return { ok: false, sent: 'no', reason: error instanceof Error ? error.message.slice(0, 300) : 'Not a request' }
    }
    if (outcome.ok) return { ok: true, status: outcome.status, headers: outcome.headers, body: outcome.body }
    return { ok: false, sent: sentOf(outcome), reason: sentences[outcome.reason](outcome.detail) }
  }
}

/**
 * `no` only where it is certain that no byte of the request was written: the address was refused or could not be found,
 * or no connection came about. All else is `maybe`, errors nobody has met yet included.
 */
export function sentOf({ reason, detail }: { reason: GuardedFailure; detail: string }): 'no' | 'maybe' {
  if (reason === 'bad_url' || reason === 'address_refused') return 'no'
  return reason === 'network' && beforeWriting.some((pattern) => pattern.test(detail)) ? 'no' : 'maybe'
}

/** How the guard words what went wrong on the way to a connection: a code of Node, OpenSSL or undici, then its message. */
const beforeWriting = [
  /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)\b/,
  /^(?:ENOTFOUND|EAI_[A-Z]+|ENODATA|ESERVFAIL)\b/,
  // A connection that is up can be timed out by the machine too (`read ETIMEDOUT`); that one is not meant.
  /^ETIMEDOUT connect\b/,
  /^UND_ERR_CONNECT_TIMEOUT\b/,
  // Of OpenSSL's errors only this one: others are told after the handshake (a certificate that the platform asks for).
  /^ERR_SSL_WRONG_VERSION_NUMBER\b/,
  /^(?:CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+|ERR_TLS_CERT_[A-Z_]+)\b/,
  /^(?:Out of time|The name has no address|Name resolution failed)$/,
]

/** What to tell people of each refusal. */
export const sentences: Readonly<Record<GuardedFailure, (detail: string) => string>> = {
  bad_url: (detail) => `The address can't be used: ${detail}`,
  address_refused: (detail) => `The address was refused: ${detail}`,
  redirect_refused: (detail) => `The platform sent us elsewhere: ${detail}`,
  type_refused: (detail) => `The answer is of a kind that was not asked for: ${detail}`,
  too_large: (detail) => `The answer is too large: ${detail}`,
  timeout: (detail) => `No answer in time: ${detail}`,
  network: (detail) => `The connection failed: ${detail}`,
}
