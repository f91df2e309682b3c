import { sql } from 'kysely'
import type { ActorKind } from '#platform/actor'
import type { Page } from '#platform/contract/kernel'
import { Problem } from '#platform/contract/problem'
import type { Tx } from '#platform/db/database'
import type { AccessEntry } from '../contract/access.ts'
import type { WorkspacesTables } from './tables.ts'

export interface AccessQuery {
  readonly after?: string
  readonly limit?: number
  readonly kind?: 'reads' | 'sign-ins'
  readonly subject?: string
}

/** Rows of the access log, newest first, by keyset over their sequence. Of this domain are the sign-ins, of others the reads. */
export async function listAccess(
  tx: Tx<WorkspacesTables>,
  { after, limit = 50, kind, subject }: AccessQuery,
): Promise<Page<AccessEntry>> {
  let query = tx
    .selectFrom('accessLog as l')
    .leftJoin('members as m', (join) =>
      join.onRef('m.workspaceId', '=', 'l.workspaceId').onRef('m.id', '=', 'l.actorId'),
    )
    .leftJoin('apiTokens as a', (join) =>
      join.onRef('a.workspaceId', '=', 'l.workspaceId').onRef('a.id', '=', 'l.actorId'),
    )
    .select(['l.seq', 'l.at', 'l.actorKind', 'l.actorId', 'l.action', 'l.subjectId', 'l.address', 'l.device'])
    .select(sql<string | null>`coalesce(m.name, a.name)`.as('actorName'))
    .orderBy('l.seq', 'desc')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('l.seq', '<', seqOf(after))
  if (subject !== undefined) query = query.where('l.subjectId', '=', subject)
  if (kind === 'sign-ins') query = query.where(sql<boolean>`starts_with(l.action, 'workspaces.')`)
  if (kind === 'reads') query = query.where(sql<boolean>`not starts_with(l.action, 'workspaces.')`)
  const rows = await query.execute()
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    seq: Number(row.seq),
    at: row.at.toISOString(),
    actorKind: row.actorKind as ActorKind,
  }))
  return { items, next: rows.length > limit ? String(items.at(-1)!.seq) : null }
}

function seqOf(cursor: string): number {
  const seq = Number(cursor)
  if (!Number.isSafeInteger(seq) || seq < 0)
    throw new Problem(400, 'invalid', 'This is no page of the access log.', {
      fields: [{ path: 'after', message: 'is no cursor of ours' }],
    })
  return seq
}
