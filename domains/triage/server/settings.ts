import { encodeCursor, decodeCursor } from '#platform/contract/cursor'
import type { Actor } from '#platform/actor'
import type { Page } from '#platform/contract/kernel'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import { sql } from 'kysely'
import type { LargeModelUse, TriageSettings } from '../contract.ts'
import { enqueue } from '#platform/jobs'
import { emit } from './emit.ts'
import { COVER_TASK } from './personal-data/covering.ts'
import { readStanding } from './storing/standing.ts'
import type { TriageTables } from './tables.ts'

type Tables = Pick<TriageTables, 'triageSettings' | 'largeModelUses' | 'priorityPolicies' | 'triageLayers'>

const PAGE = 50

export async function changeSettings(
  tx: Tx<Tables>,
  actor: Actor,
  given: { readonly [K in keyof TriageSettings]?: TriageSettings[K] | undefined },
  hasLargeModel: boolean,
): Promise<TriageSettings> {
  if (given.largeModel && !hasLargeModel)
    throw new Problem(422, 'triage.no_large_model', 'This installation names no large model: set AI_URL and AI_MODEL.')
  const { settings: present } = await readStanding(tx, actor)
  const settings = {
    showInfluence: given.showInfluence ?? present.showInfluence,
    largeModel: given.largeModel ?? present.largeModel,
    dailyTokens: given.dailyTokens ?? present.dailyTokens,
    covered: given.covered ?? present.covered,
  }
  const fields = { ...settings, changedAt: actor.at }
  await tx
    .insertInto('triageSettings')
    .values({ workspaceId: actor.workspaceId, ...fields })
    .onConflict((conflict) => conflict.column('workspaceId').doUpdateSet(fields))
    .execute()
  if (given.covered) await enqueue(tx, COVER_TASK, {}, { key: `${COVER_TASK}:${actor.workspaceId}` })
  await emit(tx, actor, 'triage.settings_changed', { subjectId: null, data: { changed: Object.keys(given) } })
  return settings
}

/** Tokens that a workspace's requests took on the present UTC day. */
export async function usedToday(tx: Tx<Pick<Tables, 'largeModelUses'>>, actor: Actor): Promise<number> {
  const day = new Date(Math.floor(actor.at.getTime() / 86_400_000) * 86_400_000)
  const { rows } = await sql<{ tokens: number }>`
    select coalesce(sum(tokens), 0)::int as tokens from large_model_uses where workspace_id = ${actor.workspaceId}::uuid and at >= ${day}
  `.execute(tx)
  return rows[0]!.tokens
}

export async function listUses(
  tx: Tx<Tables>,
  actor: Actor,
  { after, limit = PAGE }: { after?: string | undefined; limit?: number | undefined },
): Promise<Page<LargeModelUse>> {
  let query = tx
    .selectFrom('largeModelUses')
    .select(['id', 'at', 'model', 'messages', 'answered', 'tokens', 'milliseconds', 'outcome', 'reason'])
    .where('workspaceId', '=', actor.workspaceId)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('id', '<', decodeCursor(after, ['id'])[0])
  const rows = await query.execute()
  const page = rows.slice(0, limit)
  return {
    items: page.map((row) => ({ ...row, at: row.at.toISOString(), outcome: row.outcome as LargeModelUse['outcome'] })),
    next: rows.length > limit ? encodeCursor(page.at(-1)!.id) : null,
  }
}
