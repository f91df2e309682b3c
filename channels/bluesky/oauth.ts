// Leave by OAuth as atproto has it (https://atproto.com/specs/oauth): the client is known by the address of its own document,
// the request is pushed beforehand, every token is bound to a key of ours.
import { createHash, type JsonWebKey, randomBytes } from 'node:crypto'
import type {
  Authorization,
  AuthorizationOutcome,
  AuthorizationRequest,
  AuthorizationStart,
  PlatformContext,
} from '../connector.ts'
import { NotAuthorized } from '../connector.ts'
import { dpopProof, keepNonce, makeDpopKey, wantsNonce } from './dpop.ts'
import { resolveIdentity } from './identity.ts'
import { asText, type Json, oneLine, parseObject } from './json.ts'
import { type OAuthSession, type Opened, writeSession } from './kept-session.ts'
import { readAccount } from './settings.ts'
import { isDid } from './uri.ts'
import { retryAtOf } from './xrpc.ts'

type Net = Pick<PlatformContext, 'fetch' | 'now'>

export const OAUTH_SCOPE = 'atproto transition:generic transition:chat.bsky'
const METADATA_BYTES = 256 * 1024

export const authorization: Authorization = {
  wanted: (settings) => settings['signIn'] === 'oauth',
  begin,
  finish,
  clientDocument: ({ url, redirectUri, origin, name }) => ({
    client_id: url,
    client_name: name,
    client_uri: origin,
    redirect_uris: [redirectUri],
    application_type: 'web',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: OAUTH_SCOPE,
    token_endpoint_auth_method: 'none',
    dpop_bound_access_tokens: true,
  }),
}

async function begin(
  request: AuthorizationRequest,
  context: Omit<PlatformContext, 'connectionId'>,
): Promise<AuthorizationStart> {
  const account = readAccount(context.settings, context.credentials)
  const { clientId, redirectUri } = clientOf(request)
  const identity = await resolveIdentity(account, context)
  if (!identity.ok) throw new NotAuthorized(identity.reason, 'identifier')
  const pds = account.service ?? identity.pds
  const server = await findIssuer(pds, context)
  if (typeof server === 'string') throw new NotAuthorized(server, 'service')
  const verifier = randomBytes(48).toString('base64url')
  const key = makeDpopKey()
  const pushed = await post(server.pushUrl, key, context, {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: OAUTH_SCOPE,
    state: request.state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: account.identifier,
  })
  const requestUri = asText(pushed.said['request_uri'])
  if (!pushed.ok || requestUri === null) throw new NotAuthorized(`${server.issuer} refused: ${pushed.reason}`, 'signIn')
  const url = new URL(server.authorizeUrl)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('request_uri', requestUri)
  const { did, handle } = identity
  return {
    url: url.href,
    kept: {
      verifier,
      clientId,
      redirectUri,
      did,
      handle: handle ?? '',
      pds,
      issuer: server.issuer,
      tokenUrl: server.tokenUrl,
      key: JSON.stringify(key),
    },
  }
}

/** Our names for the authorization server. Without a public address only a development server knows us, by the loopback rule. */
function clientOf({ redirectUri, clientDocumentUrl }: AuthorizationRequest): {
  readonly clientId: string
  readonly redirectUri: string
} {
  if (clientDocumentUrl !== null) return { clientId: clientDocumentUrl, redirectUri }
  const back = URL.parse(redirectUri)
  if (back?.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(back.hostname)) {
    const words = 'Leave by OAuth needs Rapport to have a public https address. Use an app password instead.'
    throw new NotAuthorized(words, 'signIn')
  }
  // The name localhost is for the client's id only; people come back to an address.
  if (back.hostname === 'localhost') back.hostname = '127.0.0.1'
  const query = new URLSearchParams({ redirect_uri: back.href, scope: OAUTH_SCOPE })
  return { clientId: `http://localhost?${query.toString()}`, redirectUri: back.href }
}

async function finish(
  request: AuthorizationRequest,
  params: Readonly<Record<string, string>>,
  kept: Readonly<Record<string, string>>,
  context: Omit<PlatformContext, 'connectionId'>,
): Promise<AuthorizationOutcome> {
  const no = (reason: string): AuthorizationOutcome => ({ ok: false, reason: oneLine(reason), field: 'signIn' })
  const { verifier = '', clientId = '', redirectUri = '', did = '', pds = '', issuer = '', tokenUrl = '' } = kept
  if (params['state'] !== request.state) return no('The answer belongs to another request')
  if (params['iss'] !== issuer) return no('The answer comes from another server than the one that was asked')
  if (params['error'] !== undefined) {
    const words = params['error_description'] ?? params['error']
    return no(params['error'] === 'access_denied' ? 'Leave was not given' : `Leave was not given: ${words}`)
  }
  const code = params['code']
  const key = parseObject(Buffer.from(kept['key'] ?? '')) as JsonWebKey | null
  if (code === undefined || key === null) return no('The answer carries no code')
  const answer = await post(tokenUrl, key, context, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    client_id: clientId,
    redirect_uri: redirectUri,
  })
  if (!answer.ok) return no(`${issuer} gave no token: ${answer.reason}`)
  const session = sessionIn(
    answer.said,
    { kind: 'oauth', did, handle: kept['handle'] || null, pds, issuer, tokenUrl, clientId, key, refresh: '' },
    context.now(),
  )
  if (typeof session === 'string') return no(session)
  return {
    ok: true,
    credentials: { session: writeSession(session) },
    learned: {
      did,
      leaveGivenAt: context.now().toISOString(),
      ...(session.handle && { handle: session.handle }),
    },
    note: `Connected as ${session.handle ?? did}.`,
  }
}

