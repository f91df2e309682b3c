// Breach: even bin enters a domain by its index.
import { inside } from '../domains/inbox/server/messages.ts'

export const breach = inside
