// Who read what private thing, and from where somebody acted. Kept apart from events, because addresses are personal data.
import { sql } from 'kysely'
import type { ActorKind } from './actor.ts'
import type { Tx } from './db/database.ts'
import type { PlatformTables } from './db/tables.ts'

export interface Access {
  readonly workspaceId: string
  readonly at: Date
  readonly actorKind: ActorKind
  readonly actorId: string | null
  /** `workspaces.signed_in`, `inbox.read`: stable, since people search by it. */
  readonly action: string
  readonly subjectId: string | null
  readonly address?: string
  readonly device?: string
}

/** One statement, also for none: whether there was something to write down is not to be heard from the time it takes. */
export async function logAccess(tx: Tx<Pick<PlatformTables, 'accessLog'>>, entries: readonly Access[]): Promise<void> {
  const rows = entries.map(({ workspaceId, at, actorKind, actorId, action, subjectId, address, device }) => ({
    workspace_id: workspaceId,
    at,
    actor_kind: actorKind,
    actor_id: actorId,
    action,
    subject_id: subjectId,
    address: address ?? null,
    device: device ?? null,
  }))
  await sql`
    insert into access_log (workspace_id, at, actor_kind, actor_id, action, subject_id, address, device)
    select * from json_to_recordset(${JSON.stringify(rows)}) as entry (workspace_id uuid, at timestamptz, actor_kind text,
      actor_id uuid, action text, subject_id uuid, address text, device text)`.execute(tx)
}
