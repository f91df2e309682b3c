// Every channel, by hand: no folder is loaded that nobody named.
import { api } from './api/index.ts'
import { bluesky } from './bluesky/index.ts'
import type { Connector } from './connector.ts'
import { email } from './email/index.ts'
import { mastodon } from './mastodon/index.ts'
import { webchat } from './webchat/index.ts'

export const connectors: readonly Connector[] = [api, bluesky, email, mastodon, webchat]

const byId = new Map(connectors.map((connector) => [connector.id, connector]))

/** The connector of a channel, or undefined for a channel that this version does not know. */
export function connectorOf(channel: string): Connector | undefined {
  return byId.get(channel)
}
