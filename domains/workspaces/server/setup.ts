// A fresh installation belongs to whoever holds the link that it printed.
import { Problem } from '#platform/contract/problem'
import type { Clock } from '#platform/clock'
import { hashToken, randomToken } from '#platform/crypto'
import type { Database, Tx } from '#platform/db/database'
import type { Auth } from './auth/library.ts'
import { createPerson, findPerson } from './auth/persons.ts'
import type { WorkspacesTables } from './tables.ts'
import { createWorkspace, requireTimeZone } from './workspaces.ts'

/** A new one-time token while nobody has claimed the installation, else null. Older ones stop to work. */
export async function createSetupLink(db: Database, clock: Clock): Promise<string | null> {
  const token = randomToken()
  const now = clock.now()
  return db.system(async (tx) => {
    if (await isClaimed(tx)) return null
    await tx.updateTable('setupLinks').set({ usedAt: now }).where('usedAt', 'is', null).execute()
    await tx
      .insertInto('setupLinks')
      .values({ tokenHash: hashToken(token), createdAt: now })
      .execute()
    return token
  })
}

export async function isClaimed(tx: Tx<WorkspacesTables>): Promise<boolean> {
  return (await tx.selectFrom('workspaces').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function isSetupToken(tx: Tx<WorkspacesTables>, token: string): Promise<boolean> {
  const row = await tx
    .selectFrom('setupLinks')
    .select('createdAt')
    .where('tokenHash', '=', hashToken(token))
    .where('usedAt', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export interface Claim {
  readonly token: string
  readonly name: string
  readonly email: string
  readonly password: string
  readonly workspaceName: string
  readonly timeZone: string
  readonly locale: string
}

/** Makes the first workspace. Of two claims at once one waits on the link's row and finds it used. */
export async function claimSetup(
  db: Database,
  auth: Auth,
  now: Date,
  claim: Claim,
): Promise<{ workspaceId: string; slug: string }> {
  requireTimeZone(claim.timeZone)
  // Before the slow hash: a wrong token costs us next to nothing.
  await db.system(async (tx) => mayClaim(await isClaimed(tx), await isSetupToken(tx, claim.token)))
  const passwordHash = await auth.hashPassword(claim.password)
  return db.system(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('setupLinks')
      .set({ usedAt: now })
      .where('tokenHash', '=', hashToken(claim.token))
      .where('usedAt', 'is', null)
      .executeTakeFirst()
    mayClaim(await isClaimed(tx), numUpdatedRows > 0n)
    if (await findPerson(tx, claim.email))
      throw new Error('an account without any workspace: the database was edited by hand')
    const person = await createPerson(tx, now, { email: claim.email, name: claim.name.trim(), passwordHash })
    const { workspaceId, slug } = await createWorkspace(tx, now, {
      name: claim.workspaceName,
      timeZone: claim.timeZone,
      locale: claim.locale,
      owner: { userId: person.id, name: person.name, email: person.email },
    })
    return { workspaceId, slug }
  })
}

function mayClaim(claimed: boolean, valid: boolean): void {
  if (claimed)
    throw new Problem(409, 'workspaces.already_claimed', 'This installation has an owner already. Sign in instead.')
  if (!valid)
    throw new Problem(
      422,
      'workspaces.setup_link_invalid',
      'This set-up link does not work any more. The newest one stands in the output of the program; a restart prints another.',
    )
}
