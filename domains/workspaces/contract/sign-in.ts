// Who somebody is: claiming the installation, joining by invitation, signing in and out, passwords, second factor, log-ins.
import * as t from 'typebox'
import { Id, Moment, oneOf, routes } from '#platform/contract/kernel'
import { roleNames } from './permissions.ts'

export const Email = t.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$' })
/** At least ten characters; nothing else is asked of it. */
export const Password = t.String({ minLength: 10, maxLength: 128 })
export const PersonName = t.String({ minLength: 1, maxLength: 80, pattern: '\\S' })
export const TimeZone = t.String({ minLength: 1, maxLength: 64 })
export const Locale = t.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' })
const Token = t.String({ minLength: 20, maxLength: 100 })
const GivenPassword = t.String({ minLength: 1, maxLength: 128 })
/** Six digits of the authenticator, or a backup code with its dash. */
const Code = t.String({ minLength: 6, maxLength: 20 })

export const SignInState = t.Object({ state: oneOf(['signed-in', 'second-factor']) })
export type SignInState = t.Static<typeof SignInState>

export const LoginView = t.Object(
  {
    id: t.String(),
    device: t.String(),
    address: t.String(),
    signedInAt: Moment,
    lastSeenAt: Moment,
    isThis: t.Boolean(),
  },
  { $id: 'LoginView' },
)
export type LoginView = t.Static<typeof LoginView>

export const InvitationOffer = t.Object({
  workspaceName: t.String(),
  email: t.String(),
  role: oneOf(roleNames),
  expiresAt: Moment,
  /** Whether an account of that e-mail exists: then its owner signs in first, instead of choosing a password. */
  hasAccount: t.Boolean(),
})
export type InvitationOffer = t.Static<typeof InvitationOffer>

const wrong = ['workspaces.wrong_password', 'workspaces.try_later'] as const

export const signInRoutes = routes({
  getSetup: {
    method: 'GET',
    path: '/setup',
    summary: 'Whether this installation has an owner, and whether it can send mail',
    access: 'public',
    reply: t.Object({ claimed: t.Boolean(), mail: t.Boolean() }),
  },
  checkSetup: {
    method: 'POST',
    path: '/setup/check',
    summary: 'Whether a set-up token still opens this installation',
    access: 'public',
    body: t.Object({ token: Token }),
    reply: t.Object({ claimed: t.Boolean(), valid: t.Boolean() }),
    limit: { perMinute: 30 },
  },
  claimSetup: {
    method: 'POST',
    path: '/setup',
    summary: 'Make the first workspace and its owner with the set-up token, and sign in',
    access: 'public',
    body: t.Object({
      token: Token,
      name: PersonName,
      email: Email,
      password: Password,
      workspaceName: t.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
      timeZone: TimeZone,
      locale: Locale,
    }),
    reply: t.Object({ workspaceId: Id, slug: t.String() }),
    problems: ['workspaces.already_claimed', 'workspaces.setup_link_invalid', 'workspaces.unknown_time_zone'],
    limit: { perMinute: 10 },
  },
  signIn: {
    method: 'POST',
    path: '/auth/sign-in',
    summary: 'Sign in with e-mail and password; `second-factor` asks for a code next',
    access: 'public',
    body: t.Object({ email: Email, password: GivenPassword }),
    reply: SignInState,
    problems: ['workspaces.wrong_credentials', 'workspaces.try_later'],
    limit: { perMinute: 30 },
  },
  verifySecondFactor: {
    method: 'POST',
    path: '/auth/second-factor/verify',
    summary: 'Finish signing in with a code of the authenticator or a backup code',
    access: 'public',
    body: t.Object({ code: Code }),
    reply: SignInState,
    problems: ['workspaces.wrong_code', 'workspaces.sign_in_again', 'workspaces.try_later'],
    limit: { perMinute: 20 },
  },
  signOut: { method: 'POST', path: '/auth/sign-out', summary: 'End this log-in', access: 'public' },
  changePassword: {
    method: 'POST',
    path: '/auth/password',
    summary: 'Change the own password; every other log-in ends',
    access: 'signed-in',
    body: t.Object({ present: GivenPassword, next: Password }),
    problems: wrong,
    limit: { perMinute: 10 },
  },
  beginSecondFactor: {
    method: 'POST',
    path: '/auth/second-factor',
    summary: 'Make a secret for an authenticator; it counts once a code of it was confirmed',
    access: 'signed-in',
    body: t.Object({ password: GivenPassword }),
    reply: t.Object({ uri: t.String(), backupCodes: t.Array(t.String()) }),
    problems: [...wrong, 'workspaces.second_factor_state'],
    limit: { perMinute: 10 },
  },
  confirmSecondFactor: {
    method: 'POST',
    path: '/auth/second-factor/confirm',
    summary: 'Switch the second factor on with its first code',
    access: 'signed-in',
    body: t.Object({ code: Code }),
    problems: ['workspaces.wrong_code', 'workspaces.second_factor_state'],
    limit: { perMinute: 10 },
  },
  disableSecondFactor: {
    method: 'POST',
    path: '/auth/second-factor/disable',
    summary: 'Switch the second factor off',
    access: 'signed-in',
    body: t.Object({ password: GivenPassword }),
    problems: wrong,
    limit: { perMinute: 10 },
  },
  renewBackupCodes: {
    method: 'POST',
    path: '/auth/second-factor/backup-codes',
    summary: 'Make new backup codes; the old ones stop to count',
    access: 'signed-in',
    body: t.Object({ password: GivenPassword }),
    reply: t.Object({ backupCodes: t.Array(t.String()) }),
    problems: [...wrong, 'workspaces.second_factor_state'],
    limit: { perMinute: 10 },
  },
  listLogins: {
    method: 'GET',
    path: '/auth/logins',
    summary: 'Where the caller is signed in, newest first',
    access: 'signed-in',
    reply: t.Object({ items: t.Array(LoginView) }),
  },
  revokeLogin: {
    method: 'DELETE',
    path: '/auth/logins/:id',
    summary: 'End one of the own log-ins',
    access: 'signed-in',
    params: t.Object({ id: t.String({ maxLength: 64 }) }),
  },
  revokeOtherLogins: {
    method: 'POST',
    path: '/auth/logins/revoke-others',
    summary: 'End all own log-ins but this one',
    access: 'signed-in',
  },
  getInvitation: {
    method: 'POST',
    path: '/invitations/look-up',
    summary: 'What an invitation link offers',
    access: 'public',
    body: t.Object({ token: Token }),
    reply: InvitationOffer,
    limit: { perMinute: 30 },
  },
  acceptInvitation: {
    method: 'POST',
    path: '/invitations/accept',
    summary: 'Join: with a new account (name and password), or as the signed-in account of that e-mail',
    access: 'public',
    body: t.Object({ token: Token, name: t.Optional(PersonName), password: t.Optional(Password) }),
    reply: t.Object({ workspaceId: Id, slug: t.String(), memberId: Id }),
    problems: ['workspaces.sign_in_first', 'workspaces.account_needed'],
    limit: { perMinute: 10 },
  },
})
