// What other domains may call. Short, named, written by hand.
export { carryOn, unreadAnswers, type CarryInput, type Unread } from './carrying-on.ts'
export { applyChanges, type Change } from './changes.ts'
export { cover, spansOf, type PersonalSpan } from './covering.ts'
export { coverKinds, setPersonal } from './personal.ts'
export { makeOneMatter } from './matters.ts'
export { liftGate, placeGate, type NewGate } from './gates.ts'
export { storeInbound } from './inbound.ts'
export type { InboundFile, InboundItem, InboundSource, StoredMessage } from './inbound-items.ts'
export { inboxTasks } from './jobs.ts'
export { occurredAt } from './occurred-at.ts'
export { onMemberTyping, showCustomerTyping } from './presence.ts'
export { inboxPlugins, type InboxDeps } from './routes.ts'
export { networksPlugin } from './network-routes.ts'
export { inboxReactions } from './reactions.ts'
export { runSender, type Sending } from './sender.ts'
export { canReplyIn } from './sending.ts'
export {
  lockConversations,
  setGroups,
  setUnderstanding,
  type Heard,
  type TouchedThread,
  type Understand,
  type Understanding,
} from './understanding.ts'
export { canSee, findConversation, visibilityOf, visibleTo } from './visibility.ts'
// The acts of members, with which bin/sample lives through its month.
export { assignConversation, resolveConversation, snoozeConversation, waitConversation } from './conversations.ts'
export { saveDraft } from './drafts.ts'
export { inviteToPrivate } from './inviting.ts'
export { labelConversation } from './labels.ts'
export { claimDue } from './leaving.ts'
export { settle } from './outcomes.ts'
export { writeNote } from './messages.ts'
export { sendMessage } from './sending.ts'
export { startConversation } from './starting.ts'
