import { may, type Actor } from '#platform/actor'
import type { WorkspacesVisibility } from '../contract/events.ts'

export const everyone: WorkspacesVisibility = { permission: null, memberId: null }
export const holdersOf = (permission: string): WorkspacesVisibility => ({ permission, memberId: null })
export const only = (memberId: string): WorkspacesVisibility => ({ permission: null, memberId })

/** Whether an event of this domain may reach the actor. Pure over what the event carries. */
export function canSeeWorkspacesEvent(actor: Actor, visibility: WorkspacesVisibility): boolean {
  if (actor.kind === 'visitor') return false
  if (visibility.memberId !== null && visibility.memberId === actor.id) return true
  if (visibility.permission !== null) return may(actor, visibility.permission)
  return visibility.memberId === null
}
