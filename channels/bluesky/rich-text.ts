// Links, mentions and tags in a text: on the network they stand beside it as ranges of UTF-8 bytes. Outwards they are found in
// what a person wrote, inwards they are read back, so that a shortened or disguised link shows where it leads.
import { at, objectsOf, textAt, type Json } from './json.ts'
import { isDid, isHandle } from './uri.ts'

export interface Facet {
  readonly index: { readonly byteStart: number; readonly byteEnd: number }
  readonly features: readonly Feature[]
}

export type Feature =
  | { readonly $type: 'app.bsky.richtext.facet#link'; readonly uri: string }
  | { readonly $type: 'app.bsky.richtext.facet#mention'; readonly did: string }
  | { readonly $type: 'app.bsky.richtext.facet#tag'; readonly tag: string }

/** Something in a text that wants a facet, by place in UTF-16 units. */
export interface Found {
  readonly kind: 'link' | 'mention' | 'tag'
  readonly start: number
  readonly end: number
  /** The address, the handle without @, the tag without #. */
  readonly value: string
}

const LINK = /(?<![\p{L}\p{N}@/._-])https?:\/\/[^\s\p{Cc}<>"']+/giu
const BARE =
  /(?<![\p{L}\p{N}@/._:#-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|io|dev|app|eu|de|co|uk|info|social|blog|at|ch|fr|it|es|nl|us|example)(?:\/[^\s\p{Cc}<>"']*)?(?![\p{L}\p{N}@._-]*[\p{L}\p{N}@])/giu
const MENTION =
  /(?<![\p{L}\p{N}@/._-])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(?![\p{L}\p{N}@-])/gu
// Digits and marks alone are no tag (#1, and the key # as an emoji).
const TAG = /(?<=^|[\s(])[#＃](?=[^\s\p{C}]*[^\s\p{C}\p{N}\p{P}\p{M}])([^\s\p{C}]+)/gu
const MOST_TAG_GRAPHEMES = 64
const MOST_TAG_BYTES = 640
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What in this text is a link, a mention or a tag, in order and without overlap. */
export function findInText(text: string): readonly Found[] {
  const found: Found[] = []
  const free = (start: number, end: number): boolean => found.every((one) => end <= one.start || start >= one.end)
  const take = (kind: Found['kind'], start: number, written: string, value: string): void => {
    if (written !== '' && free(start, start + written.length))
      found.push({ kind, start, end: start + written.length, value })
  }
  for (const match of text.matchAll(LINK)) {
    const written = withoutTail(match[0])
    if (URL.canParse(written) && new URL(written).hostname !== '') take('link', match.index, written, written)
  }
  for (const match of text.matchAll(MENTION)) if (isHandle(match[1])) take('mention', match.index, match[0], match[1])
  for (const match of text.matchAll(BARE)) {
    const written = withoutTail(match[0])
    if (URL.canParse(`https://${written}`)) take('link', match.index, written, `https://${written}`)
  }
  for (const match of text.matchAll(TAG)) {
    const tag = match[1]!.replace(/\p{P}+$/u, '')
    const fits = Buffer.byteLength(tag) <= MOST_TAG_BYTES && [...graphemes.segment(tag)].length <= MOST_TAG_GRAPHEMES
    if (tag !== '' && fits) take('tag', match.index, match[0].slice(0, 1 + tag.length), tag)
  }
  return found.sort((a, b) => a.start - b.start)
}

/** A link without the full stop or bracket that belongs to the sentence around it. */
function withoutTail(link: string): string {
  let end = link.length
  for (;;) {
    const last = link[end - 1]!
    const opened = { ')': '(', ']': '[', '}': '{' }[last]
    const lonely = opened !== undefined && count(link.slice(0, end), last) > count(link.slice(0, end), opened)
    if (end === 0 || !(lonely || /[.,;:!?…'"»”’]/.test(last))) return link.slice(0, end)
    end -= 1
  }
}

const count = (text: string, letter: string): number => text.split(letter).length - 1

/**
 * The facets of a text. @param didOf the account behind a handle; a handle that leads nowhere stays plain text.
 */
export async function facetsOf(
  text: string,
  didOf: (handle: string) => Promise<string | null>,
): Promise<readonly Facet[]> {
  const facets: Facet[] = []
  let from = 0
  let bytes = 0
  for (const { kind, start, end, value } of findInText(text)) {
    const feature = await featureOf(kind, value, didOf)
    bytes += Buffer.byteLength(text.slice(from, start))
    from = start
    if (feature === null) continue
    const length = Buffer.byteLength(text.slice(start, end))
    facets.push({ index: { byteStart: bytes, byteEnd: bytes + length }, features: [feature] })
  }
  return facets
}

async function featureOf(
  kind: Found['kind'],
  value: string,
  didOf: (handle: string) => Promise<string | null>,
): Promise<Feature | null> {
  if (kind === 'link') return { $type: 'app.bsky.richtext.facet#link', uri: new URL(value).href }
  if (kind === 'tag') return { $type: 'app.bsky.richtext.facet#tag', tag: value }
  const did = await didOf(value)
  return did === null ? null : { $type: 'app.bsky.richtext.facet#mention', did }
}

export interface Written {
  /** The words with every link as the address that it leads to. */
  readonly text: string
  /** DIDs, each once. */
  readonly mentions: readonly string[]
  readonly tags: readonly string[]
}

const MOST_FACETS = 200
const KIND = 'app.bsky.richtext.facet'

interface Slice {
  readonly facet: Json
  readonly start: number
  readonly end: number
}

/** A text as it was written, by its facets; ranges that can't be (past the end, inside a letter) are left out. */
export function readRichText(text: string, facets: unknown): Written {
  const bytes = Buffer.from(text.toWellFormed())
  const slices = objectsOf(facets, MOST_FACETS)
    .map((facet) => ({ facet, start: at(facet, 'index', 'byteStart'), end: at(facet, 'index', 'byteEnd') }))
    .filter((one): one is Slice => isSlice(one, bytes))
  const mentions = new Set<string>()
  const tags = new Set<string>()
  const links: (Slice & { readonly uri: string })[] = []
  for (const slice of slices) {
    for (const feature of objectsOf(slice.facet['features'], 10)) {
      const [uri, did, tag] = [textAt(feature, 'uri'), textAt(feature, 'did'), textAt(feature, 'tag')]
      if (feature['$type'] === `${KIND}#link` && uri !== null && uri.length <= 4000) links.push({ ...slice, uri })
      else if (feature['$type'] === `${KIND}#mention` && isDid(did)) mentions.add(did)
      else if (feature['$type'] === `${KIND}#tag` && tag !== null) tags.add(tag.slice(0, 640))
    }
  }
  const parts: Buffer[] = []
  let done = 0
  // Only links change what is shown, and nothing that lies over one may hide where it leads.
  for (const { start, end, uri } of links.sort((a, b) => a.start - b.start)) {
    if (start < done) continue
    const display = bytes.subarray(start, end).toString('utf8')
    parts.push(bytes.subarray(done, start), Buffer.from(linkShown(display, uri).toWellFormed()))
    done = end
  }
  parts.push(bytes.subarray(done))
  return { text: Buffer.concat(parts).toString('utf8'), mentions: [...mentions], tags: [...tags] }
}

function isSlice({ start, end }: { start: unknown; end: unknown }, bytes: Buffer): boolean {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return false
  const [from, to] = [start as number, end as number]
  // A continuation byte is the middle of a letter.
  const whole = (place: number): boolean => place === bytes.length || (bytes[place]! & 0xc0) !== 0x80
  return from >= 0 && from < to && to <= bytes.length && whole(from) && whole(to)
}

/** Where a link leads, wherever its words say less or something else. */
function linkShown(display: string, uri: string): string {
  const bare = (address: string): string => address.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '')
  const said = bare(display.trim())
  if (said.toLowerCase() === bare(uri).toLowerCase()) return uri
  const cut = /^(.*?)(?:…|\.\.\.)$/.exec(said)?.[1]
  if (cut !== undefined && cut !== '' && bare(uri).toLowerCase().startsWith(cut.toLowerCase())) return uri
  return `${display} (${uri})`
}
