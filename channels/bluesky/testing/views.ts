// What an AppView makes of records: profiles, posts with their embeds, threads. Every view goes out only if the lexicon
// takes it.
import { asObject, at, textAt, type Json } from '../json.ts'
import { POST, readAtUri } from '../uri.ts'
import type { Person, Stored, World } from './world.ts'

const CDN = 'https://cdn.example'

export function profileBasic(world: World, did: string, viewer: string): Record<string, unknown> {
  const person = world.people.get(did)
  if (!person) return { did, handle: 'handle.invalid' }
  const blocking = world.recordsOf(viewer, 'app.bsky.graph.block').find(({ value }) => value['subject'] === did)
  return {
    did,
    handle: person.handle,
    displayName: person.displayName,
    ...(person.avatar && { avatar: person.avatar }),
    associated: { chat: { allowIncoming: person.allowIncoming } },
    viewer: {
      muted: world.mutes.has(`${viewer} ${did}`),
      blockedBy: world.recordsOf(did, 'app.bsky.graph.block').some(({ value }) => value['subject'] === viewer),
      ...(blocking && { blocking: blocking.uri }),
    },
    labels: person.labels.map((val) => ({
      src: did,
      uri: `at://${did}/app.bsky.actor.profile/self`,
      val,
      cts: world.now().toISOString(),
    })),
    createdAt: '2024-01-01T00:00:00.000Z',
  }
}

export function profileDetailed(world: World, person: Person, viewer: string): Record<string, unknown> {
  const follows = [...world.records.values()].filter(
    ({ uri, value }) => readAtUri(uri)?.collection === 'app.bsky.graph.follow' && value['subject'] === person.did,
  )
  return {
    ...profileBasic(world, person.did, viewer),
    followersCount: follows.length,
    followsCount: 0,
    postsCount: world.recordsOf(person.did, POST).length,
  }
}

export function countOf(world: World, uri: string): Readonly<Record<string, number>> {
  const all = [...world.records.values()]
  const about = (collection: string): number =>
    all.filter((one) => readAtUri(one.uri)?.collection === collection && textAt(one.value, 'subject', 'uri') === uri)
      .length
  return {
    likeCount: about('app.bsky.feed.like'),
    repostCount: about('app.bsky.feed.repost'),
    replyCount: all.filter((one) => textAt(one.value, 'reply', 'parent', 'uri') === uri).length,
    quoteCount: all.filter(
      ({ value }) =>
        textAt(value, 'embed', 'record', 'uri') === uri || textAt(value, 'embed', 'record', 'record', 'uri') === uri,
    ).length,
  }
}

export function postView(world: World, stored: Stored, viewer: string): Record<string, unknown> {
  const { did } = readAtUri(stored.uri)!
  const embed = embedView(world, asObject(stored.value['embed']), did, viewer)
  return {
    uri: stored.uri,
    cid: stored.cid,
    author: profileBasic(world, did, viewer),
    record: stored.value,
    ...(embed && { embed }),
    ...countOf(world, stored.uri),
    indexedAt: stored.indexedAt,
    viewer: { replyDisabled: isReplyDisabled(world, stored, viewer), threadMuted: false },
    labels: (world.labels.get(stored.uri) ?? []).map((val) => ({
      src: 'did:plc:ar7c4by46qjdydhdevvrndac',
      uri: stored.uri,
      val,
      cts: world.now().toISOString(),
    })),
  }
}

export function threadgateOf(world: World, stored: Stored): Stored | null {
  const root = readAtUri(textAt(stored.value, 'reply', 'root', 'uri') ?? stored.uri)
  return (root && world.records.get(`at://${root.did}/app.bsky.feed.threadgate/${root.rkey}`)) ?? null
}

function isReplyDisabled(world: World, stored: Stored, viewer: string): boolean {
  const gate = threadgateOf(world, stored)
  const allow = gate?.value['allow']
  const root = readAtUri(textAt(stored.value, 'reply', 'root', 'uri') ?? stored.uri)
  return Array.isArray(allow) && allow.length === 0 && root?.did !== viewer
}

