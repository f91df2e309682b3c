// The giving of leave: discovery, pushed requests, codes, tokens bound to keys. Whoever comes to be asked says yes, unless
// `deny` was called. Nonces are demanded and change.
import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto'
import type { SeenRequest, Told } from './route.ts'
import type { Caller, Sessions } from './sessions.ts'
import type { World } from './world.ts'
import { XrpcError } from './xrpc-error.ts'

export interface OAuthServer {
  answer(path: string, query: URLSearchParams, seen: SeenRequest): Promise<Told | null>
  callerOf(seen: SeenRequest, url: string): Caller
  /** The next that is asked says no. */
  deny(): void
  /** From now on another nonce is wanted. */
  rotateNonce(): void
  /** Whoever asks next signs in as this one instead. */
  mistake(did: string): void
  expire(): void
  revoke(): void
}

interface Pushed {
  readonly form: URLSearchParams
  readonly thumb: string
}
interface Grant {
  readonly did: string
  readonly clientId: string
  readonly thumb: string
  readonly scope: string
  /** What it was given for: all tokens that come of it. */
  readonly code: string
}

const ACCESS_SECONDS = 900

export function openOAuth(world: World, sessions: Sessions, urlOf: () => string): OAuthServer {
  const pushed = new Map<string, Pushed>()
  const codes = new Map<string, Grant & { readonly challenge: string; readonly redirectUri: string }>()
  const access = new Map<string, Grant & { readonly until: number }>()
  const refresh = new Map<string, Grant>()
  /** Refresh tokens that were used, with their code. */
  const spent = new Map<string, string>()
  const seenJti = new Set<string>()
  let nonce = randomUUID()
  let denies = false
  let other: string | null = null

  const refuse = (status: number, error: string, words = error): Told => ({
    status,
    body: { error, error_description: words },
    headers: { 'dpop-nonce': nonce },
  })
  const good = (status: number, body: unknown): Told => ({ status, body, headers: { 'dpop-nonce': nonce } })

  /** The key's thumbprint, or what is wrong with the proof. */
  const proofOf = (seen: SeenRequest, url: string, method: string, token?: string): { thumb: string } | string => {
    const [head = '', body = '', signature = ''] = (seen.headers['dpop'] ?? '').split('.')
    const part = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (signature === '') return 'invalid_dpop_proof'
    const { typ, alg, jwk } = part(head)
    const claims = part(body)
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const bytes = Buffer.from(signature, 'base64url')
    const sound = verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, bytes)
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')
    if (!sound || typ !== 'dpop+jwt' || alg !== 'ES256' || jwk.d !== undefined) return 'invalid_dpop_proof'
    if (claims.nonce !== nonce) return 'use_dpop_nonce'
    if (claims.htm !== method || claims.htu !== url.split(/[?#]/)[0] || seenJti.has(claims.jti))
      return 'invalid_dpop_proof'
    if (token !== undefined && claims.ath !== hash(token)) return 'invalid_dpop_proof'
    seenJti.add(claims.jti)
    const { crv, kty, x, y } = jwk
    return { thumb: hash(JSON.stringify({ crv, kty, x, y })) }
  }

  const give = (grant: Grant): Told => {
    const tokens = { access_token: `oauth-${randomUUID()}`, refresh_token: `ref-${randomUUID()}` }
    access.set(tokens.access_token, { ...grant, until: world.now().getTime() + ACCESS_SECONDS * 1000 })
    refresh.set(tokens.refresh_token, grant)
    return good(200, { ...tokens, token_type: 'DPoP', expires_in: ACCESS_SECONDS, scope: grant.scope, sub: grant.did })
  }

  const push = (seen: SeenRequest): Told => {
    const form = new URLSearchParams(seen.body.toString('utf8'))
    const proof = proofOf(seen, `${urlOf()}/oauth/par`, 'POST')
    if (typeof proof === 'string') return refuse(400, proof)
    const fault = clientFault(form)
    if (fault !== null) return refuse(400, 'invalid_client_metadata', fault)
    if (form.get('code_challenge_method') !== 'S256' || !form.get('state')) return refuse(400, 'invalid_request')
    const name = `urn:ietf:params:oauth:request_uri:req-${randomUUID()}`
    pushed.set(name, { form, thumb: proof.thumb })
    return good(201, { request_uri: name, expires_in: 299 })
  }

  const authorize = (query: URLSearchParams): Told => {
    const asked = pushed.get(query.get('request_uri') ?? '')
    if (!asked || asked.form.get('client_id') !== query.get('client_id')) return refuse(400, 'invalid_request')
    const { form, thumb } = asked
    const back = new URL(form.get('redirect_uri')!)
    back.searchParams.set('iss', urlOf())
    back.searchParams.set('state', form.get('state')!)
    if (denies) {
      denies = false
      back.searchParams.set('error', 'access_denied')
    } else {
      const code = `cod-${randomUUID()}`
      const person = world.find(other ?? form.get('login_hint') ?? '')!
      codes.set(code, {
        code,
        did: person.did,
        clientId: form.get('client_id')!,
        thumb,
        scope: form.get('scope')!,
        challenge: form.get('code_challenge')!,
        redirectUri: form.get('redirect_uri')!,
      })
      back.searchParams.set('code', code)
    }
    return { status: 303, body: undefined, headers: { location: back.href } }
  }

  const token = (seen: SeenRequest): Told => {
    const form = new URLSearchParams(seen.body.toString('utf8'))
    const proof = proofOf(seen, `${urlOf()}/oauth/token`, 'POST')
    if (typeof proof === 'string') return refuse(400, proof)
    if (form.get('grant_type') === 'refresh_token') {
      const shown = form.get('refresh_token') ?? ''
      const replayed = spent.get(shown)
      if (replayed !== undefined) {
        // Somebody else may hold it: the leave ends for everybody.
        for (const tokens of [access, refresh]) {
          for (const [token, { code }] of tokens) if (code === replayed) tokens.delete(token)
        }
        return refuse(400, 'invalid_grant', 'Refresh token replayed')
      }
      const grant = refresh.get(shown)
      if (!grant || grant.thumb !== proof.thumb || grant.clientId !== form.get('client_id')) {
        return refuse(400, 'invalid_grant', 'Invalid refresh token')
      }
      refresh.delete(shown)
      spent.set(shown, grant.code)
      return give(grant)
    }
    const grant = codes.get(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits =
      grant?.challenge === challenge && grant.thumb === proof.thumb && grant.clientId === form.get('client_id')
    if (!grant || !fits || grant.redirectUri !== form.get('redirect_uri')) return refuse(400, 'invalid_grant')
    codes.delete(form.get('code')!)
    return give(grant)
  }

  return {
    deny: () => void (denies = true),
    mistake: (did) => void (other = did),
    rotateNonce: () => void (nonce = randomUUID()),
    expire() {
      for (const [token, grant] of access) access.set(token, { ...grant, until: 0 })
    },
    revoke() {
      access.clear()
      refresh.clear()
    },
    async answer(path, query, seen) {
      if (path === '/.well-known/oauth-protected-resource') {
        return good(200, { resource: urlOf(), authorization_servers: [urlOf()] })
      }
      if (path === '/.well-known/oauth-authorization-server') return good(200, metadataOf(urlOf()))
      if (path === '/oauth/par') return push(seen)
      if (path === '/oauth/authorize') return authorize(query)
      if (path === '/oauth/token') return token(seen)
      return null
    },
    callerOf(seen, url) {
      const token = seen.headers['authorization']!.slice('DPoP '.length)
      const method = seen.body.length > 0 || seen.headers['content-length'] !== undefined ? 'POST' : 'GET'
      const proof = proofOf(seen, url, method, token)
      const challenge = (error: string): XrpcError =>
        new XrpcError(401, error, error, {
          'www-authenticate': `DPoP algs="ES256", error="${error}"`,
          'dpop-nonce': nonce,
        })
      if (typeof proof === 'string') throw challenge(proof)
      const grant = access.get(token)
      if (!grant || grant.thumb !== proof.thumb || grant.until <= world.now().getTime())
        throw challenge('invalid_token')
      if (!grant.scope.includes('transition:generic')) throw new XrpcError(403, 'ScopeMissingError', 'Missing scope')
      return { did: grant.did, chat: grant.scope.includes('transition:chat.bsky') }
    },
  }
}

/** The rules of the loopback client, and of one that has a document. */
function clientFault(form: URLSearchParams): string | null {
  const client = new URL(form.get('client_id') ?? 'none:')
  const redirect = new URL(form.get('redirect_uri') ?? 'none:')
  const wanted = (form.get('scope') ?? '').split(' ')
  if (!wanted.includes('atproto')) return 'the scope atproto is missing'
  if (client.protocol === 'https:')
    return redirect.origin === client.origin ? null : 'redirect_uri is of another origin'
  if (client.origin !== 'http://localhost' || client.pathname !== '/') return 'no loopback client id'
  if (!['127.0.0.1', '[::1]'].includes(redirect.hostname)) return 'redirect_uri is no loopback address'
  const allowed = client.searchParams.getAll('redirect_uri').map((one) => new URL(one).pathname)
  if (!allowed.includes(redirect.pathname)) return 'redirect_uri is not declared'
  const scopes = (client.searchParams.get('scope') ?? 'atproto').split(' ')
  return wanted.every((scope) => scopes.includes(scope)) ? null : 'a scope is not declared'
}

function metadataOf(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    pushed_authorization_request_endpoint: `${issuer}/oauth/par`,
    require_pushed_authorization_requests: true,
    scopes_supported: ['atproto', 'transition:generic', 'transition:chat.bsky'],
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    dpop_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  }
}
