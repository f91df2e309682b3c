// Allowed: bin wires servers and channels together, and may print.
import { connectors } from '#channels/all'
import { inboxName } from '#inbox/server'
import { portal } from '../portal/index.ts'

console.log(connectors, inboxName, portal)
