// What stands around a post: what it answers, up to the first post of the thread, and what was answered. Shown beside it, and
// not taken for something said to us, unless it was.
import type { InboundEvent, InboundMessage } from '../connector.ts'
import { asObject, asText, at, objectsOf, textAt, type Json } from './json.ts'
import { messageOf, momentOf, type PostSource, speaksTo } from './receive-post.ts'
import { refIn } from './strong-ref.ts'
import { MOST_ANCESTORS, MOST_REPLIES } from './bundle.ts'
import { isDid, readAtUri, webAddressOf } from './uri.ts'

interface Around {
  readonly post: PostSource
  readonly subject: string | null
  readonly facts: Readonly<Record<string, unknown>>
  readonly before: readonly InboundEvent[]
  readonly after: readonly InboundEvent[]
}

/** The network tells an author of answers up to so many steps below their post. */
const HEARD_DEPTH = 5
const MOST_SUBJECT = 120

const GONE_TEXT = 'This post is no longer there.'
const BLOCKED_TEXT = 'This post is hidden by a block.'

export function threadPosts(
  { bundle, did }: { readonly bundle: Json; readonly did: string },
  uri: string,
  bare: PostSource,
): Around {
  const top = asObject(asObject(bundle['thread'])?.['thread'])
  const view = asObject(top?.['post'])
  if (top === null || view === null || view['uri'] !== uri) {
    return { post: bare, subject: null, facts: factsOf(bare, null, null), before: [], after: [] }
  }
  const post: PostSource = { ...sourceOf(view, bare.at), record: asObject(view['record']) ?? bare.record }
  const chain = ancestorsOf(top)
  const root = asObject(chain.at(-1)?.['post']) ?? (chain.length === 0 ? view : null)
  const key = textAt(post.record, 'reply', 'root', 'uri') ?? uri
  const subject = root !== null && root['uri'] === key ? subjectOf(root) : null
  const threadgate = asObject(asObject(bundle['thread'])?.['threadgate'])
  const seen = new Set([uri])
  // How many steps above a post our own account wrote, along the way down; beyond hearing where it did not.
  let above = Number.POSITIVE_INFINITY
  const before: InboundEvent[] = []
  for (const node of chain.toReversed()) {
    above = stepsBelowUs(node, did, above)
    before.push(...eventsOf(node, { key, did, heard: above <= HEARD_DEPTH, seen, at: post.at, child: uri }))
  }
  above = stepsBelowUs(top, did, above)
  return {
    post,
    subject,
    facts: factsOf(post, view, threadgate),
    before,
    after: repliesOf(top, { key, did, above, seen, at: post.at }),
  }
}

/** Nearest first, up to the first post of the thread or to where nothing more is shown. */
function ancestorsOf(top: Json): readonly Json[] {
  const chain: Json[] = []
  for (
    let node = asObject(top['parent']);
    node !== null && chain.length < MOST_ANCESTORS;
    node = asObject(node['parent'])
  ) {
    chain.push(node)
  }
  return chain
}

function stepsBelowUs(node: Json, did: string, above: number): number {
  return textAt(node, 'post', 'author', 'did') === did ? 0 : above + 1
}

interface Surroundings {
  readonly key: string
  readonly did: string
  readonly heard: boolean
  readonly seen: Set<string>
  readonly at: Date
  readonly child: string
}

/** A post of the thread as a message, or the place of one that is not shown. */
function eventsOf(node: Json, { key, did, heard, seen, at: when, child }: Surroundings): readonly InboundEvent[] {
  const view = asObject(node['post'])
  const uri = asText(view?.['uri']) ?? asText(node['uri'])
  const name = readAtUri(uri)
  if (uri === null || name === null || seen.has(uri)) return []
  seen.add(uri)
  if (view === null) {
    if (node['notFound'] !== true && node['blocked'] !== true) return []
    const author = textAt(node, 'author', 'did')
    const missing = node['blocked'] === true ? 'blocked' : 'gone'
    const place: InboundMessage = {
      type: 'message',
      externalId: uri,
      thread: { key, shape: 'tree', visibility: 'public' },
      author: { externalId: isDid(author) ? author : name.did },
      text: missing === 'blocked' ? BLOCKED_TEXT : GONE_TEXT,
      url: webAddressOf(name),
      context: true,
      data: { missing, child },
      // Nobody tells when it was written: just before what answers it.
      at: new Date(when.getTime() - 1),
    }
    return [place]
  }
  const source = sourceOf(view, when)
  const context = !heard && !speaksTo(did, source.record)
  const message = messageOf(source, { did, profile: null, subject: null, facts: {}, context })
  // Who answers another thread's post is shown by that thread.
  return message === null || message.thread.key !== key ? [] : [message]
}

