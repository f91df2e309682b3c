// Whether the sample is there, and taking it out again.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import { emitter } from '#platform/events/emit'
import type { FileStore } from '#platform/files/store'
import { workspacesEvents } from '#workspaces/contract'

const emit = emitter(workspacesEvents)

export interface Loaded {
  readonly conversations: number
  readonly messages: number
}

export async function isLoaded(tx: Tx, workspaceId: string): Promise<boolean> {
  const { rows } = await sql<{ loaded: boolean }>`
    select exists (select from connections where workspace_id = ${workspaceId}::uuid and is_sample)
      or exists (select from members where workspace_id = ${workspaceId}::uuid and is_sample and user_id like 'sample:%') as loaded
  `.execute(tx)
  return rows[0]!.loaded
}

/** Removes every row of the sample, and files that nothing else refers to. Throws 409 `sample.not_loaded`. */
export async function removeSample(db: Database, files: FileStore, actor: Actor): Promise<void> {
  const hashes = await db.write(actor, async (tx) => {
    if (!(await isLoaded(tx, actor.workspaceId)))
      throw new Problem(409, 'sample.not_loaded', 'There is no sample in this workspace.')
    const { rows } = await sql<{
      hashes: string[]
    }>`select remove_sample(${actor.workspaceId}::uuid) as hashes`.execute(tx)
    await emit(tx, actor, 'workspaces.sample_removed', {
      subjectId: actor.workspaceId,
      data: {},
      visibility: { permission: null, memberId: null },
    })
    return rows[0]!.hashes
  })
  for (const hash of hashes) await files.remove(hash)
}

export async function countSample(tx: Tx, workspaceId: string): Promise<Loaded & { readonly customers: number }> {
  const { rows } = await sql<Loaded & { customers: number }>`
    select (select count(*)::int from conversations where workspace_id = ${workspaceId}::uuid and is_sample) as conversations,
      (select count(*)::int from messages where workspace_id = ${workspaceId}::uuid and is_sample) as messages,
      (select count(*)::int from customers where workspace_id = ${workspaceId}::uuid and is_sample) as customers`.execute(
    tx,
  )
  return rows[0]!
}
