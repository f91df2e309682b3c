import { sql } from 'kysely'
import type { Tx } from '#platform/db/database'
import type { ActorKind } from '#platform/actor'
import type { Page } from '#platform/contract/kernel'
import { Problem } from '#platform/contract/problem'
import type { AuditEntry } from '../contract/workspace.ts'
import type { WorkspacesTables } from './tables.ts'

export interface AuditQuery {
  readonly after?: string
  readonly limit?: number
  readonly type?: string
  readonly subject?: string
}

/** Events of the workspace, newest first, by keyset over their sequence. */
export async function listAudit(
  tx: Tx<WorkspacesTables>,
  { after, limit = 50, type, subject }: AuditQuery,
): Promise<Page<AuditEntry>> {
  let query = tx
    .selectFrom('events as e')
    .leftJoin('members as m', (join) =>
      join.onRef('m.workspaceId', '=', 'e.workspaceId').onRef('m.id', '=', 'e.actorId'),
    )
    .leftJoin('apiTokens as a', (join) =>
      join.onRef('a.workspaceId', '=', 'e.workspaceId').onRef('a.id', '=', 'e.actorId'),
    )
    .select(['e.seq', 'e.at', 'e.type', 'e.actorKind', 'e.actorId', 'e.subjectId', 'e.data'])
    .select(sql<string | null>`coalesce(m.name, a.name)`.as('actorName'))
    .orderBy('e.seq', 'desc')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('e.seq', '<', seqOf(after))
  if (subject !== undefined) query = query.where('e.subjectId', '=', subject)
  if (type !== undefined)
    query = type.endsWith('.')
      ? query.where(sql<boolean>`starts_with(e.type, ${type})`)
      : query.where('e.type', '=', type)
  const rows = await query.execute()
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    seq: Number(row.seq),
    at: row.at.toISOString(),
    actorKind: row.actorKind as ActorKind,
    data: row.data as Record<string, unknown>,
  }))
  return { items, next: rows.length > limit ? String(items.at(-1)!.seq) : null }
}

function seqOf(cursor: string): number {
  const seq = Number(cursor)
  if (!Number.isSafeInteger(seq) || seq < 0)
    throw new Problem(400, 'invalid', 'This is no page of the audit log.', {
      fields: [{ path: 'after', message: 'is no cursor of ours' }],
    })
  return seq
}
