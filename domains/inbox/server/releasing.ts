// Messages that a node had under way when it died: they come into doubt as soon as it is sure that it is gone, not only when the
// time of their claim has run out. That time is as long as the slowest platform may take, minutes where it is mail.
import { sql } from 'kysely'
import { programActor, type Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/db/database'
import { MISSED_MS, type Presence } from '#platform/db/presence'
import type { InboxTables } from './tables.ts'

interface Underway {
  readonly workspaceId: string
  readonly claimedBy: number
}

export interface Releasing {
  readonly db: Database
  readonly clock: Clock
  readonly presence: Presence
  /** How long a node must have been missed. */
  readonly missedMs?: number
}

/** Watches over the claims of other nodes; each call is one look. Answers how many messages came into doubt. */
export function watchClaims({ db, clock, presence, missedMs = MISSED_MS }: Releasing): () => Promise<number> {
  /** Since when a node is missed, by the time that passes here. */
  const missedSince = new Map<number, number>()
  return async () => {
    const underway = await claimsOfOthers(db, presence.number())
    const missing = new Set(await presence.missing([...new Set(underway.map(({ claimedBy }) => claimedBy))]))
    for (const node of missedSince.keys()) if (!missing.has(node)) missedSince.delete(node)
    const now = performance.now()
    for (const node of missing) missedSince.set(node, missedSince.get(node) ?? now)
    const isGone = (node: number): boolean => missing.has(node) && now - missedSince.get(node)! >= missedMs
    const gone = underway.filter(({ claimedBy }) => isGone(claimedBy))
    let released = 0
    for (const [workspaceId, all] of Map.groupBy(gone, (one) => one.workspaceId)) {
      const actor = programActor(workspaceId, clock.now())
      const nodes = all.map(({ claimedBy }) => claimedBy)
      released += await db.write(actor, (tx) => releaseClaims(tx, actor, nodes))
    }
    return released
  }
}

async function claimsOfOthers(db: Database, own: number | null): Promise<Underway[]> {
  return db.system(async (tx) => {
    const { rows } = await sql<Underway>`
      select distinct workspace_id, claimed_by from outbound
      where state = 'sending' and claimed_by is not null and claimed_by is distinct from ${own}::int
    `.execute(tx)
    return rows
  })
}

/** What these nodes had under way is in doubt from now on. */
export async function releaseClaims(
  tx: Tx<Pick<InboxTables, 'outbound'>>,
  actor: Actor,
  nodes: readonly number[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    update outbound set next_at = ${actor.at}
    where workspace_id = ${actor.workspaceId}::uuid and state = 'sending' and claimed_by = any (${[...nodes]}::int[])
      and next_at > ${actor.at}
  `.execute(tx)
  return Number(numAffectedRows ?? 0)
}
