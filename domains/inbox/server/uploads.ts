// Files of an answer that is being written: they belong to who uploaded them until a message takes them.
import { randomUUIDv7 } from 'node:crypto'
import type { MediaRules } from '#channels/connector'
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { InboxTables } from './tables.ts'

type Tables = Pick<InboxTables, 'attachments'>

/** A file as platform/files looked at and stored it. */
export interface StoredUpload {
  readonly sha256: string
  readonly size: number
  readonly name: string
  readonly mediaType: string
  readonly kind: string
  readonly width: number | null
  readonly height: number | null
}

export async function addUpload(tx: Tx<Tables>, actor: Actor, file: StoredUpload) {
  return tx
    .insertInto('attachments')
    .values({
      workspaceId: actor.workspaceId,
      id: randomUUIDv7(),
      uploadedBy: memberOf(actor) ?? actor.id,
      ...file,
      state: 'stored',
      createdAt: actor.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The caller's own waiting uploads of these ids, in the order given, if the channel takes such files. */
export async function requireUploads(
  tx: Tx<Tables>,
  actor: Actor,
  ids: readonly string[],
  rules: MediaRules | null,
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  if (!rules) throw new Problem(422, 'inbox.media_refused', 'No files can be sent there.')
  const rows = await findOwnUploads(tx, actor, ids)
  if (rows.length > rules.maxCount) {
    throw new Problem(
      422,
      'inbox.media_refused',
      `This channel takes ${rules.maxCount} files a message; these are ${rows.length}.`,
      { details: { maxCount: rules.maxCount } },
    )
  }
  for (const { name, size, mediaType } of rows) {
    const [, most] = Object.entries(rules.maxBytesOf ?? {}).find(([type]) => isOf(type, mediaType)) ?? []
    const maxBytes = most ?? rules.maxBytes
    if (size > maxBytes)
      throw new Problem(
        422,
        'inbox.media_refused',
        `${name} is too large: this channel takes ${Math.floor(maxBytes / 1024 / 1024)} MB.`,
      )
    if (!rules.types.some((type) => isOf(type, mediaType))) {
      throw new Problem(
        422,
        'inbox.media_refused',
        `${name} is a kind of file that this channel does not take (${mediaType}).`,
      )
    }
  }
  return [...new Set(ids)]
}

const isOf = (type: string, mediaType: string): boolean =>
  type.endsWith('/') ? mediaType.startsWith(type) : mediaType === type

/** The caller's own waiting uploads of these ids: nobody puts a file of somebody else's into their own words. */
export async function requireOwnUploads(tx: Tx<Tables>, actor: Actor, ids: readonly string[]): Promise<string[]> {
  await findOwnUploads(tx, actor, ids)
  return [...new Set(ids)]
}

async function findOwnUploads(tx: Tx<Tables>, actor: Actor, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('attachments')
    .select(['id', 'name', 'size', 'mediaType'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', 'in', [...ids])
    .where('messageId', 'is', null)
    .where('uploadedBy', '=', memberOf(actor) ?? actor.id)
    .execute()
  if (rows.length !== new Set(ids).size)
    throw new Problem(422, 'inbox.no_such_attachment', 'One of the files is not there any more. Upload it again.')
  return rows
}

/** Says what a file shows, while its message is being written. Throws 422 `inbox.no_such_attachment`. */
export async function describeUpload(tx: Tx<Tables>, actor: Actor, id: string, alt: string | null): Promise<void> {
  await requireOwnUploads(tx, actor, [id])
  await tx
    .updateTable('attachments')
    .set({ alt: alt?.replaceAll('\u0000', '').trim() || null })
    .where('workspaceId', '=', actor.workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function attachToMessage(
  tx: Tx<Tables>,
  actor: Actor,
  conversationId: string,
  messageId: string,
  ids: readonly string[],
): Promise<void> {
  for (const [position, id] of ids.entries()) {
    await tx
      .updateTable('attachments')
      .set({ messageId, conversationId, position })
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', '=', id)
      .execute()
  }
}
