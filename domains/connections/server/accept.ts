// Taking a delivery in: stored whole before anyone says thank you. Deliveries that arrive together share one statement, so
// a burst costs few commits; each caller is answered when the commit that holds its own delivery is done.
import { randomUUIDv7 } from 'node:crypto'
import { laneOf } from '#platform/jobs'
import { isPassing, type Database } from '#platform/db/database'

export const LANES = 32
export const DELIVERIES_SIGNAL = 'deliveries'

export interface NewDelivery {
  readonly workspaceId: string
  readonly connectionId: string
  /** Lower-case names; secrets among them are left out by whoever verified. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly receivedAt: Date
}

/** Settles once the delivery is stored durably; rejects when it is not, and then nothing of it is kept. */
export type AcceptDelivery = (delivery: NewDelivery) => Promise<void>

interface Waiting {
  readonly delivery: NewDelivery
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

const MOST_TOGETHER = 256
const MOST_BYTES = 8 * 1024 * 1024
const STATEMENT =
  'select accept_deliveries($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::timestamptz[], $6::jsonb[], $7::bytea[])'

/**
 * The accepting end of a node. While one statement is under way the next deliveries gather; `parallel` statements run at once,
 * which keeps the disk busy without filling the pool.
 */
export function openAccepting(db: Database, parallel = 3): AcceptDelivery {
  let waiting: Waiting[] = []
  let running = 0

  const pump = (): void => {
    while (running < parallel && waiting.length > 0) {
      const batch = takeBatch()
      running += 1
      void store(db, batch).finally(() => {
        running -= 1
        pump()
      })
    }
  }

  const takeBatch = (): Waiting[] => {
    let bytes = 0
    let count = 0
    while (count < waiting.length && count < MOST_TOGETHER && (count === 0 || bytes < MOST_BYTES)) {
      bytes += waiting[count]!.delivery.body.length
      count += 1
    }
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return batch
  }

  return (delivery) =>
    new Promise((done, failed) => {
      waiting.push({ delivery, done, failed })
      // One turn of the loop, so that what came in the same read shares a statement.
      setImmediate(pump)
    })
}

async function store(db: Database, batch: readonly Waiting[]): Promise<void> {
  const deliveries = batch.map(({ delivery }) => delivery)
  try {
    await db.call(STATEMENT, [
      deliveries.map(({ workspaceId }) => workspaceId),
      deliveries.map(() => randomUUIDv7()),
      deliveries.map(({ connectionId }) => connectionId),
      deliveries.map(({ connectionId }) => laneOf(connectionId, LANES)),
      deliveries.map(({ receivedAt }) => receivedAt.toISOString()),
      deliveries.map(({ headers }) => JSON.stringify(headers)),
      deliveries.map(({ body }) => body),
    ])
    db.signals.send(DELIVERIES_SIGNAL)
    for (const { done } of batch) done()
  } catch (error) {
    // What the table refuses of one delivery must not cost the others theirs.
    if (batch.length > 1 && !isPassing(error)) for (const one of batch) await store(db, [one])
    else for (const { failed } of batch) failed(error)
  }
}
