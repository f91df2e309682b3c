// Looking further back: the connector says from which cursor on, and the row says it to whoever fetches.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import { signalAfterCommit, type Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { connectorOf } from '#channels/all'
import { connectionEvents } from '../contract.ts'
import { CONNECTIONS_SIGNAL, type FindConnector } from './known.ts'
import { findConnection } from './present.ts'
import type { ConnectionTables } from './tables.ts'

const emit = emitter(connectionEvents)

/**
 * Makes the connection fetch what is as old as `from`, too. What is being fetched from the old cursor at this moment is fetched
 * again. Throws 404, 422 `connections.no_backfill` where the channel can't, 422 `connections.future_date`.
 */
export async function backfillConnection(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  id: string,
  from: Date,
  find: FindConnector = connectorOf,
): Promise<void> {
  const row = await findConnection(tx, actor, id, true)
  const connector = find(row.channel)
  if (!connector?.backfill)
    throw new Problem(
      422,
      'connections.no_backfill',
      'This channel can’t fetch what was there before it was connected.',
    )
  if (from > actor.at) throw new Problem(422, 'connections.future_date', 'That day is still to come.')
  const feed = await tx
    .selectFrom('connectionFeeds')
    .select('cursor')
    .where('workspaceId', '=', actor.workspaceId)
    .where('connectionId', '=', id)
    .forUpdate()
    .executeTakeFirst()
  const cursor = JSON.stringify(connector.backfill(from, feed?.cursor ?? null) ?? null)
  const moved = { cursor, dueAt: actor.at, behind: true }
  await tx
    .insertInto('connectionFeeds')
    .values({ workspaceId: actor.workspaceId, connectionId: id, version: 1, ...moved })
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'connectionId'])
        .doUpdateSet({ ...moved, version: sql`connection_feeds.version + 1` }),
    )
    .execute()
  await emit(tx, actor, 'connections.changed', {
    subjectId: id,
    data: { connectionId: id, changed: ['backfill'] },
  })
  signalAfterCommit(tx, CONNECTIONS_SIGNAL)
}
