// The only file that knows better-auth. It proves who somebody is: password, second factor, log-in cookie. Everything else
// sees a `Login`. Its router is not exposed; our routes call it, so that limits, problems and the matrix cover them.
import { randomUUIDv7 } from 'node:crypto'
import { betterAuth, type BetterAuthOptions } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { isAPIError } from 'better-auth/api'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

/** From where somebody calls: their cookies, and what is written down about them. */
export interface Caller {
  readonly cookie: string | undefined
  readonly address: string
  readonly device: string
}

/** A person who is signed in, on one device. */
export interface Login {
  readonly loginId: string
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly secondFactor: boolean
}

/** What the library answered: `cookies` are Set-Cookie lines for the reply. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly cookies: readonly string[] }
  | { readonly ok: false; readonly reason: 'wrong' | 'expired' | 'locked' | 'state' }

export interface Auth extends AsyncDisposable {
  loginOf(caller: Caller): Promise<Login | null>
  /** Prolongs a log-in that is a day old; answers Set-Cookie lines. */
  prolong(caller: Caller): Promise<readonly string[]>
  signIn(caller: Caller, email: string, password: string): Promise<Outcome<'signed-in' | 'second-factor'>>
  /** A code of the authenticator, or one of the backup codes, after `signIn` asked for it. */
  verifySecondFactor(caller: Caller, code: string): Promise<Outcome<{ userId: string }>>
  /** What a half-done sign-in is kept under, from the caller's cookie; null when there is none. */
  challengeOf(caller: Caller): string | null
  signOut(caller: Caller): Promise<readonly string[]>
  changePassword(caller: Caller, present: string, next: string): Promise<Outcome<null>>
  /** Makes a secret; it counts once `confirmSecondFactor` has seen a code of it. */
  beginSecondFactor(caller: Caller, password: string): Promise<Outcome<{ uri: string; backupCodes: string[] }>>
  confirmSecondFactor(caller: Caller, code: string): Promise<Outcome<null>>
  disableSecondFactor(caller: Caller, password: string): Promise<Outcome<null>>
  renewBackupCodes(caller: Caller, password: string): Promise<Outcome<{ backupCodes: string[] }>>
  hashPassword(password: string): Promise<string>
}

export interface AuthOptions {
  /** Address of the program's login role; this opens its own small pool. */
  readonly url: string
  readonly secret: string
  /** Where people reach us; cookies are Secure when it is https. */
  readonly publicUrl: string
  readonly size?: number
  readonly onError?: (error: Error) => void
}

const MIN_PASSWORD = 10
const MAX_PASSWORD = 128
const LOGIN_SECONDS = 14 * 86_400
const ADDRESS_HEADER = 'x-rapport-address'

export function openAuth({ url, secret, publicUrl, size = 4, onError = () => {} }: AuthOptions): Auth {
  const pool = new pg.Pool({ connectionString: url, max: size, options: '-c role=rapport_system' })
  pool.on('error', onError).on('connect', (connection) => void connection.on('error', onError))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const auth = betterAuth(settings(db, secret, publicUrl))
  return {
    ...methods(auth.api as unknown as Api, async (password) => (await auth.$context).password.hash(password)),
    [Symbol.asyncDispose]: () => db.destroy(),
  }
}

function settings(db: Kysely<unknown>, secret: string, publicUrl: string) {
  return {
    appName: 'Rapport',
    baseURL: publicUrl,
    secret,
    database: { db, type: 'postgres', schemaName: 'auth' },
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
    },
    session: {
      expiresIn: LOGIN_SECONDS,
      updateAge: 86_400,
      // A revoked log-in must be refused at once, and a cached cookie has let people past the second factor.
      cookieCache: { enabled: false },
      additionalFields: { lastSeenAt: { type: 'date', required: false, input: false } },
    },
    advanced: {
      useSecureCookies: publicUrl.startsWith('https:'),
      cookiePrefix: 'rapport',
      cookies: { session_token: { name: 'rapport_login' } },
      database: { generateId: () => randomUUIDv7() },
      // We make the headers ourselves, so nobody outside can claim an address.
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    plugins: [
      twoFactor({ issuer: 'Rapport', accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 900 } }),
    ],
  } satisfies BetterAuthOptions
}

/** What the library would still change in the tables of a database: the text of a migration, '' for nothing. */
export async function missingTables(ownerUrl: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    const plan = await getMigrations(settings(db, 'unused-secret-of-enough-length-and-mixture-9', 'http://localhost'))
    const open = plan.toBeCreated.length + plan.toBeAdded.length + plan.toBeAddedIndexes.length
    return open === 0 ? '' : await plan.compileMigrations()
  } finally {
    await db.destroy()
  }
}

