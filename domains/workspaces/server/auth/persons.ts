// Accounts and log-ins, as rows: what our own transactions need of the library's tables. Runs as the system role only.
import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '#platform/db/database'

export const foldEmail = (email: string): string => email.trim().toLowerCase()

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
}

/** Null when there is no account of that e-mail. */
export async function findPerson(tx: Tx, email: string): Promise<Person | null> {
  const { rows } = await sql<Person>`select id, email, name from auth."user" where email = ${foldEmail(email)}`.execute(
    tx,
  )
  return rows[0] ?? null
}

/** Makes an account that signs in by password; `passwordHash` comes from `auth.hashPassword`. Throws when the e-mail has one. */
export async function createPerson(
  tx: Tx,
  at: Date,
  input: { readonly email: string; readonly name: string; readonly passwordHash: string },
): Promise<Person> {
  const person = { id: randomUUIDv7(), email: foldEmail(input.email), name: input.name }
  await sql`
    insert into auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
    values (${person.id}, ${person.name}, ${person.email}, false, ${at}, ${at})`.execute(tx)
  await setPassword(tx, at, person.id, input.passwordHash)
  return person
}

async function setPassword(tx: Tx, at: Date, userId: string, passwordHash: string): Promise<void> {
  await sql`
    insert into auth.account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
    values (${randomUUIDv7()}, ${userId}, 'credential', ${userId}, ${passwordHash}, ${at}, ${at})`.execute(tx)
}

export interface LoginRow {
  readonly id: string
  readonly device: string
  readonly address: string
  readonly signedInAt: Date
  readonly lastSeenAt: Date
}

export async function loginsOf(tx: Tx, userId: string, now: Date): Promise<LoginRow[]> {
  const { rows } = await sql<LoginRow>`
    select id, coalesce("userAgent", '') as device, coalesce("ipAddress", '') as address, "createdAt" as "signedInAt",
      coalesce("lastSeenAt", "createdAt") as "lastSeenAt"
    from auth.session where "userId" = ${userId} and "expiresAt" > ${now} order by "createdAt" desc, id`.execute(tx)
  return rows
}

/** Ends log-ins of a person: the one named, all but the one named, or all. Answers how many ended. */
export async function endLogins(
  tx: Tx,
  userId: string,
  which: { readonly only?: string; readonly except?: string } = {},
): Promise<number> {
  const { only = null, except = null } = which
  const { numAffectedRows } = await sql`
    delete from auth.session where "userId" = ${userId}
      and (${only}::text is null or id = ${only}) and (${except}::text is null or id <> ${except})`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Writes down that a log-in is in use, at most once a minute. */
export async function touchLogin(tx: Tx, loginId: string, at: Date): Promise<void> {
  await sql`
    update auth.session set "lastSeenAt" = ${at}
    where id = ${loginId} and ("lastSeenAt" is null or "lastSeenAt" < ${new Date(at.getTime() - 60_000)})`.execute(tx)
}

/** Log-ins and half-done second factors that are over anyway. Answers how many rows went. */
export async function sweepLogins(tx: Tx, now: Date): Promise<number> {
  const ended = await sql`delete from auth.session where "expiresAt" < ${now}`.execute(tx)
  const stale = await sql`delete from auth.verification where "expiresAt" < ${now}`.execute(tx)
  return Number(ended.numAffectedRows ?? 0) + Number(stale.numAffectedRows ?? 0)
}
