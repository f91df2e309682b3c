import { memberOf, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import { afterCommit, type Tx } from '#platform/db/database'
import type { Preferences } from '../contract/me.ts'
import type { Colleague, Member } from '../contract/people.ts'
import type { Role } from '../contract/permissions.ts'
import { forgetAuthority } from './authority.ts'
import { emit } from './emit.ts'
import { mustHaveAll, permissionsOfRole } from './permissions.ts'
import type { WorkspacesTables } from './tables.ts'
import { everyone, only } from './visibility.ts'

type T = Tx<WorkspacesTables>

interface MemberRow {
  readonly id: string
  readonly userId: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly state: Member['state']
  readonly createdAt: Date
}

/** The member behind the actor; 403 for tokens and others who are nobody's. */
export function requireMember(actor: Actor): string {
  const id = memberOf(actor)
  if (id === null)
    throw new Problem(403, 'workspaces.person_needed', 'Only a member can do this, not an API token. Sign in.')
  return id
}

/** Name, state and role of a member, or null. `state` tells whether work may be given to them. */
export async function findMember(
  tx: T,
  id: string,
): Promise<{ id: string; name: string; role: Role; state: Member['state'] } | null> {
  const row = await tx
    .selectFrom('members')
    .select(['id', 'name', 'role', 'state'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { ...row, role: row.role as Role, state: row.state as Member['state'] } : null
}

/** Names by member id; ids of other workspaces are not in it. */
export async function memberNames(tx: T, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectFrom('members').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function teamsByMember(tx: T): Promise<Map<string, string[]>> {
  const rows = await tx.selectFrom('teamMembers').select(['teamId', 'memberId']).orderBy('teamId').execute()
  const teams = new Map<string, string[]>()
  for (const { memberId, teamId } of rows) teams.set(memberId, [...(teams.get(memberId) ?? []), teamId])
  return teams
}

export async function listColleagues(tx: T): Promise<Colleague[]> {
  const rows = await tx.selectFrom('members').select(['id', 'name', 'state']).orderBy('name').orderBy('id').execute()
  const teams = await teamsByMember(tx)
  return rows.map(({ id, name, state }) => ({
    id,
    name,
    state: state as Member['state'],
    teamIds: teams.get(id) ?? [],
  }))
}

export async function listMembers(tx: T): Promise<Member[]> {
  const rows = await tx.selectFrom('members').selectAll().orderBy('name').orderBy('id').execute()
  const teams = await teamsByMember(tx)
  return rows.map((row) => toMember(row as MemberRow, teams.get(row.id) ?? []))
}

function toMember({ id, name, email, role, state, createdAt }: MemberRow, teamIds: string[]): Member {
  return { id, name, email, role, state, teamIds, createdAt: createdAt.toISOString() }
}

async function readMember(tx: T, id: string): Promise<Member> {
  const found = (await listMembers(tx)).find((member) => member.id === id)
  if (!found) throw notFound('member')
  return found
}

/** Also locks the row, so that two changes of one member follow each other. */
async function lockMember(tx: T, id: string): Promise<MemberRow> {
  const row = await tx.selectFrom('members').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('member')
  return row as MemberRow
}

/** Somebody must stay who may everything. The owners' rows are locked by now, so that two of them cannot go at once. */
async function mustLeaveAnOwner(tx: T, leaving: MemberRow): Promise<void> {
  if (leaving.role !== 'owner' || leaving.state !== 'active') return
  const owners = await tx
    .selectFrom('members')
    .select('id')
    .where('role', '=', 'owner')
    .where('state', '=', 'active')
    .execute()
  if (owners.every(({ id }) => id === leaving.id))
    throw new Problem(422, 'workspaces.last_owner', 'A workspace needs an owner. Make somebody else owner first.')
}

export async function changeMember(
  tx: T,
  actor: Actor,
  { id, role, name }: { readonly id: string; readonly role?: Role; readonly name?: string },
): Promise<Member> {
  await lockOwnersFirst(tx)
  const row = await lockMember(tx, id)
  mustHaveAll(actor, permissionsOfRole(row.role))
  if (role !== undefined && role !== row.role) {
    mustHaveAll(actor, permissionsOfRole(role))
    await mustLeaveAnOwner(tx, row)
  }
  const changed = [
    ...(role !== undefined && role !== row.role ? ['role'] : []),
    ...(name !== undefined ? ['name'] : []),
  ]
  if (changed.length > 0) {
    await tx
      .updateTable('members')
      .set({ ...(role !== undefined && { role }), ...(name !== undefined && { name: name.trim() }) })
      .where('id', '=', id)
      .execute()
    await emit(tx, actor, 'workspaces.member_changed', {
      subjectId: id,
      data: { memberId: id, changed },
      visibility: everyone,
    })
    afterCommit(tx, forgetAuthority)
  }
  return readMember(tx, id)
}

const stateEvents = {
  active: 'workspaces.member_restored',
  suspended: 'workspaces.member_suspended',
  removed: 'workspaces.member_removed',
} as const

/** Suspends, restores or removes another member. Answers the account behind them, whose log-ins may have to end. */
export async function setMemberState(
  tx: T,
  actor: Actor,
  { id, state }: { readonly id: string; readonly state: Member['state'] },
): Promise<{ member: Member; userId: string }> {
  await lockOwnersFirst(tx)
  const row = await lockMember(tx, id)
  if (memberOf(actor) === id)
    throw new Problem(422, 'workspaces.not_yourself', 'You cannot do this to yourself. To go, leave the workspace.')
  mustHaveAll(actor, permissionsOfRole(row.role))
  await endOrRestore(tx, actor, row, state)
  return { member: await readMember(tx, id), userId: row.userId }
}

export async function leaveWorkspace(tx: T, actor: Actor): Promise<void> {
  await lockOwnersFirst(tx)
  await endOrRestore(tx, actor, await lockMember(tx, requireMember(actor)), 'removed')
}

async function endOrRestore(tx: T, actor: Actor, row: MemberRow, state: Member['state']): Promise<void> {
  if (row.state === state) return
  if (state !== 'active') await mustLeaveAnOwner(tx, row)
  await tx.updateTable('members').set({ state }).where('id', '=', row.id).execute()
  if (state === 'removed') await tx.deleteFrom('teamMembers').where('memberId', '=', row.id).execute()
  await emit(tx, actor, stateEvents[state], {
    subjectId: row.id,
    data: { memberId: row.id, changed: ['state'] },
    visibility: everyone,
  })
  afterCommit(tx, forgetAuthority)
}

/** Owners are locked before any single member, always in one order: two changes cannot wait for each other. */
async function lockOwnersFirst(tx: T): Promise<void> {
  await tx.selectFrom('members').select('id').where('role', '=', 'owner').orderBy('id').forUpdate().execute()
}

/** The account behind a member that the actor may sign out everywhere. */
export async function accountToSignOut(tx: T, actor: Actor, id: string): Promise<string> {
  const row = await lockMember(tx, id)
  mustHaveAll(actor, permissionsOfRole(row.role))
  return row.userId
}

export async function changeMe(
  tx: T,
  actor: Actor,
  { name, preferences }: { readonly name?: string; readonly preferences?: Preferences },
): Promise<void> {
  const id = requireMember(actor)
  const row = await tx
    .selectFrom('members')
    .select('preferences')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (name !== undefined) {
    await tx.updateTable('members').set({ name: name.trim() }).where('id', '=', id).execute()
    await emit(tx, actor, 'workspaces.member_changed', {
      subjectId: id,
      data: { memberId: id, changed: ['name'] },
      visibility: everyone,
    })
  }
  if (preferences !== undefined) {
    const merged = JSON.stringify({ ...(row.preferences as Preferences), ...preferences })
    await tx.updateTable('members').set({ preferences: merged }).where('id', '=', id).execute()
    await emit(tx, actor, 'workspaces.preferences_changed', {
      subjectId: id,
      data: { memberId: id },
      visibility: only(id),
    })
  }
  afterCommit(tx, forgetAuthority)
}

export async function readPreferences(tx: T, memberId: string): Promise<{ name: string; preferences: Preferences }> {
  const row = await tx
    .selectFrom('members')
    .select(['name', 'preferences'])
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  return { name: row.name, preferences: row.preferences as Preferences }
}
