// What other domains may call. Short, named, written by hand.
export { DELIVERIES_SIGNAL, LANES, openAccepting, type AcceptDelivery, type NewDelivery } from './accept.ts'
export { openKnownConnections, type KnownConnection, type KnownConnections } from './known.ts'
