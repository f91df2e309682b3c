// Access to an account: opened once, renewed when it ends, once for all who wait for it, and kept where it rotates. Nobody
// else in this folder knows how a call is signed.
import type { PlatformContext } from '../connector.ts'
import { dpopProof, keepNonce, wantsNonce } from './dpop.ts'
import { resolveIdentity } from './identity.ts'
import { asText } from './json.ts'
import {
  fingerprint,
  type NoSession,
  type Opened,
  type PasswordSession,
  readSession,
  type Session,
  writeSession,
} from './kept-session.ts'
import { refreshOAuth } from './oauth.ts'
import { type Account, readAccount } from './settings.ts'
import { isDid, isHandle } from './uri.ts'
import { type Answer, type Call, callXrpc, httpMethodOf, type Refusal, urlOf } from './xrpc.ts'

const MOST_KEPT = 2000
const EARLY_MS = 30_000
/** By connection and what it signs in with: the newest session of each. */
const kept = new Map<string, Session>()
const underWay = new Map<string, Promise<Opened>>()

/** Of a connection, or of settings that are only tried. */
export function openAccess(context: PlatformContext) {
  const account = readAccount(context.settings, context.credentials)
  const key = fingerprint(
    context.connectionId,
    account.identifier,
    account.signIn,
    account.service,
    account.signIn === 'password' ? account.appPassword : grantOf(context),
  )
  return {
    account,
    /** A session that can be used now. Never throws. */
    session: (): Promise<Opened> => currentSession(context, account, key),
    /** A call in the name of the account; `proxy` names the service behind the server that it is for. Never throws. */
    call: (call: Call, proxy: string | null = null): Promise<Answer> => callSigned(context, account, key, call, proxy),
  }
}

export type Access = ReturnType<typeof openAccess>

/** One grant of leave, however often it was renewed since. */
function grantOf({ credentials }: PlatformContext): string | null {
  const session = readSession(credentials['session'])
  return session?.kind === 'oauth' ? `${session.did} ${session.key.x ?? ''}` : null
}

async function currentSession(context: PlatformContext, account: Account, key: string): Promise<Opened> {
  const known = kept.get(key) ?? storedSession(context, account)
  if (known === null) return once(key, () => open(context, account))
  if (known.kind === 'oauth' && known.until - EARLY_MS <= context.now().getTime())
    return renew(context, account, key, known)
  remember(key, known)
  return { ok: true, session: known }
}

/** What was sealed, where it belongs to these settings. */
function storedSession({ credentials }: PlatformContext, account: Account): Session | null {
  const stored = readSession(credentials['session'])
  if (stored === null || stored.kind !== account.signIn) return null
  if (stored.kind === 'oauth') return stored
  return account.appPassword !== null && stored.opened === openedWith(account) ? stored : null
}

function openedWith({ identifier, service, appPassword }: Account): string {
  return fingerprint(identifier, service, appPassword)
}

function remember(key: string, session: Session): void {
  if (kept.size >= MOST_KEPT && !kept.has(key)) kept.clear()
  kept.set(key, session)
}

/** One at a time for each connection: a refresh token dies with its first use. */
function once(key: string, work: () => Promise<Opened>): Promise<Opened> {
  const waiting = underWay.get(key)
  if (waiting) return waiting
  const made = work()
    .then((opened) => {
      if (opened.ok) remember(key, opened.session)
      else if (opened.broken) kept.delete(key)
      return opened
    })
    .finally(() => underWay.delete(key))
  underWay.set(key, made)
  return made
}

/** A session newer than `old`: another caller's, or a renewed one. */
function renew(context: PlatformContext, account: Account, key: string, old: Session): Promise<Opened> {
  const known = kept.get(key)
  if (known && known.access !== old.access) return Promise.resolve({ ok: true, session: known })
  return once(key, () =>
    (context.renewing ?? alone(context))((credentials) => renewNow(context, account, old, credentials)),
  )
}

const alone =
  ({ credentials }: PlatformContext): NonNullable<PlatformContext['renewing']> =>
  (work) =>
    work(credentials)

async function renewNow(
  context: PlatformContext,
  account: Account,
  old: Session,
  credentials: PlatformContext['credentials'],
): Promise<Opened> {
  // Another node was quicker: what it was given is ours, too.
  const newest = storedSession({ ...context, credentials }, account)
  if (newest !== null && newest.did === old.did && newest.access !== old.access) return { ok: true, session: newest }
  const renewed = old.kind === 'oauth' ? await refreshOAuth(old, context) : await refreshPassword(old, context)
  if (renewed.ok) await context.keep?.({ session: writeSession(renewed.session) })
  // An app password opens a new session where the old one is over; leave that was given and ended has to be asked for anew.
  if (renewed.ok || !renewed.broken || old.kind === 'oauth') return renewed
  return open(context, account)
}

