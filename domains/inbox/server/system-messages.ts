// Lines in the thread that say what happened to the conversation. The body is a code; the words are the reader's language's.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboxReads, InboxTables } from './tables.ts'
import { authorName } from './sending.ts'
import type { ConversationRow } from './visibility.ts'

export type SystemCode =
  | 'assigned'
  | 'resolved'
  | 'reopened'
  | 'snoozed'
  | 'woken'
  | 'gate_overridden'
  | 'discarded'
  /** `data`: { messageId, conversationId }, the other conversation. */
  | 'moved_in'
  | 'moved_out'
  | 'split_off'
  | 'split_from'
  /** A member said that another conversation is the same matter, or no longer. `data`: { conversationId }. */
  | 'same_matter'
  | 'other_matter'
  /** A program wrote too often. `data`: { messageId, author }. */
  | 'loop_cut'
  /** `data`: { threadId, identityId }. */
  | 'invited_private'
  /** `data`: { messageId, action, reason, state, stateReason }. */
  | 'moderated'
  /** Answers were taken on to an address (carrying-on.ts). `data`: Carried. It leaves, so it has a state. */
  | 'carried_on'

export async function systemMessage(
  tx: Tx<InboxTables & InboxReads>,
  actor: Actor,
  conversation: Pick<ConversationRow, 'id' | 'episode'>,
  code: SystemCode,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { seq } = await tx
    .insertInto('messages')
    .values({
      workspaceId: actor.workspaceId,
      id: randomUUIDv7(),
      conversationId: conversation.id,
      episode: conversation.episode,
      kind: 'system',
      visibility: 'private',
      memberId: memberOf(actor),
      authorName: actor.kind === 'member' ? await authorName(tx, actor) : null,
      body: code,
      data: JSON.stringify(data),
      occurredAt: actor.at,
      receivedAt: actor.at,
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  await sql`
    update conversations set last_seq = greatest(last_seq, ${seq})
    where workspace_id = ${actor.workspaceId}::uuid and id = ${conversation.id}::uuid
  `.execute(tx)
}
