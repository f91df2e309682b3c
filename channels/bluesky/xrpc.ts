// One call to an XRPC server, and what came of it as data. Knows nothing of sessions; whoever calls gives the headers.
import type { PlatformContext, PlatformFetch } from '../connector.ts'
import { asText, type Json, oneLine, parseObject } from './json.ts'

const MOST_WAIT_MS = 24 * 3600 * 1000
/** Chat and notification pages are small; threads are asked for with more. */
const DEFAULT_BYTES = 2 * 1024 * 1024

export type Params = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface Call {
  /** The method's NSID. */
  readonly method: string
  readonly params?: Params
  /** JSON, or bytes with their type: a procedure. */
  readonly input?: Json
  readonly blob?: { readonly bytes: Buffer; readonly type: string }
  /** A procedure without input. */
  readonly post?: boolean
  readonly maxBytes?: number
  readonly timeoutMs?: number
}

export type Answer =
  | { readonly ok: true; readonly body: Json; readonly headers: Readonly<Record<string, string>> }
  | Refusal

export type Refusal = {
  readonly ok: false
  /** 0: there was no answer. */
  readonly status: number
  /** The name of the error by the lexicon (ExpiredToken, RecordNotFound …); empty where there is none. */
  readonly error: string
  /** One line for people. */
  readonly reason: string
  /** Whether the request may have had its effect. */
  readonly sent: 'no' | 'maybe'
  readonly retryAt: Date | null
  readonly headers: Readonly<Record<string, string>>
}

export function urlOf(server: string, { method, params }: Pick<Call, 'method' | 'params'>): string {
  const url = new URL(`/xrpc/${method}`, server)
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      if (one !== undefined) url.searchParams.append(name, String(one))
    }
  }
  return url.href
}

export function httpMethodOf({ input, blob, post }: Pick<Call, 'input' | 'blob' | 'post'>): 'GET' | 'POST' {
  return input !== undefined || blob !== undefined || post === true ? 'POST' : 'GET'
}

/** Never throws. */
export async function callXrpc(
  { fetch, now }: { readonly fetch: PlatformFetch; readonly now: PlatformContext['now'] },
  server: string,
  call: Call,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const body = call.blob?.bytes ?? (call.input === undefined ? undefined : JSON.stringify(call.input))
  const type = call.blob?.type ?? (call.input === undefined ? undefined : 'application/json')
  const response = await fetch(urlOf(server, call), {
    method: httpMethodOf(call),
    headers: { accept: 'application/json', ...(type && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body }),
    maxBytes: call.maxBytes ?? DEFAULT_BYTES,
    ...(call.timeoutMs !== undefined && { timeoutMs: call.timeoutMs }),
  })
  if (!response.ok) {
    return { ok: false, status: 0, error: '', reason: response.reason, sent: response.sent, retryAt: null, headers: {} }
  }
  const { status } = response
  const said = parseObject(response.body)
  if (status >= 200 && status < 300) {
    // A procedure without output answers with nothing (muteActor).
    if (said !== null || response.body.length === 0) return { ok: true, body: said ?? {}, headers: response.headers }
    return {
      ...refused(response, said, now()),
      reason: `${status}: the answer is not what it should be`,
      sent: 'maybe',
    }
  }
  return refused(response, said, now())
}

function refused(
  response: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer },
  said: Json | null,
  now: Date,
): Refusal {
  const { status, headers } = response
  const named = asText(said?.['error'])?.slice(0, 100) ?? ''
  const error = named === 'InvalidRequest' ? (nameFor(asText(said?.['message']) ?? '') ?? named) : named
  const words = [error, asText(said?.['message']) ?? asText(said?.['error_description']) ?? '']
    .filter(Boolean)
    .join(': ')
  const plain = /<html|<!doctype/i.test(response.body.subarray(0, 500).toString('latin1'))
    ? ''
    : response.body.subarray(0, 1000).toString('utf8')
  const reason = oneLine(`${status}: ${words || (said === null && plain) || 'no reason given'}`)
  return {
    ok: false,
    status,
    error: /^[A-Za-z_]\w*$/.test(error) ? error : '',
    reason,
    // Refused by the letter of the protocol means: nothing was done. A server that broke may have done it before.
    sent: status >= 500 && status !== 503 ? 'maybe' : 'no',
    retryAt: retryAtOf(headers, now),
    headers,
  }
}

/** What servers have words for and no name. */
function nameFor(message: string): string | null {
  if (/^could not locate record/i.test(message)) return 'RecordNotFound'
  // Of calls that a server would pass on, and has nobody to pass them on to.
  if (/^no service configured/i.test(message)) return 'NoAppView'
  // Of accounts that are deleted, taken down or switched off, from their own server as from an AppView.
  return /^could not find repo/i.test(message) ? 'RepoNotFound' : null
}

/** `Retry-After` (seconds or a date), else `RateLimit-Reset` (seconds since 1970) where nothing remains; at most a day ahead. */
export function retryAtOf(headers: Readonly<Record<string, string>>, now: Date): Date | null {
  const after = headers['retry-after']?.trim() ?? ''
  const isDate = /^[A-Za-z]{3}.{10,40} GMT$/.test(after)
  const wait = isDate ? Date.parse(after) - now.getTime() : /^\d{1,9}$/.test(after) ? Number(after) * 1000 : Number.NaN
  if (!Number.isNaN(wait)) return new Date(now.getTime() + Math.min(Math.max(wait, 0), MOST_WAIT_MS))
  const { 'ratelimit-reset': reset = '', 'ratelimit-remaining': remaining = '' } = headers
  if (remaining !== '0' || !/^\d{9,11}$/.test(reset)) return null
  return new Date(Math.min(Math.max(Number(reset) * 1000, now.getTime()), now.getTime() + MOST_WAIT_MS))
}
