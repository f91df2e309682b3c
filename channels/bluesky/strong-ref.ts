// A post by address *and* content, as replies and quotes have to name it.
import type { PlatformContext } from '../connector.ts'
import { postsNamed } from './app-view.ts'
import { asObject, asText, at, type Json, textAt } from './json.ts'
import type { Access } from './session.ts'
import { readAtUri } from './uri.ts'

export interface StrongRef {
  readonly uri: string
  readonly cid: string
}

export interface Found extends StrongRef {
  /** What the post itself answers: its thread's first post, where it is not that itself. */
  readonly root: StrongRef | null
}

/** `gone`: it is not there (any more). `unknown`: nobody could say. */
export interface Missing {
  readonly missing: 'gone' | 'unknown'
  readonly reason: string
  readonly retryAt: Date | null
}

/** Asks the account's server, which knows its own records and passes on the rest; then the AppView. */
export async function strongRefOf(uri: string, access: Access, context: PlatformContext): Promise<Found | Missing> {
  const name = readAtUri(uri)
  if (name === null)
    return { missing: 'gone', reason: 'What this answers has no address on the network', retryAt: null }
  const { did: repo, collection, rkey } = name
  const answer = await access.call({ method: 'com.atproto.repo.getRecord', params: { repo, collection, rkey } })
  const cid = answer.ok ? asText(answer.body['cid']) : null
  if (answer.ok && cid !== null) return { uri, cid, root: rootIn(answer.body['value']) }
  const views = await postsNamed(access, context, [uri])
  const view = views?.get(uri)
  const shown = textAt(view, 'cid')
  if (shown !== null) return { uri, cid: shown, root: rootIn(at(view, 'record')) }
  if (answer.ok) {
    return { missing: 'unknown', reason: 'The post that this answers could not be looked up', retryAt: null }
  }
  if (views !== null && ['RecordNotFound', 'RepoNotFound'].includes(answer.error)) {
    return { missing: 'gone', reason: 'The post that this answers is no longer there', retryAt: null }
  }
  return { missing: 'unknown', reason: answer.reason, retryAt: answer.retryAt }
}

/** The first post of the thread, by a post's own word. */
export function rootIn(record: unknown): StrongRef | null {
  return refIn(at(record, 'reply', 'root'))
}

export function refIn(value: unknown): StrongRef | null {
  const ref: Json | null = asObject(value)
  const cid = asText(ref?.['cid'])
  const uri = asText(ref?.['uri'])
  return uri !== null && cid !== null && cid.length <= 200 && readAtUri(uri) !== null ? { uri, cid } : null
}
