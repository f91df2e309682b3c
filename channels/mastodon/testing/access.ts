// Who may do what on the local server: applications, leave, tokens and their scopes.
import { createHash, randomBytes } from 'node:crypto'
import type { LocalAnswer, LocalRequest, MastodonServerOptions } from './server.ts'
import type { World } from './world.ts'

export interface Account {
  readonly application: string
  may(scope: string): boolean
}

interface Application {
  readonly name: string
  readonly secret: string
  readonly redirects: readonly string[]
  readonly scopes: readonly string[]
}

interface Leave {
  readonly client: string
  readonly redirect: string
  readonly scopes: readonly string[]
  readonly challenge: string | null
}

export interface Access {
  grant(scopes: readonly string[], application: string, token?: string): string
  accountOf(request: LocalRequest): Account | null
  revokeAll(): void
  readonly register: (request: LocalRequest) => LocalAnswer
  readonly authorize: (request: LocalRequest) => LocalAnswer
  readonly token: (request: LocalRequest) => LocalAnswer
  readonly revoke: (request: LocalRequest) => LocalAnswer
  readonly metadata: () => LocalAnswer
}

const known = new Set(
  'read write push profile read:accounts read:notifications read:statuses read:follows write:statuses write:media write:reports write:blocks write:mutes write:conversations'.split(
    ' ',
  ),
)

const covers = (scopes: readonly string[], wanted: string): boolean =>
  scopes.includes(wanted) || scopes.includes(wanted.split(':')[0]!)

export function openAccess({ origin }: World, { old = false }: MastodonServerOptions): Access {
  const applications = new Map<string, Application>()
  const leaves = new Map<string, Leave>()
  const tokens = new Map<string, { readonly scopes: readonly string[]; readonly application: string }>()
  const name = () => randomBytes(24).toString('base64url')
  const refuse = (status: number, error: string, error_description: string): LocalAnswer => ({
    status,
    body: { error, error_description },
  })

  const grant: Access['grant'] = (scopes, application, token = name()) => {
    tokens.set(token, { scopes, application })
    return token
  }

  return {
    grant,
    accountOf({ headers }) {
      const found = tokens.get(/^Bearer (\S+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '')
      return found ? { application: found.application, may: (scope) => covers(found.scopes, scope) } : null
    },
    revokeAll: () => tokens.clear(),
    register({ form }) {
      const redirects = (form.get('redirect_uris') ?? '').split('\n')
      const scopes = (form.get('scopes') ?? 'read').split(' ')
      if (!form.get('client_name'))
        return { status: 422, body: { error: 'Validation failed: Application name can’t be blank' } }
      if (!redirects.every((one) => URL.canParse(one)))
        return { status: 422, body: { error: 'Validation failed: Redirect URI must be an absolute URI.' } }
      if (!scopes.every((one) => known.has(one)))
        return { status: 422, body: { error: 'Validation failed: Scopes doesn’t match configured on the server.' } }
      const made = { name: form.get('client_name')!, secret: name(), redirects, scopes }
      const id = name()
      applications.set(id, made)
      return {
        status: 200,
        body: {
          id: '1',
          name: made.name,
          website: null,
          scopes,
          redirect_uris: redirects,
          client_id: id,
          client_secret: made.secret,
        },
      }
    },
    authorize({ query }) {
      const client = query.get('client_id') ?? ''
      const app = applications.get(client)
      const redirect = query.get('redirect_uri') ?? ''
      const scopes = (query.get('scope') ?? 'read').split(' ')
      if (!app || !app.redirects.includes(redirect))
        return { status: 400, body: '<p>The client or its address is not known.</p>' }
      const back = new URL(redirect)
      if (query.has('state')) back.searchParams.set('state', query.get('state')!)
      if (!scopes.every((one) => covers(app.scopes, one))) back.searchParams.set('error', 'invalid_scope')
      else if (query.get('decision') === 'deny') back.searchParams.set('error', 'access_denied')
      else if (query.get('decision') === 'allow') {
        const code = name()
        const challenge = query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null
        leaves.set(code, { client, redirect, scopes, challenge })
        back.searchParams.set('code', code)
      } else return { status: 200, body: decisionPage(app.name, query) }
      return { status: 302, headers: { location: back.href } }
    },
    token({ form }) {
      const app = applications.get(form.get('client_id') ?? '')
      const leave = leaves.get(form.get('code') ?? '')
      if (!app || app.secret !== form.get('client_secret'))
        return refuse(401, 'invalid_client', 'Client authentication failed due to unknown client.')
      const verifier = form.get('code_verifier')
      const proven =
        leave?.challenge === null ||
        (verifier !== null && createHash('sha256').update(verifier).digest('base64url') === leave?.challenge)
      leaves.delete(form.get('code') ?? '')
      if (!leave || leave.client !== form.get('client_id') || leave.redirect !== form.get('redirect_uri') || !proven)
        return refuse(400, 'invalid_grant', 'The provided authorization grant is invalid, expired or revoked.')
      const token = grant(leave.scopes, app.name)
      return {
        status: 200,
        body: { access_token: token, token_type: 'Bearer', scope: leave.scopes.join(' '), created_at: 1_790_000_000 },
      }
    },
    revoke({ form }) {
      tokens.delete(form.get('token') ?? '')
      return { status: 200, body: {} }
    },
    metadata: () =>
      old
        ? { status: 404, body: { error: 'Not found' } }
        : {
            status: 200,
            body: {
              issuer: `${origin}/`,
              authorization_endpoint: `${origin}/oauth/authorize`,
              token_endpoint: `${origin}/oauth/token`,
              scopes_supported: [...known],
              response_types_supported: ['code'],
              grant_types_supported: ['authorization_code', 'client_credentials'],
              code_challenge_methods_supported: ['S256'],
              app_registration_endpoint: `${origin}/api/v1/apps`,
            },
          },
  }
}

function decisionPage(name: string, query: URLSearchParams): string {
  const link = (decision: string) => {
    const again = new URLSearchParams(query)
    again.set('decision', decision)
    return `/oauth/authorize?${again.toString().replaceAll('&', '&amp;')}`
  }
  const shown = name.replace(/[<&]/g, '')
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorisation required</title>` +
    `<h1>Authorisation required</h1><p>${shown} would like to use your account.</p>` +
    `<p><a href="${link('allow')}">Authorise</a> <a href="${link('deny')}">Deny</a></p></html>`
  )
}
