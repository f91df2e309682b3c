// Files that came with a message: stored ones are named at once, those that lie at an address are fetched by a job.
import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { notFound } from '#platform/contract/problem'
import { enqueue } from '#platform/jobs'
import { safeFilename } from '#platform/http/sanitise'
import type { InboundFile, StoredMessage } from './inbound-items.ts'
import type { InboxTables } from './tables.ts'
import { findConversation } from './visibility.ts'

export const FETCH_TASK = 'inbox.fetch_attachments'

type Tables = Pick<InboxTables, 'attachments'>

export async function storeAttachments(tx: Tx<Tables>, actor: Actor, stored: readonly StoredMessage[]): Promise<void> {
  const rows = stored.flatMap(({ messageId, conversationId, item }) =>
    (item.message.media ?? []).map((media, position) => ({
      workspaceId: actor.workspaceId,
      id: randomUUIDv7(),
      messageId,
      conversationId,
      position,
      name: safeFilename(media.name),
      mediaType: media.stored?.mediaType ?? media.mediaType ?? 'application/octet-stream',
      kind: media.stored?.kind ?? 'other',
      size: media.stored?.size ?? 0,
      sha256: media.stored?.sha256 ?? null,
      width: media.stored?.width ?? null,
      height: media.stored?.height ?? null,
      alt: media.alt ?? null,
      ...fateOf(media),
      contentId: media.contentId?.slice(0, 255) ?? null,
      sourceUrl: media.url ?? null,
      nextAt: !media.stored && media.failed === undefined ? actor.at : null,
      createdAt: actor.at,
    })),
  )
  if (rows.length === 0) return
  await tx.insertInto('attachments').values(rows).execute()
  const toFetch = rows.filter(({ state }) => state === 'fetching').map(({ id }) => id)
  if (toFetch.length > 0) await enqueue(tx, FETCH_TASK, { ids: toFetch })
}

const fateOf = ({ stored, failed }: InboundFile) => {
  if (stored) return { state: 'stored', stateReason: null }
  return failed === undefined ? { state: 'fetching', stateReason: null } : { state: 'failed', stateReason: failed }
}

/** A stored file that the actor may read: of a conversation they see, or their own upload that waits in a draft. */
export async function findAttachment(
  tx: Tx<Pick<InboxTables, 'attachments' | 'conversations'>>,
  actor: Actor,
  id: string,
) {
  const row = await tx
    .selectFrom('attachments')
    .select(['id', 'name', 'mediaType', 'kind', 'size', 'sha256', 'conversationId', 'uploadedBy', 'messageId'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || row.sha256 === null) throw notFound('file')
  const waitsInDraft = row.messageId === null
  if (waitsInDraft && row.uploadedBy !== actor.id) throw notFound('file')
  if (!waitsInDraft) await findConversation(tx, actor, row.conversationId!, false, 'file')
  return { ...row, sha256: row.sha256 }
}
