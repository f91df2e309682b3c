// Edits, receipts and thread changes that came before what they are about: kept until it comes, or forgotten after some days.
// Deletions are not among them: they stay on the message's key for good.
import { sql } from 'kysely'
import type { InboundEdit, InboundReceipt, InboundThreadChange } from '#channels/connector'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import type { InboxTables } from './tables.ts'

export type EarlyEvent = InboundEdit | InboundReceipt | InboundThreadChange
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
  return event.type
}

/** Keeps a change for later; of one kind and name the newest. */
export async function keepEarly(tx: Tx<Tables>, actor: Actor, { connectionId, event }: EarlyChange): Promise<void> {
  await sql`
    insert into early_changes as e (workspace_id, connection_id, name, kind, event, at, received_at)
    values (${actor.workspaceId}::uuid, ${connectionId}::uuid, ${nameOf(event)}, ${kindOf(event)}, ${JSON.stringify(event)}::jsonb,
      ${event.at}, ${actor.at})
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
