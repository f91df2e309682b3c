// Profile pictures: named by whoever tells of a person, fetched once through the guarded fetcher, made small and anew, and kept
// here. Nobody's browser is ever sent to where they came from.
import sharp from 'sharp'
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { notFound } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import { inspect } from '#platform/files/inspect'
import type { FileStore } from '#platform/files/store'
import type { GuardedFetch } from '#platform/http/guarded-fetch'
import { enqueue } from '#platform/jobs'
import { customerEvents } from '../contract.ts'
import type { CustomerTables } from './tables.ts'

const emit = emitter(customerEvents)
export const PICTURE_TASK = 'customers.fetch_pictures'
const MOST_BYTES = 4 * 1024 * 1024
const MOST_TRIES = 4
/** Pixels of a side: twice what the largest place shows. */
const SIDE = 96
/** Ids a job: a backfill of thousands becomes many small ones. */
const AT_ONCE = 20

export interface Pictured {
  readonly identityId: string
  readonly url: string
}

/** Remembers where pictures are and lets them be fetched; one that is known by this address already is left alone. Two statements. */
export async function wantPictures(
  tx: Tx<Pick<CustomerTables, 'identityPictures'>>,
  actor: Actor,
  given: readonly Pictured[],
): Promise<void> {
  const wanted = given.filter(({ url }) => /^https?:\/\//i.test(url))
  if (wanted.length === 0) return
  const { rows } = await sql<{ identityId: string }>`
    insert into identity_pictures as p (workspace_id, identity_id, source_url)
    select ${actor.workspaceId}::uuid, * from unnest(${wanted.map(({ identityId }) => identityId)}::uuid[], ${wanted.map(({ url }) => url)}::text[])
    on conflict (workspace_id, identity_id) do update set source_url = excluded.source_url, attempts = 0, state_reason = null
      where p.source_url <> excluded.source_url
    returning identity_id
  `.execute(tx)
  if (rows.length === 0) return
  await enqueue(tx, PICTURE_TASK, { ids: rows.map(({ identityId }) => identityId) })
}

export interface Fetching {
  readonly db: Database
  readonly files: FileStore
  readonly guarded: GuardedFetch
}

/** The job: fetches what is not here as it is named now. Safe to run twice; throws while some should be tried again. */
export async function fetchPictures(deps: Fetching, actor: Actor, ids: readonly string[]): Promise<void> {
  if (ids.length > AT_ONCE) {
    await deps.db.write(actor, async (tx) => {
      for (let at = 0; at < ids.length; at += AT_ONCE)
        await enqueue(tx, PICTURE_TASK, { ids: ids.slice(at, at + AT_ONCE) })
    })
    return
  }
  const waiting = await deps.db.read(actor, (tx) =>
    tx
      .selectFrom('identityPictures')
      .select(['identityId', 'sourceUrl', 'attempts'])
      .where('workspaceId', '=', actor.workspaceId)
      .where('identityId', 'in', [...ids])
      .where('attempts', '<', MOST_TRIES)
      .execute(),
  )
  let again = 0
  const shown: string[] = []
  for (const row of waiting) {
    const got = await fetchOne(deps, row.sourceUrl)
    const last = row.attempts + 1 >= MOST_TRIES
    if (got.ok) shown.push(row.identityId)
    else if (got.passing && !last) again += 1
    await note(deps.db, actor, row, {
      // A picture that can't be had for now does not take away the one before it.
      ...(got.ok && { sha256: got.sha256, fetchedAt: actor.at }),
      stateReason: got.ok ? null : got.reason,
      attempts: got.ok || !got.passing ? MOST_TRIES : row.attempts + 1,
    })
  }
  if (shown.length > 0) await tellPictures(deps.db, actor, shown)
  if (again > 0) throw new Error(`${again} pictures could not be fetched yet`)
}

type Fetched =
  | { readonly ok: true; readonly sha256: string }
  | { readonly ok: false; readonly reason: string; readonly passing: boolean }

async function fetchOne({ files, guarded }: Fetching, url: string): Promise<Fetched> {
  const got = await guarded.fetch(url, { maxBytes: MOST_BYTES, timeoutMs: 15_000, redirects: 'checked' })
  if (!got.ok) return { ok: false, reason: got.reason, passing: got.reason === 'timeout' || got.reason === 'network' }
  if (got.status !== 200)
    return { ok: false, reason: `the address answered ${got.status}`, passing: got.status >= 500 || got.status === 429 }
  const small = await smallPicture(got.body)
  if (!small) return { ok: false, reason: 'it is no picture that can be read', passing: false }
  const put = await files.put(small, { maxBytes: small.length })
  return put.ok ? { ok: true, sha256: put.sha256 } : { ok: false, reason: put.reason, passing: false }
}

/** Looked at and written anew by the gate for all pictures first; what that passes is a picture, and then it is made small. */
async function smallPicture(bytes: Uint8Array): Promise<Buffer | null> {
  const found = await inspect(bytes, 'picture', 'image/png')
  if (found.kind !== 'image' || !found.reencoded) return null
  return sharp(found.reencoded, { pages: 1 })
    .resize(SIDE, SIDE, { fit: 'cover' })
    .webp({ quality: 80 })
    .toBuffer()
    .catch(() => null)
}

async function note(
  db: Database,
  actor: Actor,
  { identityId, sourceUrl }: { readonly identityId: string; readonly sourceUrl: string },
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.write(actor, (tx) =>
    tx
      .updateTable('identityPictures')
      .set(values)
      .where('workspaceId', '=', actor.workspaceId)
      .where('identityId', '=', identityId)
      // They may have changed it meanwhile: then another job is on its way.
      .where('sourceUrl', '=', sourceUrl)
      .execute(),
  )
}

async function tellPictures(db: Database, actor: Actor, identityIds: readonly string[]): Promise<void> {
  await db.write(actor, async (tx) => {
    const rows = await tx
      .selectFrom('identities')
      .select('customerId')
      .distinct()
      .where('workspaceId', '=', actor.workspaceId)
      .where('id', 'in', [...identityIds])
      .execute()
    await emit(
      tx,
      actor,
      'customers.picture_changed',
      ...rows.map(({ customerId }) => ({ subjectId: customerId, data: { customerId } })),
    )
  })
}

/** The hash of somebody's picture. Throws 404, also where there is none. */
export async function findPicture(
  tx: Tx<Pick<CustomerTables, 'identityPictures'>>,
  actor: Actor,
  identityId: string,
): Promise<string> {
  const row = await tx
    .selectFrom('identityPictures')
    .select('sha256')
    .where('workspaceId', '=', actor.workspaceId)
    .where('identityId', '=', identityId)
    .executeTakeFirst()
  if (!row?.sha256) throw notFound('picture')
  return row.sha256
}

/** Where a picture is read; another picture has another address, so that it may be kept for long. */
export const pictureAddress = (identityId: string, sha256: string | null): string | null =>
  sha256 === null ? null : `/api/identities/${identityId}/picture?v=${sha256.slice(0, 12)}`
