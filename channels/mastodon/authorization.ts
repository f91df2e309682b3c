// Leave by OAuth: an application is registered with the server each time, with the least it needs, and the person gives leave
// there. PKCE where the server knows it (4.3 and later).
import { createHash, randomBytes } from 'node:crypto'
import {
  type Authorization,
  type AuthorizationOutcome,
  type AuthorizationRequest,
  type AuthorizationStart,
  NotAuthorized,
  type PlatformContext,
} from '../connector.ts'
import { type Answer, ask, isFine, wordsOf } from './api.ts'
import { type Fields, isObject, textIn } from './entities.ts'
import { describeHome } from './learn.ts'
import { readHome } from './settings.ts'

type Context = Omit<PlatformContext, 'connectionId'>

const SCOPES = [
  'read:accounts',
  'read:notifications',
  'read:statuses',
  'write:statuses',
  'write:media',
  'write:reports',
  'write:blocks',
  'write:mutes',
]
/** For servers that know no finer ones. */
const COARSE_SCOPES = ['read', 'write']
const APPLICATION = 'Rapport'

export const authorization: Authorization = {
  wanted: (settings) => settings['signIn'] !== 'token',
  begin,
  finish,
}

async function begin({ redirectUri, state }: AuthorizationRequest, context: Context): Promise<AuthorizationStart> {
  const { origin } = readHome(context.settings)
  if (origin === null) throw new NotAuthorized('This is not the address of a server.', 'server')
  const metadata = await metadataOf(origin, context)
  const supported = namesIn(metadata, 'scopes_supported')
  const scope = (supported.length > 0 && !SCOPES.every((one) => supported.includes(one)) ? COARSE_SCOPES : SCOPES).join(
    ' ',
  )
  const app = await register(origin, redirectUri, scope, context)
  const verifier = namesIn(metadata, 'code_challenge_methods_supported').includes('S256')
    ? randomBytes(32).toString('base64url')
    : null
  // Only where the server itself says; an address elsewhere is not believed.
  const said = textIn(metadata, 'authorization_endpoint')
  const page = URL.canParse(said) && new URL(said).origin === origin ? said : `${origin}/oauth/authorize`
  const url = new URL(page)
  const params: Record<string, string> = {
    response_type: 'code',
    client_id: app.id,
    redirect_uri: redirectUri,
    scope,
    state,
    ...(verifier !== null && {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  const kept = { origin, clientId: app.id, clientSecret: app.secret, scope, ...(verifier !== null && { verifier }) }
  return { url: url.href, kept }
}

async function metadataOf(origin: string, context: Context): Promise<Fields> {
  const answer = await ask(context, { origin, token: null }, '/.well-known/oauth-authorization-server', {
    anonymous: true,
  })
  return isFine(answer) && isObject(answer.json) ? answer.json : {}
}

const namesIn = (fields: Fields, name: string): readonly string[] => {
  const value = fields[name]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

async function register(origin: string, redirectUri: string, scope: string, context: Context) {
  const form = { client_name: APPLICATION, redirect_uris: redirectUri, scopes: scope }
  const answer = await ask(context, { origin, token: null }, '/api/v1/apps', { method: 'POST', form, anonymous: true })
  if (!answer.ok) throw new NotAuthorized(`The server could not be reached: ${answer.reason}`, 'server')
  if (answer.status === 404 || (isFine(answer) && !isObject(answer.json)))
    throw new NotAuthorized('This server does not speak as Mastodon does.', 'server')
  const fields = isObject(answer.json) ? answer.json : {}
  const [id, secret] = [textIn(fields, 'client_id'), textIn(fields, 'client_secret')]
  if (!isFine(answer) || id === '' || secret === '')
    throw new NotAuthorized(`The server does not register applications: ${wordsOf(answer)}`, 'server')
  return { id, secret }
}

async function finish(
  { redirectUri }: AuthorizationRequest,
  params: Readonly<Record<string, string>>,
  kept: Readonly<Record<string, string>>,
  context: Context,
): Promise<AuthorizationOutcome> {
  if (params['error'] === 'access_denied') return { ok: false, reason: 'Leave was not given.' }
  if (params['error'] !== undefined)
    return { ok: false, reason: `The server says: ${(params['error_description'] ?? params['error']).slice(0, 300)}` }
  const { origin = null, clientId = '', clientSecret = '', scope = '', verifier } = kept
  const { code } = params
  if (!code || origin === null) return { ok: false, reason: 'The server sent you back without an answer.' }
  const answer = await ask(context, { origin, token: null }, '/oauth/token', {
    method: 'POST',
    anonymous: true,
    form: {
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: redirectUri,
      scope,
      ...(verifier !== undefined && { code_verifier: verifier }),
    },
  })
  const token = isFine(answer) && isObject(answer.json) ? textIn(answer.json, 'access_token') : ''
  if (token === '') return { ok: false, reason: `The server gave no access: ${refused(answer)}` }
  const described = await describeHome(context, { origin, token })
  if (!described.ok) return { ok: false, reason: described.reason, field: 'server' }
  return {
    ok: true,
    credentials: { accessToken: token },
    settings: { server: origin.startsWith('https://') ? origin.slice('https://'.length) : origin },
    learned: described.learned,
    note: noteOf(described),
  }
}

const refused = (answer: Answer): string => (answer.ok ? wordsOf(answer) : answer.reason)

export const noteOf = ({ handle, textMax }: { readonly handle: string; readonly textMax: number }): string =>
  `Connected as ${handle}; posts may have ${textMax} characters.`
