// What is measured while it runs. Labels are routes, channels and states: never a workspace, a person or an id.
import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import type { WebhookMetrics } from '#connections/server'
import type { Database } from '#platform/db/database'
import type { EventTail } from '#platform/events/tail'
import type { Metrics } from '#platform/metrics'
import type { Streams } from '#platform/realtime/streams'

export interface Measured {
  readonly app: FastifyInstance
  readonly db: Database
  readonly metrics: Metrics
  readonly tail: EventTail
  readonly streams: Streams
}

export function measure({ app, db, metrics, tail, streams }: Measured): void {
  const requests = metrics.histogram('http_request_seconds', 'Time to answer a request', ['method', 'route', 'status'])
  app.addHook('onResponse', async (request, reply) => {
    if (reply.raw.headersSent && reply.getHeader('content-type') === 'text/event-stream; charset=utf-8') return
    requests.observe(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: `${Math.floor(reply.statusCode / 100)}xx`,
      },
      reply.elapsedTime / 1000,
    )
  })
  metrics.observedGauge('event_lag_seconds', 'Age of the newest look at the events', () => tail.lagMs() / 1000)
  metrics.observedGauge('streams_open', 'Open event streams', () => streams.count())
  metrics.observedGauge('deliveries_pending', 'Deliveries stored and not yet taken in', () =>
    count(db, sql`from deliveries where state = 'pending'`),
  )
  metrics.observedGauge('outbound_waiting', 'Answers on their way', () =>
    count(db, sql`from outbound where state <> 'settled'`),
  )
  metrics.observedGauge('failures_open', 'Jobs and reactions that gave up', () =>
    count(db, sql`from failures where retried_at is null`),
  )
}

const count = (db: Database, from: ReturnType<typeof sql>): Promise<number> =>
  db.system(async (tx) => (await sql<{ n: number }>`select count(*)::int as n ${from}`.execute(tx)).rows[0]!.n)

export function deliveryMetrics(metrics: Metrics): WebhookMetrics {
  const accepted = metrics.counter('deliveries_accepted_total', 'Deliveries stored', ['channel'])
  const bytes = metrics.counter('deliveries_bytes_total', 'Bytes of stored deliveries', ['channel'])
  const refused = metrics.counter('deliveries_refused_total', 'Deliveries that nothing proved', ['channel', 'reason'])
  return {
    accepted: (channel, size) => {
      accepted.inc({ channel })
      bytes.inc({ channel }, size)
    },
    refused: (channel, reason) => refused.inc({ channel, reason }),
  }
}
