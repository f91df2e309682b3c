import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'
import { Addressees, AddresseesInput, placingFields } from './addressing.ts'
import { ConversationSummary } from './conversations.ts'
import { postFields } from './networks.ts'

export const deliveryStates = [
  'held',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'cancelled',
] as const
export const DeliveryState = oneOf(deliveryStates)
export type DeliveryState = t.Static<typeof DeliveryState>

export const Attachment = t.Object(
  {
    id: Id,
    name: t.String(),
    mediaType: t.String(),
    kind: oneOf(['image', 'audio', 'video', 'pdf', 'text', 'other']),
    size: t.Integer(),
    width: nullable(t.Integer()),
    height: nullable(t.Integer()),
    alt: nullable(t.String()),
    state: oneOf(['stored', 'fetching', 'failed']),
    stateReason: nullable(t.String()),
  },
  { $id: 'Attachment' },
)
export type Attachment = t.Static<typeof Attachment>

export const Message = t.Object(
  {
    id: Id,
    conversationId: Id,
    seq: t.Integer(),
    episode: t.Integer(),
    kind: oneOf(['in', 'out', 'note', 'system']),
    visibility: oneOf(['public', 'private']),
    /** What it answers in this conversation; `ancestor` tells it wherever that stands. */
    parentId: nullable(Id),
    identityId: nullable(Id),
    memberId: nullable(Id),
    authorName: nullable(t.String()),
    subject: nullable(t.String()),
    /** Plain text, personal data in it covered (see `personal`). For kind `system`, a code such as `resolved`, told in words by the reader's language. */
    body: t.String(),
    /** What is covered in the body, in UTF-16 units; `revealMessage` of triage answers the words themselves, on record. */
    personal: t.Optional(t.Array(t.Object({ kind: t.String(), start: t.Integer(), end: t.Integer() }))),
    attachments: t.Array(Attachment),
    occurredAt: Moment,
    editedAt: nullable(Moment),
    deletedAt: nullable(Moment),
    state: nullable(DeliveryState),
    stateReason: nullable(t.String()),
    stateAt: nullable(Moment),
    /** While held: until when `undo` works. */
    undoUntil: nullable(Moment),
    ...placingFields,
    ...postFields,
    data: t.Record(t.String(), t.Unknown()),
  },
  { $id: 'Message' },
)
export type Message = t.Static<typeof Message>

export const SendInput = t.Object({
  body: t.String({ maxLength: 100_000 }),
  attachmentIds: t.Optional(t.Array(Id, { maxItems: 20 })),
  parentId: t.Optional(nullable(Id)),
  /** Made by the caller before the first try: sending twice with the same one sends once. */
  clientId: Id,
  /** Resolve the conversation in the same step. */
  resolve: t.Optional(t.Boolean()),
  /** Only where the channel's `addressees` is `many`; left out: everybody whom the last message names. */
  addressees: t.Optional(AddresseesInput),
  subject: t.Optional(nullable(t.String({ maxLength: 500 }))),
  /** That the caller saw `inbox.new_addressees`: who never took part in this conversation shall get this answer. */
  confirmNewAddressees: t.Optional(t.Boolean()),
  /** In which thread of the conversation; null: the first. Left out: where what it answers stands. */
  threadId: t.Optional(nullable(Id)),
  /** Who will see it, as the caller understood it: refused where that is not so. */
  visibility: t.Optional(oneOf(['public', 'private'])),
  /** The line to hide it behind, where the channel has that. */
  warning: t.Optional(nullable(t.String({ maxLength: 500 }))),
  /** Too long for one: leave as several, each below the one before, where the channel has that. */
  chain: t.Optional(t.Boolean()),
})

