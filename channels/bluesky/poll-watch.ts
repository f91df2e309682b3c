// Nobody tells that a post was deleted, that its author goes by another name, or how often it was liked by now. So the newest
// posts are looked at again, a few at a time.
import { askAppView, postsNamed, profilesNamed } from './app-view.ts'
import { deliveryOf } from './bundle.ts'
import { shortName, type Watch } from './cursor.ts'
import { at as valueAt, objectsOf, textAt, type Json } from './json.ts'
import type { Part, Reading } from './reading.ts'
import { readAtUri } from './uri.ts'

const EVERY_MS = 2 * 60_000
const AT_ONCE = 25

/** Never fails: a look that could not be had is had later. */
export async function readWatched(state: Watch, reading: Reading): Promise<Part<Watch>> {
  const { access, context, session, now } = reading
  const none = { state, deliveries: [], more: false }
  const due = state.at === null || Date.parse(state.at) + EVERY_MS <= now.getTime()
  if (!due || state.posts.length === 0 || reading.room() <= 0) return none
  const turn = state.posts.toSorted((a, b) => (a.at ?? '').localeCompare(b.at ?? '')).slice(0, AT_ONCE)
  const found = await postsNamed(
    access,
    context,
    turn.map(({ uri }) => uri),
  )
  if (found === null) return none
  const gone: string[] = []
  for (const { uri } of turn) if (!found.has(uri) && (await isGone(uri, reading))) gone.push(uri)
  const actors = [...new Set(gone.flatMap((uri) => readAtUri(uri)?.did ?? []))].filter((did) => did !== session.did)
  const profiles = actors.length > 0 ? await profilesNamed(access, context, actors) : null
  const goneActors = profiles === null ? [] : actors.filter((did) => !profiles.has(did))
  const looked = turn.map(({ uri, print }) => ({ uri, print, view: found.get(uri) ?? null }))
  const changed = looked.flatMap(({ view, print }) => (view !== null && printOf(view) !== print ? [view] : []))
  const prints = new Map(looked.map(({ uri, print, view }) => [uri, view === null ? print : printOf(view)]))
  const at = now.toISOString()
  const kept = state.posts
    .filter(({ uri }) => !gone.includes(uri))
    .map((post) => (prints.has(post.uri) ? { uri: post.uri, print: prints.get(post.uri)!, at } : post))
  const posts = changed.length + gone.length > 0 ? [{ posts: changed, gone, goneActors }] : []
  return {
    state: { at, posts: kept },
    deliveries: posts.map((one) => deliveryOf({ kind: 'watch', did: session.did, at, ...one })),
    more: false,
  }
}

/** A post that is not shown may be hidden from us by a block. It is gone where nobody has it and no server holds it. */
async function isGone(uri: string, { access, context }: Pick<Reading, 'access' | 'context'>): Promise<boolean> {
  const thread = await askAppView(access, context, {
    method: 'app.bsky.feed.getPostThread',
    params: { uri, depth: 0, parentHeight: 0 },
  })
  const missing = thread.ok ? valueAt(thread.body, 'thread', 'notFound') === true : thread.error === 'NotFound'
  const name = readAtUri(uri)
  if (!missing || name === null) return false
  const { did: repo, collection, rkey } = name
  const record = await access.call({ method: 'com.atproto.repo.getRecord', params: { repo, collection, rkey } })
  if (record.ok) return false
  if (record.error === 'RecordNotFound') return true
  return record.error === 'RepoNotFound' && !(await isAsleep(repo, { access, context }))
}

/** Switched off by its owner: everything is back when they are. */
async function isAsleep(actor: string, { access, context }: Pick<Reading, 'access' | 'context'>): Promise<boolean> {
  const profile = await askAppView(access, context, { method: 'app.bsky.actor.getProfile', params: { actor } })
  // Whoever can't be asked has not said that it is over.
  return profile.ok || !(profile.error === 'AccountTakedown' || /profile not found/i.test(profile.reason))
}

/** What can change about a post that stands. */
function printOf(view: Json): string {
  const labels = (value: unknown): unknown[] =>
    objectsOf(value, 100).map((label) => [label['val'], label['neg'], label['src']])
  return shortName(
    ['likeCount', 'repostCount', 'quoteCount', 'replyCount'].map((name) => view[name]),
    textAt(view, 'author', 'handle'),
    textAt(view, 'author', 'displayName'),
    textAt(view, 'author', 'avatar'),
    valueAt(view, 'viewer', 'replyDisabled'),
    labels(view['labels']),
    labels(valueAt(view, 'author', 'labels')),
  )
}
