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

/** The customer types, or stopped, as far as the channel tells. */
export async function showCustomerTyping(
  db: Database,
  workspaceId: string,
  conversationId: string,
  typing: boolean,
): Promise<void> {
  const row = await db.read({ workspaceId }, (tx) =>
    tx
      .selectFrom('conversations')
      .select(['teamId', 'assigneeId'])
      .where('workspaceId', '=', workspaceId)
      .where('id', '=', conversationId)
      .executeTakeFirst(),
  )
  if (!row) return
  publish(db, {
    workspaceId,
    type: 'inbox.presence',
    data: { conversationId, memberId: null, doing: typing ? 'typing' : 'left' },
    visibility: { ...row },
  })
}

/** Hears of members who type. Answers the way to stop. */
export function onMemberTyping(
  db: Database,
  listener: (typing: {
    readonly workspaceId: string
    readonly conversationId: string
    readonly typing: boolean
  }) => void,
): () => void {
  return db.signals.subscribe(FLEETING_TOPIC, (raw) => {
    const { workspaceId, type, data } = raw as unknown as Fleeting
    if (type !== 'inbox.presence' || data['memberId'] === null) return
    listener({ workspaceId, conversationId: String(data['conversationId']), typing: data['doing'] === 'typing' })
  })
}

const publish = (db: Database, message: Fleeting): void => db.signals.publish(FLEETING_TOPIC, { ...message })
