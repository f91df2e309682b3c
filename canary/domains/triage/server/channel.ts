// Breach: triage is not among the domains that call channels.
import type { Connector } from '#channels/connector'

export type Breach = Connector
