// Allowed: a channel uses platform, the connector's shape and its own folder.
import { rows } from '#platform/db/rows'
import type { Connector } from '../connector.ts'
import { path } from './api.ts'

export const mastodon: Connector = { id: `mastodon${rows}${path}` }
