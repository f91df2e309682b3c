// Edits, receipts and thread changes that came before what they are about: kept until it comes, or forgotten after some days.
// Deletions are not among them: they stay on the message's key for good.
import { sql } from 'kysely'
import type { InboundEdit, InboundEngagement, InboundReceipt, InboundThreadChange } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboxTables } from './tables.ts'

export type EarlyEvent = InboundEdit | InboundReceipt | InboundThreadChange | InboundEngagement
export interface EarlyChange {
  readonly connectionId: string
  readonly event: EarlyEvent
}

type Tables = Pick<InboxTables, 'earlyChanges'>

/** What has not met its message by then never will: it was about something older than the connection. */
const KEPT_MS = 7 * 24 * 3_600_000

const nameOf = (event: EarlyEvent): string => (event.type === 'thread' ? event.thread.key : event.externalId)

function kindOf(event: EarlyEvent): string {
  if (event.type === 'receipt') return `receipt.${event.state}`
  if (event.type === 'engagement' && event.deed) return `deed.${event.deed.externalId}`
  return event.type
}

/** Keeps changes for later; of one kind and name the newest. Two statements, however many. */
export async function keepEarly(tx: Tx<Tables>, actor: Actor, ...given: readonly EarlyChange[]): Promise<void> {
  const newest = new Map<string, EarlyChange>()
  for (const one of given) {
    const key = `${one.connectionId} ${kindOf(one.event)} ${nameOf(one.event)}`
    const before = newest.get(key)
    if (!before || before.event.at <= one.event.at) newest.set(key, one)
  }
  const rows = [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  if (rows.length === 0) return
  await sql`
    insert into early_changes as e (workspace_id, connection_id, name, kind, event, at, received_at)
    select ${actor.workspaceId}::uuid, *, ${actor.at}::timestamptz from unnest(${rows.map(({ connectionId }) => connectionId)}::uuid[],
      ${rows.map(({ event }) => nameOf(event))}::text[], ${rows.map(({ event }) => kindOf(event))}::text[],
      ${rows.map(({ event }) => JSON.stringify(event))}::jsonb[], ${rows.map(({ event }) => event.at)}::timestamptz[])
    on conflict (workspace_id, connection_id, name, kind) do update set event = excluded.event, at = excluded.at
      where e.at <= excluded.at
  `.execute(tx)
  await tx
    .deleteFrom('earlyChanges')
    .where('workspaceId', '=', actor.workspaceId)
    .where('receivedAt', '<', new Date(actor.at.getTime() - KEPT_MS))
    .execute()
}

type Pair = readonly [connectionId: string, name: string]

/** Takes out what waits for these messages and threads, oldest first. One statement. */
export async function takeEarly(
  tx: Tx<Tables>,
  actor: Actor,
  messages: readonly Pair[],
  threads: readonly Pair[],
): Promise<EarlyChange[]> {
  const all = [...messages.map((pair) => [...pair, false] as const), ...threads.map((pair) => [...pair, true] as const)]
  if (all.length === 0) return []
  const { rows } = await sql<{ connectionId: string; event: EarlyEvent & { at: string } }>`
    delete from early_changes e
    using unnest(${all.map(([id]) => id)}::uuid[], ${all.map(([, name]) => name)}::text[], ${all.map(([, , thread]) => thread)}::boolean[])
      as wanted (connection_id, name, is_thread)
    where e.workspace_id = ${actor.workspaceId}::uuid and e.connection_id = wanted.connection_id and e.name = wanted.name
      and (e.kind = 'thread') = wanted.is_thread
    returning e.connection_id, e.event
  `.execute(tx)
  return rows
    .map(({ connectionId, event }) => ({ connectionId, event: { ...event, at: new Date(event.at) } as EarlyEvent }))
    .sort((a, b) => a.event.at.getTime() - b.event.at.getTime())
}
