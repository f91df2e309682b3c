// Breach: the shell imports a server.
import { inboxName } from '#inbox/server'

export const breach = inboxName
