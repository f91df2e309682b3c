// Guessing slows down: by account and address after five misses, by account alone after twenty, doubling up to a limit.
// Counted in the database before the password is looked at, so that neither a second node, a restart nor a burst helps.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Problem } from '#platform/contract/problem'
import type { Database, Tx } from '#platform/db/database'
import { foldEmail } from './auth/persons.ts'
import type { WorkspacesTables } from './tables.ts'

interface Brake {
  readonly key: string
  readonly free: number
  readonly mostSeconds: number
}

const FORGET_MS = 3_600_000

// The wait for an account alone stays short: it would let a stranger lock the owner out.
function brakesOf(email: string, address: string): readonly Brake[] {
  const account = foldEmail(email)
  return [
    { key: hash(`near ${account} ${address}`), free: 5, mostSeconds: 900 },
    { key: hash(`account ${account}`), free: 20, mostSeconds: 120 },
  ]
}

/** Asking for a reset mail: three for an e-mail and ten for a client are free, then it slows down to one an hour. */
const brakesOfReset = (email: string, address: string): readonly Brake[] => [
  { key: hash(`reset ${foldEmail(email)}`), free: 3, mostSeconds: 3600 },
  { key: hash(`resets from ${address}`), free: 10, mostSeconds: 3600 },
]

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Seconds to wait after so many misses, the last of them `sinceMs` ago. */
export function secondsToWait(failures: number, sinceMs: number, free: number, mostSeconds: number): number {
  if (failures < free || sinceMs >= FORGET_MS) return 0
  const pause = Math.min(30 * 2 ** Math.min(failures - free, 20), mostSeconds)
  return Math.max(0, Math.ceil(pause - sinceMs / 1000))
}

/** Counts a try; throws 429 `workspaces.try_later` when it comes too soon. Known and unknown accounts alike. */
export async function countTry(db: Database, now: Date, email: string, address: string): Promise<void> {
  await count(db, now, brakesOf(email, address))
}

/** The same for asking for a reset mail. */
export async function countResetAsked(db: Database, now: Date, email: string, address: string): Promise<void> {
  await count(db, now, brakesOfReset(email, address))
}

async function count(db: Database, now: Date, brakes: readonly Brake[]): Promise<void> {
  const wait = await db.system(async (tx) => {
    await tx
      .deleteFrom('signInTries')
      .where('lastAt', '<', new Date(now.getTime() - 24 * FORGET_MS))
      .execute()
    // In the order of the keys, so that two tries at once cannot wait for each other.
    const inOrder = brakes.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    let longest = 0
    for (const brake of inOrder) longest = Math.max(longest, await lockAndWait(tx, now, brake))
    if (longest === 0)
      await tx
        .updateTable('signInTries')
        .set(oneMore(now))
        .where(
          'keyHash',
          'in',
          inOrder.map(({ key }) => key),
        )
        .execute()
    return longest
  })
  if (wait > 0)
    throw new Problem(429, 'workspaces.try_later', `Too many tries. Wait ${wait} seconds, then try again.`, {
      details: { seconds: wait },
    })
}

async function lockAndWait(tx: Tx<WorkspacesTables>, now: Date, { key, free, mostSeconds }: Brake): Promise<number> {
  await tx
    .insertInto('signInTries')
    .values({ keyHash: key, failures: 0, lastAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await tx
    .selectFrom('signInTries')
    .select(['failures', 'lastAt'])
    .where('keyHash', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return secondsToWait(row.failures, Math.max(0, now.getTime() - row.lastAt.getTime()), free, mostSeconds)
}

const oneMore = (now: Date) => ({
  failures: sql<number>`case when last_at <= ${new Date(now.getTime() - FORGET_MS)} then 1 else failures + 1 end`,
  lastAt: now,
})

/** After the right password: the misses before it no longer count. */
export async function forgetTries(db: Database, email: string, address: string): Promise<void> {
  const keys = brakesOf(email, address).map(({ key }) => key)
  await db.system((tx) => tx.deleteFrom('signInTries').where('keyHash', 'in', keys).execute())
}
