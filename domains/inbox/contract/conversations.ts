import * as t from 'typebox'
import { Id, IdParams, Moment, nullable, oneOf, pageOf, paging, routes } from '#platform/contract/kernel'
import { AddresseesInput, AnswerEnvelope, CanReply, LinkedConversation } from './addressing.ts'
import { ConversationThread } from './networks.ts'

export const conversationStates = ['open', 'waiting', 'snoozed', 'resolved'] as const
export const ConversationState = oneOf(conversationStates)
export type ConversationState = t.Static<typeof ConversationState>

/** One reason of a conversation's priority, in words and in minutes by which it moves ahead. */
export const PriorityReason = t.Object({ code: t.String(), words: t.String(), minutes: t.Number() })

/** What is understood of it: null and empty where nothing was assessed. */
export const Understood = t.Object({
  language: nullable(t.String()),
  /** `negative`, `neutral`, `positive` or `unsure`: of the newest message that is sure, else `unsure`. */
  sentiment: nullable(t.String()),
  intent: nullable(t.String()),
  /** The key of a topic. */
  topic: nullable(t.String()),
  /** The gravest first. */
  severity: t.Array(t.String()),
  /** Somebody may hurt themselves: this goes to a person at once. */
  needsPerson: t.Boolean(),
  toxic: t.Boolean(),
})
export type Understood = t.Static<typeof Understood>

/** What a row of the list shows, nothing more. */
export const ConversationSummary = t.Object(
  {
    id: Id,
    connectionId: Id,
    channel: t.String(),
    customerId: Id,
    customerName: nullable(t.String()),
    /** The address of their picture here; null where there is none, and in lists that show none. */
    customerPicture: nullable(t.String()),
    subject: nullable(t.String()),
    visibility: oneOf(['public', 'private']),
    state: ConversationState,
    snoozedUntil: nullable(Moment),
    assigneeId: nullable(Id),
    teamId: nullable(Id),
    labelIds: t.Array(Id),
    preview: t.String(),
    previewKind: oneOf(['in', 'out', 'note', 'system']),
    messageCount: t.Integer(),
    failedCount: t.Integer(),
    lastActivityAt: Moment,
    waitingSince: nullable(Moment),
    priorityAt: Moment,
    /** The strongest first. */
    priorityReasons: t.Array(PriorityReason),
    understood: Understood,
    /** Set where others say the same; `group` of `listConversations` lists them. */
    groupId: nullable(Id),
    /** In a list asked for with `grouped`: how many others in the same state this row stands for, counted to 999. */
    copies: t.Optional(t.Integer()),
    dueAt: nullable(Moment),
    promiseState: nullable(t.String()),
    unread: t.Boolean(),
    /** The last message from outside, by its place in the thread: unread while it lies behind what was read. */
    lastInboundSeq: t.Integer(),
    version: t.Integer(),
  },
  { $id: 'ConversationSummary' },
)
export type ConversationSummary = t.Static<typeof ConversationSummary>

export const Gate = t.Object({
  id: Id,
  kind: t.String(),
  reason: t.String(),
  messageId: nullable(Id),
  placedAt: Moment,
})

/** A conversation with what its thread needs beside the messages. */
export const Conversation = t.Object(
  {
    ...ConversationSummary.properties,
    connectionName: t.String(),
    shape: oneOf(['line', 'tree']),
    episode: t.Integer(),
    firstMessageAt: Moment,
    resolvedAt: nullable(Moment),
    canReply: CanReply,
    /** The first, and beside it the private lines that belong here, oldest first. */
    threads: t.Array(ConversationThread),
    /** Whether who complained in public can be asked into a private line. */
    invitesToPrivate: t.Boolean(),
    gates: t.Array(Gate),
    readSeq: t.Integer(),
    /** Of those that the caller may see, newest link first. */
    linked: t.Array(LinkedConversation),
    /** Where an answer may go to several: whom an answer to all goes to, and its subject. Null on other channels. */
    envelope: nullable(AnswerEnvelope),
  },
  { $id: 'Conversation' },
)
export type Conversation = t.Static<typeof Conversation>

export const conversationSorts = ['activity', 'priority'] as const

export const ConversationQuery = t.Object({
  ...paging,
  state: t.Optional(ConversationState),
  sort: t.Optional(oneOf(conversationSorts)),
  /** 'me', 'nobody' or a member's id. */
  assignee: t.Optional(t.String({ maxLength: 36 })),
  team: t.Optional(Id),
  label: t.Optional(Id),
  customer: t.Optional(Id),
  /** Those that say the same as each other. */
  group: t.Optional(Id),
  /** One row for all that say the same and are in the same state; it says how many more there are. */
  grouped: t.Optional(t.Boolean()),
})

export const ConversationCounts = t.Object({
  open: t.Integer(),
  mine: t.Integer(),
  unassigned: t.Integer(),
  waiting: t.Integer(),
  snoozed: t.Integer(),
  /** Every count stops here; equal to it means "or more". */
  cap: t.Integer(),
})
export type ConversationCounts = t.Static<typeof ConversationCounts>

