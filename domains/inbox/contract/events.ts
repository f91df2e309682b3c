import * as t from 'typebox'
import { Id, events, nullable, oneOf } from '#platform/contract/kernel'

/** Who may know: carried by every event of the inbox, so that `canSee` needs no table. */
export const InboxVisibility = t.Object({ teamId: nullable(Id), assigneeId: nullable(Id) })
export type InboxVisibility = t.Static<typeof InboxVisibility>

const OfConversation = t.Object({ conversationId: Id, changed: t.Array(t.String()) })
const OfMessage = t.Object({ conversationId: Id, messageId: Id })
const list = [['conversations'], ['counts']] as const
const one = [...list, ['conversation', '$conversationId']] as const
const thread = [...one, ['messages', '$conversationId']] as const

interface Read {
  readonly unread: boolean
  readonly lastInboundSeq: number
  readonly readSeq?: number
}

/** Reading only ever goes on, so that it does not matter whether the row is older or newer than the event. */
const readOn = (row: Read, { readSeq }: { readonly readSeq: number }): Read => {
  const unread = row.unread && row.lastInboundSeq > readSeq
  const known = row.readSeq ?? readSeq
  return unread === row.unread && known >= readSeq
    ? row
    : { ...row, unread, ...(row.readSeq !== undefined && { readSeq: Math.max(known, readSeq) }) }
}

/** `$name` in a stale key stands for that field of the event's data. */
export const inboxEvents = events({
  'inbox.conversation_opened': {
    summary: 'A new conversation, or a new episode of one',
    data: OfConversation,
    stale: one,
  },
  'inbox.message_received': { summary: 'A customer wrote', data: OfMessage, stale: thread },
  'inbox.message_kept_quiet': {
    summary: 'A program wrote too often in a conversation; it is kept, and nobody has to react',
    data: OfMessage,
    stale: thread,
  },
  'inbox.context_added': {
    summary: 'A message that stands around a conversation was found; nobody has to react',
    data: OfMessage,
    stale: [['messages', '$conversationId']],
  },
  'inbox.message_engaged': {
    summary: 'Others liked, reposted or quoted a message',
    data: OfMessage,
    stale: [['messages', '$conversationId']],
  },
  'inbox.message_held': {
    summary: 'An answer was written and waits for its undo time and its gates',
    data: OfMessage,
    stale: [...thread, ['draft', '$conversationId']],
  },
  'inbox.message_undone': {
    summary: 'A held answer was taken back',
    data: OfMessage,
    stale: [...thread, ['draft', '$conversationId']],
  },
  'inbox.message_state_changed': {
    summary: 'An answer moved on its way',
    data: t.Object({ conversationId: Id, messageId: Id, state: t.String() }),
    stale: [...thread, ['unsettled']],
  },
  'inbox.message_edited': { summary: 'A message was edited where it was written', data: OfMessage, stale: thread },
  'inbox.message_deleted': { summary: 'A message was deleted where it was written', data: OfMessage, stale: thread },
  'inbox.message_moved': {
    summary: 'A member moved messages between conversations; told of both',
    data: OfMessage,
    stale: thread,
  },
  'inbox.note_written': { summary: 'A member wrote an internal note', data: OfMessage, stale: thread },
  'inbox.conversation_assigned': { summary: 'It has another assignee or team', data: OfConversation, stale: thread },
  'inbox.conversation_resolved': { summary: 'The episode was closed', data: OfConversation, stale: thread },
  'inbox.conversation_reopened': { summary: 'It is open again', data: OfConversation, stale: thread },
  'inbox.conversation_waiting': { summary: 'It is the customer’s turn', data: OfConversation, stale: thread },
  'inbox.conversation_snoozed': { summary: 'It was put away until a moment', data: OfConversation, stale: thread },
  'inbox.conversation_labelled': { summary: 'Labels were put on or taken off', data: OfConversation, stale: one },
  'inbox.conversation_changed': {
    summary: 'Something else that a row shows changed',
    data: OfConversation,
    stale: one,
  },
  'inbox.conversation_joined': {
    summary: 'A member said that it and another one are one matter, or no longer; told of both',
    data: OfConversation,
    stale: thread,
  },
  'inbox.conversation_invited': {
    summary:
      'A customer was asked from the public into a private line; told of the conversation that had it before, too',
    data: OfConversation,
    stale: thread,
  },
  'inbox.message_moderated': {
    summary: 'The platform was asked to hide, remove, report, block or mute, or said what became of that',
    data: t.Object({ conversationId: Id, messageId: Id, moderationId: Id, action: t.String(), state: t.String() }),
    stale: thread,
  },
  'inbox.gate_changed': {
    summary: 'Something now keeps an answer back, or no longer does',
    data: t.Object({ conversationId: Id, gateId: Id, state: oneOf(['closed', 'lifted']) }),
    stale: thread,
  },
  'inbox.labels_changed': {
    summary: 'A label was made, changed or retired',
    data: t.Object({ labelId: Id }),
    stale: [['labels'], ['conversations'], ['conversation']],
  },
  'inbox.opening_draft_saved': {
    summary: 'The first message that a member is writing to somebody changed',
    data: t.Object({ memberId: Id }),
    stale: [['opening']],
  },
  'inbox.draft_saved': {
    summary: 'A member’s draft changed',
    data: t.Object({ conversationId: Id, memberId: Id }),
    stale: [['draft', '$conversationId']],
  },
  'inbox.read': {
    summary: 'A member read on',
    data: t.Object({ conversationId: Id, memberId: Id, readSeq: t.Integer() }),
    stale: [],
    // Whoever steps through the list reads on with each step: nothing is fetched for that.
    patches: [
      { key: ['conversations'], id: 'conversationId', change: readOn },
      { key: ['conversation', '$conversationId'], id: 'conversationId', change: readOn },
    ],
  },
})
