// A request that carries the log-in cookie and changes something must come from our own pages. Browsers say where a request
// comes from (Sec-Fetch-Site, Origin); a caller without either is no browser and has no cookie to abuse.
import type { FastifyRequest } from 'fastify'
import { Problem } from '../contract/problem.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The problem of a cross-site request that would act with the visitor's cookie, or null. */
export function crossSiteProblem(
  request: Pick<FastifyRequest, 'method' | 'headers' | 'host'>,
  publicOrigin: string,
): Problem | null {
  const { headers, method } = request
  if (SAFE.has(method) || !headers.cookie) return null
  const site = headers['sec-fetch-site']
  const origin = headers.origin
  const sameSite = site === undefined || site === 'same-origin' || site === 'none'
  const sameOrigin = origin === undefined || origin === publicOrigin || hostOf(origin) === request.host
  if (sameSite && sameOrigin) return null
  return new Problem(403, 'cross_site', 'This request came from another site and was refused.')
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
