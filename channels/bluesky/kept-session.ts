// A session as it is kept between two calls, and sealed between two runs: one JSON text among the credentials.
import { createHash, type JsonWebKey } from 'node:crypto'
import { asObject, asText } from './json.ts'
import { isDid } from './uri.ts'

interface SessionBase {
  readonly did: string
  readonly handle: string | null
  /** Origin of the account's server. */
  readonly pds: string
  readonly access: string
  readonly refresh: string
}

export interface PasswordSession extends SessionBase {
  readonly kind: 'password'
  /** Which account and app password it was opened with: another password, another session. */
  readonly opened: string
}

export interface OAuthSession extends SessionBase {
  readonly kind: 'oauth'
  readonly issuer: string
  readonly tokenUrl: string
  readonly clientId: string
  readonly key: JsonWebKey
  readonly scope: string
  /** Until when `access` holds, in milliseconds since 1970. */
  readonly until: number
}

export type Session = PasswordSession | OAuthSession

/** `broken`: only a person can help. */
export interface NoSession {
  readonly ok: false
  readonly broken: boolean
  readonly reason: string
  readonly field?: string
  readonly retryAt: Date | null
}
export type Opened = { readonly ok: true; readonly session: Session } | NoSession

export function writeSession(session: Session): string {
  return JSON.stringify(session)
}

/** Null for what is none, or of an older kind. */
export function readSession(text: string | undefined): Session | null {
  if (text === undefined || text === '') return null
  let said: ReturnType<typeof asObject> = null
  try {
    said = asObject(JSON.parse(text))
  } catch {
    return null
  }
  const [did, pds, access, refresh] = ['did', 'pds', 'access', 'refresh'].map((name) => asText(said?.[name]))
  if (!said || !isDid(did) || !pds || !URL.canParse(pds) || !access || !refresh) return null
  const base = { did, pds, access, refresh, handle: asText(said['handle']) }
  if (said['kind'] === 'password') return { ...base, kind: 'password', opened: asText(said['opened']) ?? '' }
  const [issuer, tokenUrl, clientId] = ['issuer', 'tokenUrl', 'clientId'].map((name) => asText(said[name]))
  const key = asObject(said['key'])
  if (said['kind'] !== 'oauth' || !issuer || !tokenUrl || !clientId || !key) return null
  const until = typeof said['until'] === 'number' ? said['until'] : 0
  return {
    ...base,
    kind: 'oauth',
    issuer,
    tokenUrl,
    clientId,
    key: key as JsonWebKey,
    scope: asText(said['scope']) ?? '',
    until,
  }
}

export function fingerprint(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
