import { memberOf, type Actor } from '#platform/actor'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import type { Page } from '#platform/contract/kernel'
import { sql } from 'kysely'
import type { Tx } from '#platform/db/database'
import type { ConversationSummary, Message } from '../contract.ts'
import { toSummary } from './conversation-rows.ts'
import { getMessages } from './messages.ts'
import type { InboxReads, InboxTables } from './tables.ts'
import { visibleTo, type ConversationRow } from './visibility.ts'

/** Answers that failed or whose fate is unknown, newest first: nothing fails silently. */
export async function listUnsettled(
  tx: Tx<InboxTables & InboxReads>,
  actor: Actor,
  { after, limit = 30 }: { readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<Page<{ message: Message; conversation: ConversationSummary }>> {
  const past = after === undefined ? null : decodeCursor(after, ['moment', 'id'])
  const { rows } = await sql<ConversationRow & { messageId: string; stateAtText: string; readSeq: number | null }>`
    select c.*, m.id as message_id, m.state_at::text as state_at_text, r.read_seq
    from messages m
    join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
    left join conversation_reads r on r.workspace_id = c.workspace_id and r.member_id = ${memberOf(actor)}::uuid and r.conversation_id = c.id
    where m.workspace_id = ${actor.workspaceId}::uuid and m.state in ('failed', 'unknown') and ${visibleTo(actor)}
      and ${past ? sql<boolean>`(m.state_at, m.id) < (${past[0]}::timestamptz, ${past[1]}::uuid)` : sql<boolean>`true`}
    order by m.state_at desc, m.id desc limit ${limit + 1}
  `.execute(tx)
  const page = rows.slice(0, limit)
  const messages = new Map(
    (
      await getMessages(
        tx,
        actor,
        page.map(({ messageId }) => messageId),
      )
    ).map((message) => [message.id, message]),
  )
  const last = page.at(-1)
  return {
    items: page.map((row) => ({ message: messages.get(row.messageId)!, conversation: toSummary(row, row.readSeq) })),
    next: rows.length > limit && last ? encodeCursor(last.stateAtText, last.messageId) : null,
  }
}
