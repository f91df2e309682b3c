// The account's own server: log-ins, its repository, files, names.
import { asObject } from '../json.ts'
import { isTid } from '../tid.ts'
import { atUri, POST, readAtUri } from '../uri.ts'
import { faultOf } from './lexicons.ts'
import type { Route, XrpcCall } from './route.ts'
import { cidOf, type Person } from './world.ts'
import { XrpcError } from './xrpc-error.ts'

const invalid = (message: string): XrpcError => new XrpcError(400, 'InvalidRequest', message)
/** How a server speaks of an account that is deleted, taken down or switched off. */
const noRepo = (did: string): XrpcError => invalid(`Could not find repo: ${did}`)
const noUser = (did: string): XrpcError => invalid(`Could not find user info for account: ${did}`)
const notFound = (uri: string): XrpcError => new XrpcError(400, 'RecordNotFound', `Could not locate record: ${uri}`)

export const repoRoutes: Readonly<Record<string, Route>> = {
  'com.atproto.server.createSession': ({ world, sessions, input }) => {
    const person = world.find(String(input['identifier']))
    const password = String(input['password'])
    const app = person?.appPasswords.get(password)
    if (!person || (person.password !== password && !app)) {
      throw new XrpcError(401, 'AuthenticationRequired', 'Invalid identifier or password')
    }
    // App passwords of accounts that were taken down are told no other thing than wrong ones.
    if (person.state === 'takendown' || person.state === 'deleted') {
      throw new XrpcError(401, 'AuthenticationRequired', 'Invalid identifier or password')
    }
    return { ...sessions.open(person, app?.chat ?? true), ...accountOf(person) }
  },
  'com.atproto.server.refreshSession': ({ world, sessions, headers }) => {
    const { did, ...tokens } = sessions.refresh(headers['authorization'] ?? '')
    const person = world.people.get(did)!
    if (person.state === 'takendown') throw new XrpcError(401, 'AccountTakedown', 'Account has been taken down')
    if (person.state === 'deleted') throw noUser(did)
    return { ...tokens, ...accountOf(person) }
  },
  'com.atproto.server.getSession': ({ world, me }) => {
    const person = world.people.get(me())!
    if (person.state === 'takendown' || person.state === 'deleted') throw noUser(person.did)
    return accountOf(person)
  },
  'com.atproto.server.getServiceAuth': ({ sessions, params, me }) => ({
    token: sessions.vouch(me(), String(params['aud']), String(params['lxm'])),
  }),
  'com.atproto.identity.resolveHandle': ({ world, params }) => {
    const person = world.find(String(params['handle']))
    if (!person) throw new XrpcError(400, 'HandleNotFound', 'Unable to resolve handle')
    return { did: person.did }
  },
  'com.atproto.repo.createRecord': (call) => {
    const { world, sessions, input } = call
    const { did, collection, rkey } = target(call)
    sessions.takeWrite()
    const name = rkey ?? world.nextTid()
    if (world.records.has(atUri({ did, collection, rkey: name }))) {
      // The tree of a repository refuses a second value under one key.
      throw new XrpcError(500, 'InternalServerError', 'Internal Server Error')
    }
    return written(world.write(did, collection, checked(call, collection, input['record']), name), world.nextTid())
  },
  'com.atproto.repo.putRecord': (call) => {
    const { world, sessions, input } = call
    const { did, collection, rkey } = target(call)
    sessions.takeWrite()
    const uri = atUri({ did, collection, rkey: rkey! })
    if ('swapRecord' in input && (world.records.get(uri)?.cid ?? null) !== input['swapRecord']) {
      throw new XrpcError(400, 'InvalidSwap', 'Record was at another version')
    }
    return written(world.write(did, collection, checked(call, collection, input['record']), rkey!), world.nextTid())
  },
  'com.atproto.repo.getRecord': ({ world, params }) => {
    const person = world.find(String(params['repo']))
    const uri = `at://${person?.did ?? String(params['repo'])}/${String(params['collection'])}/${String(params['rkey'])}`
    const stored = world.records.get(uri)
    if (person && person.state !== 'active') throw noRepo(person.did)
    if (!stored || !person) throw notFound(uri)
    const { cid, value } = stored
    return { uri, cid, value }
  },
  'com.atproto.repo.listRecords': ({ world, params }) => {
    const person = world.find(String(params['repo']))
    if (person?.state !== 'active') throw noRepo(person?.did ?? String(params['repo']))
    const all = world.recordsOf(person.did, String(params['collection']))
    const from =
      params['cursor'] === undefined ? 0 : all.findIndex(({ uri }) => readAtUri(uri)!.rkey < String(params['cursor']))
    const page = all.slice(from, from + Number(params['limit'] ?? 50))
    const last = page.at(-1)
    return {
      records: page.map(({ uri, cid, value }) => ({ uri, cid, value })),
      ...(last && { cursor: readAtUri(last.uri)!.rkey }),
    }
  },
  'com.atproto.repo.deleteRecord': (call) => {
    const { did, collection, rkey } = target(call)
    call.world.remove(atUri({ did, collection, rkey: rkey! }))
    return {}
  },
  'com.atproto.repo.uploadBlob': ({ world, body, headers, me }) => {
    const type = headers['content-type'] ?? '*/*'
    const link = cidOf(body, 0x55)
    world.blobs.set(link, { bytes: body, type, did: me() })
    return { blob: { $type: 'blob', ref: { $link: link }, mimeType: type, size: body.length } }
  },
  'com.atproto.moderation.createReport': ({ world, input, me }) => {
    const report = { ...input, id: world.reports.length + 1, reportedBy: me(), createdAt: world.now().toISOString() }
    world.reports.push(report)
    return report
  },
}

function accountOf(person: Person): object {
  const active = person.state === 'active'
  return { did: person.did, handle: person.handle, active, ...(!active && { status: person.state }) }
}

function target({ world, input, me }: XrpcCall): { did: string; collection: string; rkey: string | undefined } {
  const person = world.find(String(input['repo']))
  if (!person || person.did !== me()) throw new XrpcError(401, 'AuthenticationRequired', 'Not your repository')
  if (person.state === 'takendown') throw new XrpcError(401, 'AccountTakedown', 'Account has been taken down')
  if (person.state === 'deactivated') throw new XrpcError(401, 'AccountDeactivated', 'Account is deactivated')
  if (person.state === 'deleted') throw new XrpcError(403, 'AccountNotFound', 'Account not found')
  const rkey = input['rkey']
  return {
    did: person.did,
    collection: String(input['collection']),
    rkey: rkey === undefined ? undefined : String(rkey),
  }
}

/** A record that its lexicon takes, whose files are there. */
function checked({ world, input }: XrpcCall, collection: string, value: unknown): Readonly<Record<string, unknown>> {
  const record = asObject(value)
  if (record === null || record['$type'] !== collection) throw invalid(`Invalid $type: expected ${collection}`)
  const fault = faultOf('record', collection, record)
  if (fault !== null) throw invalid(fault)
  if (collection === POST && input['rkey'] !== undefined && !isTid(String(input['rkey']))) throw invalid('Invalid TID')
  for (const [, link] of JSON.stringify(record).matchAll(/"\$link":"([^"]+)"/g)) {
    if (!world.blobs.has(link!)) throw new XrpcError(400, 'BlobNotFound', `Could not find blob: ${link}`)
  }
  return record
}

function written({ uri, cid }: { uri: string; cid: string }, rev: string): object {
  return { uri, cid, commit: { cid, rev }, validationStatus: 'valid' }
}
