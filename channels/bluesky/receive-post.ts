// A post to a message, from its view where there is one, else from the bare record: then what only a view shows (addresses of
// pictures, of quoted posts' words) is told in words.
import type { Embed, Engagement, InboundMedia, InboundMessage } from '../connector.ts'
import { asCount, asObject, asText, at, objectsOf, textAt, type Json } from './json.ts'
import { embedsOf } from './receive-embed.ts'
import { authorOf, warningOf } from './people.ts'
import { readRichText } from './rich-text.ts'
import { rootIn } from './strong-ref.ts'
import { isDid, readAtUri, webAddressOf } from './uri.ts'

export interface PostSource {
  readonly uri: string
  readonly cid: string | null
  readonly author: Json | null
  readonly record: Json | null
  readonly view: Json | null
  readonly labels: unknown
  /** When the network saw it, where its own word can't be used. */
  readonly at: Date
}

export interface PostSetting {
  /** Our own account. */
  readonly did: string
  readonly profile: Json | null
  readonly subject: string | null
  readonly facts: Readonly<Record<string, unknown>>
  readonly context: boolean
}

const MOST_TEXT = 50_000

/** Null where there is nobody who wrote, or nothing that was written. */
export function messageOf(post: PostSource, setting: PostSetting): InboundMessage | null {
  const name = readAtUri(post.uri)
  const author = authorOf(post.author, setting.profile)
  if (name === null || author === null || post.record === null) return null
  const { record, view } = post
  const written = readRichText((textAt(record, 'text') ?? '').slice(0, MOST_TEXT), record['facets'])
  const { media, embeds } = embedsOf(view === null ? null : asObject(view['embed']), asObject(record['embed']), name)
  const isKnown = record['$type'] === undefined || record['$type'] === 'app.bsky.feed.post'
  if (written.text === '' && media.length + embeds.length === 0 && !isKnown) return null
  const root = rootIn(record)
  const parent = textAt(record, 'reply', 'parent', 'uri')
  const warning = warningOf(post.labels, view?.['labels'], record['labels'])
  const engagement = view === null ? null : engagementOf(view)
  const ours = author.externalId === setting.did
  const langs = objectsOrTexts(record['langs'])
  return {
    type: 'message',
    externalId: post.uri,
    thread: {
      key: root?.uri ?? post.uri,
      shape: 'tree',
      visibility: 'public',
      ...(setting.subject !== null && { subject: setting.subject }),
      ...(Object.keys(setting.facts).length > 0 && { facts: setting.facts }),
    },
    author,
    ...(ours && { ours: true }),
    ...(readAtUri(parent) !== null && parent !== post.uri && { parentExternalId: parent! }),
    text: written.text,
    ...shown(media, embeds),
    url: webAddressOf(name),
    ...(warning !== null && { warning }),
    ...(engagement !== null && { engagement }),
    ...(setting.context && !ours && { context: true }),
    data: {
      ...(post.cid !== null && { cid: post.cid.slice(0, 200) }),
      ...(written.mentions.length > 0 && { mentions: written.mentions.slice(0, 50) }),
      ...(written.tags.length > 0 && { tags: written.tags.slice(0, 50) }),
      ...(langs.length > 0 && { langs }),
    },
    at: writtenAt(record['createdAt'], post.at),
  }
}

function shown(media: readonly InboundMedia[], embeds: readonly Embed[]): Pick<InboundMessage, 'media' | 'embeds'> {
  return { ...(media.length > 0 && { media }), ...(embeds.length > 0 && { embeds }) }
}

function objectsOrTexts(value: unknown): readonly string[] {
  const texts = Array.isArray(value) ? value : []
  return texts.slice(0, 3).filter((one): one is string => typeof one === 'string' && one.length <= 50)
}

const MOST_EARLIER_MS = 24 * 3600 * 1000

/** An author's own word counts for when it was written, but not for the future, and not for days before it was seen. */
function writtenAt(value: unknown, seen: Date): Date {
  const said = momentOf(value)
  return said === null || said > seen || seen.getTime() - said.getTime() > MOST_EARLIER_MS ? seen : said
}

/** Null for what is no moment. */
export function momentOf(value: unknown): Date | null {
  if (typeof value !== 'string' || value.length > 100) return null
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? null : date
}

/** Counts of a view; null where it shows none. */
export function engagementOf(view: Json): Engagement | null {
  const names = { likes: 'likeCount', reposts: 'repostCount', quotes: 'quoteCount', replies: 'replyCount' }
  const counts = Object.entries(names).flatMap(([name, field]) => {
    const count = asCount(view[field])
    return count === null ? [] : [[name, count] as const]
  })
  return counts.length > 0 ? Object.fromEntries(counts) : null
}

/** Whether a post speaks to this account: it mentions it, or quotes it. */
export function speaksTo(did: string, record: Json | null): boolean {
  const quoted = [at(record, 'embed', 'record', 'uri'), at(record, 'embed', 'record', 'record', 'uri')]
  if (quoted.some((uri) => readAtUri(uri)?.did === did)) return true
  return objectsOf(record?.['facets'], 200).some((facet) =>
    objectsOf(facet['features'], 10).some((feature) => isDid(feature['did']) && asText(feature['did']) === did),
  )
}
