import { emitter } from '#platform/events/emit'
import { triageEvents } from '../contract.ts'

export const emit = emitter(triageEvents)