export const Draft = t.Object(
  {
    conversationId: Id,
    kind: oneOf(['out', 'note']),
    body: t.String({ maxLength: 100_000 }),
    parentId: nullable(Id),
    attachments: t.Array(Attachment),
    /** Null: nothing was chosen, so everybody whom the last message names. */
    addressees: nullable(Addressees),
    subject: nullable(t.String()),
    /** In which thread it shall go: its id, `first`, or null where nothing was chosen. */
    thread: nullable(t.String()),
    warning: nullable(t.String()),
    version: t.Integer(),
    updatedAt: Moment,
  },
  { $id: 'Draft' },
)
export type Draft = t.Static<typeof Draft>

/** A first message that is being written: its conversation begins when it is sent. One a member. */
export const OpeningDraft = t.Object(
  {
    connectionId: nullable(Id),
    addressees: Addressees,
    subject: t.String({ maxLength: 500 }),
    body: t.String({ maxLength: 100_000 }),
    attachments: t.Array(Attachment),
    version: t.Integer(),
    updatedAt: Moment,
  },
  { $id: 'OpeningDraft' },
)
export type OpeningDraft = t.Static<typeof OpeningDraft>

export const MessageHit = t.Object({
  conversation: ConversationSummary,
  messageId: Id,
  occurredAt: Moment,
  excerpt: t.String(),
})

