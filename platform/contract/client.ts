// A typed caller for a route table. Used by the web app, the widget, tests and programs of others.
import type { ProblemReply, RouteContract, RouteInput, RouteReply, RouteTable } from './kernel.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
  /** The file of a route with `upload`. */
  readonly file?: File | Blob
}

export type Client<T extends RouteTable> = {
  [K in keyof T]: (input: RouteInput<T[K]>, options?: CallOptions) => Promise<RouteReply<T[K]>>
}

/** The server refused: `problem` is its reply, or one made here when the answer was no problem reply. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly problem: ProblemReply

  constructor(problem: ProblemReply) {
    super(problem.message)
    this.problem = problem
  }
}

export interface ClientOptions {
  readonly base: string
  /** Sent with every call: `authorization`, or the CSRF header of the web app. */
  readonly headers?: () => Readonly<Record<string, string>>
  readonly fetch?: typeof fetch
}

interface LooseInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** `await client(inboxRoutes, { base: '/api' }).resolveConversation({ params, body })` */
export function client<T extends RouteTable>(table: T, options: ClientOptions): Client<T> {
  const calls = Object.entries(table).map(([name, route]) => [
    name,
    (input: LooseInput = {}, call: CallOptions = {}) => send(route, input, options, call),
  ])
  return Object.fromEntries(calls) as Client<T>
}

async function send(
  route: RouteContract,
  input: LooseInput,
  options: ClientOptions,
  call: CallOptions,
): Promise<unknown> {
  const { body, type } = bodyOf(route, input, call)
  const response = await (options.fetch ?? fetch)(options.base + pathOf(route, input) + searchOf(input), {
    method: route.method,
    headers: { ...options.headers?.(), ...(type && { 'content-type': type }) },
    ...(body !== undefined && { body }),
    ...(call.signal && { signal: call.signal }),
  })
  if (!response.ok) throw new RefusedError(await problemOf(response))
  if (response.status === 204) return undefined
  return route.raw ? response : response.json()
}

function bodyOf(
  route: RouteContract,
  input: LooseInput,
  { file }: CallOptions,
): { body?: string | FormData; type?: string } {
  if (route.upload && file) {
    const form = new FormData()
    for (const [key, value] of Object.entries((input.body ?? {}) as Record<string, unknown>))
      form.append(key, String(value))
    form.append('file', file)
    return { body: form }
  }
  return input.body === undefined ? {} : { body: JSON.stringify(input.body), type: 'application/json' }
}

async function problemOf(response: Response): Promise<ProblemReply> {
  const reply: unknown = await response.json().catch(() => null)
  if (typeof reply === 'object' && reply !== null && 'code' in reply) return reply as ProblemReply
  return {
    code: 'unreachable',
    status: response.status,
    message: `The server answered ${response.status}. Try again in a moment.`,
  }
}

export function pathOf(route: RouteContract, { params = {} }: LooseInput): string {
  return route.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
}

function searchOf({ query = {} }: LooseInput): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((item) => search.append(key, String(item)))
    else if (value !== undefined && value !== null) search.append(key, String(value))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
