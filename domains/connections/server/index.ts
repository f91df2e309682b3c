// What other domains may call. Short, named, written by hand.
export { DELIVERIES_SIGNAL, LANES, openAccepting, type AcceptDelivery, type NewDelivery } from './accept.ts'
export { backfillConnection } from './backfill.ts'
export { contextOf } from './context.ts'
export { openKnownConnections, type FindConnector, type KnownConnection, type KnownConnections } from './known.ts'
export { changeConnection, createConnection, type ConnectionKeys, type NewConnection } from './connections.ts'
export { noteDeliveries, noteSent, reportHealth, type HealthReport } from './health.ts'
export { quarantine, type FailedDelivery } from './quarantine.ts'
export { openRefusals, type RefusalReason, type Refusals } from './refusals.ts'
export { connectionsPlugin, type ConnectionsDeps } from './routes.ts'
export { webhookPlugin, type WebhookDeps, type WebhookMetrics } from './webhook.ts'
export {
  finishDeliveries,
  holdLanes,
  lanesWithWork,
  takePending,
  type PendingDelivery,
  type WaitingLane,
} from './pending.ts'
export { feedLagSeconds } from './feeds.ts'
export { openDoors, type DoorMetrics, type DoorPlace, type Doors, type OpenDoor } from './listening.ts'
export { runPolling, type Polling, type RunningPolls } from './polling.ts'
export type { PollingMetrics } from './fetching.ts'
