// The only way to fetch an address that came from outside: avatars, link previews, webhooks, media, OAuth and S3 endpoints.
//
// The check sits in the connector, on the addresses that the socket is then opened to. Nothing is resolved a second time,
// so a name that answers differently the next moment (DNS rebinding) wins nothing, and each redirect is checked like the first.
import { Agent, request } from 'undici'
import type { GuardedFailure } from './guarded-body.ts'
import { readBody, Refusal } from './guarded-body.ts'
import {
  failureOf,
  flat,
  type GuardedFetchSettings,
  guardedConnector,
  inTime,
  ownHeaders,
  parseUrl,
} from './guarded-connection.ts'

export type { GuardedFetchSettings } from './guarded-connection.ts'

export interface GuardedRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** For everything together: name, connection, redirects, body. Default 10 s. */
  timeoutMs?: number
  /** Of the body, before and after decompression. Default 5 MiB. */
  maxBytes?: number
  /** Accepted media types, as `image/png` or `image/`. Default: any. */
  types?: readonly string[]
  /**
   * At most three redirects, of GET and HEAD only. `same-origin` (default) refuses to leave the origin; `checked` may go
   * to any public address, without the request's own headers once it left, never from https to http.
   */
  redirects?: 'none' | 'same-origin' | 'checked'
  /** Breaks it off: answered as `timeout`. */
  signal?: AbortSignal
}

export type GuardedOutcome =
  | { ok: true; status: number; headers: Record<string, string>; body: Buffer; url: string }
  | { ok: false; reason: GuardedFailure; detail: string }

/** Owns connections: `close` it. */
export interface GuardedFetch {
  /** Answers every status as `ok: true`; what the network or this guard refused is data, never an exception. */
  fetch(url: string, options?: GuardedRequest): Promise<GuardedOutcome>
  close(): Promise<void>
}

const maxRedirects = 3
const defaultTimeoutMs = 10_000

export function openGuardedFetch(settings: GuardedFetchSettings = {}): GuardedFetch {
  const agent = new Agent({
    connect: guardedConnector(settings),
    allowH2: false,
    pipelining: 1,
    connections: 8,
    maxOrigins: 500,
    // Before any body there is nothing to count, so the headers are capped here.
    maxHeaderSize: 32 * 1024,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 10_000,
  })
  return {
    async fetch(url, options = {}) {
      const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
      const inTimeLimit = AbortSignal.timeout(timeoutMs)
      const signal = options.signal ? AbortSignal.any([inTimeLimit, options.signal]) : inTimeLimit
      const headers = ownHeaders(options.headers)
      try {
        // The race, because undici listens to the signal only once it is connected.
        return await inTime(follow(agent, url, options, headers, signal), signal)
      } catch (error) {
        return failureOf(error, options.signal, inTimeLimit, `Not done within ${timeoutMs} ms`)
      }
    },
    close: () => agent.destroy(),
  }
}

async function follow(
  agent: Agent,
  first: string,
  options: GuardedRequest,
  firstHeaders: Record<string, string>,
  signal: AbortSignal,
): Promise<GuardedOutcome> {
  const method = options.method ?? 'GET'
  let url = parseUrl(first)
  let headers = firstHeaders
  for (let hop = 0; ; hop++) {
    const response = await request(url, { dispatcher: agent, method, headers, body: options.body ?? null, signal })
    const location = response.headers.location
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || location === undefined) {
      return {
        ok: true,
        status: response.statusCode,
        headers: flat(response.headers),
        body: await readBody(response, options, signal, method),
        url: url.href,
      }
    }
    // NOTE: destroy instead of dump: a redirect's body has no limit of its own.
    response.body.on('error', () => {}).destroy()
    const next = redirectTarget(url, String(location), options.redirects ?? 'same-origin')
    if (method !== 'GET' && method !== 'HEAD')
      throw new Refusal('redirect_refused', `A redirect of ${method} is not followed`)
    if (hop === maxRedirects) throw new Refusal('redirect_refused', `More than ${maxRedirects} redirects`)
    if (next.origin !== url.origin) headers = ownHeaders({})
    url = next
  }
}

function redirectTarget(from: URL, location: string, policy: NonNullable<GuardedRequest['redirects']>): URL {
  if (policy === 'none') throw new Refusal('redirect_refused', 'Redirects are not followed')
  const target = parseUrl(location, from)
  if (target.origin === from.origin) return target
  if (policy === 'same-origin') throw new Refusal('redirect_refused', `Redirect to another origin: ${target.origin}`)
  if (from.protocol === 'https:' && target.protocol === 'http:')
    throw new Refusal('redirect_refused', 'Redirect from https to http')
  return target
}
