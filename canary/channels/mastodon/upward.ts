// Breach: a channel reaches up into a domain.
import { inboxRoutes } from '#inbox/contract'

export const breach = inboxRoutes
