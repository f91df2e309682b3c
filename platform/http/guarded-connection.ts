// What every request to an address from outside has in common: how the address is read, which headers are ours, and the
// connector that resolves a name once, checks every address, and opens the socket to exactly those.
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { buildConnector } from 'undici'
import { type GuardedFailure, type GuardedResponse, Refusal } from './guarded-body.ts'
import type { AllowPrivate } from './private-hosts.ts'
import { isPublicAddress } from './public-address.ts'

export interface GuardedFetchSettings {
  /** Default 80 and 443. */
  ports?: readonly number[]
  /** Waives the check of address and port, for what an administrator of the machine allowed, and in tests. */
  allow?: AllowPrivate
  /** Default: the resolver of the machine. */
  resolve?: (hostname: string) => Promise<readonly LookupAddress[]>
}

/** Frees the place of a connection whose request has long given up. */
const connectTimeoutMs = 10_000

export function parseUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new Refusal('bad_url', 'Not an address')
  const url = new URL(text, base)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Refusal('bad_url', `${url.protocol} is not http or https`)
  if (url.username !== '' || url.password !== '') throw new Refusal('bad_url', 'An address may not carry a password')
  return url
}

export function ownHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const result: Record<string, string> = { 'user-agent': 'Rapport', accept: '*/*', 'accept-encoding': 'gzip, br' }
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    // The name that was checked must be the name that is asked.
    if (['host', 'connection', 'transfer-encoding', 'content-length', 'accept-encoding'].includes(lower)) {
      throw new TypeError(`The header ${lower} is set by the connection`)
    }
    result[lower] = value
  }
  return result
}

export function flat(headers: GuardedResponse['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

export function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(new Error('Out of time'))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}

/** What came of a request that threw, as data: `late` says in words which limit `inTimeLimit` is. */
export function failureOf(
  error: unknown,
  asker: AbortSignal | undefined,
  inTimeLimit: AbortSignal,
  late: string,
): { ok: false; reason: GuardedFailure; detail: string } {
  if (error instanceof Refusal) return { ok: false, reason: error.reason, detail: error.message }
  if (asker?.aborted) return { ok: false, reason: 'timeout', detail: 'It was broken off' }
  if (inTimeLimit.aborted) return { ok: false, reason: 'timeout', detail: late }
  return { ok: false, reason: 'network', detail: describe(error) }
}

export function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown failure'
  return 'code' in error && typeof error.code === 'string'
    ? `${error.code} ${error.message}`.slice(0, 300)
    : error.message.slice(0, 300)
}

/** Resolves, checks every address, and opens the socket to exactly those. */
export function guardedConnector(settings: GuardedFetchSettings): buildConnector.connector {
  const ports = settings.ports ?? [80, 443]
  const allow = settings.allow ?? (() => false)
  const resolve = settings.resolve ?? ((hostname: string) => lookup(hostname, { all: true }))
  return (options, callback) => {
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
    checkedAddresses(options.hostname.replace(/^\[|\]$/g, '')).then(
      (addresses) => connectTo(addresses),
      (error: unknown) => callback(error instanceof Error ? error : new Error('Name resolution failed'), null),
    )

    async function checkedAddresses(hostname: string): Promise<readonly LookupAddress[]> {
      const family = isIP(hostname)
      const addresses = family
        ? [{ address: hostname, family }]
        : await inTime(resolve(hostname), AbortSignal.timeout(connectTimeoutMs))
      if (addresses.length === 0) throw new Refusal('network', 'The name has no address')
      for (const { address } of addresses) {
        if (allow(address, port, hostname)) continue
        if (!isPublicAddress(address))
          throw new Refusal('address_refused', `${hostname} leads to ${address}, which is not public`)
        if (!ports.includes(port)) throw new Refusal('address_refused', `Port ${port} is not allowed`)
      }
      return addresses
    }

    function connectTo(addresses: readonly LookupAddress[]): void {
      const connect = buildConnector({
        allowH2: false,
        timeout: connectTimeoutMs,
        lookup: (_hostname, { all }, done) => {
          if (all) done(null, [...addresses])
          else done(null, addresses[0]!.address, addresses[0]!.family)
        },
      })
      connect(options, callback)
    }
  }
}
