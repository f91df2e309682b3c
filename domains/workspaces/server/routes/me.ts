import { implement } from '#platform/contract/implement'
import type { Database } from '#platform/db/database'
import { meRoutes, type Me } from '../../contract/me.ts'
import type { Auth } from '../auth/library.ts'
import { callerOf, membershipsOf, sessionOf } from '../authorize.ts'
import type { Membership } from '../authority.ts'
import { changeMe, leaveWorkspace, readPreferences } from '../members.ts'
import { getWorkspace } from '../workspaces.ts'

export const mePlugin = ({ db, auth }: { readonly db: Database; readonly auth: Auth }) =>
  implement(meRoutes)({
    getMe: async (_input, { request, reply }) => {
      // Every start of the web app asks this, so this is where a log-in is prolonged.
      for (const cookie of await auth.prolong(callerOf(request))) reply.header('set-cookie', cookie)
      const { userId, email, name, secondFactor } = sessionOf(request)
      const { all, present } = membershipsOf(request)
      return {
        person: { id: userId, email, name, secondFactor },
        memberships: all.map(({ workspaceId, slug, workspaceName, role, isSample }) => ({
          workspaceId,
          slug,
          name: workspaceName,
          role,
          isSample,
        })),
        present: present && (await presentView(db, present)),
      }
    },
    changeMe: ({ body }, { actor }) => db.write(actor, (tx) => changeMe(tx, actor, body)),
    leaveWorkspace: (_input, { actor }) => db.write(actor, (tx) => leaveWorkspace(tx, actor)),
  })

async function presentView(db: Database, membership: Membership): Promise<NonNullable<Me['present']>> {
  const { workspaceId, slug, memberId, role, permissions, teamIds } = membership
  return db.read(membership, async (tx) => {
    const { name, timeZone, locale, colour, outboundPausedReason } = await getWorkspace(tx, membership)
    const member = await readPreferences(tx, memberId)
    return {
      workspaceId,
      slug,
      name,
      timeZone,
      locale,
      colour,
      outboundPausedReason,
      memberId,
      memberName: member.name,
      role,
      permissions: [...permissions],
      teamIds: [...teamIds],
      preferences: member.preferences,
    }
  })
}
