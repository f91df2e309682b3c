// What other domains may call. Short, named, written by hand.
export { applyChanges, type Change } from './changes.ts'
export { liftGate, placeGate, type NewGate } from './gates.ts'
export { storeInbound, type InboundItem, type InboundSource, type StoredMessage } from './inbound.ts'
export { inboxTasks } from './jobs.ts'
export { onMemberTyping, showCustomerTyping } from './presence.ts'
export { conversationsPlugin, labelsPlugin, messagesPlugin, type InboxDeps } from './routes.ts'
export { runSender, type Sending } from './sender.ts'
export { canSee } from './visibility.ts'
