// A workspace and its settings.
import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import { Problem } from '#platform/contract/problem'
import { afterCommit, type Tx } from '#platform/db/database'
import { isTimeZone, officeHours } from '../contract/hours.ts'
import type { Workspace } from '../contract/workspace.ts'
import { forgetAuthority } from './authority.ts'
import { emit, memberActing } from './emit.ts'
import type { WorkspacesTables } from './tables.ts'
import { everyone } from './visibility.ts'

export interface NewWorkspace {
  readonly name: string
  readonly timeZone: string
  readonly locale: string
  readonly isSample?: boolean
  readonly owner: { readonly userId: string; readonly name: string; readonly email: string }
}

/** Makes a workspace with its owner and office hours. Runs as the system role: the workspace is not there yet. */
export async function createWorkspace(
  tx: Tx<WorkspacesTables>,
  at: Date,
  { owner, ...input }: NewWorkspace,
): Promise<{ workspaceId: string; slug: string; memberId: string }> {
  requireTimeZone(input.timeZone)
  const workspaceId = randomUUIDv7()
  const memberId = randomUUIDv7()
  const slug = await freeSlug(tx, input.name)
  const { isSample = false, name, timeZone, locale } = input
  await tx
    .insertInto('workspaces')
    .values({ id: workspaceId, slug, name: name.trim(), timeZone, locale, isSample, createdAt: at })
    .execute()
  await tx
    .insertInto('members')
    .values({ workspaceId, id: memberId, ...owner, role: 'owner', isSample, createdAt: at })
    .execute()
  const { weekly, holidays } = officeHours(timeZone)
  await tx
    .insertInto('serviceHours')
    .values({
      workspaceId,
      id: randomUUIDv7(),
      name: 'Office hours',
      timeZone,
      weekly: JSON.stringify(weekly),
      holidays: JSON.stringify(holidays),
      isDefault: true,
      updatedAt: at,
    })
    .execute()
  const actor = memberActing(workspaceId, memberId, at)
  await emit(tx, actor, 'workspaces.created', { subjectId: workspaceId, data: {}, visibility: everyone })
  afterCommit(tx, forgetAuthority)
  return { workspaceId, slug, memberId }
}

/** What a name looks like in an address: `Hollow Air GmbH` → `hollow-air-gmbh`; `workspace` when nothing is left of it. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-+|-+$/g, '')
  return plain.length >= 2 ? plain : 'workspace'
}

async function freeSlug(tx: Tx<WorkspacesTables>, name: string): Promise<string> {
  const wanted = slugOf(name)
  const rows = await tx
    .selectFrom('workspaces')
    .select('slug')
    .where((where) => where.or([where('slug', '=', wanted), where('slug', 'like', `${wanted}-%`)]))
    .execute()
  const taken = new Set(rows.map(({ slug }) => slug))
  for (let number = 1; ; number++) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`
    if (!taken.has(slug)) return slug
  }
}

export function requireTimeZone(timeZone: string): void {
  if (!isTimeZone(timeZone))
    throw new Problem(422, 'workspaces.unknown_time_zone', `There is no time zone called ${timeZone}.`)
}

export async function getWorkspace(tx: Tx<WorkspacesTables>, actor: Pick<Actor, 'workspaceId'>): Promise<Workspace> {
  const row = await tx
    .selectFrom('workspaces')
    .selectAll()
    .where('id', '=', actor.workspaceId)
    .executeTakeFirstOrThrow()
  return { ...row, createdAt: row.createdAt.toISOString() }
}

export async function changeWorkspace(
  tx: Tx<WorkspacesTables>,
  actor: Actor,
  input: Partial<Pick<Workspace, 'name' | 'timeZone' | 'locale' | 'colour'>>,
): Promise<Workspace> {
  if (input.timeZone !== undefined) requireTimeZone(input.timeZone)
  const changed = Object.keys(input)
  if (changed.length > 0) {
    const set = { ...input, ...(input.name !== undefined && { name: input.name.trim() }) }
    await tx.updateTable('workspaces').set(set).where('id', '=', actor.workspaceId).execute()
    await emit(tx, actor, 'workspaces.settings_changed', {
      subjectId: actor.workspaceId,
      data: { changed },
      visibility: everyone,
    })
    afterCommit(tx, forgetAuthority)
  }
  return getWorkspace(tx, actor)
}

/** Lets answers leave again; says so only when they were kept back. */
export async function confirmOutbound(tx: Tx<WorkspacesTables>, actor: Actor): Promise<Workspace> {
  const { numUpdatedRows } = await tx
    .updateTable('workspaces')
    .set({ outboundPausedReason: null })
    .where('id', '=', actor.workspaceId)
    .where('outboundPausedReason', 'is not', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n)
    await emit(tx, actor, 'workspaces.outbound_confirmed', {
      subjectId: actor.workspaceId,
      data: {},
      visibility: everyone,
    })
  return getWorkspace(tx, actor)
}