export const messageRoutes = routes({
  listMessages: {
    method: 'GET',
    path: '/conversations/:id/messages',
    summary: 'Read a thread from its end, page by page',
    access: 'inbox.read',
    params: IdParams,
    query: t.Object({ ...paging }),
    reply: pageOf(Message),
  },
  sendMessage: {
    method: 'POST',
    path: '/conversations/:id/messages',
    summary: 'Answer; held for ten seconds, in which `undo` takes it back',
    access: 'inbox.reply',
    params: IdParams,
    body: SendInput,
    reply: Message,
    problems: [
      'inbox.empty_message',
      'inbox.too_long',
      'inbox.cannot_reply',
      'inbox.media_refused',
      'inbox.no_such_attachment',
      'inbox.no_such_parent',
      'inbox.id_taken',
      'inbox.new_addressees',
      'inbox.no_addressee',
      'inbox.one_addressee',
      'inbox.own_address',
      'inbox.no_such_thread',
      'inbox.choose_thread',
      'inbox.other_visibility',
      'inbox.no_warning',
    ],
  },
  writeNote: {
    method: 'POST',
    path: '/conversations/:id/notes',
    summary: 'Write an internal note',
    access: 'inbox.note',
    params: IdParams,
    body: t.Object({
      body: t.String({ minLength: 1, maxLength: 20_000 }),
      clientId: Id,
      attachmentIds: t.Optional(t.Array(Id, { maxItems: 20 })),
    }),
    reply: Message,
    problems: ['inbox.no_such_attachment', 'inbox.id_taken'],
  },
  undoMessage: {
    method: 'POST',
    path: '/messages/:id/undo',
    summary: 'Take a held message back into the draft',
    access: 'inbox.reply',
    params: IdParams,
    reply: Draft,
    problems: ['inbox.already_sent', 'inbox.not_yours'],
  },
  retryMessage: {
    method: 'POST',
    path: '/messages/:id/retry',
    summary: 'Try a failed message again',
    access: 'inbox.reply',
    params: IdParams,
    reply: Message,
    problems: ['inbox.not_failed', 'inbox.changed_meanwhile'],
  },
  decideUnknown: {
    method: 'POST',
    path: '/messages/:id/decide',
    summary: 'Say whether a message of unknown fate arrived: `arrived`, or `send_again`',
    access: 'inbox.decide_unknown',
    params: IdParams,
    body: t.Object({ decision: oneOf(['arrived', 'send_again']) }),
    reply: Message,
    problems: ['inbox.not_unknown', 'inbox.changed_meanwhile'],
  },
  discardMessage: {
    method: 'POST',
    path: '/messages/:id/discard',
    summary: 'Give up on an answer that failed or whose fate is unknown; it is never sent',
    access: 'inbox.decide_unknown',
    params: IdParams,
    /** `sendRest`: of a thread of several, what comes after it goes all the same. */
    body: t.Object({ sendRest: t.Optional(t.Boolean()) }),
    problems: ['inbox.not_unsettled', 'inbox.changed_meanwhile'],
  },
  listUnsettled: {
    method: 'GET',
    path: '/messages/unsettled',
    summary: 'Messages that failed or whose fate is unknown',
    access: 'inbox.read',
    query: t.Object({ ...paging }),
    reply: pageOf(t.Object({ message: Message, conversation: ConversationSummary })),
  },
  getDraft: {
    method: 'GET',
    path: '/conversations/:id/draft',
    summary: 'The caller’s draft in a conversation, or null',
    access: 'inbox.reply',
    params: IdParams,
    reply: t.Object({ draft: nullable(Draft) }),
  },
  saveDraft: {
    method: 'PUT',
    path: '/conversations/:id/draft',
    summary: 'Keep a draft; an empty one is removed',
    access: 'inbox.reply',
    params: IdParams,
    body: t.Object({
      kind: oneOf(['out', 'note']),
      body: t.String({ maxLength: 100_000 }),
      parentId: t.Optional(nullable(Id)),
      attachmentIds: t.Optional(t.Array(Id, { maxItems: 20 })),
      addressees: t.Optional(nullable(Addressees)),
      subject: t.Optional(nullable(t.String({ maxLength: 500 }))),
      thread: t.Optional(nullable(t.String({ maxLength: 36 }))),
      warning: t.Optional(nullable(t.String({ maxLength: 500 }))),
      /** The version that was edited; 0 for a new draft. An older one answers 409 with the newer draft in `details`. */
      version: t.Integer({ minimum: 0 }),
    }),
    reply: t.Object({ draft: nullable(Draft) }),
    problems: ['inbox.changed_meanwhile', 'inbox.no_such_attachment', 'inbox.no_drafts'],
  },
  getOpeningDraft: {
    method: 'GET',
    path: '/drafts/opening',
    summary: 'The first message that the caller is writing to somebody, or null',
    access: 'inbox.reply',
    reply: t.Object({ draft: nullable(OpeningDraft) }),
  },
  saveOpeningDraft: {
    method: 'PUT',
    path: '/drafts/opening',
    summary: 'Keep a first message that is being written; an empty one is removed',
    access: 'inbox.reply',
    body: t.Object({
      connectionId: nullable(Id),
      addressees: Addressees,
      subject: t.String({ maxLength: 500 }),
      body: t.String({ maxLength: 100_000 }),
      attachmentIds: t.Array(Id, { maxItems: 20 }),
      /** The version that was edited; 0 for a new one. An older one answers 409 with the newer draft in `details`. */
      version: t.Integer({ minimum: 0 }),
    }),
    reply: t.Object({ draft: nullable(OpeningDraft) }),
    problems: ['inbox.changed_meanwhile', 'inbox.no_such_attachment', 'inbox.no_drafts'],
  },
  uploadAttachment: {
    method: 'POST',
    path: '/attachments',
    summary: 'Upload a file for a message that is being written',
    access: 'inbox.reply',
    upload: { maxBytes: 25 * 1024 * 1024 },
    reply: Attachment,
    limit: { perMinute: 60 },
    problems: ['files.too_large', 'files.empty'],
  },
  readAttachment: {
    method: 'GET',
    path: '/attachments/:id/file',
    summary: 'The bytes of an attachment',
    access: 'inbox.read',
    params: IdParams,
    raw: 'file',
    problems: ['files.gone'],
  },
  searchMessages: {
    method: 'GET',
    path: '/search/messages',
    summary: 'Find words in messages, newest first',
    access: 'inbox.read',
    query: t.Object({ q: t.String({ minLength: 1, maxLength: 200 }), ...paging }),
    reply: pageOf(MessageHit),
    limit: { perMinute: 120 },
  },
})
