// The card below an answer that links somewhere: title, words and picture of the page, fetched through the guarded fetch. A
// card is a kindness: whatever goes wrong with it, the answer leaves without.
import type { PlatformContext } from '../connector.ts'
import { oneLine } from './json.ts'
import { fitPicture, type Picture } from './picture.ts'

export interface Card {
  readonly uri: string
  readonly title: string
  readonly description: string
  readonly thumb: Picture | null
}

const PAGE_BYTES = 512 * 1024
const PICTURE_BYTES = 4 * 1024 * 1024
/** By the lexicon a card's picture may have half of what a picture of a post may have. */
const MOST_THUMB_BYTES = 1_000_000
const TIMEOUT_MS = 5000

/** Null where the page says nothing of itself. Never throws. */
export async function fetchCard(uri: string, { fetch }: Pick<PlatformContext, 'fetch'>): Promise<Card | null> {
  const page = await fetch(uri, {
    headers: { accept: 'text/html' },
    maxBytes: PAGE_BYTES,
    timeoutMs: TIMEOUT_MS,
  })
  if (!page.ok || page.status !== 200 || !/^text\/html|^application\/xhtml/.test(page.headers['content-type'] ?? '')) {
    return null
  }
  const html = page.body.toString('utf8')
  const tags = metaTags(html)
  const title = tags.get('og:title') ?? tags.get('twitter:title') ?? titleOf(html)
  if (title === null || title === '') return null
  const description = tags.get('og:description') ?? tags.get('twitter:description') ?? tags.get('description') ?? ''
  const image = tags.get('og:image') ?? tags.get('twitter:image')
  return {
    uri,
    title: oneLine(title, 300),
    description: oneLine(description, 1000),
    thumb: image === undefined ? null : await fetchThumb(image, uri, fetch),
  }
}

async function fetchThumb(image: string, page: string, fetch: PlatformContext['fetch']): Promise<Picture | null> {
  const url = URL.parse(image, page)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  const answer = await fetch(url.href, {
    headers: { accept: 'image/*' },
    maxBytes: PICTURE_BYTES,
    timeoutMs: TIMEOUT_MS,
  })
  if (!answer.ok || answer.status !== 200) return null
  const type = (answer.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  return fitPicture(answer.body, type, MOST_THUMB_BYTES)
}

const MOST_TAGS = 300

/** `property` or `name` of each meta tag with its content; the first of a name counts. */
export function metaTags(html: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  let from = 0
  for (let seen = 0; seen < MOST_TAGS; seen++) {
    const start = html.indexOf('<meta', from)
    if (start < 0) break
    const end = html.indexOf('>', start)
    if (end < 0) break
    from = end
    const tag = html.slice(start, Math.min(end, start + 4000))
    const name = (attribute(tag, 'property') ?? attribute(tag, 'name'))?.toLowerCase()
    const content = attribute(tag, 'content')
    if (name !== undefined && content !== undefined && !tags.has(name)) tags.set(name, decode(content))
  }
  return tags
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`[\\s"']${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag)
  return found?.[1] ?? found?.[2]
}

function titleOf(html: string): string | null {
  const start = html.search(/<title[\s>]/i)
  if (start < 0) return null
  const from = html.indexOf('>', start)
  const end = html.indexOf('<', from)
  return from < 0 || end < 0 ? null : decode(html.slice(from + 1, end))
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/gi, (all, hex, decimal, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? all
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : all
  })
}
