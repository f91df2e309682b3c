// Allowed: own contract, an index and a contract below, platform, the connector and the register of channels.
import { connectors } from '#channels/all'
import type { Connector } from '#channels/connector'
import { customersRoutes } from '#customers/contract'
import { customersName } from '#customers/server'
import { inboxRoutes } from '#inbox/contract'
import { implement } from '#platform/contract/implement'
import { inside } from './messages.ts'

export const first: Connector | undefined = connectors[0]
export const all = [customersRoutes, customersName, inboxRoutes, implement, inside]
