// Breach: a screen imports server code, even of its own domain.
import { inboxName } from '#inbox/server'

export const breach = inboxName
