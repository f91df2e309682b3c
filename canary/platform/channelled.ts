// Breach: platform knows the channels.
import type { Connector } from '#channels/connector'

export type Breach = Connector
