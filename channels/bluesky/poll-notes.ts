// Notifications come newest first and know no "since": each look goes back, page by page, to what is known. A walk that does
// not get there in one step goes on in the next, and what is newer meanwhile waits for the walk after it.
import { NotFetched } from '../connector.ts'
import { askAppView, profilesNamed } from './app-view.ts'
import { deliveryOf, pruneThread } from './bundle.ts'
import { type Back, MOST_KNOWN, type Notes, shortName } from './cursor.ts'
import { asObject, asText, at, objectsOf, textAt, type Json } from './json.ts'
import { notFetched, type Part, type Reading } from './reading.ts'
import type { Access } from './session.ts'
import { standingOf } from './standing.ts'
import { POST } from './uri.ts'
import type { Refusal } from './xrpc.ts'

const PAGE = 50
/** 25,000 notifications: further back a walk that never meets what it knows does not go. */
const MOST_PAGES = 500
/** Posts count from when their author says they were written: they may turn up below newer ones. */
const OVERLAP_MS = 10 * 60_000
const THREADS_AT_ONCE = 4
const THREAD_BYTES = 8 * 1024 * 1024

interface Page {
  readonly items: readonly Json[]
  readonly cursor: string | null
}

export async function readNotes(state: Notes, reading: Reading): Promise<Part<Notes>> {
  if (state.known === null) return firstLook(state, reading)
  const { walk } = state
  const page = await fetchPage(walk?.cursor ?? null, reading)
  const known = new Set(state.known)
  const fresh = page.items.filter((item) => !known.has(nameOf(item)))
  const top = walk?.top ?? page.items.map(nameOf)
  const mark = latest(walk ? [walk.mark] : [state.mark ?? '', ...page.items.map(indexedAt)])
  const pages = (walk?.pages ?? 0) + 1
  const arrived =
    page.cursor === null ||
    page.cursor === walk?.cursor ||
    fresh.length < page.items.length ||
    pages >= MOST_PAGES ||
    isBefore(latest(page.items.map(indexedAt)), state.mark, OVERLAP_MS)
  const part = await bundle(fresh, reading)
  if (!arrived) {
    return { ...part, state: { ...state, walk: { cursor: page.cursor!, pages, top, mark } }, more: true }
  }
  const now: Notes = {
    ...state,
    known: [...new Set([...top, ...fresh.map(nameOf), ...state.known])].slice(0, MOST_KNOWN),
    mark: mark || null,
    walk: null,
  }
  // Looking back takes what is left of a step that found nothing new.
  if (now.back === null || fresh.length > 0) return { ...part, state: now, more: now.back !== null }
  return lookBack(now, now.back, reading)
}

/** Only remembers what stands on top; what of it is young enough comes by looking back. */
async function firstLook(state: Notes, reading: Reading): Promise<Part<Notes>> {
  const page = await fetchPage(null, reading)
  const back = state.back ?? { from: reading.from.toISOString(), cursor: null, done: 0, oldest: null, pages: 0 }
  const known = page.items.map(nameOf).slice(0, MOST_KNOWN)
  const mark = latest(page.items.map(indexedAt)) || null
  return { state: { known, mark, walk: null, back }, deliveries: [], more: true }
}

async function lookBack(state: Notes, back: Back, reading: Reading): Promise<Part<Notes>> {
  const page = await fetchPage(back.cursor, reading)
  const young = page.items.filter((item) => !isBefore(indexedAt(item), back.from, 0))
  const part = await bundle(young, reading)
  const pages = back.pages + 1
  const over = page.cursor === null || page.cursor === back.cursor || young.length === 0 || pages >= MOST_PAGES
  const oldest = young.map(indexedAt).filter(Boolean).sort()[0] ?? back.oldest
  const next = { ...back, cursor: page.cursor, done: back.done + young.length, oldest, pages }
  return { ...part, state: { ...state, back: over ? null : next }, more: !over }
}

