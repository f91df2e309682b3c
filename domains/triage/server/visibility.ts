// Who may know of what triage says: of a conversation whoever sees it, of the rest whoever may read conversations.
import { canSee } from '#inbox/server'
import type { InboxVisibility } from '#inbox/contract'
import { may, type Actor } from '#platform/actor'

/** Pure. */
export function canSeeTriageEvent(
  actor: Actor,
  { data, visibility }: { readonly data: Readonly<Record<string, unknown>>; readonly visibility: object },
): boolean {
  return data['conversationId'] === undefined
    ? may(actor, 'inbox.read')
    : canSee(actor, visibility as unknown as InboxVisibility)
}
