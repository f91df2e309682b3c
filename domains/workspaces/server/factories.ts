// Workspaces, members and teams for tests, of any domain. Rows only: nobody made here can sign in.
import { randomUUID, randomUUIDv7 } from 'node:crypto'
import type { Actor } from '#platform/actor'
import type { Database } from '#platform/db/database'
import type { Role } from '../contract/permissions.ts'
import { permissionsOfRole } from './permissions.ts'

export interface MadeWorkspace {
  readonly workspaceId: string
  readonly slug: string
  readonly owner: Actor
}

const DAY = new Date('2026-11-02T09:00:00Z')

/** A workspace with its owner and round-the-clock default service hours. */
export async function aWorkspace(
  db: Database,
  given: {
    readonly name?: string
    readonly slug?: string
    readonly timeZone?: string
    readonly isSample?: boolean
    readonly at?: Date
  } = {},
): Promise<MadeWorkspace> {
  const workspaceId = randomUUIDv7()
  const at = given.at ?? DAY
  const slug = given.slug ?? `w-${randomUUID().slice(0, 13)}`
  const { name = 'Hollow Air', timeZone = 'UTC', isSample = false } = given
  await db.system((tx) =>
    tx
      .insertInto('workspaces')
      .values({ id: workspaceId, slug, name, timeZone, locale: 'en', isSample, createdAt: at })
      .execute(),
  )
  await db.write({ workspaceId }, (tx) =>
    tx
      .insertInto('serviceHours')
      .values({
        workspaceId,
        id: randomUUIDv7(),
        name: 'Always',
        timeZone,
        weekly: JSON.stringify(Array.from({ length: 7 }, () => [{ from: 0, to: 1440 }])),
        holidays: '[]',
        isDefault: true,
        updatedAt: at,
      })
      .execute(),
  )
  return { workspaceId, slug, owner: await aMember(db, workspaceId, 'owner', { name: 'Odette Owner', isSample, at }) }
}

/** A member with the permissions of the role; `teamIds` makes them member of those teams too. */
export async function aMember(
  db: Database,
  workspaceId: string,
  role: Role,
  given: {
    readonly name?: string
    readonly email?: string
    readonly userId?: string
    readonly state?: 'active' | 'suspended' | 'removed'
    readonly teamIds?: readonly string[]
    readonly isSample?: boolean
    readonly at?: Date
  } = {},
): Promise<Actor & { readonly id: string }> {
  const id = randomUUIDv7()
  const at = given.at ?? DAY
  const { name = `A ${role}`, userId = randomUUID(), state = 'active', teamIds = [], isSample = false } = given
  const email = given.email ?? `${role}-${id}@hollow.example`
  await db.write({ workspaceId }, async (tx) => {
    await tx
      .insertInto('members')
      .values({ workspaceId, id, userId, name, email, role, state, isSample, createdAt: at })
      .execute()
    if (teamIds.length > 0)
      await tx
        .insertInto('teamMembers')
        .values(teamIds.map((teamId) => ({ workspaceId, teamId, memberId: id })))
        .execute()
  })
  return { workspaceId, kind: 'member', id, at, permissions: permissionsOfRole(role), teamIds }
}

/** A team, with the given members in it. Their actors keep the `teamIds` that they were made with. */
export async function aTeam(
  db: Database,
  workspaceId: string,
  given: { readonly name?: string; readonly members?: readonly Actor[]; readonly at?: Date } = {},
): Promise<{ readonly id: string; readonly name: string }> {
  const id = randomUUIDv7()
  const name = given.name ?? `Team ${id.slice(-6)}`
  await db.write({ workspaceId }, async (tx) => {
    await tx
      .insertInto('teams')
      .values({ workspaceId, id, name, createdAt: given.at ?? DAY })
      .execute()
    const memberIds = (given.members ?? []).flatMap((member) => (member.id === null ? [] : [member.id]))
    if (memberIds.length > 0)
      await tx
        .insertInto('teamMembers')
        .values(memberIds.map((memberId) => ({ workspaceId, teamId: id, memberId })))
        .execute()
  })
  return { id, name }
}
