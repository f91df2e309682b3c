// An invitation is a link that works once, for seven days; only its hash is kept.
import { randomUUIDv7 } from 'node:crypto'
import { memberOf, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import { hashToken, randomToken } from '#platform/crypto'
import { afterCommit, type Database, type Tx } from '#platform/db/database'
import type { Invitation } from '../contract/people.ts'
import type { Role } from '../contract/permissions.ts'
import type { InvitationOffer } from '../contract/sign-in.ts'
import type { Auth, Login } from './auth/library.ts'
import { createPerson, findPerson, foldEmail, type Person } from './auth/persons.ts'
import { forgetAuthority } from './authority.ts'
import { emit, memberActing } from './emit.ts'
import { mustHaveAll, permissionsOfRole } from './permissions.ts'
import type { WorkspacesTables } from './tables.ts'
import { requireTeams } from './teams.ts'
import { everyone, holdersOf } from './visibility.ts'

type T = Tx<WorkspacesTables>

const VALID_MS = 7 * 86_400_000

export interface NewInvitation {
  readonly email: string
  readonly role: Exclude<Role, 'owner'>
  readonly teamIds?: readonly string[]
}

/** Answers the token too: it goes into the link and is nowhere to be had again. */
export async function inviteMember(
  tx: T,
  actor: Actor,
  input: NewInvitation,
): Promise<{ invitation: Invitation; token: string }> {
  const { role, teamIds = [] } = input
  const email = foldEmail(input.email)
  mustHaveAll(actor, permissionsOfRole(role))
  await requireTeams(tx, teamIds)
  await refuseKnown(tx, actor, email)
  const id = randomUUIDv7()
  const token = randomToken()
  await tx
    .insertInto('invitations')
    .values({
      workspaceId: actor.workspaceId,
      id,
      email,
      role,
      teamIds: [...teamIds],
      tokenHash: hashToken(token),
      invitedBy: memberOf(actor),
      createdAt: actor.at,
      expiresAt: new Date(actor.at.getTime() + VALID_MS),
    })
    .execute()
  await emit(tx, actor, 'workspaces.member_invited', about(id))
  return { invitation: await readInvitation(tx, actor, id), token }
}

async function refuseKnown(tx: T, actor: Actor, email: string): Promise<void> {
  const member = await tx
    .selectFrom('members')
    .select('id')
    .where('email', '=', email)
    .where('state', '<>', 'removed')
    .executeTakeFirst()
  if (member) throw new Problem(409, 'workspaces.already_member', 'Somebody with this e-mail is a member already.')
  const open = await tx
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email)
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', actor.at)
    .executeTakeFirst()
  if (open)
    throw new Problem(
      409,
      'workspaces.already_invited',
      'This e-mail is invited already. Send the invitation again instead.',
    )
}

const about = (invitationId: string) => ({
  subjectId: invitationId,
  data: { invitationId },
  visibility: holdersOf('people.manage'),
})

export async function listInvitations(tx: T, actor: Actor): Promise<Invitation[]> {
  const rows = await tx
    .selectFrom('invitations as i')
    .leftJoin('members as m', (join) =>
      join.onRef('m.workspaceId', '=', 'i.workspaceId').onRef('m.id', '=', 'i.invitedBy'),
    )
    .select(['i.id', 'i.email', 'i.role', 'i.teamIds', 'm.name as invitedBy', 'i.createdAt', 'i.expiresAt'])
    .where('i.acceptedAt', 'is', null)
    .where('i.revokedAt', 'is', null)
    .orderBy('i.createdAt', 'desc')
    .orderBy('i.id', 'desc')
    .execute()
  return rows.map((row) => ({
    ...row,
    role: row.role as Role,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isExpired: row.expiresAt <= actor.at,
  }))
}

async function readInvitation(tx: T, actor: Actor, id: string): Promise<Invitation> {
  const found = (await listInvitations(tx, actor)).find((invitation) => invitation.id === id)
  if (!found) throw notFound('invitation')
  return found
}

/** A new link with seven new days; the old link stops to work. */
export async function resendInvitation(
  tx: T,
  actor: Actor,
  id: string,
): Promise<{ invitation: Invitation; token: string }> {
  mustHaveAll(actor, permissionsOfRole((await readInvitation(tx, actor, id)).role))
  const token = randomToken()
  await tx
    .updateTable('invitations')
    .set({ tokenHash: hashToken(token), expiresAt: new Date(actor.at.getTime() + VALID_MS) })
    .where('id', '=', id)
    .where('acceptedAt', 'is', null)
    .execute()
  await emit(tx, actor, 'workspaces.invitation_resent', about(id))
  return { invitation: await readInvitation(tx, actor, id), token }
}

