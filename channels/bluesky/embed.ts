// What goes out with a post: its pictures or its video, the post that it quotes, or a card of the page that it links to.
import type { Outbound, OutboundMedia, PlatformContext, SendOutcome } from '../connector.ts'
import { fetchCard } from './card.ts'
import type { TxtQuery } from './identity.ts'
import { asObject, asText, type Json } from './json.ts'
import { mentioned } from './mention.ts'
import { fitPicture, MOST_IMAGE_BYTES } from './picture.ts'
import { findInText } from './rich-text.ts'
import type { Access } from './session.ts'
import { strongRefOf } from './strong-ref.ts'
import { atUri, isDid, POST, readAtUri } from './uri.ts'
import { isMp4, videoShape } from './video.ts'
import { outcomeOfRefusal } from './outcome.ts'

export const MOST_IMAGES = 4
/** A blob may be no larger on the servers of Bluesky itself. */
export const MOST_VIDEO_BYTES = 50 * 1024 * 1024

export type Embedded =
  | { readonly ok: true; readonly embed: Json | null }
  | { readonly ok: false; readonly outcome: SendOutcome }

const no = (outcome: SendOutcome): Embedded => ({ ok: false, outcome })
const rejected = (reason: string): Embedded => no({ state: 'rejected', reason })

export async function embedOf(
  outbound: Outbound,
  access: Access,
  context: PlatformContext,
  txt: TxtQuery,
): Promise<Embedded> {
  const quoted = await quotedPost(outbound.text, access, context, txt)
  const media = await mediaOf(outbound.media, access)
  if (!media.ok) return media
  if (quoted !== null) {
    const record = { $type: 'app.bsky.embed.record', record: quoted }
    return {
      ok: true,
      embed: media.embed === null ? record : { $type: 'app.bsky.embed.recordWithMedia', record, media: media.embed },
    }
  }
  if (media.embed !== null || !access.account.linkCards) return media
  return { ok: true, embed: await cardOf(outbound.text, access, context) }
}

async function mediaOf(media: readonly OutboundMedia[], access: Access): Promise<Embedded> {
  const [first] = media
  if (first === undefined) return { ok: true, embed: null }
  const videos = media.filter(({ mediaType }) => mediaType.startsWith('video/'))
  if (videos.length > 0 && media.length > 1) return rejected('A post carries one video, or pictures, and not both')
  return videos.length === 1 ? videoEmbed(first, access) : imagesEmbed(media, access)
}

async function imagesEmbed(media: readonly OutboundMedia[], access: Access): Promise<Embedded> {
  if (media.length > MOST_IMAGES) return rejected(`${media.length} pictures are more than the ${MOST_IMAGES} of a post`)
  const images: Json[] = []
  for (const file of media) {
    const bytes = await readBytes(file)
    if (bytes === null) return no({ state: 'retry', reason: `${file.name} could not be read` })
    const picture = await fitPicture(bytes, file.mediaType.toLowerCase())
    if (picture === null) {
      return rejected(`${file.name} is no picture that fits ${MOST_IMAGE_BYTES / 1_000_000} MB`)
    }
    const blob = await upload(picture.bytes, picture.type, access)
    if (!blob.ok) return blob
    const { width, height } = picture
    images.push({ alt: file.alt ?? '', image: blob.embed, aspectRatio: { width, height } })
  }
  return { ok: true, embed: { $type: 'app.bsky.embed.images', images } }
}

async function videoEmbed(file: OutboundMedia, access: Access): Promise<Embedded> {
  if (file.size > MOST_VIDEO_BYTES) return rejected(`${file.name} is larger than ${MOST_VIDEO_BYTES / 1024 / 1024} MB`)
  const bytes = await readBytes(file)
  if (bytes === null) return no({ state: 'retry', reason: `${file.name} could not be read` })
  if (!isMp4(bytes)) return rejected(`${file.name} is no MP4 video`)
  const blob = await upload(bytes, 'video/mp4', access)
  if (!blob.ok) return blob
  const shape = videoShape(bytes)
  return {
    ok: true,
    embed: {
      $type: 'app.bsky.embed.video',
      video: blob.embed,
      ...(file.alt && { alt: file.alt }),
      ...(shape && { aspectRatio: shape }),
    },
  }
}

async function readBytes(file: OutboundMedia): Promise<Buffer | null> {
  try {
    return await file.read()
  } catch {
    return null
  }
}

/** The blob as records refer to it. A blob that nothing refers to is thrown away by the server, so a doubt does no harm. */
async function upload(bytes: Buffer, type: string, access: Access): Promise<Embedded> {
  const answer = await access.call({ method: 'com.atproto.repo.uploadBlob', blob: { bytes, type }, timeoutMs: 40_000 })
  if (!answer.ok) {
    const outcome = outcomeOfRefusal(answer)
    return no(outcome.state === 'unknown' ? { state: 'retry', reason: answer.reason } : outcome)
  }
  const blob = asObject(answer.body['blob'])
  if (blob === null || blob['$type'] !== 'blob') return no({ state: 'retry', reason: 'The server did not keep a file' })
  // What was uploaded is an MP4 or a picture, also where the server that sniffs it is not sure.
  return { ok: true, embed: { ...blob, mimeType: asText(blob['mimeType']) ?? type } }
}

const POST_ADDRESS =
  /^https:\/\/(?:[a-z0-9-]+\.)*bsky\.app\/profile\/([^/?#]+)\/post\/([A-Za-z0-9._~:-]{1,512})\/?(?:[?#].*)?$/

/** The first post that a text links to, as something to quote. */
async function quotedPost(
  text: string,
  access: Access,
  context: PlatformContext,
  txt: TxtQuery,
): Promise<{ readonly uri: string; readonly cid: string } | null> {
  for (const { kind, value } of findInText(text)) {
    const [, actor, rkey] = kind === 'link' ? (POST_ADDRESS.exec(value) ?? []) : []
    if (actor === undefined || rkey === undefined) continue
    const did = isDid(actor) ? actor : await mentioned(access, context, txt)(actor)
    if (did === null) return null
    const uri = atUri({ did, collection: POST, rkey })
    const ref = readAtUri(uri) === null ? null : await strongRefOf(uri, access, context)
    return ref !== null && 'cid' in ref ? { uri: ref.uri, cid: ref.cid } : null
  }
  return null
}

async function cardOf(text: string, access: Access, context: PlatformContext): Promise<Json | null> {
  const link = findInText(text).find(({ kind }) => kind === 'link')
  if (link === undefined) return null
  const card = await fetchCard(link.value, context)
  if (card === null) return null
  const thumb = card.thumb && (await upload(card.thumb.bytes, card.thumb.type, access))
  const { title, description } = card
  return {
    $type: 'app.bsky.embed.external',
    external: {
      uri: new URL(card.uri).href,
      title,
      description,
      ...(thumb?.ok && { thumb: thumb.embed }),
    },
  }
}
