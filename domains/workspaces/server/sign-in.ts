// Signing in and out, passwords and second factor: the library proves, we slow down guessing, write down and tell others.
import type { Clock } from '#platform/clock'
import { Problem } from '#platform/contract/problem'
import type { Database } from '#platform/db/database'
import type { SignInState } from '../contract/sign-in.ts'
import { logSignIn } from './access.ts'
import type { Auth, Caller, Login, Outcome } from './auth/library.ts'
import { dropHalfDone, endLogins, findPerson, personOfChallenge } from './auth/persons.ts'
import { forgetAuthority } from './authority.ts'
import { emitForPerson } from './emit.ts'
import { countTry, forgetTries } from './tries.ts'

export interface SignInDeps {
  readonly db: Database
  readonly clock: Clock
  readonly auth: Auth
}

/** An answer with the Set-Cookie lines that belong to it. */
export interface WithCookies<T> {
  readonly value: T
  readonly cookies: readonly string[]
}

const wrongCredentials = (): Problem =>
  new Problem(401, 'workspaces.wrong_credentials', 'E-mail and password do not belong together.')

const wrongCode = (): Problem =>
  new Problem(401, 'workspaces.wrong_code', 'This code is not right. Take the newest one.')

const tooManyCodes = (): Problem =>
  new Problem(429, 'workspaces.try_later', 'Too many wrong codes. Wait a quarter of an hour, then sign in again.')