/** What was answered, breadth first, so that the nearest come first where there are too many. */
function repliesOf(
  top: Json,
  around: { key: string; did: string; above: number; seen: Set<string>; at: Date },
): readonly InboundEvent[] {
  const events: InboundEvent[] = []
  const waiting: { node: Json; above: number }[] = [{ node: top, above: around.above }]
  for (let next = waiting.shift(); next !== undefined && events.length < MOST_REPLIES; next = waiting.shift()) {
    for (const node of objectsOf(next.node['replies'], MOST_REPLIES)) {
      if (waiting.length >= MOST_REPLIES || events.length >= MOST_REPLIES) break
      const above = stepsBelowUs(node, around.did, next.above)
      events.push(...eventsOf(node, { ...around, heard: above <= HEARD_DEPTH, child: asText(node['uri']) ?? '' }))
      waiting.push({ node, above })
    }
  }
  return events
}

function sourceOf(view: Json, fallback: Date): PostSource {
  return {
    uri: asText(view['uri']) ?? '',
    cid: asText(view['cid']),
    author: asObject(view['author']),
    record: asObject(view['record']),
    view,
    labels: view['labels'],
    at: momentOf(view['indexedAt']) ?? fallback,
  }
}

/** Whom a post calls by name before it says anything: part of the words, and no title. */
const LEADING_NAMES = /^(?:\s*@[\w-]+(?:\.[\w-]+)+[,:]?(?=\s))+/

/** The thread by the first line of its first post. */
function subjectOf(view: Json): string | null {
  const text = textAt(view, 'record', 'text') ?? ''
  const line = text.slice(0, 3000).trim().split(/\r?\n/)[0]!.replace(LEADING_NAMES, '').trim()
  if (line === '') return null
  const letters = [...line]
  return letters.length <= MOST_SUBJECT
    ? line
    : `${letters
        .slice(0, MOST_SUBJECT - 1)
        .join('')
        .trimEnd()}…`
}

/** What an answer has to know: the names of the first post and of this one, and whether the thread's owner lets us answer. */
function factsOf(post: PostSource, view: Json | null, gate: Json | null): Readonly<Record<string, unknown>> {
  const root = refIn(at(post.record, 'reply', 'root')) ?? refIn({ uri: post.uri, cid: post.cid })
  const last = refIn({ uri: post.uri, cid: post.cid })
  const disabled = at(view, 'viewer', 'replyDisabled')
  return {
    ...(root && { rootUri: root.uri, rootCid: root.cid }),
    ...(last && { lastUri: last.uri, lastCid: last.cid }),
    ...(view && {
      replyDisabled: disabled === true,
      gate: gateOf(gate),
      blockedBy: at(view, 'author', 'viewer', 'blockedBy') === true,
      blocking: textAt(view, 'author', 'viewer', 'blocking') !== null,
    }),
  }
}

/** Who may answer, by the rules of the thread's owner: 'all', or a list in words. */
function gateOf(gate: Json | null): string {
  const allow = at(gate, 'record', 'allow')
  if (!Array.isArray(allow)) return 'all'
  const words: Readonly<Record<string, string>> = {
    'app.bsky.feed.threadgate#mentionRule': 'those who are mentioned',
    'app.bsky.feed.threadgate#followerRule': 'those who follow the author',
    'app.bsky.feed.threadgate#followingRule': 'those whom the author follows',
    'app.bsky.feed.threadgate#listRule': 'those on a list',
  }
  const who = objectsOf(allow, 10).map((rule) => words[String(rule['$type'])] ?? 'others')
  return who.length === 0 ? 'nobody' : [...new Set(who)].join(', ')
}
