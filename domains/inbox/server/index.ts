// What other domains may call. Short, named, written by hand.
export { applyChanges, type Change } from './changes.ts'
export { storeInbound, type InboundItem, type InboundSource, type StoredMessage } from './inbound.ts'
