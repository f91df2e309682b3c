// What is measured while it runs. Labels are routes, channels and states: never a workspace, a person or an id.
import { sql } from 'kysely'
import type { FastifyInstance } from 'fastify'
import type { Connector } from '#channels/connector'
import {
  feedLagSeconds,
  type DoorMetrics,
  type PollingMetrics,
  type RunningPolls,
  type WebhookMetrics,
} from '#connections/server'
import type { Clock } from '#platform/clock'
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

export interface MeasuredPolling {
  readonly db: Database
  readonly clock: Clock
  readonly metrics: Metrics
  readonly channels: readonly Connector[]
  readonly polls: RunningPolls
}

export function measurePolling({ db, clock, metrics, channels, polls }: MeasuredPolling): void {
  const fetched = channels.filter(({ poll, stream }) => poll ?? stream).map(({ id }) => id)
  metrics.observedGauge('fetch_lag_seconds', 'Since the last success of the connection that has waited longest', () =>
    feedLagSeconds(db, clock.now(), fetched),
  )
  metrics.observedGauge('channel_streams_open', 'Streams of channels that this node runs', () => polls.streams())
}

export function pollingMetrics(metrics: Metrics): PollingMetrics {
  const { accepted } = deliveryMetrics(metrics)
  const steps = metrics.counter('fetch_steps_total', 'Steps of polls and streams that were stored', ['channel'])
  const failed = metrics.counter('fetch_failures_total', 'Polls and streams that failed', ['channel', 'kind'])
  return {
    fetched(channel, deliveries, bytes) {
      steps.inc({ channel })
      if (deliveries > 0) accepted(channel, bytes, deliveries)
    },
    failed: (channel, kind) => failed.inc({ channel, kind }),
  }
}

export interface DeliveryMetrics extends DoorMetrics, WebhookMetrics {
  accepted(channel: string, bytes: number, deliveries?: number): void
  refused(channel: string, reason: string): void
}

export function deliveryMetrics(metrics: Metrics): DeliveryMetrics {
  const accepted = metrics.counter('deliveries_accepted_total', 'Deliveries stored', ['channel'])
  const bytes = metrics.counter('deliveries_bytes_total', 'Bytes of stored deliveries', ['channel'])
  const refused = metrics.counter('deliveries_refused_total', 'Deliveries that nothing proved', ['channel', 'reason'])
  return {
    accepted: (channel, size, deliveries = 1) => {
      accepted.inc({ channel }, deliveries)
      bytes.inc({ channel }, size)
    },
    refused: (channel, reason) => refused.inc({ channel, reason }),
  }
}
