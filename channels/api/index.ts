// The channel for everything that has no channel of its own: a signed webhook in, a signed webhook out.
import * as t from 'typebox'
import type { CanReply, Connector, ThreadState } from '../connector.ts'
import { receive } from './receive.ts'
import { lookUp, MOST_MEDIA, MOST_MEDIA_BYTES, MOST_TEXT, send, test } from './send.ts'
import { makeSecret, verify } from './verify.ts'

const address = { format: 'uri', maxLength: 2000, pattern: '^https?://' }

/** One secret, or several with a blank between. */
const secret = {
  format: 'password',
  maxLength: 1000,
  pattern: '^whsec_[A-Za-z0-9+\\/]{32,88}={0,2}( whsec_[A-Za-z0-9+\\/]{32,88}={0,2})*$',
}

const settings = t.Object(
  {
    callbackUrl: t.Optional(
      t.String({
        ...address,
        title: 'Address for answers',
        description: 'Answers are posted here, signed. Without it, messages can be read and not answered.',
      }),
    ),
    lookUpUrl: t.Optional(
      t.String({
        ...address,
        title: 'Address to ask at',
        description:
          'Asked whether an answer arrived when the connection broke on the way. Without it a person decides.',
      }),
    ),
    shape: t.Optional(
      t.Union([t.Literal('line'), t.Literal('tree')], {
        default: 'line',
        title: 'Threads',
        description: 'Used where a message does not say it: one after the other, or answers below what they answer.',
      }),
    ),
    textLimit: t.Optional(
      t.Integer({
        minimum: 1,
        maximum: MOST_TEXT,
        title: 'Longest answer',
        description: 'In characters (UTF-16 units).',
      }),
    ),
    replyWindowHours: t.Optional(
      t.Number({
        exclusiveMinimum: 0,
        maximum: 24 * 365,
        title: 'Time to answer, in hours',
        description: 'Counted from the last message of the customer. Empty: no limit.',
      }),
    ),
    signingSecret: t.Optional(
      t.String({
        ...secret,
        title: 'Secret for what you send',
        description: 'Sign your webhooks with it. Two secrets with a space between are both taken.',
      }),
    ),
    callbackSecret: t.Optional(
      t.String({
        ...secret,
        title: 'Secret for what you receive',
        description: 'Check our answers with it. Two secrets with a space between both sign.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const api: Connector = {
  id: 'api',
  name: 'API channel',
  summary: 'Connect any system of your own by signed webhooks: messages in, answers out.',
  settings,
  capabilities: {
    receives: ['webhook'],
    visibility: ['private', 'public'],
    shapes: ['line', 'tree'],
    sends: true,
    delivery: 'push',
    textLimits: [{ unit: 'utf16', max: MOST_TEXT }],
    format: 'plain',
    subject: true,
    media: {
      maxCount: MOST_MEDIA,
      maxBytes: MOST_MEDIA_BYTES,
      types: ['image/', 'audio/', 'video/', 'text/', 'application/'],
      altText: true,
    },
    receipts: ['delivered', 'read', 'failed'],
    edits: true,
    deletes: true,
    reactions: false,
    startsConversations: false,
    carriesOn: false,
    addressees: 'one',
    canLookUp: true,
    install: 'standard-webhooks',
    handle: 'handle',
    moderation: [],
    invitesToPrivate: false,
    chains: false,
    contentWarning: false,
  },
  budget: { count: 100, perSeconds: 10, concurrent: 4 },
  generate: () => ({ signingSecret: makeSecret(), callbackSecret: makeSecret() }),
  verify,
  receive,
  // No full stop in it: the signature scheme joins with them.
  textLimitsOf: ({ textLimit }) => [
    { unit: 'utf16', max: typeof textLimit === 'number' ? Math.min(textLimit, MOST_TEXT) : MOST_TEXT },
  ],
  identityFor: (messageId) => `msg_${messageId}`,
  canReply,
  send,
  lookUp,
  test,
}

/** Facts that close a thread or end its window: `closed` (true, or a sentence why) and `replyUntil` (a moment). */
function canReply(thread: ThreadState, now: Date, settings: Readonly<Record<string, unknown>>): CanReply {
  const { closed, replyUntil } = thread.facts
  if (typeof settings['callbackUrl'] !== 'string' || settings['callbackUrl'] === '') {
    return { ok: false, why: 'This connection has no address to send answers to.' }
  }
  if (closed !== undefined && closed !== null && closed !== false && closed !== '') {
    return { ok: false, why: typeof closed === 'string' ? closed : 'The thread was closed on the other side.' }
  }
  const until = earliest(windowEnd(thread.lastInboundAt, settings['replyWindowHours']), dateOf(replyUntil))
  if (until !== null && until <= now) return { ok: false, why: 'The time to answer is over.' }
  const how = thread.visibility === 'public' ? 'Public answer' : 'Private answer'
  return { ok: true, how, until, cost: null }
}

function windowEnd(lastInboundAt: Date | null, hours: unknown): Date | null {
  if (typeof hours !== 'number' || lastInboundAt === null) return null
  return new Date(lastInboundAt.getTime() + hours * 3_600_000)
}

function dateOf(value: unknown): Date | null {
  const date = typeof value === 'string' ? new Date(value) : null
  return date !== null && !Number.isNaN(date.getTime()) ? date : null
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
