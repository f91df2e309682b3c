// The way out for channels: requests, endless answers and sockets, all only to where the program lets connections reach.
import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { AllowPrivate } from './private-hosts.ts'
import { isPublicAddress } from './public-address.ts'
import type { PlatformFetch } from './platform-fetch.ts'
import type { OpenPlatformStream } from './platform-stream.ts'

export type ResolvedHost =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly reason: string }

/** Finds the address that a socket may be opened to. The caller connects to that address and to nothing looked up again. */
export type ResolveHost = (host: string, port: number) => Promise<ResolvedHost>

export interface Network {
  readonly fetch: PlatformFetch
  readonly stream: OpenPlatformStream
  readonly resolve: ResolveHost
}

export interface ResolverSettings {
  /** Waives the check for what an administrator of the machine allowed (a mail server in the house), and in tests. */
  readonly allow?: AllowPrivate
  /** Default: the resolver of the machine. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>
}

/** Never throws: a name that is not found and an address that is refused are answers. */
export function openResolver(settings: ResolverSettings = {}): ResolveHost {
  const find = settings.lookup ?? ((host: string) => lookup(host, { all: true }))
  return async (host, port) => {
    let found: readonly { readonly address: string }[]
    try {
      found = isIP(host) === 0 ? await find(host) : [{ address: host }]
    } catch {
      return { ok: false, reason: `The name ${host} was not found.` }
    }
    const allowed = found.find(({ address }) => isPublicAddress(address) || settings.allow?.(address, port, host))
    if (allowed) return { ok: true, address: allowed.address }
    return { ok: false, reason: `${host} is in a private network, which connections may not reach.` }
  }
}
