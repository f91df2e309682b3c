// Breach: platform reaches up into a domain.
import { inboxName } from '#inbox/server'

export const breach = inboxName