type Grant = Omit<OAuthSession, 'access' | 'until' | 'scope'>

/** What a token answer gives, or why it can't be taken. */
function sessionIn(said: Json, grant: Grant, now: Date): OAuthSession | string {
  const access = asText(said['access_token'])
  const refresh = asText(said['refresh_token']) ?? grant.refresh
  const scope = asText(said['scope']) ?? ''
  if (String(said['token_type']).toLowerCase() !== 'dpop' || access === null)
    return 'The server gave no token bound to our key'
  // Whoever asks for one account and is given another must not go on.
  if (!isDid(said['sub']) || said['sub'] !== grant.did) return 'Leave was given for another account than the one named'
  if (!scope.split(' ').includes('atproto')) return 'The server gave leave for something else'
  if (refresh === '') return 'The server gave nothing to renew the leave with'
  const seconds = typeof said['expires_in'] === 'number' ? Math.min(Math.max(said['expires_in'], 0), 24 * 3600) : 300
  return { ...grant, access, refresh, scope, until: now.getTime() + seconds * 1000 }
}

/** Never throws. */
export async function refreshOAuth(old: OAuthSession, context: Net): Promise<Opened> {
  const answer = await post(old.tokenUrl, old.key, context, {
    grant_type: 'refresh_token',
    refresh_token: old.refresh,
    client_id: old.clientId,
  })
  if (!answer.ok) {
    const reason = `Leave was not renewed: ${answer.reason}`
    const broken = answer.status >= 400 && answer.status < 500 && ![408, 425, 429].includes(answer.status)
    return { ok: false, broken, reason, ...(broken && { field: 'signIn' }), retryAt: answer.retryAt }
  }
  const session = sessionIn(answer.said, old, context.now())
  if (typeof session === 'string') return { ok: false, broken: true, reason: session, field: 'signIn', retryAt: null }
  return { ok: true, session }
}

interface Posted {
  readonly ok: boolean
  readonly status: number
  readonly said: Json
  readonly reason: string
  readonly retryAt: Date | null
}

/** A form to the authorization server with our proof; once more where it wants a newer nonce. */
async function post(
  url: string,
  key: JsonWebKey,
  { fetch, now }: Net,
  form: Readonly<Record<string, string>>,
  again = false,
): Promise<Posted> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      dpop: dpopProof(key, { method: 'POST', url, now: now() }),
    },
    body: new URLSearchParams(form).toString(),
    maxBytes: METADATA_BYTES,
  })
  if (!answer.ok) return { ok: false, status: 0, said: {}, reason: answer.reason, retryAt: null }
  const { status, headers } = answer
  const said = parseObject(answer.body) ?? {}
  const error = asText(said['error']) ?? ''
  keepNonce(url, headers)
  if (!again && wantsNonce(status, error, headers)) return post(url, key, { fetch, now }, form, true)
  const words = [error, asText(said['error_description']) ?? ''].filter(Boolean).join(': ')
  const reason = oneLine(`${status}${words && `: ${words}`}`)
  return { ok: status >= 200 && status < 300, status, said, reason, retryAt: retryAtOf(headers, now()) }
}

interface Issuer {
  readonly issuer: string
  readonly authorizeUrl: string
  readonly tokenUrl: string
  readonly pushUrl: string
}

/** The authorization server of a PDS by their metadata, or why there is none. */
async function findIssuer(pds: string, net: Net): Promise<Issuer | string> {
  const resource = await metadata(`${pds}/.well-known/oauth-protected-resource`, net)
  if (typeof resource === 'string') return resource
  const servers = resource['authorization_servers']
  const issuer = Array.isArray(servers) && servers.length === 1 ? asText(servers[0]) : null
  if (issuer === null || URL.parse(issuer)?.origin !== issuer) return `${pds} names no server that gives leave`
  const said = await metadata(`${issuer}/.well-known/oauth-authorization-server`, net)
  if (typeof said === 'string') return said
  if (said['issuer'] !== issuer) return `${issuer} goes by another name in its own metadata`
  const scopes = said['scopes_supported']
  if (!Array.isArray(scopes) || !scopes.includes('atproto')) return `${issuer} gives no leave for atproto`
  const address = (name: string): string | null => URL.parse(asText(said[name]) ?? '')?.href ?? null
  const authorizeUrl = address('authorization_endpoint')
  const tokenUrl = address('token_endpoint')
  const pushUrl = address('pushed_authorization_request_endpoint')
  if (!authorizeUrl || !tokenUrl || !pushUrl) return `${issuer} does not say where leave is asked for`
  // A browser is sent there: nothing but the web.
  if (!/^https?:/.test(authorizeUrl)) return `${issuer} asks for leave at an odd address`
  return { issuer, authorizeUrl, tokenUrl, pushUrl }
}

async function metadata(url: string, { fetch }: Net): Promise<Json | string> {
  const answer = await fetch(url, { headers: { accept: 'application/json' }, maxBytes: METADATA_BYTES })
  if (!answer.ok) return oneLine(`${new URL(url).origin} could not be reached: ${answer.reason}`)
  const said = answer.status === 200 ? parseObject(answer.body) : null
  return said ?? `${new URL(url).origin} does not say how leave is given (${answer.status})`
}
