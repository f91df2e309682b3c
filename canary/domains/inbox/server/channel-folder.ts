// Breach: inbox calls channels, but never by a channel's own folder.
import { mastodon } from '../../../channels/mastodon/index.ts'

export const breach = mastodon
