// Who may know of which event, over all domains: each answers for its own, from what the event carries.
import { canSee as canSeeInbox } from '#inbox/server'
import type { InboxVisibility } from '#inbox/contract'
import { canSeeTriageEvent } from '#triage/server'
import { may, type Actor } from '#platform/actor'
import type { StoredEvent } from '#platform/events/read'
import { canSeeWorkspacesEvent } from '#workspaces/server'

type Seen = Pick<StoredEvent, 'type' | 'visibility' | 'data' | 'actorId'>

const own = (event: Seen, actor: Actor): boolean =>
  event.data['memberId'] === undefined || event.data['memberId'] === actor.id

const OWN_AFFAIRS = new Set(['inbox.draft_saved', 'inbox.opening_draft_saved', 'inbox.read'])

/** Pure. An event of a domain that is not named here reaches nobody. */
export function canSeeEvent(actor: Actor, event: Seen): boolean {
  const domain = event.type.slice(0, event.type.indexOf('.'))
  switch (domain) {
    case 'inbox':
      // Drafts and reading are one's own affair.
      if (OWN_AFFAIRS.has(event.type) && !own(event, actor)) return false
      return canSeeInbox(actor, event.visibility as unknown as InboxVisibility)
    case 'triage':
      return canSeeTriageEvent(actor, event)
    case 'workspaces':
      return canSeeWorkspacesEvent(actor, event.visibility as unknown as Parameters<typeof canSeeWorkspacesEvent>[1])
    case 'connections':
      return may(actor, 'connections.read')
    case 'customers':
      return may(actor, 'customers.read')
    default:
      return false
  }
}