const Changed = Conversation
/** The version that the caller saw; given, a change made meanwhile by somebody else answers 409. */
const seen = { version: t.Optional(t.Integer({ minimum: 1 })) }

export const conversationRoutes = routes({
  listConversations: {
    method: 'GET',
    path: '/conversations',
    summary: 'List conversations, newest activity first or most urgent first',
    access: 'inbox.read',
    query: ConversationQuery,
    reply: pageOf(ConversationSummary),
  },
  countConversations: {
    method: 'GET',
    path: '/conversations/counts',
    summary: 'Count the conversations of each standing view',
    access: 'inbox.read',
    reply: ConversationCounts,
  },
  getConversation: {
    method: 'GET',
    path: '/conversations/:id',
    summary: 'Open a conversation',
    access: 'inbox.read',
    params: IdParams,
    reply: Conversation,
  },
  startConversation: {
    method: 'POST',
    path: '/conversations',
    summary: 'Write to somebody first; held for ten seconds like an answer',
    access: 'inbox.reply',
    body: t.Object({
      connectionId: Id,
      ...AddresseesInput.properties,
      subject: t.String({ minLength: 1, maxLength: 500 }),
      body: t.String({ maxLength: 100_000 }),
      attachmentIds: t.Optional(t.Array(Id, { maxItems: 20 })),
      /** The first message's id, made by the caller: writing twice with the same one writes once. */
      clientId: Id,
    }),
    reply: t.Object({ conversationId: Id, messageId: Id }),
    problems: [
      'inbox.no_such_connection',
      'inbox.cannot_start',
      'inbox.empty_message',
      'inbox.too_long',
      'inbox.media_refused',
      'inbox.no_such_attachment',
      'inbox.no_addressee',
      'inbox.own_address',
    ],
  },
  assignConversation: {
    method: 'POST',
    path: '/conversations/:id/assign',
    summary: 'Give a conversation to a member, a team, or nobody',
    access: 'inbox.assign',
    params: IdParams,
    body: t.Object({ assigneeId: t.Optional(nullable(Id)), teamId: t.Optional(nullable(Id)), ...seen }),
    reply: Changed,
    problems: ['inbox.changed_meanwhile', 'inbox.no_such_member', 'inbox.no_such_team'],
  },
  resolveConversation: {
    method: 'POST',
    path: '/conversations/:id/resolve',
    summary: 'Close the present episode',
    access: 'inbox.resolve',
    params: IdParams,
    body: t.Object({ ...seen }),
    reply: Changed,
    problems: ['inbox.already_resolved', 'inbox.changed_meanwhile'],
  },
  reopenConversation: {
    method: 'POST',
    path: '/conversations/:id/reopen',
    summary: 'Open it again, or wake it before its time',
    access: 'inbox.resolve',
    params: IdParams,
    body: t.Object({ ...seen }),
    reply: Changed,
    problems: ['inbox.already_open'],
  },
  waitConversation: {
    method: 'POST',
    path: '/conversations/:id/wait',
    summary: 'Say that it is the customer’s turn',
    access: 'inbox.resolve',
    params: IdParams,
    body: t.Object({ ...seen }),
    reply: Changed,
    problems: ['inbox.changed_meanwhile'],
  },
  snoozeConversation: {
    method: 'POST',
    path: '/conversations/:id/snooze',
    summary: 'Put it away until a moment, or until the customer writes',
    access: 'inbox.resolve',
    params: IdParams,
    body: t.Object({ until: Moment, ...seen }),
    reply: Changed,
    problems: ['inbox.past_moment', 'inbox.changed_meanwhile'],
  },
  labelConversation: {
    method: 'POST',
    path: '/conversations/:id/labels',
    summary: 'Put labels on and take labels off',
    access: 'inbox.label',
    params: IdParams,
    body: t.Object({
      add: t.Optional(t.Array(Id, { maxItems: 20 })),
      remove: t.Optional(t.Array(Id, { maxItems: 20 })),
    }),
    reply: Changed,
    problems: ['inbox.no_such_label', 'inbox.too_many_labels'],
  },
  markConversationRead: {
    method: 'POST',
    path: '/conversations/:id/read',
    summary: 'Remember how far the caller has read',
    access: 'inbox.read',
    params: IdParams,
    body: t.Object({ seq: t.Integer({ minimum: 0 }) }),
  },
  showPresence: {
    method: 'POST',
    path: '/conversations/:id/presence',
    summary: 'Tell the others that the caller looks or types; never stored',
    access: 'inbox.read',
    params: IdParams,
    body: t.Object({ doing: oneOf(['viewing', 'typing', 'left']) }),
  },
  overrideGate: {
    method: 'POST',
    path: '/conversations/:id/gates/:gateId/override',
    summary: 'Open a gate with a reason on record',
    access: 'inbox.override_gate',
    params: t.Object({ id: Id, gateId: Id }),
    body: t.Object({ reason: t.String({ minLength: 3, maxLength: 500 }) }),
    reply: Changed,
  },
})