function embedView(world: World, embed: Json | null, did: string, viewer: string): Json | null {
  const link = (blob: unknown): string => `${CDN}/img/${did}/${textAt(blob, 'ref', '$link') ?? 'none'}@jpeg`
  switch (embed?.['$type']) {
    case 'app.bsky.embed.images':
      return {
        $type: 'app.bsky.embed.images#view',
        images: (embed['images'] as Json[]).map(({ image, alt, aspectRatio }) => ({
          thumb: link(image),
          fullsize: link(image),
          alt,
          ...(aspectRatio !== undefined && { aspectRatio }),
        })),
      }
    case 'app.bsky.embed.video':
      return {
        $type: 'app.bsky.embed.video#view',
        cid: textAt(embed, 'video', 'ref', '$link'),
        playlist: `${CDN}/video/${did}/playlist.m3u8`,
        thumbnail: `${CDN}/video/${did}/thumbnail.jpg`,
        ...(textAt(embed, 'alt') && { alt: textAt(embed, 'alt') }),
      }
    case 'app.bsky.embed.external': {
      const { thumb, ...external } = asObject(embed['external'])!
      return {
        $type: 'app.bsky.embed.external#view',
        external: { ...external, ...(thumb !== undefined && { thumb: link(thumb) }) },
      }
    }
    case 'app.bsky.embed.record':
      return { $type: 'app.bsky.embed.record#view', record: quotedView(world, textAt(embed, 'record', 'uri')!, viewer) }
    case 'app.bsky.embed.recordWithMedia':
      return {
        $type: 'app.bsky.embed.recordWithMedia#view',
        record: { record: quotedView(world, textAt(embed, 'record', 'record', 'uri')!, viewer) },
        media: embedView(world, asObject(embed['media']), did, viewer),
      }
    default:
      return null
  }
}

function quotedView(world: World, uri: string, viewer: string): Json {
  const stored = world.records.get(uri)
  const did = readAtUri(uri)?.did ?? ''
  if (!stored) return { $type: 'app.bsky.embed.record#viewNotFound', uri, notFound: true }
  if (world.isBlocked(did, viewer)) {
    return { $type: 'app.bsky.embed.record#viewBlocked', uri, blocked: true, author: { did } }
  }
  return {
    $type: 'app.bsky.embed.record#viewRecord',
    uri,
    cid: stored.cid,
    author: profileBasic(world, did, viewer),
    value: stored.value,
    indexedAt: stored.indexedAt,
  }
}

type Branch = Record<string, unknown>

/** A post with what stands above and below it; deleted and blocked posts keep their places. */
export function threadView(world: World, uri: string, viewer: string, depth: number, height: number): Branch {
  const stored = world.records.get(uri)
  const did = readAtUri(uri)?.did ?? ''
  const isHere = (one: string): boolean => world.people.get(readAtUri(one)?.did ?? '')?.state === 'active'
  if (!stored || !isHere(uri)) return { $type: 'app.bsky.feed.defs#notFoundPost', uri, notFound: true }
  if (viewer !== '' && world.isBlocked(did, viewer)) {
    return { $type: 'app.bsky.feed.defs#blockedPost', uri, blocked: true, author: { did } }
  }
  const parent = textAt(stored.value, 'reply', 'parent', 'uri')
  const below = [...world.records.values()].filter(
    (one) =>
      readAtUri(one.uri)?.collection === POST && at(one.value, 'reply', 'parent', 'uri') === uri && isHere(one.uri),
  )
  return {
    $type: 'app.bsky.feed.defs#threadViewPost',
    post: postView(world, stored, viewer),
    ...(parent !== null && height > 0 && { parent: threadView(world, parent, viewer, 0, height - 1) }),
    ...(depth > 0 && { replies: below.map((one) => threadView(world, one.uri, viewer, depth - 1, 0)) }),
  }
}
