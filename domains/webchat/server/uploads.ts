// Files of visitors: looked at before they are kept, posted only by who sent them up, read only in the own line.
import { randomUUIDv7 } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Upload } from '#platform/contract/implement'
import type { Tx } from '#platform/db/database'
import { FILE_BYTES, fileTypes, type VisitFile } from '../contract.ts'
import type { PostedFile } from './deliveries.ts'
import type { WebchatTables } from './tables.ts'
import type { VisitorRow } from './visitors.ts'

export interface StoredUpload {
  readonly sha256: string
  readonly size: number
  /** What the bytes are, not what the browser called them. */
  readonly mediaType: string
  readonly kind: VisitFile['kind']
  readonly name: string
  readonly width: number | null
  readonly height: number | null
}

/** Looks at a file, re-encodes pictures, keeps the bytes. @throws Problem files.too_large, files.empty */
export type StoreUpload = (
  stream: Readable,
  name: string,
  mediaType: string,
  limits: { readonly maxBytes: number },
) => Promise<StoredUpload>

/** Opens stored bytes; null when they are gone. */
export type OpenFile = (sha256: string) => Promise<Readable | null>

const UPLOADS_PER_HOUR = 30
const HOUR_MS = 3_600_000

export async function refuseTooManyUploads(tx: Tx<WebchatTables>, actor: Actor, visitor: VisitorRow): Promise<void> {
  const { count } = await tx
    .selectFrom('visitorUploads')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('workspaceId', '=', actor.workspaceId)
    .where('visitorId', '=', visitor.id)
    .where('createdAt', '>', new Date(actor.at.getTime() - HOUR_MS))
    .executeTakeFirstOrThrow()
  if (count >= UPLOADS_PER_HOUR)
    throw new Problem(429, 'webchat.too_many_files', 'Too many files within the hour. Try again later.')
}

/** Keeps the bytes of an upload. @throws Problem files.too_large, webchat.file_refused */
export async function keepUpload(store: StoreUpload, { stream, name, mediaType }: Upload): Promise<StoredUpload> {
  const stored = await store(stream, name, mediaType, { maxBytes: FILE_BYTES })
  if ((stream as { truncated?: boolean }).truncated)
    throw new Problem(413, 'files.too_large', 'Files here may have 10 MB at most.')
  if (stored.size === 0) throw new Problem(422, 'files.empty', 'That file is empty.')
  if (!(fileTypes as readonly string[]).includes(stored.mediaType)) {
    throw new Problem(
      422,
      'webchat.file_refused',
      'Pictures, PDF and plain text can be sent here; this file is none of them.',
    )
  }
  return stored
}

export async function rememberUpload(
  tx: Tx<WebchatTables>,
  actor: Actor,
  visitor: VisitorRow,
  file: StoredUpload,
): Promise<VisitFile> {
  const id = randomUUIDv7()
  await tx
    .insertInto('visitorUploads')
    .values({ workspaceId: actor.workspaceId, id, visitorId: visitor.id, ...file, createdAt: actor.at })
    .execute()
  const { name, mediaType, kind, size, width, height } = file
  return { id, name, mediaType, kind, size, width, height }
}

/** The visitor's own uploads of these ids, in their order. @throws Problem webchat.no_such_upload */
export async function takeUploads(
  tx: Tx<WebchatTables>,
  actor: Actor,
  visitor: VisitorRow,
  ids: readonly string[],
): Promise<PostedFile[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('visitorUploads')
    .select(['id', 'name', 'sha256', 'size', 'mediaType', 'kind', 'width', 'height'])
    .where('workspaceId', '=', actor.workspaceId)
    .where('visitorId', '=', visitor.id)
    .where('id', 'in', [...ids])
    .execute()
  return ids.map((id) => {
    const row = rows.find((one) => one.id === id)
    if (!row) throw new Problem(422, 'webchat.no_such_upload', 'One of the files is not there. Send it up again.')
    const { id: _, ...file } = row
    return file
  })
}

/** Headers of a file that came from outside: never drawn by the browser as a page of ours. */
export function fileHeaders({
  name,
  mediaType,
  size,
}: {
  name: string
  mediaType: string
  size: number
}): Record<string, string> {
  const plain = name.replace(/[^\w. -]/g, '_')
  const full = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return {
    'content-type': mediaType,
    'content-length': String(size),
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${full}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, max-age=3600',
  }
}
