// Breach: routing is below intake, but intake's line in the table is narrower than its row.
import { routingName } from '#routing/server'

export const breach = routingName
