// What open networks add to messages and conversations.
import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, routes } from '#platform/contract/kernel'
import { CanReply } from './addressing.ts'

export const Embed = t.Object({
  kind: oneOf(['link', 'quote']),
  url: t.String(),
  title: t.Optional(t.String()),
  text: t.Optional(t.String()),
  author: t.Optional(t.String()),
})
export type Embed = t.Static<typeof Embed>

export const Poll = t.Object({
  options: t.Array(t.Object({ text: t.String(), votes: t.Optional(t.Integer()) })),
  closesAt: nullable(Moment),
  multiple: t.Boolean(),
})
export type Poll = t.Static<typeof Poll>

export const Engagement = t.Object({
  likes: t.Optional(t.Integer()),
  reposts: t.Optional(t.Integer()),
  quotes: t.Optional(t.Integer()),
  replies: t.Optional(t.Integer()),
  views: t.Optional(t.Integer()),
})
export type Engagement = t.Static<typeof Engagement>

/** Who wrote a message, as their network knows them. */
export const MessageAuthor = t.Object({
  handle: nullable(t.String()),
  profileUrl: nullable(t.String()),
  /** The address of their picture here; null where there is none. */
  picture: nullable(t.String()),
  isBot: t.Boolean(),
  /** Their account was deleted. */
  gone: t.Boolean(),
  reach: nullable(t.Integer()),
  /** What an answer to them begins with; see `opening` of a thread. */
  opening: t.String(),
})
export type MessageAuthor = t.Static<typeof MessageAuthor>

export const moderationActions = ['hide', 'remove', 'report', 'block', 'unblock', 'mute', 'unmute'] as const
export const ModerationAction = oneOf(moderationActions)
export type ModerationAction = t.Static<typeof ModerationAction>

/** What a member asked the platform to do. `waiting`: it is tried again; `gone`: nothing is there any more. */
export const Moderation = t.Object({
  id: Id,
  action: ModerationAction,
  reason: t.String(),
  state: oneOf(['asked', 'waiting', 'done', 'gone', 'rejected']),
  stateReason: nullable(t.String()),
  askedBy: nullable(Id),
  askedAt: Moment,
})
export type Moderation = t.Static<typeof Moderation>

export const postFields = {
  /** Stands around what was said to us. */
  context: t.Boolean(),
  /** Where it can be seen on its network. */
  url: nullable(t.String()),
  /** The line that it is hidden behind. */
  warning: nullable(t.String()),
  embeds: t.Array(Embed),
  poll: nullable(Poll),
  engagement: Engagement,
  /** Null for members and where nobody is known. */
  author: nullable(MessageAuthor),
  /** The thread in which it stands where that is not the first of its conversation. */
  threadId: nullable(Id),
  /** One of several as which a long answer leaves, `index` from 0. */
  chain: nullable(t.Object({ id: Id, index: t.Integer() })),
  moderations: t.Array(Moderation),
}

/** A thread of a conversation: the first, and the private lines that belong to it. */
export const ConversationThread = t.Object({
  /** Null for the first. */
  id: nullable(Id),
  visibility: oneOf(['public', 'private']),
  shape: oneOf(['line', 'tree']),
  /** With whom it is, where that is one person. */
  who: nullable(t.String()),
  canReply: CanReply,
  /** Every limit that an answer must keep there. */
  textLimits: t.Array(
    t.Object({
      unit: oneOf(['utf16', 'grapheme', 'byte']),
      max: t.Integer(),
      linksCountAs: t.Optional(t.Integer()),
      mentionsWithoutServer: t.Optional(t.Boolean()),
      countsWarning: t.Optional(t.Boolean()),
    }),
  ),
  /** The files that an answer may carry there; null: none. Types may be prefixes (`image/`). */
  media: nullable(
    t.Object({ maxCount: t.Integer(), maxBytes: t.Integer(), types: t.Array(t.String()), altText: t.Boolean() }),
  ),
  /** What the network puts in front of an answer there, unless its words name that person already; it counts in the limits. */
  opening: t.String(),
})
export type ConversationThread = t.Static<typeof ConversationThread>

export const networkRoutes = routes({
  inviteToPrivate: {
    method: 'POST',
    path: '/conversations/:id/invite-to-private',
    summary: 'Take a public conversation into a private line: the next answer can go there, and theirs will come here',
    access: 'inbox.reply',
    params: IdParams,
    /** Whose message; left out: whoever the conversation is with. */
    body: t.Object({ messageId: t.Optional(Id) }),
    reply: t.Object({ thread: ConversationThread }),
    problems: ['inbox.no_private_line', 'inbox.nobody_to_invite'],
    limit: { perMinute: 30 },
  },
  moderateMessage: {
    method: 'POST',
    path: '/messages/:id/moderate',
    summary: 'Ask the platform to hide, remove or report a message, or to block or mute who wrote it',
    access: 'customers.block',
    params: IdParams,
    body: t.Object({ action: ModerationAction, reason: t.String({ minLength: 3, maxLength: 500 }) }),
    reply: Moderation,
    problems: ['inbox.cannot_moderate', 'inbox.moderated_already'],
  },
  describeAttachment: {
    method: 'PATCH',
    path: '/attachments/:id',
    summary: 'Describe a file of a message that is being written, for those who do not see it',
    access: 'inbox.reply',
    params: IdParams,
    body: t.Object({ alt: nullable(t.String({ maxLength: 2000 })) }),
    problems: ['inbox.no_such_attachment'],
  },
})
