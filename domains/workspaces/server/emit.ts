import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { workspacesEvents } from '../contract/events.ts'
import { only } from './visibility.ts'

export const emit = emitter(workspacesEvents)

/** A member who acts upon themselves without needing a permission for it: joins, signs out elsewhere. */
export function memberActing(workspaceId: string, memberId: string, at: Date): Actor {
  return { workspaceId, kind: 'member', id: memberId, at, permissions: new Set(), teamIds: [] }
}

type PersonalEvent = 'workspaces.logins_revoked' | 'workspaces.password_changed' | 'workspaces.password_reset'

/** Says it in every workspace of the person. Runs as the system role. */
export async function emitForPerson(
  tx: Tx,
  at: Date,
  userId: string,
  type: PersonalEvent | { readonly secondFactor: string },
): Promise<void> {
  const members = await tx
    .selectFrom('members')
    .select(['workspaceId', 'id'])
    .where('userId', '=', userId)
    .where('state', '=', 'active')
    .execute()
  for (const { workspaceId, id } of members) {
    const actor = memberActing(workspaceId, id, at)
    const about = { subjectId: id, visibility: only(id) }
    if (typeof type === 'string') await emit(tx, actor, type, { ...about, data: { memberId: id } })
    else
      await emit(tx, actor, 'workspaces.second_factor_changed', {
        ...about,
        data: { memberId: id, changed: [type.secondFactor] },
      })
  }
}
