// A new password for who forgot theirs. The link proves the mailbox (or the administrator who handed it on), works once and
// for an hour; only its hash is kept. It signs nobody in, so a second factor is asked for as always.
import { memberOf, programActor, type Actor } from '#platform/actor'
import { notFound, Problem } from '#platform/contract/problem'
import { hashToken, randomToken } from '#platform/crypto'
import type { Database, Tx } from '#platform/db/database'
import type { Role } from '../contract/permissions.ts'
import { logSignIn } from './access.ts'
import type { Auth, Caller } from './auth/library.ts'
import { dropHalfDone, endLogins, keepReset, personOfReset, replacePassword, takeReset } from './auth/persons.ts'
import { forgetAuthority } from './authority.ts'
import { emit, emitForPerson } from './emit.ts'
import { requireMember } from './members.ts'
import { mustHaveAll, permissionsOfRole } from './permissions.ts'
import type { WorkspacesTables } from './tables.ts'
import { countResetAsked, forgetTries } from './tries.ts'
import { holdersOf } from './visibility.ts'

const VALID_MS = 3_600_000

export interface ResetToSend {
  readonly email: string
  readonly name: string
  readonly token: string
}

/**
 * Keeps a link for whoever has this e-mail; null where nobody has. Counts and writes the same for both, so that neither the
 * answer nor its time tells. Throws 429 `workspaces.try_later` for an e-mail or a client that asks too often.
 */
export async function askPasswordReset(
  db: Database,
  now: Date,
  caller: Caller,
  email: string,
): Promise<ResetToSend | null> {
  await countResetAsked(db, now, email, caller.address)
  const token = randomToken()
  const person = await db.system(async (tx) => {
    const found = await keepReset(tx, { email }, link(token, now))
    await logSignIn(tx, now, 'workspaces.reset_asked', { email }, caller)
    return found
  })
  return person && { email: person.email, name: person.name, token }
}

const link = (token: string, at: Date) => ({
  tokenHash: hashToken(token),
  at,
  expiresAt: new Date(at.getTime() + VALID_MS),
})

/**
 * The same for a member whom the actor helps. Refused for oneself (it would replace the question for the present password), for
 * who may more, for API tokens (what is stolen with one must not become somebody's account), and for people of other
 * workspaces: an administrator here must not get into those.
 */
export async function makeResetLink(db: Database, actor: Actor, memberId: string): Promise<ResetToSend> {
  requireMember(actor)
  if (memberOf(actor) === memberId)
    throw new Problem(422, 'workspaces.not_yourself', 'Change your own password in your profile.')
  const { userId } = await db.read(actor, (tx) => helpable(tx, actor, memberId))
  const token = randomToken()
  const person = await db.system(async (tx) => {
    const elsewhere = await tx
      .selectFrom('members')
      .select('id')
      .where('userId', '=', userId)
      .where('workspaceId', '<>', actor.workspaceId)
      .where('state', '<>', 'removed')
      .executeTakeFirst()
    if (elsewhere)
      throw new Problem(
        409,
        'workspaces.member_elsewhere',
        'They are a member of another workspace too, so only they themselves can ask for a link, on the sign-in page.',
      )
    return keepReset(tx, { userId }, link(token, actor.at))
  })
  // A colleague of the sample has no account.
  if (!person) throw notFound('account')
  await db.write(actor, (tx) => tellLinkMade(tx, actor, memberId))
  return { email: person.email, name: person.name, token }
}

async function helpable(tx: Tx<WorkspacesTables>, actor: Actor, id: string): Promise<{ userId: string }> {
  const row = await tx.selectFrom('members').select(['userId', 'role', 'state']).where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('member')
  mustHaveAll(actor, permissionsOfRole(row.role as Role))
  if (row.state !== 'active')
    throw new Problem(409, 'workspaces.not_active', 'They are shut out or have left. Let them in again first.')
  return row
}

/** The same by whoever runs the machine, for an installation where nobody else is left to ask. Null where nobody has this e-mail. */
export async function makeResetLinkByHand(db: Database, now: Date, email: string): Promise<ResetToSend | null> {
  const token = randomToken()
  return db.system(async (tx) => {
    const person = await keepReset(tx, { email }, link(token, now))
    if (!person) return null
    const members = await tx
      .selectFrom('members')
      .select(['workspaceId', 'id'])
      .where('userId', '=', person.id)
      .where('state', '=', 'active')
      .execute()
    for (const { workspaceId, id } of members) await tellLinkMade(tx, programActor(workspaceId, now), id)
    return { email: person.email, name: person.name, token }
  })
}

async function tellLinkMade(tx: Tx<WorkspacesTables>, actor: Actor, memberId: string): Promise<void> {
  await emit(tx, actor, 'workspaces.reset_link_made', {
    subjectId: memberId,
    data: { memberId },
    visibility: holdersOf('people.manage'),
  })
}

export async function checkPasswordReset(db: Database, now: Date, token: string): Promise<{ email: string }> {
  const person = await db.system((tx) => personOfReset(tx, hashToken(token), now))
  if (!person) throw notFound('reset link')
  return { email: person.email }
}

/** Every log-in ends, and so does whatever waits half done behind the old password. 404 once the link does not work any more. */
export async function resetPassword(
  deps: { readonly db: Database; readonly auth: Auth },
  now: Date,
  caller: Caller,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<{ email: string }> {
  const { db, auth } = deps
  // Before the slow hash: a wrong token costs us next to nothing.
  await checkPasswordReset(db, now, token)
  const passwordHash = await auth.hashPassword(password)
  const { email } = await db.system(async (tx) => {
    const person = await takeReset(tx, hashToken(token), now)
    if (!person) throw notFound('reset link')
    await replacePassword(tx, now, person.id, passwordHash)
    await dropHalfDone(tx, person.id)
    await endLogins(tx, person.id)
    await logSignIn(tx, now, 'workspaces.password_reset', { userId: person.id }, caller)
    await emitForPerson(tx, now, person.id, 'workspaces.password_reset')
    return person
  })
  forgetAuthority()
  await forgetTries(db, email, caller.address)
  return { email }
}
