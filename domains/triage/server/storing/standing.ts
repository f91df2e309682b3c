// What a batch of a workspace needs to know before anything is assessed: the policy, what was taught, what was chosen.
import { sql } from 'kysely'
import type { Actor } from '#platform/actor'
import type { Database, Tx } from '#platform/db/database'
import { personalDataKinds, type PriorityPolicy, type TriageSettings } from '../../contract.ts'
import { defaultPolicy } from '../priority/default-policy.ts'
import type { TriageTables } from '../tables.ts'
import type { Artefact, Taught } from '../worker/assessor.ts'

export interface Standing {
  /** 0: the policy that came with Rapport. */
  readonly policyVersion: number
  readonly policy: PriorityPolicy
  readonly live: Readonly<Partial<Record<'sentiment' | 'topics', string>>>
  readonly settings: TriageSettings
}

export const defaultSettings: TriageSettings = {
  showInfluence: true,
  largeModel: false,
  dailyTokens: 100_000,
  covered: [...personalDataKinds],
}

/** One statement. */
export async function readStanding(
  tx: Tx<Pick<TriageTables, 'priorityPolicies' | 'triageLayers' | 'triageSettings'>>,
  actor: Pick<Actor, 'workspaceId'>,
): Promise<Standing> {
  const workspace = sql`workspace_id = ${actor.workspaceId}::uuid`
  const { rows } = await sql<{
    policy: { readonly version: number; readonly policy: PriorityPolicy } | null
    live: Standing['live'] | null
    settings: TriageSettings | null
  }>`
    select (select jsonb_build_object('version', version, 'policy', policy) from priority_policies where ${workspace} order by version desc limit 1) as policy,
      (select jsonb_object_agg(kind, id) from triage_layers where ${workspace} and state = 'live') as live,
      (select to_jsonb(s) from triage_settings s where ${workspace}) as settings
  `.execute(tx)
  const { policy, live, settings } = rows[0]!
  return {
    policyVersion: policy?.version ?? 0,
    policy: policy?.policy ?? defaultPolicy,
    live: live ?? {},
    settings: settings
      ? {
          showInfluence: settings.showInfluence,
          largeModel: settings.largeModel,
          dailyTokens: settings.dailyTokens,
          covered: settings.covered,
        }
      : defaultSettings,
  }
}

/** What was taught, for the thread that assesses; its content is read only where the thread does not have it. */
export function taughtOf(db: Database, { workspaceId }: Pick<Actor, 'workspaceId'>, { live }: Standing): Taught {
  const artefact = (kind: Artefact['kind']): Artefact | null => {
    const id = live[kind]
    if (id === undefined) return null
    return {
      id,
      kind,
      load: () =>
        db.read({ workspaceId }, async (tx) => {
          const row = await tx
            .selectFrom('triageLayers')
            .select('content')
            .where('workspaceId', '=', workspaceId)
            .where('id', '=', id)
            .executeTakeFirst()
          return row?.content ?? null
        }),
    }
  }
  return { layer: artefact('sentiment'), topics: artefact('topics') }
}
