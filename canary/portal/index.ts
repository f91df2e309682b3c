// Allowed: the portal calls servers and contracts.
import { inboxRoutes } from '#inbox/contract'
import { inboxName } from '#inbox/server'

export const portal = [inboxName, inboxRoutes]
