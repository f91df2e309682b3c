// A faithful small server on the loopback: the account's own server, the directory of DIDs, an AppView and a chat service
// behind it, and the giving of leave. Every request and every answer is held against the lexicons; what breaks them is in
// `faults`. It can be told to misbehave, one call at a time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appViewRoutes } from './app-view-routes.ts'
import { chatRoutes } from './chat-routes.ts'
import { faultOf, knowsMethod, typedParams } from './lexicons.ts'
import { openOAuth, type OAuthServer } from './oauth-routes.ts'
import { repoRoutes } from './repo-routes.ts'
import type { Route, SeenRequest, Told } from './route.ts'
import { openSessions, type Caller, type Sessions } from './sessions.ts'
import { openWorld, type World } from './world.ts'
import { XrpcError } from './xrpc-error.ts'

export const APP_VIEW = 'did:web:appview.example#bsky_appview'
export const CHAT = 'did:web:api.bsky.chat#bsky_chat'

/** What goes wrong with one call: an error instead of an answer, or an answer that is lost. */
export type Trouble =
  | {
      readonly status: number
      readonly error: string
      readonly message?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  | 'hang up before'
  | 'hang up after'
  | 'silence after'

export interface BlueskyServer {
  readonly url: string
  readonly world: World
  readonly sessions: Sessions
  readonly oauth: OAuthServer
  readonly requests: SeenRequest[]
  /** What broke a lexicon, either way. */
  readonly faults: string[]
  /** The next call of this method goes wrong so. */
  trouble(method: string, ...troubles: readonly Trouble[]): void
  /** How often a method was called. */
  count(method: string): number
  stop(): Promise<void>
}

/** @param port default: any */
export async function startBlueskyServer(world: World = openWorld(), port = 0): Promise<BlueskyServer> {
  const faults: string[] = []
  const requests: SeenRequest[] = []
  const troubles = new Map<string, Trouble[]>()
  const sessions = openSessions(world)
  const routes: Readonly<Record<string, Route>> = { ...repoRoutes, ...appViewRoutes, ...chatRoutes }
  let url = ''
  const oauth = openOAuth(world, sessions, () => url)

  const answerXrpc = async (method: string, query: URLSearchParams, seen: SeenRequest): Promise<Told> => {
    const route = routes[method]
    if (!route || !knowsMethod(method)) throw new XrpcError(501, 'MethodNotImplemented', 'Method Not Implemented')
    const params = typedParams(method, query)
    note(faultOf('params', method, params))
    const isJson = seen.headers['content-type'] === 'application/json'
    const input = isJson ? (JSON.parse(seen.body.toString('utf8')) as Record<string, unknown>) : {}
    if (isJson) {
      const fault = faultOf('input', method, input)
      note(fault)
      if (fault) throw new XrpcError(400, 'InvalidRequest', fault)
    }
    const proxy = seen.headers['atproto-proxy']
    if (method.startsWith('chat.bsky.') && proxy !== CHAT) {
      throw new XrpcError(400, 'InvalidRequest', `No service configured for ${method}`)
    }
    if (method.startsWith('app.bsky.') && proxy !== undefined && proxy !== APP_VIEW) {
      throw new XrpcError(400, 'InvalidRequest', 'could not resolve proxy did')
    }
    // Renewing is signed by the other token, which is looked at there.
    const signed = seen.headers['authorization'] !== undefined && method !== 'com.atproto.server.refreshSession'
    const caller = signed ? callerOf(seen, url) : null
    if (method.startsWith('chat.bsky.') && caller && !caller.chat) {
      throw new XrpcError(400, 'InvalidToken', 'Bad token method')
    }
    const me = (): string => {
      if (!caller) throw new XrpcError(401, 'AuthMissing', 'Authentication Required')
      return caller.did
    }
    const { body, headers } = seen
    const said = await route({ world, sessions, caller, params, input, body, headers, me })
    if (said !== undefined) {
      const fault = faultOf('output', method, said)
      note(fault)
      if (fault) throw new XrpcError(500, 'InternalServerError', fault)
    }
    return { status: 200, body: said, headers: {} }
  }

  const callerOf = (seen: SeenRequest, url: string): Caller =>
    seen.headers['authorization']!.startsWith('DPoP ')
      ? oauth.callerOf(seen, new URL(seen.path, url).href)
      : sessions.callerOf(seen.headers['authorization']!)

  const note = (fault: string | null): void => void (fault && faults.push(fault))

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const method = pathname.startsWith('/xrpc/') ? pathname.slice('/xrpc/'.length) : pathname
    const seen = await read(request, method)
    requests.push(seen)
    const trouble = troubles.get(method)?.shift()
    if (trouble === 'hang up before') return void response.destroy()
    if (typeof trouble === 'object') {
      const { status, error, message, headers = {} } = trouble
      return tell(response, { status, body: { error, ...(message && { message }) }, headers })
    }
    let told: Told
    try {
      told = pathname.startsWith('/xrpc/')
        ? await answerXrpc(method, searchParams, seen)
        : ((await oauth.answer(pathname, searchParams, seen)) ?? directory(world, url, pathname))
    } catch (error) {
      if (!(error instanceof XrpcError)) throw error
      told = { status: error.status, body: { error: error.error, message: error.message }, headers: error.headers }
    }
    if (trouble === 'hang up after') return void response.destroy()
    if (trouble === 'silence after') return
    tell(response, { ...told, headers: { ...sessions.limits(), ...told.headers } })
  }

  const server = createServer((request, response) => {
    response.on('error', () => {})
    respond(request, response).catch((error: unknown) => {
      faults.push(String(error))
      response.destroy()
    })
  })
  // A test that is busy with itself for some seconds finds its connection as it left it.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    world,
    sessions,
    oauth,
    requests,
    faults,
    trouble: (method, ...some) => void troubles.set(method, [...(troubles.get(method) ?? []), ...some]),
    count: (method) => requests.filter((one) => one.method === method).length,
    stop: () => {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      return closed
    },
  }
}

/** Stops it. Throws where anything that went over the wire broke a lexicon. */
export async function stopSound(server: BlueskyServer): Promise<void> {
  await server.stop()
  if (server.faults.length > 0) throw new Error(`The lexicons were broken:\n${server.faults.join('\n')}`)
}

function tell(response: ServerResponse, { status, body, headers }: Told): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

/** DID documents, as the directory has them. */
function directory(world: World, url: string, path: string): Told {
  const person = world.people.get(decodeURIComponent(path.slice(1)))
  if (!person || person.state === 'deleted')
    return { status: 404, body: { message: 'DID not registered' }, headers: {} }
  return { status: 200, body: didDocument(person.did, person.handle, url), headers: {} }
}

export function didDocument(did: string, handle: string, url: string): object {
  return {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: did,
    alsoKnownAs: [`at://${handle}`],
    verificationMethod: [],
    service: [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: url }],
  }
}

async function read(request: IncomingMessage, method: string): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  return { path: request.url ?? '', method, headers, body: Buffer.concat(chunks) }
}
