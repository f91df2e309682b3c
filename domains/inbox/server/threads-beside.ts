// Threads that a conversation holds beside its first: what was said there keeps their own window and facts up to date.
import { sql } from 'kysely'
import type { InboundThreadChange } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboundItem, StoredMessage } from './inbound-items.ts'
import { occurredAt } from './occurred-at.ts'
import type { InboxTables } from './tables.ts'
import type { Thread } from './threads.ts'

/** The thread in which a message stands where that is not the first of its conversation; null else, and for all mail. */
export function threadKeyOf(
  thread: Pick<Thread, 'connectionId' | 'threadKey'>,
  { source, message }: Pick<InboundItem, 'source' | 'message'>,
): string | null {
  if (message.placing || source.connectionId !== thread.connectionId) return null
  return message.thread.key === thread.threadKey ? null : message.thread.key
}

/** One statement; none where nothing of a batch stands beside. */
export async function touchBeside(
  tx: Tx<Pick<InboxTables, 'conversationThreads'>>,
  actor: Actor,
  threads: ReadonlyMap<string, Thread>,
  stored: readonly StoredMessage[],
): Promise<void> {
  const rows = new Map<
    string,
    { connection_id: string; key: string; facts: object; facts_at: Date | null; last: Date | null }
  >()
  for (const { conversationId, item } of stored) {
    const key = threadKeyOf(threads.get(conversationId)!, item)
    if (key === null) continue
    const at = occurredAt(item.message.at, item.receivedAt)
    const name = `${item.source.connectionId} ${key}`
    const row = rows.get(name) ?? {
      connection_id: item.source.connectionId,
      key,
      facts: {},
      facts_at: null,
      last: null,
    }
    const { facts } = item.message.thread
    if (facts) {
      const newer = row.facts_at === null || at >= row.facts_at
      row.facts = newer ? { ...row.facts, ...facts } : { ...facts, ...row.facts }
      if (newer) row.facts_at = at
    }
    if (!item.message.ours && !item.message.context && (row.last === null || at > row.last)) row.last = at
    rows.set(name, row)
  }
  if (rows.size === 0) return
  await sql`
    update conversation_threads t set last_inbound_at = greatest(t.last_inbound_at, n.last),
      facts = case when t.facts_at is null or n.facts_at >= t.facts_at then t.facts || n.facts else n.facts || t.facts end,
      facts_at = greatest(t.facts_at, n.facts_at)
    from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb)
      as n (connection_id uuid, key text, facts jsonb, facts_at timestamptz, last timestamptz)
    where t.workspace_id = ${actor.workspaceId}::uuid and t.connection_id = n.connection_id and t.thread_key = n.key
  `.execute(tx)
}

/** A change of a thread that a conversation holds beside its first; null where it is none such. */
export async function changeBeside(
  tx: Tx<Pick<InboxTables, 'conversationThreads' | 'conversations'>>,
  actor: Actor,
  connectionId: string,
  { thread, at }: InboundThreadChange,
): Promise<{ id: string; teamId: string | null; assigneeId: string | null; changed: boolean } | null> {
  const facts = JSON.stringify(thread.facts ?? {})
  const { rows } = await sql<{ id: string; teamId: string | null; assigneeId: string | null; changed: boolean }>`
    update conversation_threads t
    set facts = case when t.facts_at is null or t.facts_at <= ${at} then t.facts || ${facts}::jsonb else ${facts}::jsonb || t.facts end,
      facts_at = greatest(t.facts_at, ${at})
    from conversations c
    where t.workspace_id = ${actor.workspaceId}::uuid and t.connection_id = ${connectionId}::uuid and t.thread_key = ${thread.key}
      and c.workspace_id = t.workspace_id and c.id = t.conversation_id
    returning c.id, c.team_id, c.assignee_id, old.facts <> new.facts as changed
  `.execute(tx)
  return rows[0] ?? null
}
