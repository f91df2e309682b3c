// From a handle to the account and its server: handle to DID (DNS, the handle's own site, a resolver), DID to its document
// (directory or did:web), document to server. A handle counts only where the document names it too.
import { Resolver } from 'node:dns/promises'
import type { PlatformContext } from '../connector.ts'
import { asText, objectsOf, parseObject, textAt, type Json } from './json.ts'
import type { Account } from './settings.ts'
import { isDid, isHandle } from './uri.ts'
import { callXrpc } from './xrpc.ts'

/** As `resolveTxt` of node:dns/promises. */
export type TxtQuery = (name: string) => Promise<readonly (readonly string[])[]>

const resolver = new Resolver({ timeout: 3000, tries: 2 })
export const machineTxt: TxtQuery = (name) => resolver.resolveTxt(name)

type Net = Pick<PlatformContext, 'fetch' | 'now'>

export type Identity =
  | { readonly ok: true; readonly did: string; readonly handle: string | null; readonly pds: string }
  | { readonly ok: false; readonly reason: string; readonly passing: boolean }

const DOCUMENT_BYTES = 256 * 1024
const TIMEOUT_MS = 8000

/** Never throws. `passing`: nobody answered, which says nothing about the account. */
export async function resolveIdentity(account: Account, net: Net, txt: TxtQuery = machineTxt): Promise<Identity> {
  const { identifier } = account
  const did = isDid(identifier) ? identifier : await resolveHandle(identifier, account, net, txt)
  if (did === null) {
    return { ok: false, passing: false, reason: `The handle ${identifier || '(none)'} leads to no account` }
  }
  const document = await fetchDocument(did, account, net)
  if (!document.ok) return document
  const { handle, pds } = readDocument(document.body)
  if (pds === null) return { ok: false, passing: false, reason: `${did} names no server of its own` }
  if (identifier !== did && handle !== identifier) {
    return {
      ok: false,
      passing: false,
      reason: `${identifier} points at ${did}, which goes by ${handle ?? 'no handle'}`,
    }
  }
  return { ok: true, did, handle, pds }
}

/** The DID behind a handle; null where none is found. Never throws. */
export async function resolveHandle(
  handle: string,
  account: Pick<Account, 'handleResolver' | 'service'>,
  net: Net,
  txt: TxtQuery = machineTxt,
): Promise<string | null> {
  if (!isHandle(handle)) return null
  const name = handle.toLowerCase()
  const [byDns, bySite] = await Promise.all([handleByDns(name, txt), handleBySite(name, net)])
  const own = byDns ?? bySite
  if (own !== null) return own
  for (const server of new Set([account.service, account.handleResolver])) {
    if (server === null) continue
    const answer = await callXrpc(net, server, {
      method: 'com.atproto.identity.resolveHandle',
      params: { handle: name },
      timeoutMs: TIMEOUT_MS,
      maxBytes: DOCUMENT_BYTES,
    })
    if (answer.ok && isDid(answer.body['did'])) return answer.body['did']
  }
  return null
}

async function handleByDns(handle: string, txt: TxtQuery): Promise<string | null> {
  try {
    const records = (await txt(`_atproto.${handle}`)).map((parts) => parts.join(''))
    const dids = records.filter((record) => record.startsWith('did=')).map((record) => record.slice(4))
    // Several are a mistake of whoever keeps the domain, and nobody may choose among them.
    return dids.length === 1 && isDid(dids[0]) ? dids[0] : null
  } catch {
    return null
  }
}

async function handleBySite(handle: string, { fetch }: Net): Promise<string | null> {
  const answer = await fetch(`https://${handle}/.well-known/atproto-did`, { maxBytes: 4096, timeoutMs: TIMEOUT_MS })
  if (!answer.ok || answer.status !== 200) return null
  const did = answer.body.toString('utf8').trim()
  return isDid(did) ? did : null
}

type Document = { readonly ok: true; readonly body: Json } | Extract<Identity, { readonly ok: false }>

export async function fetchDocument(
  did: string,
  { plcDirectory }: Pick<Account, 'plcDirectory'>,
  { fetch }: Pick<Net, 'fetch'>,
): Promise<Document> {
  const url = documentAddress(did, plcDirectory)
  if (url === null) return { ok: false, passing: false, reason: `${did} is of a kind that is not known` }
  const answer = await fetch(url, { maxBytes: DOCUMENT_BYTES, timeoutMs: TIMEOUT_MS })
  if (!answer.ok) return { ok: false, passing: true, reason: `${did} could not be looked up: ${answer.reason}` }
  if (answer.status !== 200) {
    const gone = answer.status === 404 || answer.status === 410
    return { ok: false, passing: !gone, reason: `${did} could not be looked up: ${answer.status}` }
  }
  const body = parseObject(answer.body)
  if (body === null || body['id'] !== did) {
    return { ok: false, passing: false, reason: `${did} has no document that can be read` }
  }
  return { ok: true, body }
}

function documentAddress(did: string, directory: string): string | null {
  if (did.startsWith('did:plc:')) return `${directory}/${did}`
  const [, host] = /^did:web:([A-Za-z0-9.-]+(?:%3A\d{1,5})?)$/.exec(did) ?? []
  if (host === undefined) return null
  const name = decodeURIComponent(host)
  // Only a development server lives on localhost, and it has no certificate.
  return `${/^localhost(?::|$)/.test(name) ? 'http' : 'https'}://${name}/.well-known/did.json`
}

/** Handle and server by a DID document; the first `at://` name counts. */
export function readDocument(document: Json): { readonly handle: string | null; readonly pds: string | null } {
  const names = Array.isArray(document['alsoKnownAs']) ? document['alsoKnownAs'] : []
  const name = names.find((one): one is string => typeof one === 'string' && one.startsWith('at://'))
  const handle = name?.slice('at://'.length).toLowerCase()
  const service = objectsOf(document['service'], 50).find(
    (one) => (asText(one['id']) ?? '').endsWith('#atproto_pds') && one['type'] === 'AtprotoPersonalDataServer',
  )
  const url = URL.parse(textAt(service, 'serviceEndpoint') ?? '')
  return {
    handle: isHandle(handle) ? handle : null,
    pds: url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.origin : null,
  }
}
