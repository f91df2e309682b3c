// Bluesky, and every other server of the AT Protocol: public threads and direct messages. What the channel can do, and which
// function does it.
import type { Connector, MediaRules } from '../connector.ts'
import { canReply, notesOf } from './can-reply.ts'
import { privateLine } from './chat.ts'
import { MOST_IMAGES, MOST_VIDEO_BYTES } from './embed.ts'
import { moderate } from './moderate.ts'
import { authorization } from './oauth.ts'
import { backfill, poll, progressOf } from './poll.ts'
import { receive } from './receive.ts'
import { identityFor, lookUp, send, TEXT_LIMITS, textLimitsOf } from './send.ts'
import { blueskySettings } from './settings.ts'
import { testConnection } from './test-connection.ts'

const media: MediaRules = {
  maxCount: MOST_IMAGES,
  maxBytes: MOST_VIDEO_BYTES,
  types: ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif', 'video/mp4'],
  altText: true,
}

export const bluesky: Connector = {
  id: 'bluesky',
  name: 'Bluesky',
  summary: 'Answer mentions and replies in public and direct messages in private, on Bluesky or a server of your own.',
  settings: blueskySettings,
  capabilities: {
    receives: ['poll'],
    visibility: ['public', 'private'],
    shapes: ['tree', 'line'],
    sends: true,
    delivery: 'push',
    textLimits: [...TEXT_LIMITS],
    format: 'plain',
    subject: false,
    media,
    receipts: [],
    edits: false,
    deletes: true,
    reactions: false,
    startsConversations: false,
    carriesOn: false,
    addressees: 'one',
    canLookUp: true,
    install: 'none',
    handle: 'handle',
    moderation: ['hide', 'remove', 'report', 'block', 'unblock', 'mute', 'unmute'],
    invitesToPrivate: true,
    chains: true,
    contentWarning: false,
  },
  // The servers of Bluesky take 1,666 posts an hour; a burst is what looks like spam.
  budget: { count: 20, perSeconds: 60, concurrent: 2 },
  receive,
  identityFor,
  textLimitsOf,
  // Direct messages carry no files.
  mediaOf: (_settings, visibility) => (visibility === 'private' ? null : media),
  notesOf,
  canReply,
  send: (outbound, context) => send(outbound, context),
  lookUp,
  moderate,
  privateLine,
  authorization,
  test: testConnection,
  poll,
  pollSeconds: 30,
  backfill,
  progressOf,
}
