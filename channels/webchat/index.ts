// The chat of a web page. The customer comes to us, so there is no platform to call: `send` says that the answer lies ready,
// and domains/webchat, which knows the visitor's browser, reports what became of it.
import { randomBytes } from 'node:crypto'
import type { Connector } from '../connector.ts'
import { receive } from './receive.ts'
import { webchatSettings } from './settings.ts'

export const webchat: Connector = {
  id: 'webchat',
  name: 'Web chat',
  summary: 'A chat on your own pages: one line of script, no cookies.',
  settings: webchatSettings,
  capabilities: {
    receives: ['visit'],
    visibility: ['private'],
    shapes: ['line'],
    sends: true,
    delivery: 'fetch',
    textLimits: [{ unit: 'utf16', max: 5000 }],
    format: 'plain',
    subject: false,
    media: {
      maxCount: 5,
      maxBytes: 10 * 1024 * 1024,
      types: ['image/', 'application/pdf', 'text/plain'],
      altText: false,
    },
    receipts: ['delivered', 'read'],
    edits: false,
    deletes: false,
    reactions: false,
    startsConversations: false,
    carriesOn: false,
    addressees: 'one',
    canLookUp: true,
    install: 'script-tag',
    handle: 'none',
    moderation: [],
    invitesToPrivate: false,
    chains: false,
    contentWarning: false,
  },
  budget: { count: 10_000, perSeconds: 60, concurrent: 100 },
  generate: () => ({ identitySecret: randomBytes(32).toString('base64url') }),
  receive,
  identityFor: (messageId) => messageId,
  canReply: () => ({ ok: true, how: 'chat', until: null, cost: null }),
  send: async ({ messageId }) => ({ state: 'sent', externalId: messageId }),
  // Nothing leaves the house, so nothing can get lost between: whatever was about to lie ready does.
  lookUp: async ({ messageId }) => ({ state: 'found', externalId: messageId }),
  test: async () => ({ ok: true, note: 'The chat is ready. Put its script into a page to see it.' }),
}