/** Says and takes the same for an account that is there and one that is not. */
export async function signIn(
  { db, clock, auth }: SignInDeps,
  caller: Caller,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<WithCookies<SignInState>> {
  await countTry(db, clock.now(), email, caller.address)
  const outcome = await auth.signIn(withoutLogin(caller), email, password)
  const state = outcome.ok ? outcome.value : null
  const action =
    state === 'signed-in'
      ? 'workspaces.signed_in'
      : state === 'second-factor'
        ? 'workspaces.second_factor_asked'
        : 'workspaces.sign_in_failed'
  await db.system((tx) => logSignIn(tx, clock.now(), action, { email }, caller))
  if (!outcome.ok) throw wrongCredentials()
  await forgetTries(db, email, caller.address)
  return { value: { state: outcome.value }, cookies: outcome.cookies }
}

export async function verifySecondFactor(
  { db, clock, auth }: SignInDeps,
  caller: Caller,
  code: string,
): Promise<WithCookies<SignInState>> {
  // Asked before the library is: after too many wrong codes it forgets whose they were.
  const challenge = auth.challengeOf(caller)
  const asked = await db.system((tx) => personOfChallenge(tx, challenge))
  const outcome = await auth.verifySecondFactor(withoutLogin(caller), code.trim())
  if (!outcome.ok) {
    if (asked && (outcome.reason === 'wrong' || outcome.reason === 'locked'))
      await db.system((tx) => logSignIn(tx, clock.now(), 'workspaces.wrong_code', { userId: asked }, caller))
    if (outcome.reason === 'locked') throw tooManyCodes()
    if (outcome.reason === 'wrong') throw wrongCode()
    throw new Problem(401, 'workspaces.sign_in_again', 'That took too long. Sign in again.')
  }
  const { userId } = outcome.value
  await db.system((tx) => logSignIn(tx, clock.now(), 'workspaces.signed_in', { userId }, caller))
  return { value: { state: 'signed-in' }, cookies: outcome.cookies }
}

export async function signOut({ db, clock, auth }: SignInDeps, caller: Caller): Promise<readonly string[]> {
  const login = await auth.loginOf(caller)
  const cookies = await auth.signOut(caller)
  forgetAuthority()
  if (login)
    await db.system(async (tx) => {
      await logSignIn(tx, clock.now(), 'workspaces.signed_out', { userId: login.userId }, caller)
      // Other tabs of this browser hold a stream: they hear it by this.
      await emitForPerson(tx, clock.now(), login.userId, 'workspaces.logins_revoked')
    })
  return cookies
}

export async function changePassword(
  deps: SignInDeps,
  caller: Caller,
  login: Login,
  { present, next }: { readonly present: string; readonly next: string },
): Promise<readonly string[]> {
  const { db, clock, auth } = deps
  const { cookies } = await guarded(deps, caller, login, () => auth.changePassword(caller, present, next))
  forgetAuthority()
  await db.system(async (tx) => {
    // A reset link that somebody else asked for must not outlive the reason to change the password.
    await dropHalfDone(tx, login.userId)
    await emitForPerson(tx, clock.now(), login.userId, 'workspaces.password_changed')
  })
  return cookies
}

export async function beginSecondFactor(
  deps: SignInDeps,
  caller: Caller,
  login: Login,
  password: string,
): Promise<{ uri: string; backupCodes: string[] }> {
  return (await guarded(deps, caller, login, () => deps.auth.beginSecondFactor(caller, password))).value
}

export async function confirmSecondFactor(
  { db, clock, auth }: SignInDeps,
  caller: Caller,
  login: Login,
  code: string,
): Promise<readonly string[]> {
  const outcome = await auth.confirmSecondFactor(caller, code.trim())
  if (!outcome.ok) {
    if (outcome.reason === 'state') throw wrongState()
    await db.system((tx) => logSignIn(tx, clock.now(), 'workspaces.wrong_code', { userId: login.userId }, caller))
    throw wrongCode()
  }
  forgetAuthority()
  await db.system((tx) => emitForPerson(tx, clock.now(), login.userId, { secondFactor: 'enabled' }))
  return outcome.cookies
}

export async function disableSecondFactor(
  deps: SignInDeps,
  caller: Caller,
  login: Login,
  password: string,
): Promise<readonly string[]> {
  const { db, clock, auth } = deps
  const { cookies } = await guarded(deps, caller, login, () => auth.disableSecondFactor(caller, password))
  forgetAuthority()
  await db.system((tx) => emitForPerson(tx, clock.now(), login.userId, { secondFactor: 'disabled' }))
  return cookies
}

export async function renewBackupCodes(
  deps: SignInDeps,
  caller: Caller,
  login: Login,
  password: string,
): Promise<{ backupCodes: string[] }> {
  const { db, clock, auth } = deps
  const { value } = await guarded(deps, caller, login, () => auth.renewBackupCodes(caller, password))
  await db.system((tx) => emitForPerson(tx, clock.now(), login.userId, { secondFactor: 'backupCodes' }))
  return value
}

/** Ends log-ins of the person; 0 when there was none such. */
export async function revokeLogins(
  { db, clock }: Pick<SignInDeps, 'db' | 'clock'>,
  userId: string,
  which: { readonly only?: string; readonly except?: string } = {},
): Promise<number> {
  const ended = await db.system(async (tx) => {
    const count = await endLogins(tx, userId, which)
    if (count > 0) await emitForPerson(tx, clock.now(), userId, 'workspaces.logins_revoked')
    return count
  })
  forgetAuthority()
  return ended
}

/** Sets nothing but the cookie of an account that was just made, or proved otherwise. */
export async function signInNew(
  { db, clock, auth }: SignInDeps,
  caller: Caller,
  email: string,
  password: string,
): Promise<readonly string[]> {
  const outcome = await auth.signIn(withoutLogin(caller), email, password)
  if (!outcome.ok) throw wrongCredentials()
  const person = await db.system((tx) => findPerson(tx, email))
  if (person) await db.system((tx) => logSignIn(tx, clock.now(), 'workspaces.signed_in', { userId: person.id }, caller))
  return outcome.cookies
}

/** A present password is asked for again: guessing it over a stolen log-in is slowed down as at the door. */
async function guarded<T>(
  { db, clock }: SignInDeps,
  { address }: Caller,
  { email }: Login,
  act: () => Promise<Outcome<T>>,
): Promise<Extract<Outcome<T>, { ok: true }>> {
  await countTry(db, clock.now(), email, address)
  const outcome = await act()
  if (outcome.ok) {
    await forgetTries(db, email, address)
    return outcome
  }
  if (outcome.reason === 'state') throw wrongState()
  if (outcome.reason === 'expired') throw new Problem(401, 'unauthenticated', 'Sign in first, or send an API token.')
  throw new Problem(422, 'workspaces.wrong_password', 'The present password is not right.', {
    fields: [{ path: 'password', message: 'is not right' }],
  })
}

const wrongState = (): Problem =>
  new Problem(
    409,
    'workspaces.second_factor_state',
    'The second factor is not in the state for this. Load the page anew.',
  )

/** Signing in starts from nothing, whoever's log-in the browser still holds; only the half-done second factor stays. */
function withoutLogin(caller: Caller): Caller {
  const cookie = caller.cookie
    ?.split(/; */)
    .filter((part) => !/^(__Secure-)?rapport_login=/.test(part))
    .join('; ')
  return { ...caller, cookie: cookie || undefined }
}
