// What a platform said of itself or of the account, kept beside the settings (`withLearned` puts them together).
import { sql } from 'kysely'
import type { Learned } from '#channels/connector'
import { signalAfterCommit, type Tx } from '#platform/db/database'
import { CONNECTIONS_SIGNAL } from './known.ts'
import type { SecretPlace } from './settings.ts'
import type { ConnectionTables } from './tables.ts'

/** More than any platform has to say of itself; what is larger is not kept, because every message would carry it along. */
const MOST_BYTES = 64 * 1024

/** Keeps what was learned, each name's newest word. Nothing is written, and nobody told, where nothing is new. */
export async function keepLearned(
  tx: Tx<Pick<ConnectionTables, 'connections'>>,
  { workspaceId, id }: SecretPlace,
  learned: Learned | undefined,
): Promise<void> {
  if (learned === undefined || Object.keys(learned).length === 0) return
  const news = JSON.stringify(learned).replaceAll('\\u0000', '')
  if (Buffer.byteLength(news) > MOST_BYTES) return
  const { rows } = await sql`
    update connections set learned = learned || ${news}::jsonb
    where workspace_id = ${workspaceId}::uuid and id = ${id}::uuid and state <> 'removed'
      and learned <> learned || ${news}::jsonb and pg_column_size(learned || ${news}::jsonb) <= ${4 * MOST_BYTES}
    returning id
  `.execute(tx)
  if (rows.length > 0) signalAfterCommit(tx, CONNECTIONS_SIGNAL)
}
