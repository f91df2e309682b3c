// The widget's way to the server. The contract is imported as types only: its schemas would cost more bytes than all of this,
// and the compiler holds this table to them letter by letter.
import type { ProblemReply, RouteInput, RouteReply } from '#platform/contract/kernel'
import type { webchatRoutes } from '#webchat/contract'

type Routes = typeof webchatRoutes
type Called = Exclude<keyof Routes, 'readFile' | 'uploadFile' | 'visitStream' | 'getTranscript'>
type Table = { [K in Called]: readonly [Routes[K]['method'], Routes[K]['path']] }

const table: Table = {
  getWidgetConfig: ['GET', '/config'],
  startVisit: ['POST', '/visits'],
  resumeVisit: ['GET', '/visit'],
  endVisit: ['DELETE', '/visit'],
  saveContact: ['PUT', '/visit/contact'],
  startLine: ['POST', '/visit/line'],
  listVisitMessages: ['GET', '/messages'],
  postMessage: ['POST', '/messages'],
  confirmMessages: ['POST', '/messages/confirm'],
  setTyping: ['POST', '/typing'],
}

/** The server said no. `status` 0 stands for no answer at all. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: string
  readonly seconds: number

  constructor({ status, code, details }: Pick<ProblemReply, 'status' | 'code' | 'details'>) {
    super(code)
    this.status = status
    this.code = code
    this.seconds = Number(details?.['seconds'] ?? 0)
  }
}

/** Whether the same request may succeed later without anybody doing anything. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof Refused) || error.status === 0 || error.status === 429 || error.status >= 500

type Given<K extends Called> = Omit<RouteInput<Routes[K]>, 'query'> & { query?: Record<string, string> }

export interface Calls {
  <K extends Called>(name: K, input?: Given<K>): Promise<RouteReply<Routes[K]>>
  /** The answer itself, for what is no JSON. */
  raw(path: string, query?: Record<string, string>, init?: RequestInit): Promise<Response>
  url(path: string, query?: Record<string, string>): string
  headers(): Record<string, string>
}

export function calls(base: string, key: string, token: () => string | null): Calls {
  const url = (path: string, query?: Record<string, string>): string =>
    `${base}${path}?${new URLSearchParams({ key, ...query })}`
  const headers = (): Record<string, string> => {
    const bearer = token()
    return bearer ? { authorization: `Bearer ${bearer}` } : {}
  }
  const raw = async (path: string, query?: Record<string, string>, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(url(path, query), {
      ...init,
      credentials: 'omit',
      headers: { ...headers(), ...(init.body ? { 'content-type': 'application/json' } : {}) },
    }).catch(() => {
      throw new Refused({ status: 0, code: 'unreachable' })
    })
    if (response.ok) return response
    const problem: Partial<ProblemReply> = await response.json().catch(() => ({}))
    throw new Refused({ code: 'unreachable', ...problem, status: response.status })
  }
  const call = async (
    name: Called,
    { body, query }: { body?: unknown; query?: Record<string, string> } = {},
  ): Promise<unknown> => {
    const [method, path] = table[name]
    const response = await raw(path, query, { method, ...(body ? { body: JSON.stringify(body) } : {}) })
    return response.status === 204 ? undefined : response.json()
  }
  return Object.assign(call, { raw, url, headers }) as unknown as Calls
}
