// From where somebody signed in, or tried to: kept apart from events, because addresses are personal data.
import { sql } from 'kysely'
import type { Tx } from '#platform/db/database'
import type { Caller } from './auth/library.ts'
import { foldEmail } from './auth/persons.ts'

export type AccessAction =
  | 'workspaces.signed_in'
  | 'workspaces.sign_in_failed'
  | 'workspaces.second_factor_asked'
  | 'workspaces.signed_out'

/**
 * Writes it down in every workspace of the person. One statement whether the account exists or not, so that the time it
 * takes tells nobody.
 */
export async function logAccess(
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
  await sql`
    insert into access_log (workspace_id, at, actor_kind, actor_id, action, subject_id, address, device)
    select m.workspace_id, ${at}, 'member', m.id, ${action}, m.id, ${address}, ${device}
    from members m where ${isPerson} and m.state = 'active'`.execute(tx)
}
