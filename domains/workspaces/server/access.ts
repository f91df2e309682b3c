// From where somebody signed in, or tried to: written down in every workspace of the person.
import { sql } from 'kysely'
import { logAccess } from '#platform/access-log'
import type { Tx } from '#platform/db/database'
import type { Caller } from './auth/library.ts'
import { foldEmail } from './auth/persons.ts'

export type AccessAction =
  | 'workspaces.signed_in'
  | 'workspaces.sign_in_failed'
  | 'workspaces.second_factor_asked'
  | 'workspaces.wrong_code'
  | 'workspaces.reset_asked'
  | 'workspaces.password_reset'
  | 'workspaces.signed_out'

/** The same statements whether the account exists or not, so that the time they take tells nobody. */
export async function logSignIn(
  tx: Tx,
  at: Date,
  action: AccessAction,
  who: { readonly email: string } | { readonly userId: string },
  { address, device }: Caller,
): Promise<void> {
  const isPerson =
    'userId' in who
      ? sql`m.user_id = ${who.userId}`
      : sql`m.user_id = (select u.id from auth."user" u where u.email = ${foldEmail(who.email)})`
  const { rows } = await sql<{ workspaceId: string; id: string }>`
    select m.workspace_id, m.id from members m where ${isPerson} and m.state = 'active'`.execute(tx)
  await logAccess(
    tx,
    rows.map(({ workspaceId, id }) => ({
      workspaceId,
      at,
      actorKind: 'member' as const,
      actorId: id,
      action,
      subjectId: id,
      address,
      device,
    })),
  )
}
