// Who looks and who types: told to whoever may see the conversation, and forgotten. Never a row.
import { memberOf, type Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import { FLEETING_TOPIC, type Fleeting } from '#platform/realtime/streams'
import { findConversation, visibilityOf } from './visibility.ts'

export type Doing = 'viewing' | 'typing' | 'left'

/** Members' presence. A visitor's typing is told by `showCustomerTyping`. */
export async function showPresence(db: Database, actor: Actor, conversationId: string, doing: Doing): Promise<void> {
  const row = await db.read(actor, (tx) => findConversation(tx, actor, conversationId))
  publish(db, {
    workspaceId: actor.workspaceId,
    type: 'inbox.presence',
    data: { conversationId, memberId: memberOf(actor), doing },
    visibility: { ...visibilityOf(row) },
    exceptActorId: actor.id,
  })
}

/** The customer types, as far as the channel tells. */
export function showCustomerTyping(
  db: Database,
  place: {
    readonly workspaceId: string
    readonly conversationId: string
    readonly teamId: string | null
    readonly assigneeId: string | null
  },
): void {
  const { workspaceId, conversationId, teamId, assigneeId } = place
  publish(db, {
    workspaceId,
    type: 'inbox.presence',
    data: { conversationId, memberId: null, doing: 'typing' },
    visibility: { teamId, assigneeId },
  })
}

const publish = (db: Database, message: Fleeting): void => db.signals.publish(FLEETING_TOPIC, { ...message })
