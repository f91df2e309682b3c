// A message as it came: its HTML, its delivery byte for byte, its header lines. And its place, changed by hand.
import * as t from 'typebox'
import { Id, IdParams, oneOf, routes } from '#platform/contract/kernel'
import { Message } from './messages.ts'

export const HeaderLine = t.Object({ name: t.String(), value: t.String() })

export const originalRoutes = routes({
  readHtml: {
    method: 'GET',
    path: '/messages/:id/html',
    summary:
      'The message as a document for a sandboxed frame; it can run nothing, and fetches images only when asked to',
    access: 'inbox.read',
    params: IdParams,
    /** `shown` lets images load from where they lie, which tells their sender that the message was opened. */
    query: t.Object({ images: t.Optional(oneOf(['blocked', 'shown'])) }),
    raw: 'html',
    problems: ['inbox.no_html'],
  },
  readRaw: {
    method: 'GET',
    path: '/messages/:id/raw',
    summary: 'The delivery that the message came by, byte for byte; reading it is written down',
    access: 'inbox.read',
    params: IdParams,
    raw: 'file',
    problems: ['inbox.no_raw'],
  },
  listHeaders: {
    method: 'GET',
    path: '/messages/:id/headers',
    summary: 'The header lines of the delivery that the message came by, in their order',
    access: 'inbox.read',
    params: IdParams,
    reply: t.Object({ items: t.Array(HeaderLine) }),
    problems: ['inbox.no_raw'],
  },
})

export const reorganisingRoutes = routes({
  moveMessage: {
    method: 'POST',
    path: '/messages/:id/move',
    summary: 'Put a message into another conversation of the same kind',
    access: 'inbox.assign',
    params: IdParams,
    body: t.Object({ conversationId: Id }),
    reply: Message,
    problems: ['inbox.not_movable', 'inbox.under_way', 'inbox.already_there', 'inbox.no_such_conversation'],
  },
  splitMessage: {
    method: 'POST',
    path: '/messages/:id/split',
    summary: 'Give a message, and with `following` all that came after it, a conversation of its own',
    access: 'inbox.assign',
    params: IdParams,
    body: t.Object({ following: t.Optional(t.Boolean()) }),
    reply: t.Object({ conversationId: Id }),
    problems: ['inbox.not_movable', 'inbox.under_way', 'inbox.only_message'],
  },
  partMatter: {
    method: 'POST',
    path: '/conversations/:id/part',
    summary: 'It and another conversation are not one matter after all; who has them keeps them',
    access: 'inbox.assign',
    params: IdParams,
    body: t.Object({ conversationId: Id }),
    problems: ['inbox.no_such_conversation'],
  },
  blockSender: {
    method: 'POST',
    path: '/messages/:id/block-sender',
    summary: 'Block whom a message is from, and put the conversation away if it is theirs',
    access: 'customers.block',
    params: IdParams,
    body: t.Object({ reason: t.Optional(t.String({ minLength: 3, maxLength: 500 })) }),
    /** `resolved`: whether the conversation was put away with it. */
    reply: t.Object({ customerId: Id, resolved: t.Boolean() }),
    problems: ['inbox.not_from_outside'],
  },
})
