// What a post carries. Kinds that nobody has heard of are named and linked, never left out in silence.
import type { Embed, InboundMedia } from '../connector.ts'
import { asObject, asText, objectsOf, textAt, type Json } from './json.ts'
import { webAddress } from './people.ts'
import { readRichText } from './rich-text.ts'
import { POST, readAtUri, type RecordName, webAddressOf } from './uri.ts'

export interface Carried {
  readonly media: readonly InboundMedia[]
  readonly embeds: readonly Embed[]
}

const NONE: Carried = { media: [], embeds: [] }
const MOST_IMAGES = 20
const MOST_ALT = 10_000
const MOST_WORDS = 3000
const MOST_TITLE = 300

/** @param view as the AppView shows it; @param bare as it stands in the record */
export function embedsOf(view: Json | null, bare: Json | null, post: RecordName): Carried {
  const seen = view === null ? null : viewed(view, post)
  // A view that shows nothing (not yet processed, hidden) leaves the record's own word.
  return seen !== null && seen.media.length + seen.embeds.length > 0 ? seen : bare === null ? NONE : told(bare, post)
}

function viewed(view: Json, post: RecordName): Carried {
  switch (kindOf(view)) {
    case 'app.bsky.embed.images#view':
      return images(view['images'], 'fullsize')
    case 'app.bsky.embed.gallery#view':
      return images(view['items'], 'fullsize')
    case 'app.bsky.embed.video#view':
      return video(view)
    case 'app.bsky.embed.external#view':
      return { media: [], embeds: link(asObject(view['external'])) }
    case 'app.bsky.embed.record#view':
      return { media: [], embeds: [quote(asObject(view['record']))].flatMap((one) => one ?? []) }
    case 'app.bsky.embed.recordWithMedia#view': {
      const media = asObject(view['media'])
      const carried = media === null || kindOf(media) === kindOf(view) ? NONE : viewed(media, post)
      const quoted = quote(asObject(asObject(view['record'])?.['record']))
      return { media: carried.media, embeds: [...carried.embeds, ...(quoted ? [quoted] : [])] }
    }
    default:
      return unknown(view, post)
  }
}

const kindOf = (embed: Json): string => asText(embed['$type'])?.slice(0, 200) ?? ''

function images(value: unknown, field: string): Carried {
  const media = objectsOf(value, MOST_IMAGES).flatMap((image, index): InboundMedia[] => {
    const url = webAddress(asText(image[field])) ?? webAddress(asText(image['thumb']) ?? asText(image['thumbnail']))
    const alt = asText(image['alt'])?.slice(0, MOST_ALT)
    return url === null ? [] : [{ name: `picture-${index + 1}.jpg`, url, ...(alt && { alt }) }]
  })
  return { media, embeds: [] }
}

/** A playlist is no file: its first picture is shown, and the video itself where it can be watched. */
function video(view: Json): Carried {
  const alt = asText(view['alt'])?.slice(0, MOST_ALT)
  const thumb = webAddress(asText(view['thumbnail']))
  const playlist = webAddress(asText(view['playlist']))
  return {
    media: thumb === null ? [] : [{ name: 'video.jpg', url: thumb, ...(alt && { alt }) }],
    embeds: playlist === null ? [] : [{ kind: 'link', url: playlist, title: 'Video', ...(alt && { text: alt }) }],
  }
}

function link(external: Json | null): readonly Embed[] {
  const url = webAddress(asText(external?.['uri']))
  if (url === null) return []
  const title = asText(external?.['title'])?.slice(0, MOST_TITLE)
  const text = asText(external?.['description'])?.slice(0, MOST_WORDS)
  const image = webAddress(asText(external?.['thumb']))
  return [
    { kind: 'link', url, ...(title && { title }), ...(text && { text }), ...(image && { image: { url: image } }) },
  ]
}

/** What is quoted: a post, or something that has a name (a feed, a list), or why it is not shown. */
function quote(record: Json | null): Embed | null {
  const name = readAtUri(record?.['uri'])
  if (record === null || name === null) return null
  const url = webAddressOf(name)
  const author = textAt(record, 'author', 'handle') ?? textAt(record, 'creator', 'handle')
  const by = author === null ? {} : { author: author.slice(0, 260) }
  if (record['notFound'] === true) return { kind: 'quote', url, text: 'This post is no longer there.' }
  if (record['blocked'] === true) return { kind: 'quote', url, text: 'This post is hidden by a block.' }
  if (record['detached'] === true) return { kind: 'quote', url, text: 'Its author took this post out of the quote.' }
  const value = asObject(record['value'])
  if (value !== null) {
    const { text } = readRichText((asText(value['text']) ?? '').slice(0, MOST_WORDS), value['facets'])
    const image = [record['embeds']]
      .flatMap((embeds) => objectsOf(embeds, 4))
      .flatMap((embed) => images(embed['images'] ?? asObject(embed['media'])?.['images'], 'thumb').media)[0]
    const shown = image?.url === undefined ? {} : { image: { url: image.url, ...(image.alt && { alt: image.alt }) } }
    return { kind: 'quote', url, ...by, ...(text && { text }), ...shown }
  }
  const title = asText(record['displayName']) ?? asText(record['name']) ?? textAt(record, 'record', 'name')
  const text = asText(record['description'])
  return {
    kind: 'quote',
    url,
    title: (title ?? name.collection).slice(0, MOST_TITLE),
    ...by,
    ...(text && { text: text.slice(0, MOST_WORDS) }),
  }
}

/** The record's own word, for lack of a view. */
function told(bare: Json, post: RecordName): Carried {
  const url = webAddressOf(post)
  const say = (title: string, texts: readonly (string | null)[]): Carried => {
    const text = texts.filter(Boolean).join('\n').slice(0, MOST_WORDS)
    return { media: [], embeds: [{ kind: 'link', url, title, ...(text && { text }) }] }
  }
  const alts = (value: unknown) => objectsOf(value, MOST_IMAGES).map((image) => asText(image['alt']))
  switch (kindOf(bare)) {
    case 'app.bsky.embed.images':
    case 'app.bsky.embed.gallery': {
      const items = alts(bare['images'] ?? bare['items'])
      return say(items.length === 1 ? 'A picture' : `${items.length} pictures`, items)
    }
    case 'app.bsky.embed.video':
      return say('A video', [asText(bare['alt'])])
    case 'app.bsky.embed.external':
      return { media: [], embeds: link({ ...asObject(bare['external']), thumb: null }) }
    case 'app.bsky.embed.record':
      return quotedByName(bare['record'])
    case 'app.bsky.embed.recordWithMedia': {
      const media = asObject(bare['media'])
      const carried = media === null || kindOf(media) === kindOf(bare) ? NONE : told(media, post)
      const quoted = quotedByName(asObject(bare['record'])?.['record'])
      return { media: carried.media, embeds: [...carried.embeds, ...quoted.embeds] }
    }
    default:
      return unknown(bare, post)
  }
}

function quotedByName(ref: unknown): Carried {
  const name = readAtUri(asObject(ref)?.['uri'])
  if (name === null) return NONE
  const title = name.collection === POST ? 'A post' : name.collection
  return { media: [], embeds: [{ kind: 'quote', url: webAddressOf(name), title: title.slice(0, MOST_TITLE) }] }
}

function unknown(embed: Json, post: RecordName): Carried {
  const kind = kindOf(embed) || 'unknown'
  return {
    media: [],
    embeds: [{ kind: 'link', url: webAddressOf(post), title: `Carries something of the kind ${kind}` }],
  }
}