async function fetchPage(cursor: string | null, { access, context }: Reading): Promise<Page> {
  const answer = await askAppView(access, context, {
    method: 'app.bsky.notification.listNotifications',
    params: { limit: PAGE, ...(cursor && { cursor }) },
  })
  if (!answer.ok) throw await notesNotFetched(answer, access)
  return { items: objectsOf(answer.body['notifications'], 200), cursor: asText(answer.body['cursor']) }
}

/** Where it is not our word that was refused, the account's own server says whether it is us or the AppView behind it. */
async function notesNotFetched(refusal: Refusal, access: Access): Promise<NotFetched> {
  const { status, error, reason, retryAt } = refusal
  const noView = error === 'NoAppView'
  if (!noView && (status < 500 || status === 503)) return notFetched(refusal, 'Notifications could not be read')
  const { fault, reached } = await standingOf(access)
  if (fault !== null) return new NotFetched('reauthorize', fault)
  if (noView) return new NotFetched('later', 'The account’s server has no AppView to ask for notifications: name one')
  if (!reached) return notFetched(refusal, 'Notifications could not be read')
  const words = `The account’s server is there, but the AppView that notifications come from does not answer (${reason})`
  return new NotFetched('later', words, retryAt)
}

/** One deed, one name: somebody may like, be undone and like again, and that is another record. */
function nameOf(item: Json): string {
  return shortName(item['uri'], item['cid'], item['reason'])
}

const indexedAt = (item: Json): string => isoOf(asText(item['indexedAt'])) ?? ''

function isoOf(moment: string | null): string | null {
  const date = new Date(moment ?? '')
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

const latest = (moments: readonly string[]): string => moments.filter(Boolean).sort().at(-1) ?? ''

function isBefore(moment: string, other: string | null, slackMs: number): boolean {
  if (moment === '' || other === null) return false
  return Date.parse(moment) < Date.parse(other) - slackMs
}

/** Each with the thread around it and who wrote it, oldest first. */
async function bundle(items: readonly Json[], reading: Reading): Promise<Pick<Part<Notes>, 'deliveries' | 'watch'>> {
  const posts = items.filter((item) => at(item, 'record', '$type') === POST)
  const uris = [...new Set(posts.flatMap((item) => asText(item['uri']) ?? []))]
  const threads = new Map<string, Json>()
  const waiting = [...uris]
  const work = async (): Promise<void> => {
    for (let uri = waiting.shift(); uri !== undefined && reading.room() > 0; uri = waiting.shift()) {
      const thread = await fetchThread(uri, reading)
      if (thread !== null) threads.set(uri, thread)
    }
  }
  await Promise.all(Array.from({ length: THREADS_AT_ONCE }, work))
  const authors = posts.flatMap((item) => textAt(item, 'author', 'did') ?? [])
  const profiles =
    authors.length > 0 && reading.room() > 0 ? await profilesNamed(reading.access, reading.context, authors) : null
  const deliveries = items.toReversed().map((item) => {
    const isPost = at(item, 'record', '$type') === POST
    const thread = isPost ? threads.get(asText(item['uri']) ?? '') : undefined
    const profile = isPost ? profiles?.get(textAt(item, 'author', 'did') ?? '') : undefined
    return deliveryOf({
      kind: 'notification',
      did: reading.session.did,
      at: reading.now.toISOString(),
      notification: item,
      ...(thread && { thread }),
      ...(profile && { profile }),
    })
  })
  return { deliveries, watch: uris }
}

/** The thread around a post, or null: a notification counts without it too. */
export async function fetchThread(
  uri: string,
  { access, context }: Pick<Reading, 'access' | 'context'>,
): Promise<Json | null> {
  for (const depth of [3, 0]) {
    const answer = await askAppView(access, context, {
      method: 'app.bsky.feed.getPostThread',
      params: { uri, depth, parentHeight: 80 },
      maxBytes: THREAD_BYTES,
      timeoutMs: 15_000,
    })
    if (answer.ok) {
      const thread = asObject(answer.body['thread'])
      if (thread === null) return null
      const pruned = pruneThread(thread)
      return { ...answer.body, ...pruned }
    }
    // Too large to be told: without what was answered it is not.
    if (answer.status !== 0) return null
  }
  return null
}
