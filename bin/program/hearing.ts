// What a process with the role `listener` does: it opens the doors of channels, and fetches from those that have to be asked.
import { openDoors, runPolling, type Doors } from '#connections/server'
import { deliveryMetrics, measurePolling, pollingMetrics } from './measures.ts'
import type { Parts } from './parts.ts'

/** Ends with `stack`. Throws when a door that is configured can't be opened. */
export async function startHearing(parts: Parts, stack: AsyncDisposableStack): Promise<Doors> {
  const { config, db, clock, log, known, accept, network, metrics, channels } = parts
  const shared = { db, clock, log, known, connectors: channels }
  const name = new URL(config.publicUrl).hostname
  const doors = stack.use(
    await openDoors({ ...shared, accept, doors: config.doors, name, metrics: deliveryMetrics(metrics) }),
  )
  const polls = stack.use(runPolling({ ...shared, network, metrics: pollingMetrics(metrics) }))
  measurePolling({ db, clock, metrics, channels, polls })
  return doors
}
