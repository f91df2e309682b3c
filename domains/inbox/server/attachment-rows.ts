import type { Selectable } from 'kysely'
import type { Actor } from '#platform/actor'
import type { DB, Tx } from '#platform/db/database'
import type { Attachment } from '../contract.ts'
import type { InboxTables } from './tables.ts'

export type AttachmentRow = Selectable<DB['attachments']>

/** Attachments by id (in that order) or by message (in their order there). */
export async function attachmentsOf(
  tx: Tx<Pick<InboxTables, 'attachments'>>,
  actor: Actor,
  wanted: { readonly ids: readonly string[] } | { readonly messageIds: readonly string[] },
): Promise<AttachmentRow[]> {
  const ids = 'ids' in wanted ? wanted.ids : wanted.messageIds
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('attachments')
    .selectAll()
    .where('workspaceId', '=', actor.workspaceId)
    .where('ids' in wanted ? 'id' : 'messageId', 'in', [...ids])
    .orderBy('position')
    .execute()
  return 'ids' in wanted ? ids.flatMap((id) => rows.find((row) => row.id === id) ?? []) : rows
}

export function toAttachment(row: AttachmentRow): Attachment {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.mediaType,
    kind: row.kind as Attachment['kind'],
    size: row.size,
    width: row.width,
    height: row.height,
    alt: row.alt,
    state: row.state as Attachment['state'],
    stateReason: row.stateReason,
  }
}
