import type { PlatformContext } from '#channels/connector'
import type { Clock } from '#platform/clock'
import type { Network } from '#platform/http/network'
import type { KnownConnection } from './known.ts'

/** What a connector is handed to reach its platform for one connection; `signal` ends what takes too long. */
export function contextOf(
  {
    id,
    settings,
    credentials,
    keep,
    renewing,
  }: Pick<KnownConnection, 'id' | 'settings' | 'credentials' | 'keep' | 'renewing'>,
  network: Network,
  clock: Clock,
  signal: AbortSignal,
): PlatformContext {
  const fetch: PlatformContext['fetch'] = (url, init) => network.fetch(url, { ...init, signal })
  return {
    connectionId: id,
    settings,
    credentials,
    fetch,
    stream: (url, init) => network.stream(url, { ...init, signal }),
    resolve: network.resolve,
    signal,
    now: () => clock.now(),
    ...(keep && { keep }),
    ...(renewing && { renewing }),
  }
}
