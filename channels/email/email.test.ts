import * as t from 'typebox'
import { describe } from 'vitest'
import { describeReceiving, readFixtures } from '../conformance.ts'
import type { Connector } from '../connector.ts'
import { receiveMail } from './receive.ts'

/** The half of the channel that understands mail, with what that half claims. */
const understanding: Connector = {
  id: 'email',
  name: 'E-mail',
  summary: 'Understands mail.',
  settings: t.Object({}),
  capabilities: {
    receives: ['smtp'],
    visibility: ['private'],
    shapes: ['line'],
    sends: false,
    delivery: 'push',
    textLimits: [],
    format: 'plain',
    subject: true,
    media: { maxCount: 100, maxBytes: 50 * 1024 * 1024, types: ['image/'], altText: false },
    receipts: ['delivered', 'read', 'failed'],
    edits: false,
    deletes: false,
    reactions: false,
    startsConversations: true,
    addressees: 'many',
    canLookUp: false,
    install: 'none',
    handle: 'address',
    moderation: [],
  },
  budget: { count: 1, perSeconds: 1, concurrent: 1 },
  receive: receiveMail,
  identityFor: (messageId) => messageId,
  canReply: () => ({ ok: false, why: 'This half does not answer.' }),
}

describe('a raw mail', () => {
  describeReceiving(understanding, readFixtures(new URL('fixtures/', import.meta.url)), {
    widen: (body) => Buffer.concat([Buffer.from('X-Unheard-Of: =?x?q?=00?=;\r\n\tfolded="\r\n'), body]),
  })
})
