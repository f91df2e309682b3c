// Accounts that moved: the old one says as whom they go on. A new one that nobody knows yet is theirs from the beginning; one that
// is somebody's already stays whose it is, because a word from outside merges nobody.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Tx } from '#platform/db/database'
import { speakerKey, type Found, type Speaker, type Tables } from './speakers.ts'

export interface Adoption {
  readonly customerId: string
  /** Why the new account is believed to be theirs. */
  readonly evidence: string
}

type Wanted = readonly (readonly [string, Speaker])[]

/** Whose the new accounts are that known people moved to, by the key of the new account. */
export function adoptionsOf(wanted: Wanted, found: ReadonlyMap<string, Found>): Map<string, Adoption> {
  return new Map(
    wanted.flatMap(([key, { movedTo, handle, externalId }]) => {
      const from = found.get(key)
      if (!movedTo || !from) return []
      const evidence = `moved here, by the word of ${handle ?? from.handle ?? externalId}`.slice(0, 500)
      return [[speakerKey(movedTo), { customerId: from.customerId, evidence }] as const]
    }),
  )
}

/** Remembers who moved where. One statement; none where nobody did. */
export async function noteMoves(
  tx: Tx<Tables>,
  actor: Actor,
  wanted: Wanted,
  found: ReadonlyMap<string, Found>,
): Promise<void> {
  const moves = wanted.flatMap(([key, { movedTo }]) => {
    const from = found.get(key)
    const to = movedTo && found.get(speakerKey(movedTo))
    return from && to && from.identityId !== to.identityId ? [[from.identityId, to.identityId] as const] : []
  })
  if (moves.length === 0) return
  await sql`
    update identities i set moved_to_id = n.to_id
    from unnest(${moves.map(([from]) => from)}::uuid[], ${moves.map(([, to]) => to)}::uuid[]) as n (from_id, to_id)
    where i.workspace_id = ${actor.workspaceId}::uuid and i.id = n.from_id and i.moved_to_id is distinct from n.to_id
  `.execute(tx)
}
