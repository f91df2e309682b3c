import { emitter } from '#platform/events/emit'
import { inboxEvents } from '../contract.ts'

export const emit = emitter(inboxEvents)
