// Deliveries that could not be understood: kept whole with the reason, shown, tried again or let rest.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Page } from '#platform/contract/kernel'
import { decodeCursor, encodeCursor } from '#platform/contract/cursor'
import { signalAfterCommit, type Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { connectionEvents, type QuarantinedDelivery } from '../contract.ts'
import { DELIVERIES_SIGNAL } from './accept.ts'
import type { ConnectionTables } from './tables.ts'

const emit = emitter(connectionEvents)
const MOST_REASON = 500
const EXCERPT_BYTES = 2000

export interface FailedDelivery {
  readonly id: string
  readonly receivedAt: Date
  readonly connectionId: string
  /** What stood in the way, for the person who looks into it. */
  readonly reason: string
}

/** Sets deliveries aside; called by intake for what it could not take in even alone. */
export async function quarantine(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  deliveries: readonly FailedDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return
  await sql`
    update deliveries d set state = 'quarantined', reason = f.reason, settled_at = ${actor.at}
    from unnest(${deliveries.map(({ id }) => id)}::uuid[], ${deliveries.map(({ receivedAt }) => receivedAt)}::timestamptz[],
      ${deliveries.map(({ reason }) => storable(reason).slice(0, MOST_REASON))}::text[]) as f (id, received_at, reason)
    where d.workspace_id = ${actor.workspaceId}::uuid and d.id = f.id and d.received_at = f.received_at
  `.execute(tx)
  await emit(
    tx,
    actor,
    'connections.delivery_quarantined',
    ...deliveries.map(({ id, connectionId }) => ({
      subjectId: connectionId,
      data: { connectionId, deliveryId: id },
    })),
  )
}

/** Newest first. `connection` narrows; one that is not there has no quarantine. */
export async function listQuarantine(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  { after, limit = 50, connection }: { readonly after?: string; readonly limit?: number; readonly connection?: string },
): Promise<Page<QuarantinedDelivery>> {
  const from = after === undefined ? null : decodeCursor(after, ['moment', 'id'])
  const { rows } = await sql<
    Omit<QuarantinedDelivery, 'receivedAt' | 'excerpt'> & { receivedAt: Date; excerpt: Buffer }
  >`
    select d.id, d.connection_id, c.name as connection_name, c.channel, d.received_at, d.attempts, coalesce(d.reason, '') as reason,
      length(d.body) as size, substring(d.body from 1 for ${EXCERPT_BYTES}) as excerpt
    from deliveries d join connections c on c.workspace_id = d.workspace_id and c.id = d.connection_id
    where d.workspace_id = ${actor.workspaceId}::uuid and d.state = 'quarantined'
      and ${connection === undefined ? sql`true` : sql`d.connection_id = ${connection}::uuid`}
      and ${from === null ? sql`true` : olderThan(from)}
    order by d.received_at desc, d.id
    limit ${limit + 1}
  `.execute(tx)
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    receivedAt: row.receivedAt.toISOString(),
    excerpt: printable(row.excerpt, row.size > EXCERPT_BYTES),
  }))
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? encodeCursor(last.receivedAt, last.id) : null }
}

/**
 * Puts quarantined deliveries back to be taken in: the named ones, or up to `most` of all those set aside by now. Answers how
 * many. Call again while it answers `most`.
 */
export async function retryQuarantine(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  { ids, most = 1000 }: { readonly ids?: readonly string[]; readonly most?: number },
): Promise<number> {
  const retried = await tx
    .updateTable('deliveries')
    .set({ state: 'pending', attempts: sql`least(attempts + 1, 32767)`, reason: null, settledAt: null })
    .where('workspaceId', '=', actor.workspaceId)
    .where('state', '=', 'quarantined')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('deliveries')
        .select('id')
        .where('workspaceId', '=', actor.workspaceId)
        .where('state', '=', 'quarantined')
        .where('settledAt', '<=', actor.at)
        .$if(ids !== undefined, (query) => query.where('id', '=', sql<string>`any (${ids ?? []}::uuid[])`))
        .orderBy('receivedAt')
        .limit(most),
    )
    .returning('id')
    .execute()
  if (retried.length === 0) return 0
  await emit(tx, actor, 'connections.quarantine_retried', { subjectId: null, data: { count: retried.length } })
  signalAfterCommit(tx, DELIVERIES_SIGNAL)
  return retried.length
}

/** Lets deliveries rest. Why they could not be understood stays beside them; why they were let rest is in the event. */
export async function dismissQuarantine(
  tx: Tx<ConnectionTables>,
  actor: Actor,
  { ids, reason }: { readonly ids: readonly string[]; readonly reason: string },
): Promise<number> {
  const dismissed = await tx
    .updateTable('deliveries')
    .set({ state: 'dismissed', settledAt: actor.at })
    .where('workspaceId', '=', actor.workspaceId)
    .where('state', '=', 'quarantined')
    .where('id', 'in', [...ids])
    .returning('id')
    .execute()
  if (dismissed.length === 0) return 0
  await emit(tx, actor, 'connections.quarantine_dismissed', {
    subjectId: null,
    data: { deliveryIds: dismissed.map(({ id }) => id), reason: storable(reason) },
  })
  return dismissed.length
}

function olderThan([at, id]: readonly [string, string]) {
  return sql`d.received_at <= ${at}::timestamptz and (d.received_at < ${at}::timestamptz or d.id > ${id}::uuid)`
}

/** Bytes as text to look at: what is no text, and what would turn the text around, becomes a dot. */
export function printable(bytes: Buffer, cut: boolean): string {
  let text = bytes.toString('utf8')
  // A character that the cut went through is no fault of the sender's.
  if (cut) text = text.replace(/\uFFFD{1,3}$/, '')
  return text.replaceAll('\r\n', '\n').replace(/[^\P{C}\n\t\u200D]|\uFFFD/gu, '·')
}

/** PostgreSQL keeps no NUL and no half surrogates. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '')
}
