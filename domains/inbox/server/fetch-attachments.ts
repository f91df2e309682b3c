// Files that a message only names by address: fetched through the guarded fetcher, kept, or marked as failed with the reason.
import type { Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import { keepFile } from '#platform/files/keep'
import type { FileStore } from '#platform/files/store'
import type { GuardedFetch } from '#platform/http/guarded-fetch'
import { emit } from './emit.ts'

const MOST_BYTES = 25 * 1024 * 1024
const MOST_TRIES = 5

/** Runs twice without harm: only what is still to be fetched is. Throws while something should be tried again. */
export async function fetchAttachments(
  { db, files, guarded }: { readonly db: Database; readonly files: FileStore; readonly guarded: GuardedFetch },
  actor: Actor,
  ids: readonly string[],
): Promise<void> {
  const waiting = await db.read(actor, (tx) =>
    tx
      .selectFrom('attachments')
      .select(['id', 'name', 'mediaType', 'sourceUrl', 'attempts'])
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', 'in', [...ids])
      .where('state', '=', 'fetching')
      .execute(),
  )
  let again = 0
  for (const { id, name, mediaType, sourceUrl, attempts } of waiting) {
    const got = await guarded.fetch(sourceUrl ?? '', { maxBytes: MOST_BYTES, timeoutMs: 30_000, redirects: 'checked' })
    const passing = got.ok
      ? got.status >= 500 || got.status === 429
      : got.reason === 'timeout' || got.reason === 'network'
    if (passing && attempts + 1 < MOST_TRIES) {
      again += 1
      await note(db, actor, id, { attempts: attempts + 1 })
    } else if (!got.ok) await note(db, actor, id, { state: 'failed', stateReason: got.reason })
    else if (got.status !== 200)
      await note(db, actor, id, { state: 'failed', stateReason: `the address answered ${got.status}` })
    else {
      const kept = await keepFile(
        files,
        [got.body] as unknown as AsyncIterable<Uint8Array>,
        { name, mediaType: String(got.headers['content-type'] ?? mediaType) },
        MOST_BYTES,
      )
      if (kept.ok) await note(db, actor, id, { state: 'stored', ...kept.file })
      else await note(db, actor, id, { state: 'failed', stateReason: kept.reason })
    }
  }
  if (again > 0) throw new Error(`${again} files could not be fetched yet`)
}

async function note(db: Database, actor: Actor, id: string, fields: Record<string, unknown>): Promise<void> {
  await db.write(actor, async (tx) => {
    const row = await tx
      .updateTable('attachments')
      .set(fields)
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', id)
      .returning(['conversationId', 'messageId'])
      .executeTakeFirst()
    if (!row?.conversationId || !row.messageId || fields['state'] === undefined) return
    const visibility = await tx
      .selectFrom('conversations')
      .select(['teamId', 'assigneeId'])
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', row.conversationId)
      .executeTakeFirstOrThrow()
    await emit(tx, actor, 'inbox.message_edited', {
      subjectId: row.conversationId,
      data: { conversationId: row.conversationId, messageId: row.messageId },
      visibility: { ...visibility },
    })
  })
}
