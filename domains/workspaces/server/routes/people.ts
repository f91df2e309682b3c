import type { Actor } from '#platform/actor'
import type { Clock } from '#platform/clock'
import { implement } from '#platform/contract/implement'
import type { Database } from '#platform/db/database'
import type { SystemMail } from '#platform/mail'
import { peopleRoutes, type Invitation } from '../../contract/people.ts'
import { inviteMember, listInvitations, resendInvitation, revokeInvitation } from '../invitations.ts'
import { invitationMail } from '../invitation-mail.ts'
import { accountToSignOut, changeMember, listColleagues, listMembers, setMemberState } from '../members.ts'
import { revokeLogins } from '../sign-in.ts'
import { getWorkspace } from '../workspaces.ts'

export interface PeopleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly publicUrl: () => string
  /** Rejects when the mail was not taken; null where no mail is set up. Either way links are shown to copy. */
  readonly sendMail: ((mail: SystemMail) => Promise<void>) | null
}

export const peoplePlugin = (deps: PeopleDeps) => {
  const { db } = deps
  return implement(peopleRoutes)({
    listColleagues: async (_input, { actor }) => ({ items: await db.read(actor, listColleagues) }),
    listMembers: async (_input, { actor }) => ({ items: await db.read(actor, listMembers) }),
    changeMember: ({ params, body }, { actor }) =>
      db.write(actor, (tx) => changeMember(tx, actor, { ...params, ...body })),
    suspendMember: async ({ params }, { actor }) => shutOut(deps, actor, params.id, 'suspended'),
    restoreMember: async ({ params }, { actor }) => {
      const { member } = await db.write(actor, (tx) => setMemberState(tx, actor, { ...params, state: 'active' }))
      return member
    },
    removeMember: async ({ params }, { actor }) => void (await shutOut(deps, actor, params.id, 'removed')),
    signOutMember: async ({ params }, { actor }) => {
      const userId = await db.write(actor, (tx) => accountToSignOut(tx, actor, params.id))
      await revokeLogins(deps, userId)
    },
    listInvitations: async (_input, { actor }) => ({ items: await db.read(actor, (tx) => listInvitations(tx, actor)) }),
    inviteMember: async ({ body }, { actor }) =>
      deliver(deps, actor, await db.write(actor, (tx) => inviteMember(tx, actor, body))),
    resendInvitation: async ({ params }, { actor }) =>
      deliver(deps, actor, await db.write(actor, (tx) => resendInvitation(tx, actor, params.id))),
    revokeInvitation: ({ params }, { actor }) => db.write(actor, (tx) => revokeInvitation(tx, actor, params.id)),
  })
}

/** The membership decides at once; log-ins end as well when no other workspace needs them. */
async function shutOut(deps: PeopleDeps, actor: Actor, id: string, state: 'suspended' | 'removed') {
  const { member, userId } = await deps.db.write(actor, (tx) => setMemberState(tx, actor, { id, state }))
  const elsewhere = await deps.db.system((tx) =>
    tx.selectFrom('members').select('id').where('userId', '=', userId).where('state', '=', 'active').executeTakeFirst(),
  )
  if (!elsewhere) await revokeLogins(deps, userId)
  return member
}

/** By mail where there is mail; where there is none, or it failed, the link goes to whoever invited. */
async function deliver(
  { db, publicUrl, sendMail }: PeopleDeps,
  actor: Actor,
  { invitation, token }: { readonly invitation: Invitation; readonly token: string },
) {
  // Behind the number sign, so that no server or proxy on the way writes it down.
  const link = `${publicUrl()}/join#${token}`
  if (!sendMail) return { invitation, mailed: false, link }
  const { name } = await db.read(actor, (tx) => getWorkspace(tx, actor))
  const mailed = await sendMail(invitationMail(invitation, name, link)).then(
    () => true,
    () => false,
  )
  return { invitation, mailed, link: mailed ? null : link }
}
