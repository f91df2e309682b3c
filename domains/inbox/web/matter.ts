// Conversations that a member said are one matter of one person. Pure.
import type { Conversation, ConversationSummary } from '../contract.ts'

/** The others of the same matter that still wait for somebody: who resolves one of them has dealt with all. */
export function othersOfMatter({
  linked,
}: Pick<Conversation, 'linked'>): Pick<ConversationSummary, 'id' | 'state' | 'snoozedUntil' | 'customerName'>[] {
  return linked.flatMap(({ conversationId, reason, state, customerName }) =>
    reason === 'same_matter' && (state === 'open' || state === 'waiting')
      ? [{ id: conversationId, state, snoozedUntil: null, customerName }]
      : [],
  )
}
