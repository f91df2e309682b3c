// Who stands behind a log-in or a token, and what they may do: read at most every 5 s a caller, and at once after any change
// on this node. A change raises a counter; what was read before it no longer counts, even when it was being read meanwhile.
import { hashToken } from '#platform/crypto'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/db/database'
import type { EventTail } from '#platform/events/tail'
import { workspacesEvents } from '../contract/events.ts'
import type { Role } from '../contract/permissions.ts'
import type { Auth, Caller, Login } from './auth/library.ts'
import { touchLogin } from './auth/persons.ts'
import { permissionsOfRole, permissionsOfScopes } from './permissions.ts'
import type { WorkspacesTables } from './tables.ts'

export interface Membership {
  readonly workspaceId: string
  readonly slug: string
  readonly workspaceName: string
  readonly isSample: boolean
  readonly memberId: string
  readonly role: Role
  readonly permissions: ReadonlySet<string>
  readonly teamIds: readonly string[]
}

/** A signed-in person with their active memberships, oldest first. */
export interface Standing {
  readonly login: Login
  readonly memberships: readonly Membership[]
}

export interface TokenStanding {
  readonly workspaceId: string
  readonly slug: string
  readonly tokenId: string
  readonly scopes: readonly string[]
  readonly permissions: ReadonlySet<string>
  readonly expiresAt: Date | null
}

export interface Authority {
  /** Null when nobody is signed in. */
  standingOf(caller: Caller): Promise<Standing | null>
  /** Null when the token is unknown, revoked or expired. */
  tokenOf(value: string): Promise<TokenStanding | null>
}

const FRESH_MS = 5000
const MOST_KEPT = 20_000
let version = 0

/** What this node knows of memberships, log-ins and tokens is read anew from now on. */
export function forgetAuthority(): void {
  version += 1
}

/** Forgets when another node changed something: hand it the node's tail of events. Returns the way to stop. */
export function followAuthority(tail: Pick<EventTail, 'subscribe'>): () => void {
  return tail.subscribe(({ type }) => {
    if (type in workspacesEvents) forgetAuthority()
  })
}

export function openAuthority(db: Database, clock: Clock, auth: Auth): Authority {
  const standings = freshly<Standing | null>(clock)
  const tokens = freshly<TokenStanding | null>(clock)

  return {
    async standingOf(caller) {
      if (!caller.cookie?.includes('rapport_login=')) return null
      // The whole header, not one cookie of it: of two with like names the library might read the other, and whoever
      // planted the first would be taken for its owner.
      return standings(hashToken(caller.cookie), async () => {
        const login = await auth.loginOf(caller)
        if (!login) return null
        return db.system(async (tx) => {
          await touchLogin(tx, login.loginId, clock.now())
          return { login, memberships: await membershipsOf(tx, login.userId) }
        })
      })
    },
    async tokenOf(value) {
      if (!/^rpt_[\w-]{20,80}$/.test(value)) return null
      const hash = hashToken(value)
      const found = await tokens(hash, () => db.system((tx) => readToken(tx, hash, clock.now())))
      return found?.expiresAt && found.expiresAt <= clock.now() ? null : found
    },
  }
}

function freshly<T>(clock: Clock) {
  const kept = new Map<string, { readonly value: T; readonly version: number; readonly until: number }>()
  return async (key: string, read: () => Promise<T>): Promise<T> => {
    const time = clock.now().getTime()
    const known = kept.get(key)
    // A clock that jumped back must not keep an answer alive.
    if (known && known.version === version && time < known.until && time >= known.until - FRESH_MS) return known.value
    const asOf = version
    const value = await read()
    kept.delete(key)
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
    // Unknown keys are never kept: a revoked caller is refused by the table, and guesses fill no memory.
    if (value !== null) kept.set(key, { value, version: asOf, until: time + FRESH_MS })
    return value
  }
}

async function membershipsOf(tx: Tx<WorkspacesTables>, userId: string): Promise<Membership[]> {
  const rows = await tx
    .selectFrom('members as m')
    .innerJoin('workspaces as w', 'w.id', 'm.workspaceId')
    .leftJoin('teamMembers as t', (join) =>
      join.onRef('t.workspaceId', '=', 'm.workspaceId').onRef('t.memberId', '=', 'm.id'),
    )
    .select(({ fn }) => [
      'm.workspaceId',
      'w.slug',
      'w.name as workspaceName',
      'w.isSample',
      'm.id as memberId',
      'm.role',
      fn.agg<(string | null)[]>('array_agg', ['t.teamId']).as('teamIds'),
    ])
    .where('m.userId', '=', userId)
    .where('m.state', '=', 'active')
    .groupBy(['m.workspaceId', 'm.id', 'w.id'])
    .orderBy('m.createdAt')
    .orderBy('m.id')
    .execute()
  return rows.map((row) => ({
    ...row,
    role: row.role as Role,
    permissions: permissionsOfRole(row.role as Role),
    teamIds: row.teamIds.filter((id) => id !== null),
  }))
}

async function readToken(tx: Tx<WorkspacesTables>, hash: string, now: Date): Promise<TokenStanding | null> {
  const row = await tx
    .selectFrom('apiTokens as a')
    .innerJoin('workspaces as w', 'w.id', 'a.workspaceId')
    .select(['a.workspaceId', 'w.slug', 'a.id', 'a.scopes', 'a.expiresAt', 'a.lastUsedAt'])
    .where('a.tokenHash', '=', hash)
    .where('a.revokedAt', 'is', null)
    .executeTakeFirst()
  if (!row || (row.expiresAt && row.expiresAt <= now)) return null
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() >= 60_000)
    await tx
      .updateTable('apiTokens')
      .set({ lastUsedAt: now })
      .where('workspaceId', '=', row.workspaceId)
      .where('id', '=', row.id)
      .execute()
  const { workspaceId, slug, id, scopes, expiresAt } = row
  return { workspaceId, slug, tokenId: id, scopes, permissions: permissionsOfScopes(scopes), expiresAt }
}
