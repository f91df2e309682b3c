// Personal data found in messages after they came.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { PersonalSpan } from './covering.ts'
import { refreshPreview } from './previews.ts'
import type { InboxTables } from './tables.ts'

/** Remembers what was found in messages after they came, and covers it on their conversations' rows too. */
export async function setPersonal(
  tx: Tx<Pick<InboxTables, 'conversations' | 'messages'>>,
  actor: Actor,
  all: ReadonlyMap<string, readonly PersonalSpan[]>,
): Promise<void> {
  const rows = [...all].filter(([, spans]) => spans.length > 0).map(([id, personal]) => ({ id, personal }))
  if (rows.length === 0) return
  const { rows: changed } = await sql<{ conversationId: string }>`
    update messages m set personal = n.personal from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id uuid, personal jsonb)
    where m.workspace_id = ${actor.workspaceId}::uuid and m.id = n.id and m.personal is distinct from n.personal
    returning m.conversation_id
  `.execute(tx)
  for (const id of new Set(changed.map(({ conversationId }) => conversationId))) await refreshPreview(tx, actor, id)
}
