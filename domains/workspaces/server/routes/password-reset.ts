import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '#platform/clock'
import { implement } from '#platform/contract/implement'
import { Problem } from '#platform/contract/problem'
import type { Database } from '#platform/db/database'
import { passwordResetRoutes } from '../../contract/password-reset.ts'
import type { Auth } from '../auth/library.ts'
import { callerOf } from '../authorize.ts'
import { askPasswordReset, checkPasswordReset, makeResetLink, resetPassword } from '../password-reset.ts'
import { resetMail } from '../reset-mail.ts'
import type { PeopleDeps } from './people.ts'

export interface PasswordResetDeps extends Pick<PeopleDeps, 'publicUrl' | 'sendMail'> {
  readonly db: Database
  readonly clock: Clock
  readonly auth: Auth
}

export const passwordResetPlugin = ({ db, clock, auth, publicUrl, sendMail }: PasswordResetDeps) => {
  // Behind the number sign, so that no server or proxy on the way writes it down.
  const linkOf = (token: string): string => `${publicUrl()}/reset-password#${token}`

  return implement(passwordResetRoutes)({
    askPasswordReset: async ({ body: { email } }, { request }) => {
      if (!sendMail)
        throw new Problem(
          409,
          'workspaces.no_mail',
          'This installation sends no mail. Ask an owner or administrator of your workspace for a link.',
        )
      const found = await askPasswordReset(db, clock.now(), callerOf(request), email)
      // Nobody waits for the mail: that it takes its time would tell that there is an account.
      if (found) void sendMail(resetMail(found.email, linkOf(found.token))).catch(sayIn(request.log))
    },
    checkPasswordReset: ({ body: { token } }) => checkPasswordReset(db, clock.now(), token),
    resetPassword: ({ body }, { request }) => resetPassword({ db, auth }, clock.now(), callerOf(request), body),
    makeResetLink: async ({ params: { id } }, { actor, request }) => {
      const { email, token } = await makeResetLink(db, actor, id)
      const link = linkOf(token)
      if (!sendMail) return { mailed: false, link }
      const mailed = await sendMail(resetMail(email, link)).then(
        () => true,
        (error: unknown) => {
          sayIn(request.log)(error)
          return false
        },
      )
      return { mailed, link: mailed ? null : link }
    },
  })
}

const sayIn = (log: FastifyBaseLogger) => (error: unknown) =>
  log.warn({ err: error }, 'a mail with a link for a new password was not sent')
