// Breach: customers is below inbox in the table.
import { inboxName } from '#inbox/server'

export const breach = inboxName
