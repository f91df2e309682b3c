// API tokens: `rpt_` and 32 random bytes; only the hash is kept.
import { randomUUIDv7 } from 'node:crypto'
import { memberOf, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import { hashToken, randomToken } from '#platform/crypto'
import { afterCommit, type Tx } from '#platform/db/database'
import type { TokenScope } from '../contract/permissions.ts'
import type { ApiToken } from '../contract/tokens.ts'
import { forgetAuthority } from './authority.ts'
import { emit } from './emit.ts'
import { mustHaveAll, permissionsOfScopes } from './permissions.ts'
import type { WorkspacesTables } from './tables.ts'
import { holdersOf } from './visibility.ts'

type T = Tx<WorkspacesTables>

export interface NewToken {
  readonly name: string
  readonly scopes: readonly TokenScope[]
  readonly expiresAt?: string | null
}

/** Makes a token with at most the actor's own permissions. `value` is nowhere to be had again. */
export async function createToken(tx: T, actor: Actor, input: NewToken): Promise<{ token: ApiToken; value: string }> {
  mustHaveAll(actor, permissionsOfScopes(input.scopes))
  const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null
  if (expiresAt && expiresAt <= actor.at)
    throw new Problem(422, 'workspaces.expiry_past', 'The token would have expired already.', {
      fields: [{ path: 'expiresAt', message: 'is in the past' }],
    })
  const value = `rpt_${randomToken()}`
  const id = randomUUIDv7()
  const { workspaceId, at } = actor
  await tx
    .insertInto('apiTokens')
    .values({
      workspaceId,
      id,
      name: input.name.trim(),
      tokenHash: hashToken(value),
      scopes: [...input.scopes],
      createdBy: memberOf(actor),
      createdAt: at,
      expiresAt,
    })
    .execute()
  await emit(tx, actor, 'workspaces.token_created', {
    subjectId: id,
    data: { tokenId: id },
    visibility: holdersOf('tokens.manage'),
  })
  const token = (await listTokens(tx)).find((one) => one.id === id)!
  return { token, value }
}

export async function listTokens(tx: T): Promise<ApiToken[]> {
  const rows = await tx
    .selectFrom('apiTokens as a')
    .leftJoin('members as m', (join) =>
      join.onRef('m.workspaceId', '=', 'a.workspaceId').onRef('m.id', '=', 'a.createdBy'),
    )
    .select(['a.id', 'a.name', 'a.scopes', 'm.name as createdBy', 'a.createdAt', 'a.expiresAt', 'a.lastUsedAt'])
    .where('a.revokedAt', 'is', null)
    .orderBy('a.createdAt', 'desc')
    .orderBy('a.id', 'desc')
    .execute()
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }))
}

export async function revokeToken(tx: T, actor: Actor, id: string): Promise<void> {
  const row = await tx
    .updateTable('apiTokens')
    .set({ revokedAt: actor.at })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!row) throw notFound('token')
  await emit(tx, actor, 'workspaces.token_revoked', {
    subjectId: id,
    data: { tokenId: id },
    visibility: holdersOf('tokens.manage'),
  })
  afterCommit(tx, forgetAuthority)
}
