// Notifications, threads and profiles: read through the account's own server, which passes them on to its AppView or to the
// one that is set; or straight from an AppView's address, with a word of the server that it is us.
import type { PlatformContext } from '../connector.ts'
import { asText, objectsOf, parseObject, textAt, type Json } from './json.ts'
import type { Access } from './session.ts'
import { isDid } from './uri.ts'
import { type Answer, type Call, callXrpc } from './xrpc.ts'

const WORD_MS = 45_000
const MOST_KEPT = 500
/** What a server vouches with, by account, AppView and method; each holds for a minute. */
const words = new Map<string, { readonly token: string; readonly until: number }>()
const names = new Map<string, string>()

/** Never throws. */
export async function askAppView(access: Access, context: PlatformContext, call: Call): Promise<Answer> {
  const { appView } = access.account
  if (appView === null || 'proxy' in appView) return access.call(call, appView?.proxy ?? null)
  const opened = await access.session()
  const did = opened.ok ? opened.session.did : ''
  const key = JSON.stringify([did, appView.url, call.method])
  const now = context.now().getTime()
  const known = words.get(key)
  let token = known && known.until > now ? known.token : null
  if (token === null) {
    const answer = await access.call({
      method: 'com.atproto.server.getServiceAuth',
      params: { aud: await nameOf(appView.url, context), lxm: call.method },
    })
    if (!answer.ok) return answer
    token = asText(answer.body['token'])
    if (words.size >= MOST_KEPT) words.clear()
    if (token !== null) words.set(key, { token, until: now + WORD_MS })
  }
  const answer = await callXrpc(context, appView.url, call, token === null ? {} : { authorization: `Bearer ${token}` })
  if (!answer.ok && answer.status === 401) words.delete(key)
  return answer
}

/** The DID of the service at an address, by its own document. */
async function nameOf(url: string, { fetch }: PlatformContext): Promise<string> {
  const known = names.get(url)
  if (known !== undefined) return known
  const answer = await fetch(`${url}/.well-known/did.json`, { maxBytes: 64 * 1024 })
  const said = answer.ok && answer.status === 200 ? parseObject(answer.body)?.['id'] : null
  const did = isDid(said) ? said : `did:web:${encodeURIComponent(new URL(url).host)}`
  if (names.size >= MOST_KEPT) names.clear()
  if (answer.ok) names.set(url, did)
  return did
}

const AT_ONCE = 25

/** Posts as the AppView shows them, by address; null when nobody answered. Those that are gone or hidden from us are missing. */
export async function postsNamed(
  access: Access,
  context: PlatformContext,
  uris: readonly string[],
): Promise<ReadonlyMap<string, Json> | null> {
  return named(uris, 'uri', async (some) => {
    const answer = await askAppView(access, context, { method: 'app.bsky.feed.getPosts', params: { uris: some } })
    return answer.ok ? objectsOf(answer.body['posts']) : null
  })
}

/** Profiles by DID; null when nobody answered. Accounts that are deleted, suspended or switched off are missing. */
export async function profilesNamed(
  access: Access,
  context: PlatformContext,
  dids: readonly string[],
): Promise<ReadonlyMap<string, Json> | null> {
  return named(dids, 'did', async (some) => {
    const answer = await askAppView(access, context, { method: 'app.bsky.actor.getProfiles', params: { actors: some } })
    return answer.ok ? objectsOf(answer.body['profiles']) : null
  })
}

async function named(
  wanted: readonly string[],
  name: string,
  ask: (some: readonly string[]) => Promise<readonly Json[] | null>,
): Promise<ReadonlyMap<string, Json> | null> {
  const found = new Map<string, Json>()
  const all = [...new Set(wanted)]
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const some = await ask(all.slice(from, from + AT_ONCE))
    if (some === null) return null
    for (const one of some) found.set(textAt(one, name) ?? '', one)
  }
  return found
}
