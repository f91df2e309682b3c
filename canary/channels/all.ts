// Allowed: the register names every channel.
import { bluesky } from './bluesky/index.ts'
import { mastodon } from './mastodon/index.ts'

export const connectors = [bluesky, mastodon]
