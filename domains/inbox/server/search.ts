import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboxTables } from './tables.ts'

export interface SearchWords {
  readonly messageId: string
  readonly conversationId: string
  readonly occurredAt: Date
  readonly words: string
}

/** Words are found within this many characters of a message; what is longer is a log file, and found by its beginning. */
const INDEXED_CHARACTERS = 20_000
const WEEK_SECONDS = 604_800

/** Makes messages findable. The bucket (week) must be computed as `search_messages` does. */
export async function indexWords(
  tx: Tx<Pick<InboxTables, 'messageSearch'>>,
  actor: Actor,
  rows: readonly SearchWords[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into message_search (workspace_id, bucket, message_id, conversation_id, occurred_at, words)
    select ${actor.workspaceId}::uuid, bucket, message_id, conversation_id, occurred_at, to_tsvector('simple', fold_text(words))
    from unnest(
      ${rows.map(({ occurredAt }) => Math.floor(occurredAt.getTime() / 1000 / WEEK_SECONDS))}::int[],
      ${rows.map(({ messageId }) => messageId)}::uuid[], ${rows.map(({ conversationId }) => conversationId)}::uuid[],
      ${rows.map(({ occurredAt }) => occurredAt)}::timestamptz[],
      ${rows.map(({ words }) => words.slice(0, INDEXED_CHARACTERS).replaceAll('\u0000', ' '))}::text[]
    ) as n (bucket, message_id, conversation_id, occurred_at, words)
    on conflict (workspace_id, message_id) do update set words = excluded.words
  `.execute(tx)
}

/** Makes a message unfindable: it was deleted or taken back. */
export async function forgetWords(
  tx: Tx<Pick<InboxTables, 'messageSearch'>>,
  actor: Actor,
  messageId: string,
): Promise<void> {
  await tx
    .deleteFrom('messageSearch')
    .where('workspaceId', '=', actor.workspaceId)
    .where('messageId', '=', messageId)
    .execute()
}