async function refreshPassword(old: PasswordSession, context: PlatformContext): Promise<Opened> {
  const answer = await callXrpc(
    context,
    old.pds,
    { method: 'com.atproto.server.refreshSession', post: true },
    { authorization: `Bearer ${old.refresh}` },
  )
  return answer.ok ? openedBy(answer.body, old.pds, old.opened) : refusedBy(answer)
}

async function open(context: PlatformContext, account: Account): Promise<Opened> {
  const no = (reason: string, field: string): NoSession => ({ ok: false, broken: true, reason, field, retryAt: null })
  if (account.identifier === '') return no('This connection has no account', 'identifier')
  if (account.signIn === 'oauth') return no('Leave has to be given on the account’s server first', 'signIn')
  if (account.appPassword === null) return no('The app password is missing', 'appPassword')
  let server = account.service
  if (server === null) {
    const identity = await resolveIdentity(account, context)
    if (!identity.ok) return { ...no(identity.reason, 'identifier'), broken: !identity.passing }
    server = identity.pds
  }
  const answer = await callXrpc(context, server, {
    method: 'com.atproto.server.createSession',
    input: { identifier: account.identifier, password: account.appPassword },
  })
  if (!answer.ok) return refusedBy(answer)
  const opened = openedBy(answer.body, server, openedWith(account))
  if (opened.ok) await context.keep?.({ session: writeSession(opened.session) })
  return opened
}

function openedBy(said: Readonly<Record<string, unknown>>, pds: string, opened: string): Opened {
  const access = asText(said['accessJwt'])
  const refresh = asText(said['refreshJwt'])
  const did = said['did']
  if (access === null || refresh === null || !isDid(did)) {
    return { ok: false, broken: false, reason: 'The server opened no session that can be used', retryAt: null }
  }
  if (said['active'] === false) {
    const status = asText(said['status']) ?? 'not active'
    return { ok: false, broken: true, reason: `The account is ${status}`, field: 'identifier', retryAt: null }
  }
  const handle = isHandle(said['handle']) ? said['handle'] : null
  return { ok: true, session: { kind: 'password', did, handle, pds, access, refresh, opened } }
}

function refusedBy(answer: Refusal): NoSession {
  if (answer.error === 'AuthFactorTokenRequired') {
    const reason = 'The server asks for a code by mail: use an app password, not the account’s own'
    return { ok: false, broken: true, reason, field: 'appPassword', retryAt: null }
  }
  if (answer.error === 'AccountTakedown') {
    return { ok: false, broken: true, reason: 'The account was taken down', field: 'identifier', retryAt: null }
  }
  const broken = answer.status >= 300 && answer.status < 500 && ![408, 425, 429].includes(answer.status)
  const reason = `The server does not sign us in: ${answer.reason}`
  return { ok: false, broken, reason, ...(broken && { field: 'appPassword' }), retryAt: answer.retryAt }
}

async function callSigned(
  context: PlatformContext,
  account: Account,
  key: string,
  call: Call,
  proxy: string | null,
): Promise<Answer> {
  const opened = await currentSession(context, account, key)
  if (!opened.ok) return refusalOf(opened)
  const answer = await callAs(context, opened.session, call, proxy)
  if (answer.ok || !isStale(answer)) return answer
  const renewed = await renew(context, account, key, opened.session)
  if (!renewed.ok) return refusalOf(renewed)
  return callAs(context, renewed.session, call, proxy)
}

/** The token ended: nothing was done, and with a new one it can be. Chat that is not allowed says InvalidToken too. */
function isStale({ status, error, reason }: Refusal): boolean {
  if (error === 'ExpiredToken') return true
  if (error === 'InvalidToken') return !/method|scope/i.test(reason)
  return status === 401 && error !== 'AccountTakedown' && error !== 'AccountDeactivated'
}

async function callAs(context: PlatformContext, session: Session, call: Call, proxy: string | null): Promise<Answer> {
  const to: Readonly<Record<string, string>> = proxy === null ? {} : { 'atproto-proxy': proxy }
  if (session.kind === 'password') {
    return callXrpc(context, session.pds, call, { ...to, authorization: `Bearer ${session.access}` })
  }
  const url = urlOf(session.pds, call)
  const ask = () =>
    callXrpc(context, session.pds, call, {
      ...to,
      authorization: `DPoP ${session.access}`,
      dpop: dpopProof(session.key, { method: httpMethodOf(call), url, now: context.now(), token: session.access }),
    })
  const first = await ask()
  keepNonce(url, first.headers)
  if (first.ok || !wantsNonce(first.status, first.error, first.headers)) return first
  const second = await ask()
  keepNonce(url, second.headers)
  return second
}

function refusalOf({ broken, reason, retryAt }: NoSession): Refusal {
  const error = broken ? 'NoSession' : 'NoSessionYet'
  return { ok: false, status: broken ? 401 : 503, error, reason, sent: 'no', retryAt, headers: {} }
}
