import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import { afterCommit, type Tx } from '#platform/db/database'
import type { Team } from '../contract/teams.ts'
import { forgetAuthority } from './authority.ts'
import { emit } from './emit.ts'
import type { WorkspacesTables } from './tables.ts'
import { everyone } from './visibility.ts'

type T = Tx<WorkspacesTables>

/** A team that is not retired, or null. */
export async function findTeam(tx: T, id: string): Promise<{ id: string; name: string } | null> {
  const row = await tx
    .selectFrom('teams')
    .select(['id', 'name'])
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** 404 unless every id is a team of the workspace that is not retired. */
export async function requireTeams(tx: T, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await tx
    .selectFrom('teams')
    .select('id')
    .where('id', 'in', ids)
    .where('archivedAt', 'is', null)
    .execute()
  if (rows.length < new Set(ids).size) throw notFound('team')
}

/** 404 unless every id is an active member of the workspace. */
export async function requireMembers(tx: T, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await tx
    .selectFrom('members')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '=', 'active')
    .execute()
  if (rows.length < new Set(ids).size) throw notFound('member')
}

export async function listTeams(tx: T): Promise<Team[]> {
  const teams = await tx
    .selectFrom('teams')
    .select(['id', 'name'])
    .where('archivedAt', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
  const rows = await tx.selectFrom('teamMembers').select(['teamId', 'memberId']).orderBy('memberId').execute()
  const members = Map.groupBy(rows, ({ teamId }) => teamId)
  return teams.map((team) => ({ ...team, memberIds: (members.get(team.id) ?? []).map(({ memberId }) => memberId) }))
}

async function readTeam(tx: T, id: string): Promise<Team> {
  const team = (await listTeams(tx)).find((one) => one.id === id)
  if (!team) throw notFound('team')
  return team
}

export async function createTeam(
  tx: T,
  actor: Actor,
  { name, memberIds = [] }: { readonly name: string; readonly memberIds?: readonly string[] },
): Promise<Team> {
  const id = randomUUIDv7()
  const made = await tx
    .insertInto('teams')
    .values({ workspaceId: actor.workspaceId, id, name: name.trim(), createdAt: actor.at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw taken()
  await setMembers(tx, actor, id, memberIds)
  await emit(tx, actor, 'workspaces.team_created', { subjectId: id, data: { teamId: id }, visibility: everyone })
  afterCommit(tx, forgetAuthority)
  return readTeam(tx, id)
}

export async function changeTeam(
  tx: T,
  actor: Actor,
  input: { readonly id: string; readonly name?: string; readonly memberIds?: readonly string[] },
): Promise<Team> {
  const { id, name, memberIds } = input
  await lockTeam(tx, id)
  if (name !== undefined) {
    await refuseTaken(tx, name, id)
    await tx.updateTable('teams').set({ name: name.trim() }).where('id', '=', id).execute()
  }
  if (memberIds !== undefined) await setMembers(tx, actor, id, memberIds)
  const changed = [...(name === undefined ? [] : ['name']), ...(memberIds === undefined ? [] : ['members'])]
  if (changed.length > 0)
    await emit(tx, actor, 'workspaces.team_changed', {
      subjectId: id,
      data: { teamId: id, changed },
      visibility: everyone,
    })
  afterCommit(tx, forgetAuthority)
  return readTeam(tx, id)
}

export async function archiveTeam(tx: T, actor: Actor, id: string): Promise<void> {
  await lockTeam(tx, id)
  await tx.updateTable('teams').set({ archivedAt: actor.at }).where('id', '=', id).execute()
  await tx.deleteFrom('teamMembers').where('teamId', '=', id).execute()
  await emit(tx, actor, 'workspaces.team_archived', { subjectId: id, data: { teamId: id }, visibility: everyone })
  afterCommit(tx, forgetAuthority)
}

async function lockTeam(tx: T, id: string): Promise<void> {
  const row = await tx
    .selectFrom('teams')
    .select('id')
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('team')
}

async function setMembers(tx: T, { workspaceId }: Actor, teamId: string, memberIds: readonly string[]): Promise<void> {
  await requireMembers(tx, memberIds)
  await tx.deleteFrom('teamMembers').where('teamId', '=', teamId).execute()
  if (memberIds.length > 0)
    await tx
      .insertInto('teamMembers')
      .values(memberIds.map((memberId) => ({ workspaceId, teamId, memberId })))
      .execute()
}

// Two renamed alike at once may both find the name free: the unique index then refuses the second, a rare 500 and no harm.
async function refuseTaken(tx: T, name: string, except: string): Promise<void> {
  const row = await tx
    .selectFrom('teams')
    .select('id')
    .where(({ fn }) => fn('lower', ['name']), '=', name.trim().toLowerCase())
    .where('archivedAt', 'is', null)
    .where('id', '<>', except)
    .executeTakeFirst()
  if (row) throw taken()
}

const taken = (): Problem => new Problem(409, 'workspaces.team_exists', 'A team of that name is there already.')
