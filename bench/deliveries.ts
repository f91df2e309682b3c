// What customers say, as signed deliveries of the `api` channel: few customers write much, most write once, threads are
// long where they are long. The same seed makes the same deliveries, save for the time in the signature.
import { createHmac, randomUUIDv7 } from 'node:crypto'
import type pg from 'pg'
import { laneOf } from '#platform/jobs'
import { seededRandom } from '#platform/testing/random'
import type { ApiConnection } from './desk.ts'
import type { Call } from './load.ts'
import { textOf, vocabulary, zipf } from './text.ts'

export interface Delivery {
  readonly connection: ApiConnection
  readonly externalId: string
  readonly body: Buffer
}

export interface DeliveriesOptions {
  readonly seed: number
  readonly connections: readonly ApiConnection[]
  /** Threads to choose from, by Zipf; as many customers, each with their thread. */
  readonly threads: number
  /** What they say; by default words that nobody ever read, which is enough where nothing reads them. */
  readonly say?: () => string
}

/** Without end; every delivery carries one new message. */
export function* makeDeliveries({ seed, connections, threads, say }: DeliveriesOptions): Generator<Delivery, never> {
  const random = seededRandom(seed)
  const words = vocabulary()
  for (let n = 0; ; n++) {
    const thread = zipf(random, threads)
    const connection = connections[thread % connections.length]!
    const externalId = `m-${seed}-${n}`
    const payload = {
      version: 1,
      events: [
        {
          type: 'message',
          id: externalId,
          thread: { key: `t-${seed}-${thread}`, subject: `About ${words[thread % words.length]}` },
          author: {
            id: `c-${seed}-${thread}`,
            name: `${words[(thread * 7) % words.length]} ${words[(thread * 13) % words.length]}`,
            email: `${thread}@customer.example`,
          },
          text: say?.() ?? textOf(random, words),
          at: new Date().toISOString(),
        },
      ],
    }
    yield { connection, externalId, body: Buffer.from(JSON.stringify(payload)) }
  }
}

export function take<T>(from: Iterator<T>, count: number): T[] {
  return Array.from({ length: count }, () => from.next().value as T)
}

/** The request that brings a delivery, signed now. */
export function signedCall({ connection, externalId, body }: Delivery): Call {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', connection.key)
    .update(`${externalId}.${timestamp}.`)
    .update(body)
    .digest('base64')
  return {
    method: 'POST',
    path: connection.path,
    headers: {
      'content-type': 'application/json',
      'webhook-id': externalId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  }
}

/** Puts deliveries where the accepting side puts them, for benches that begin behind it. */
export async function storePending(
  owner: pg.Pool,
  workspaceId: string,
  deliveries: readonly Delivery[],
  lanes = 32,
): Promise<void> {
  for (let from = 0; from < deliveries.length; from += 1000) {
    const some = deliveries.slice(from, from + 1000)
    await owner.query(
      `insert into deliveries (workspace_id, id, connection_id, lane, received_at, headers, body)
       select $1, id, connection_id, lane, $6, '{"content-type":"application/json"}', body
       from unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::bytea[]) as n (id, connection_id, lane, body)`,
      [
        workspaceId,
        some.map(() => randomUUIDv7()),
        some.map(({ connection }) => connection.id),
        some.map(({ connection }) => laneOf(connection.id, lanes)),
        some.map(({ body }) => body),
        new Date(),
      ],
    )
  }
}
