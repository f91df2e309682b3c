// The policy: versions that are only ever added to, the newest in use and on the public page.
import { sql } from 'kysely'
import { memberOf, type Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import { enqueue } from '#platform/jobs'
import type { PolicyVersion, PriorityPolicy } from '../../contract.ts'
import { emit } from '../emit.ts'
import type { TriageReads, TriageTables } from '../tables.ts'
import { defaultPolicy } from './default-policy.ts'

export const REORDER_TASK = 'triage.reorder'

type Tables = Pick<TriageTables, 'priorityPolicies'> & Pick<TriageReads, 'members' | 'workspaces'>

const SHIPPED: PolicyVersion = {
  version: 0,
  policy: defaultPolicy,
  note: 'Came with Rapport.',
  publishedAt: null,
  publishedBy: null,
}
const MOST_VERSIONS = 100

export async function listPolicies(
  tx: Tx<Tables>,
  actor: Pick<Actor, 'workspaceId'>,
  limit = MOST_VERSIONS,
): Promise<PolicyVersion[]> {
  const rows = await tx
    .selectFrom('priorityPolicies as p')
    .leftJoin('members as m', (join) =>
      join.onRef('m.workspaceId', '=', 'p.workspaceId').onRef('m.id', '=', 'p.publishedBy'),
    )
    .select(['p.version', 'p.policy', 'p.note', 'p.publishedAt', 'm.name as publishedBy'])
    .where('p.workspaceId', '=', actor.workspaceId)
    .orderBy('p.version', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...row,
    policy: row.policy as unknown as PriorityPolicy,
    publishedAt: row.publishedAt.toISOString(),
  }))
}

export async function readPolicy(tx: Tx<Tables>, actor: Pick<Actor, 'workspaceId'>): Promise<PolicyVersion> {
  const [newest] = await listPolicies(tx, actor, 1)
  return newest ?? SHIPPED
}

/** Where the public reads the policy; null until one is published. */
export async function publicPathOf(tx: Tx<Tables>, actor: Actor, version: number): Promise<string | null> {
  if (version === 0) return null
  const { slug } = await tx
    .selectFrom('workspaces')
    .select('slug')
    .where('id', '=', actor.workspaceId)
    .executeTakeFirstOrThrow()
  return `/priority/${slug}`
}

export async function publishPolicy(
  tx: Tx<Tables>,
  actor: Actor,
  { policy, note, version: seen }: { readonly policy: PriorityPolicy; readonly note: string; readonly version: number },
): Promise<PolicyVersion> {
  // Two who publish at once: one of them saw an older version.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`policy ${actor.workspaceId}`}, 0))`.execute(tx)
  const { version: present } = await readPolicy(tx, actor)
  if (present !== seen)
    throw new Problem(
      409,
      'triage.changed_meanwhile',
      'Somebody else published a policy meanwhile. Look at it first.',
      {
        details: { version: present },
      },
    )
  const version = present + 1
  await tx
    .insertInto('priorityPolicies')
    .values({
      workspaceId: actor.workspaceId,
      version,
      policy: JSON.stringify(policy),
      note: note.replaceAll('\u0000', ''),
      publishedAt: actor.at,
      publishedBy: memberOf(actor),
    })
    .execute()
  await emit(tx, actor, 'triage.policy_published', { subjectId: null, data: { version } })
  await enqueue(tx, REORDER_TASK, {}, { key: `${REORDER_TASK}:${actor.workspaceId}` })
  return readPolicy(tx, actor)
}

/** What the public is told: null where there is no such workspace or it published nothing. */
export async function readPublicPolicy(
  db: Database,
  slug: string,
): Promise<{ readonly name: string; readonly locale: string; readonly current: PolicyVersion } | null> {
  const workspace = await db.system((tx) =>
    tx.selectFrom('workspaces').select(['id', 'name', 'locale']).where('slug', '=', slug).executeTakeFirst(),
  )
  if (!workspace) return null
  const current = await db.read({ workspaceId: workspace.id }, (tx) => readPolicy(tx, { workspaceId: workspace.id }))
  return current.version === 0 ? null : { name: workspace.name, locale: workspace.locale, current }
}
