// The way back in for who forgot their password: a link that works once, for an hour.
import * as t from 'typebox'
import { IdParams, nullable, routes } from '#platform/contract/kernel'
import { Email, Password } from './sign-in.ts'

const Token = t.String({ minLength: 20, maxLength: 100 })

export const passwordResetRoutes = routes({
  askPasswordReset: {
    method: 'POST',
    path: '/auth/password-reset/ask',
    summary: 'Mail a link for a new password, where there is an account; the answer is the same where there is none',
    access: 'public',
    body: t.Object({ email: Email }),
    problems: ['workspaces.try_later', 'workspaces.no_mail'],
    limit: { perMinute: 10 },
  },
  checkPasswordReset: {
    method: 'POST',
    path: '/auth/password-reset/look-up',
    summary: 'Whose password a reset link sets; 404 once it was used or its hour is over',
    access: 'public',
    body: t.Object({ token: Token }),
    reply: t.Object({ email: t.String() }),
    limit: { perMinute: 30 },
  },
  resetPassword: {
    method: 'POST',
    path: '/auth/password-reset',
    summary: 'Set a new password by a reset link. Every log-in ends; nobody is signed in, and a second factor stays',
    access: 'public',
    body: t.Object({ token: Token, password: Password }),
    reply: t.Object({ email: t.String() }),
    limit: { perMinute: 10 },
  },
  makeResetLink: {
    method: 'POST',
    path: '/members/:id/reset-link',
    summary: 'Help a member back in: the link goes to them by mail where mail is set up, else it is in the answer',
    access: 'people.manage',
    params: IdParams,
    reply: t.Object({ mailed: t.Boolean(), link: nullable(t.String()) }),
    problems: [
      'workspaces.beyond_own',
      'workspaces.not_yourself',
      'workspaces.person_needed',
      'workspaces.not_active',
      'workspaces.member_elsewhere',
    ],
    limit: { perMinute: 20 },
  },
})
