// How the web app calls the server: the typed client of a route table, with the browser's cookie, under /api.
import { client, RefusedError, type Client } from '../contract/client.ts'
import type { ProblemReply, RouteTable } from '../contract/kernel.ts'

/** A client for a domain's table: `export const inbox = apiClient(conversationRoutes)`. */
export function apiClient<T extends RouteTable>(table: T): Client<T> {
  return client(table, { base: '/api', fetch: reach })
}

/** Where somebody signs in, and is brought back from to where they are now. */
export function signInAddress(here: Pick<Location, 'pathname' | 'search' | 'hash'>): string {
  const back = here.pathname + here.search + here.hash
  return back === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(back)}`
}

/** The fetch of the web app: a lost line is a refusal in words, an ended log-in leads to the sign-in screen. */
async function reach(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(input, init).catch((error: unknown) => {
    if (init?.signal?.aborted) throw error
    throw new RefusedError(unreachable)
  })
  if (response.status === 401 && !isBeforeSignIn(location.pathname)) location.assign(signInAddress(location))
  return response
}

const unreachable: ProblemReply = {
  code: 'unreachable',
  status: 0,
  message: 'Rapport can’t be reached just now. What you wrote is still here; try again in a moment.',
}

const isBeforeSignIn = (path: string): boolean => /^\/(?:sign-in|setup|invitation|join)\b/.test(path)

/** What the server said, or what can be said of any other failure. For showing, and for Form. */
export function problemOf(error: unknown): ProblemReply {
  if (error instanceof RefusedError) return error.problem
  return { code: 'failed', status: 0, message: error instanceof Error ? error.message : String(error) }
}

/** Whether a refusal has this code. */
export const isRefusal = (error: unknown, code: string): boolean =>
  error instanceof RefusedError && error.problem.code === code
