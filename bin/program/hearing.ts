// What a process with the role `listener` does: it opens the doors of channels, and fetches from those that have to be asked.
import type { Logger } from 'pino'
import type { Connector } from '#channels/connector'
import { openDoors, runPolling, type AcceptDelivery, type Doors, type KnownConnections } from '#connections/server'
import type { Clock } from '#platform/clock'
import type { Config } from '#platform/config'
import type { Database } from '#platform/db/database'
import type { Network } from '#platform/http/network'
import type { Metrics } from '#platform/metrics'
import { deliveryMetrics, measurePolling, pollingMetrics } from './measures.ts'

export interface Hearing {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly known: KnownConnections
  readonly accept: AcceptDelivery
  readonly network: Network
  readonly metrics: Metrics
  readonly channels: readonly Connector[]
}

/** Ends with `parts`. Throws when a door that is configured can't be opened. */
export async function startHearing(parts: AsyncDisposableStack, hearing: Hearing): Promise<Doors> {
  const { config, db, clock, log, known, accept, network, metrics, channels } = hearing
  const shared = { db, clock, log, known, connectors: channels }
  const name = new URL(config.publicUrl).hostname
  const doors = parts.use(
    await openDoors({ ...shared, accept, doors: config.doors, name, metrics: deliveryMetrics(metrics) }),
  )
  const polls = parts.use(runPolling({ ...shared, network, metrics: pollingMetrics(metrics) }))
  measurePolling({ db, clock, metrics, channels, polls })
  return doors
}
