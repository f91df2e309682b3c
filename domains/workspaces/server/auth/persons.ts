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

/** Gives an account another password, or its first; `passwordHash` comes from `auth.hashPassword`. */
export async function replacePassword(tx: Tx, at: Date, userId: string, passwordHash: string): Promise<void> {
  const { numAffectedRows } = await sql`
    update auth.account set password = ${passwordHash}, "updatedAt" = ${at}
    where "userId" = ${userId} and "providerId" = 'credential'`.execute(tx)
  if (!numAffectedRows) await setPassword(tx, at, userId, passwordHash)
}

// Reset links lie in the library's table for things that run out, by a name that none of its own have.
const resetName = (tokenHash: string): string => `rapport-reset:${tokenHash}`

/** Keeps a reset link of whoever has this e-mail or id. The same statement for nobody, who gets null. */
export async function keepReset(
  tx: Tx,
  who: { readonly email: string } | { readonly userId: string },
  reset: { readonly tokenHash: string; readonly at: Date; readonly expiresAt: Date },
): Promise<Person | null> {
  const isPerson = 'userId' in who ? sql`u.id = ${who.userId}` : sql`u.email = ${foldEmail(who.email)}`
  const { rows } = await sql<Person>`
    with person as (select u.id, u.email, u.name from auth."user" u where ${isPerson}),
      kept as (
        insert into auth.verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
        select ${randomUUIDv7()}, ${resetName(reset.tokenHash)}, person.id, ${reset.expiresAt}, ${reset.at}::timestamptz, ${reset.at}::timestamptz
        from person)
    select * from person`.execute(tx)
  return rows[0] ?? null
}

/** Whose password a reset link may set, or null. */
export async function personOfReset(tx: Tx, tokenHash: string, now: Date): Promise<Person | null> {
  const { rows } = await sql<Person>`
    select u.id, u.email, u.name from auth.verification v join auth."user" u on u.id = v.value
    where v.identifier = ${resetName(tokenHash)} and v."expiresAt" > ${now}`.execute(tx)
  return rows[0] ?? null
}

/** Uses a reset link up: of two at once one gets null. */
export async function takeReset(tx: Tx, tokenHash: string, now: Date): Promise<Person | null> {
  const { rows } = await sql<Person>`
    with used as (
      delete from auth.verification where identifier = ${resetName(tokenHash)} and "expiresAt" > ${now} returning value)
    select u.id, u.email, u.name from used join auth."user" u on u.id = used.value`.execute(tx)
  return rows[0] ?? null
}

/** Whose second factor waits for a code, by what their cookie names; null for none. */
export async function personOfChallenge(tx: Tx, challenge: string | null): Promise<string | null> {
  if (challenge === null) return null
  const { rows } = await sql<{ id: string }>`
    select u.id from auth.verification v join auth."user" u on u.id = v.value
    where v.identifier = ${challenge}`.execute(tx)
  return rows[0]?.id ?? null
}

/** Other reset links of a person, and second factors that wait half done behind the old password. */
export async function dropHalfDone(tx: Tx, userId: string): Promise<void> {
  await sql`delete from auth.verification where strpos(value, ${userId}) > 0`.execute(tx)
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
