// One request to the server of an account, and what its answer means. Nothing is retried here.
import { NotFetched, type PlatformContext, type PlatformFetch, type PlatformResponse } from '../connector.ts'
import { type Fields, isObject, textIn } from './entities.ts'
import type { Home } from './settings.ts'

type Request = NonNullable<Parameters<PlatformFetch>[1]>

export interface Ask extends Pick<Request, 'headers' | 'maxBytes' | 'timeoutMs'> {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly form?: Readonly<Record<string, string | readonly string[]>>
  /** A body with a type of its own (a file). */
  readonly body?: Buffer
  readonly type?: string
  /** Without the token: what is asked before there is one. */
  readonly anonymous?: boolean
}

/** What the platform answered, read. */
export type Answer =
  | (Omit<Extract<PlatformResponse, { readonly ok: true }>, 'body'> & {
      /** Undefined where the body is no JSON. */
      readonly json: unknown
    })
  | Extract<PlatformResponse, { readonly ok: false }>

/** A page of posts with everything in them. */
const MOST_BYTES = 4 * 1024 * 1024

/** @param path from the root of the server, such as `/api/v1/statuses` */
export async function ask(
  { fetch }: Pick<PlatformContext, 'fetch'>,
  home: Pick<Home, 'origin' | 'token'>,
  path: string,
  { method = 'GET', query, form, body, type, headers, maxBytes = MOST_BYTES, timeoutMs, anonymous = false }: Ask = {},
): Promise<Answer> {
  if (home.origin === null) return { ok: false, sent: 'no', reason: 'This connection has no server' }
  const search = query ? `?${formOf(query)}` : ''
  const response: PlatformResponse = await fetch(`${home.origin}${path}${search}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(!anonymous && { authorization: `Bearer ${home.token ?? ''}` }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(type !== undefined && { 'content-type': type }),
      ...headers,
    },
    ...(form && { body: formOf(form).toString() }),
    ...(body && { body }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    maxBytes,
  })
  if (!response.ok) return response
  return { ok: true, status: response.status, headers: response.headers, json: parse(response.body) }
}

function formOf(fields: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else for (const one of value) form.append(name, one)
  }
  return form
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

type Told = Extract<Answer, { ok: true }>
/** Told apart from other answers by the type alone. */
type Fine = Told & { readonly status: 200 }

export const isFine = (answer: Answer): answer is Fine => answer.ok && answer.status >= 200 && answer.status < 300

/** What the server says is wrong, in its own words. */
export function wordsOf(answer: Told): string {
  const { json } = answer
  const words = isObject(json) ? textIn(json, 'error_description') || textIn(json, 'error') : ''
  return (words.replace(/\s+/g, ' ').trim() || `It answered with ${answer.status}`).slice(0, 300)
}

/** When the server wants to be asked again: `Retry-After`, else the end of the window that it tells. */
export function retryAtOf(headers: Readonly<Record<string, string>>, now: Date): Date | undefined {
  const after = headers['retry-after']?.trim() ?? ''
  if (/^\d{1,9}$/.test(after)) return new Date(now.getTime() + Number(after) * 1000)
  const at = momentOf(after) ?? momentOf(headers['x-ratelimit-reset']?.trim() ?? '')
  return at !== null && at > now ? at : undefined
}

function momentOf(text: string): Date | null {
  if (/^\d{9,13}$/.test(text)) return new Date(Number(text) * (text.length > 10 ? 1 : 1000))
  const at = /^[A-Z\d]/i.test(text) && /\d{4}/.test(text) ? new Date(text) : null
  return at === null || Number.isNaN(at.getTime()) ? null : at
}

/** What the rate limit leaves, where it is told. */
export function leftOf(headers: Readonly<Record<string, string>>): number | null {
  const left = headers['x-ratelimit-remaining']
  return left !== undefined && /^\d{1,9}$/.test(left) ? Number(left) : null
}

/** The address of a page before or after this one (`Link` header), or null. */
export function linkOf(headers: Readonly<Record<string, string>>, rel: 'next' | 'prev'): URL | null {
  for (const [, address, params] of (headers['link'] ?? '').slice(0, 5000).matchAll(/<([^<>]*)>([^,<]*)/g)) {
    if (new RegExp(`rel="?${rel}"?`).test(params!) && URL.canParse(address!)) return new URL(address!)
  }
  return null
}

/** Throws what a poll or a stream has to say of an answer that is none. */
export function fetched(answer: Answer, now: Date, asked: string): unknown {
  if (!answer.ok) throw new NotFetched('later', `${asked} could not be read: ${answer.reason}`)
  if (answer.status === 401) throw new NotFetched('reauthorize', 'The server does not take the access token any more.')
  if (answer.status === 403)
    throw new NotFetched('reauthorize', `The server does not let this account read ${asked}: ${wordsOf(answer)}`)
  if (answer.status === 429) {
    const retryAt = retryAtOf(answer.headers, now)
    throw new NotFetched('later', 'The server asks us to slow down.', retryAt ?? new Date(now.getTime() + 60_000))
  }
  if (!isFine(answer))
    throw new NotFetched(
      'later',
      `${asked} could not be read: ${wordsOf(answer)}`,
      retryAtOf(answer.headers, now) ?? null,
    )
  if (answer.json === undefined) throw new NotFetched('later', `${asked} came in a form that is not JSON.`)
  return answer.json
}

export function fetchedList(answer: Answer, now: Date, asked: string): readonly Fields[] {
  const json = fetched(answer, now, asked)
  if (!Array.isArray(json)) throw new NotFetched('later', `${asked} came in a form that is no list.`)
  return json.filter(isObject)
}

/** Ids go into addresses: only what looks like one. */
export function pathId(id: string): string {
  return encodeURIComponent(id)
}
