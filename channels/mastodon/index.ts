// Mastodon, and servers that speak as it does: public threads as trees, private mentions as lines. What is peculiar to the
// network is in this folder; this file says what the channel can do and which function does it.
import type { Connector } from '../connector.ts'
import { authorization } from './authorization.ts'
import { canReply } from './can-reply.ts'
import { backfill, progressOf } from './cursor.ts'
import { lookUpMastodon } from './look-up.ts'
import { moderateMastodon, moderation } from './moderate.ts'
import { pollMastodon } from './poll.ts'
import { privateLine } from './private-line.ts'
import { receiveMastodon } from './receive.ts'
import { identityFor, openingOf, sendMastodon } from './send.ts'
import { mastodonSettings, mediaOf, readHome, textLimitsOf } from './settings.ts'
import { streamMastodon } from './stream.ts'
import { testMastodon } from './test-connection.ts'

export const mastodon: Connector = {
  id: 'mastodon',
  name: 'Mastodon',
  summary: 'Answer mentions and private mentions of a Mastodon account, in public threads and in private.',
  settings: mastodonSettings,
  capabilities: {
    receives: ['poll', 'stream'],
    visibility: ['public', 'private'],
    shapes: ['tree', 'line'],
    sends: true,
    delivery: 'push',
    textLimits: textLimitsOf({}),
    format: 'plain',
    subject: false,
    media: mediaOf({}),
    receipts: [],
    edits: true,
    deletes: true,
    reactions: true,
    startsConversations: false,
    carriesOn: false,
    addressees: 'one',
    canLookUp: true,
    install: 'none',
    handle: 'handle',
    moderation,
    invitesToPrivate: true,
    chains: true,
    contentWarning: true,
  },
  // Of the 300 requests in five minutes that servers allow an account, a third is for answers: each takes two or three.
  budget: { count: 40, perSeconds: 300, concurrent: 2 },
  receive: receiveMastodon,
  identityFor,
  textLimitsOf,
  mediaOf,
  openingOf,
  canReply,
  send: sendMastodon,
  lookUp: lookUpMastodon,
  moderate: moderateMastodon,
  privateLine,
  authorization,
  test: testMastodon,
  fetches: (settings) => readHome(settings).origin !== null,
  poll: pollMastodon,
  pollSeconds: 60,
  stream: streamMastodon,
  backfill,
  progressOf,
}