export async function revokeInvitation(tx: T, actor: Actor, id: string): Promise<void> {
  await readInvitation(tx, actor, id)
  await tx
    .updateTable('invitations')
    .set({ revokedAt: actor.at })
    .where('id', '=', id)
    .where('acceptedAt', 'is', null)
    .execute()
  await emit(tx, actor, 'workspaces.invitation_revoked', about(id))
}

/** Locks the row where `lock` says so, which makes a link work once. 404 for whatever does not work any more. */
async function openInvitation(tx: T, now: Date, token: string, lock = false) {
  const query = tx
    .selectFrom('invitations')
    .select(['workspaceId', 'id', 'email', 'role', 'teamIds', 'expiresAt'])
    .where('tokenHash', '=', hashToken(token))
    .where('acceptedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  if (!row) throw notFound('invitation')
  return row
}

export async function getInvitation(db: Database, now: Date, token: string): Promise<InvitationOffer> {
  return db.system(async (tx) => {
    const row = await openInvitation(tx, now, token)
    const { name } = await tx
      .selectFrom('workspaces')
      .select('name')
      .where('id', '=', row.workspaceId)
      .executeTakeFirstOrThrow()
    return {
      workspaceName: name,
      email: row.email,
      role: row.role as Role,
      expiresAt: row.expiresAt.toISOString(),
      hasAccount: (await findPerson(tx, row.email)) !== null,
    }
  })
}

export interface Acceptance {
  readonly token: string
  readonly name?: string
  readonly password?: string
}

export interface Joined {
  readonly workspaceId: string
  readonly slug: string
  readonly memberId: string
  /** Set when an account was made: it can be signed in with the password just given. */
  readonly newAccount: { readonly email: string; readonly password: string } | null
}

/** `login` is who the browser is signed in as, if anybody: an account that exists must be proved by it. */
export async function acceptInvitation(
  db: Database,
  auth: Auth,
  now: Date,
  login: Login | null,
  { token, name, password }: Acceptance,
): Promise<Joined> {
  const known = await db.system(async (tx) => findPerson(tx, (await openInvitation(tx, now, token)).email))
  if (!known && (!name?.trim() || !password))
    throw new Problem(422, 'workspaces.account_needed', 'Choose a name and a password for the new account.')
  const passwordHash = known ? '' : await auth.hashPassword(password!)
  return db.system(async (tx) => {
    const invitation = await openInvitation(tx, now, token, true)
    const person = await findPerson(tx, invitation.email)
    if (person && person.id !== login?.userId)
      throw new Problem(
        409,
        'workspaces.sign_in_first',
        `Sign in as ${invitation.email} first, then open the link again.`,
      )
    const { email } = invitation
    const joining = person ?? (await createPerson(tx, now, { email, name: name!.trim(), passwordHash }))
    const memberId = await join(tx, now, invitation, joining)
    const { slug } = await tx
      .selectFrom('workspaces')
      .select('slug')
      .where('id', '=', invitation.workspaceId)
      .executeTakeFirstOrThrow()
    return {
      workspaceId: invitation.workspaceId,
      slug,
      memberId,
      newAccount: person ? null : { email, password: password! },
    }
  })
}

async function join(
  tx: Tx,
  now: Date,
  invitation: Awaited<ReturnType<typeof openInvitation>>,
  person: Person,
): Promise<string> {
  const { workspaceId, id: invitationId, role, teamIds } = invitation
  await tx
    .updateTable('invitations')
    .set({ acceptedAt: now })
    .where('workspaceId', '=', workspaceId)
    .where('id', '=', invitationId)
    .execute()
  // Who was a member before becomes one again, under the old id, so that what they did stays theirs. One suspended stays out.
  const row = await tx
    .insertInto('members')
    .values({
      workspaceId,
      id: randomUUIDv7(),
      userId: person.id,
      name: person.name,
      email: person.email,
      role,
      createdAt: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'userId'])
        .doUpdateSet({ role, state: 'active' })
        .where('members.state', '=', 'removed'),
    )
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new Problem(409, 'workspaces.already_member', 'You are a member of this workspace already.')
  // A team may have been retired since.
  const teams = teamIds.length === 0 ? [] : await liveTeams(tx, workspaceId, teamIds)
  if (teams.length > 0)
    await tx
      .insertInto('teamMembers')
      .values(teams.map((teamId) => ({ workspaceId, teamId, memberId: row.id })))
      .execute()
  await emit(tx, memberActing(workspaceId, row.id, now), 'workspaces.member_joined', {
    subjectId: row.id,
    data: { memberId: row.id, invitationId },
    visibility: everyone,
  })
  afterCommit(tx, forgetAuthority)
  return row.id
}

async function liveTeams(tx: T, workspaceId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('teams')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where('id', 'in', ids)
    .where('archivedAt', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}
