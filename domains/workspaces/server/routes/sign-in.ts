import type { FastifyReply } from 'fastify'
import { implement } from '#platform/contract/implement'
import { notFound } from '#platform/contract/problem'
import { signInRoutes } from '../../contract/sign-in.ts'
import { loginsOf } from '../auth/persons.ts'
import { callerOf, sessionOf } from '../authorize.ts'
import { acceptInvitation, getInvitation } from '../invitations.ts'
import { claimSetup, isClaimed, isSetupToken } from '../setup.ts'
import * as door from '../sign-in.ts'
import type { PeopleDeps } from './people.ts'

function give(reply: FastifyReply, cookies: readonly string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie)
}

export const signInPlugin = (deps: door.SignInDeps & Pick<PeopleDeps, 'sendMail'>) => {
  const { db, clock, auth, sendMail } = deps
  return implement(signInRoutes)({
    getSetup: () => db.system(async (tx) => ({ claimed: await isClaimed(tx), mail: sendMail !== null })),
    checkSetup: ({ body }) =>
      db.system(async (tx) => {
        const claimed = await isClaimed(tx)
        return { claimed, valid: !claimed && (await isSetupToken(tx, body.token)) }
      }),
    claimSetup: async ({ body }, { request, reply }) => {
      const made = await claimSetup(db, auth, clock.now(), body)
      give(reply, await door.signInNew(deps, callerOf(request), body.email, body.password))
      return made
    },
    signIn: async ({ body }, { request, reply }) => {
      const { value, cookies } = await door.signIn(deps, callerOf(request), body)
      give(reply, cookies)
      return value
    },
    verifySecondFactor: async ({ body }, { request, reply }) => {
      const { value, cookies } = await door.verifySecondFactor(deps, callerOf(request), body.code)
      give(reply, cookies)
      return value
    },
    signOut: async (_input, { request, reply }) => give(reply, await door.signOut(deps, callerOf(request))),
    changePassword: async ({ body }, { request, reply }) =>
      give(reply, await door.changePassword(deps, callerOf(request), sessionOf(request), body)),
    beginSecondFactor: ({ body }, { request }) =>
      door.beginSecondFactor(deps, callerOf(request), sessionOf(request), body.password),
    confirmSecondFactor: async ({ body }, { request, reply }) =>
      give(reply, await door.confirmSecondFactor(deps, callerOf(request), sessionOf(request), body.code)),
    disableSecondFactor: async ({ body }, { request, reply }) =>
      give(reply, await door.disableSecondFactor(deps, callerOf(request), sessionOf(request), body.password)),
    renewBackupCodes: ({ body }, { request }) =>
      door.renewBackupCodes(deps, callerOf(request), sessionOf(request), body.password),
    listLogins: async (_input, { request }) => {
      const { userId, loginId } = sessionOf(request)
      const rows = await db.system((tx) => loginsOf(tx, userId, clock.now()))
      return {
        items: rows.map(({ signedInAt, lastSeenAt, ...row }) => ({
          ...row,
          signedInAt: signedInAt.toISOString(),
          lastSeenAt: lastSeenAt.toISOString(),
          isThis: row.id === loginId,
        })),
      }
    },
    revokeLogin: async ({ params }, { request }) => {
      const ended = await door.revokeLogins(deps, sessionOf(request).userId, { only: params.id })
      if (ended === 0) throw notFound('log-in')
    },
    revokeOtherLogins: async (_input, { request }) => {
      const { userId, loginId } = sessionOf(request)
      await door.revokeLogins(deps, userId, { except: loginId })
    },
    getInvitation: ({ body }) => getInvitation(db, clock.now(), body.token),
    acceptInvitation: async ({ body }, { request, reply }) => {
      const caller = callerOf(request)
      const joined = await acceptInvitation(db, auth, clock.now(), await auth.loginOf(caller), body)
      const { newAccount, ...place } = joined
      if (newAccount) give(reply, await door.signInNew(deps, caller, newAccount.email, newAccount.password))
      return place
    },
  })
}
