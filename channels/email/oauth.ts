// Access for a while, from a refresh token: kept in memory until shortly before it ends, renewed through the guarded fetch.
import { createHash } from 'node:crypto'
import type { PlatformContext } from '../connector.ts'
import type { OAuth } from './settings.ts'

export type Access =
  | { readonly ok: true; readonly token: string }
  /** `broken`: only a person can help (access was withdrawn); else it may work later. */
  | { readonly ok: false; readonly broken: boolean; readonly reason: string }

const EARLY_MS = 60_000
const MOST_KEPT = 1000
const MICROSOFT_SCOPE =
  'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access'

const kept = new Map<string, { readonly token: string; readonly until: number }>()

/** Never throws. */
export async function accessFor(
  oauth: OAuth,
  { fetch, now, keep }: Pick<PlatformContext, 'fetch' | 'now' | 'keep'>,
): Promise<Access> {
  const key = createHash('sha256').update(JSON.stringify(oauth)).digest('base64')
  const known = kept.get(key)
  if (known && known.until - EARLY_MS > now().getTime()) return { ok: true, token: known.token }
  kept.delete(key)

  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: oauth.refreshToken,
    client_id: oauth.clientId,
    ...(oauth.clientSecret && { client_secret: oauth.clientSecret }),
    ...(oauth.preset === 'microsoft' && { scope: MICROSOFT_SCOPE }),
  })
  const response = await fetch(oauth.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    maxBytes: 64 * 1024,
  })
  if (!response.ok) return { ok: false, broken: false, reason: `Access could not be renewed: ${response.reason}` }
  const said = jsonOf(response.body)
  const token = said['access_token']
  if (response.status !== 200 || typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token)) {
    const broken = response.status >= 400 && response.status < 500 && response.status !== 429
    const words = [said['error'], said['error_description']].filter((one) => typeof one === 'string').join(': ')
    return {
      ok: false,
      broken,
      reason: `Access was not renewed (${response.status}${words && `, ${oneLine(words)}`})`,
    }
  }
  const seconds = typeof said['expires_in'] === 'number' ? Math.min(said['expires_in'], 24 * 3600) : 300
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(key, { token, until: now().getTime() + seconds * 1000 })
  // Some give a new refresh token each time, and the old one dies some day (Microsoft: after 90 days).
  const renewed = said['refresh_token']
  if (typeof renewed === 'string' && renewed !== '' && renewed !== oauth.refreshToken) {
    await keep?.({ oauthRefreshToken: renewed })
  }
  return { ok: true, token }
}

/** After a login was refused: the next try asks for a new one. */
export function forgetAccess(): void {
  kept.clear()
}

/** What IMAP and SMTP take as XOAUTH2. */
export function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64')
}

function jsonOf(body: Buffer): Record<string, unknown> {
  try {
    const said: unknown = JSON.parse(body.toString('utf8'))
    return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function oneLine(words: string): string {
  return words
    .slice(0, 200)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
}