// The few calls that we make, named by hand: its inferred types are too large to write down.
interface Reply<T> {
  readonly headers: Headers
  readonly response: T
}
type Call<Body, T> = (call: {
  body?: Body
  query?: Record<string, unknown>
  headers: Headers
  returnHeaders: true
}) => Promise<Reply<T>>
interface Api {
  readonly getSession: Call<
    undefined,
    {
      session: { id: string; userId: string }
      user: { email: string; name: string; twoFactorEnabled?: boolean | null }
    } | null
  >
  readonly signInEmail: Call<{ email: string; password: string }, { twoFactorRedirect?: boolean }>
  readonly verifyTOTP: Call<{ code: string }, { user: { id: string } }>
  readonly verifyBackupCode: Call<{ code: string }, { user: { id: string } }>
  readonly signOut: Call<undefined, unknown>
  readonly changePassword: Call<{ currentPassword: string; newPassword: string; revokeOtherSessions: boolean }, unknown>
  readonly enableTwoFactor: Call<{ password: string; method: 'totp' }, { totpURI: string; backupCodes: string[] }>
  readonly disableTwoFactor: Call<{ password: string }, unknown>
  readonly generateBackupCodes: Call<{ password: string }, { backupCodes: string[] }>
}

function methods(api: Api, hashPassword: Auth['hashPassword']): Omit<Auth, typeof Symbol.asyncDispose> {
  const ask = <B, T>(call: Call<B, T>, caller: Caller, body: B) =>
    attempt(() => call({ body, headers: headersOf(caller), returnHeaders: true }))

  return {
    hashPassword,
    async loginOf(caller) {
      if (!caller.cookie?.includes('rapport_login=')) return null
      const { response } = await api.getSession({
        query: { disableRefresh: true },
        headers: headersOf(caller),
        returnHeaders: true,
      })
      if (!response) return null
      const { session, user } = response
      return {
        loginId: session.id,
        userId: session.userId,
        email: user.email,
        name: user.name,
        secondFactor: user.twoFactorEnabled === true,
      }
    },
    async prolong(caller) {
      const { headers, response } = await api.getSession({ headers: headersOf(caller), returnHeaders: true })
      return response ? headers.getSetCookie() : []
    },
    async signIn(caller, email, password) {
      const answer = await ask(api.signInEmail, caller, { email, password })
      return mapped(answer, (value) => (value.twoFactorRedirect ? 'second-factor' : 'signed-in'))
    },
    async verifySecondFactor(caller, code) {
      const isBackup = code.includes('-')
      const answer = await ask(isBackup ? api.verifyBackupCode : api.verifyTOTP, caller, { code })
      return mapped(answer, ({ user }) => ({ userId: user.id }))
    },
    challengeOf: ({ cookie }) => {
      const found = /(?:^|; *)(?:__Secure-)?rapport\.two_factor=([^;]+)/.exec(cookie ?? '')
      // Its signature is the library's matter; the name of a row that nobody can guess is proof enough to write it down.
      return found ? (/^[\w-]{8,200}/.exec(decodeOr(found[1]!))?.[0] ?? null) : null
    },
    async signOut(caller) {
      const { headers } = await api.signOut({ headers: headersOf(caller), returnHeaders: true })
      return headers.getSetCookie()
    },
    async changePassword(caller, present, next) {
      const body = { currentPassword: present, newPassword: next, revokeOtherSessions: true }
      return mapped(await ask(api.changePassword, caller, body), () => null)
    },
    async beginSecondFactor(caller, password) {
      const answer = await ask(api.enableTwoFactor, caller, { password, method: 'totp' })
      return mapped(answer, ({ totpURI, backupCodes }) => ({ uri: totpURI, backupCodes }))
    },
    async confirmSecondFactor(caller, code) {
      return mapped(await ask(api.verifyTOTP, caller, { code }), () => null)
    },
    async disableSecondFactor(caller, password) {
      return mapped(await ask(api.disableTwoFactor, caller, { password }), () => null)
    },
    async renewBackupCodes(caller, password) {
      return mapped(await ask(api.generateBackupCodes, caller, { password }), ({ backupCodes }) => ({ backupCodes }))
    },
  }
}

function headersOf({ cookie, address, device }: Caller): Headers {
  const headers = new Headers({ [ADDRESS_HEADER]: address, 'user-agent': device })
  if (cookie) headers.set('cookie', cookie)
  return headers
}

function decodeOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

async function attempt<T>(call: () => Promise<Reply<T>>): Promise<Outcome<T>> {
  try {
    const { headers, response } = await call()
    return { ok: true, value: response, cookies: headers.getSetCookie() }
  } catch (error) {
    if (!isAPIError(error)) throw error
    const { statusCode, body } = error as { statusCode: number; body?: { code?: string } }
    const reason = reasonOf(statusCode, body?.code ?? '')
    if (reason === null) throw error
    return { ok: false, reason }
  }
}

function reasonOf(status: number, code: string): 'wrong' | 'expired' | 'locked' | 'state' | null {
  if (status === 429 || code === 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE') return 'locked'
  if (code === 'INVALID_TWO_FACTOR_COOKIE' || code === 'UNAUTHORIZED') return 'expired'
  if (/^(TOTP|TWO_FACTOR|BACKUP_CODES)_/.test(code)) return 'state'
  return status >= 400 && status < 500 ? 'wrong' : null
}

function mapped<T, U>(outcome: Outcome<T>, change: (value: T) => U): Outcome<U> {
  return outcome.ok ? { ...outcome, value: change(outcome.value) } : outcome
}
