// Everything the inbox says to the outside; the nouns stand in contract/.
export * from './contract/addressing.ts'
export * from './contract/conversations.ts'
export * from './contract/messages.ts'
export * from './contract/originals.ts'
export * from './contract/labels.ts'
export * from './contract/networks.ts'
export * from './contract/events.ts'
