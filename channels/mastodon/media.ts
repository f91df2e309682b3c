// Files of an answer: handed up one by one with what they show in words, and waited for while the server works on them. Nothing
// is published by it, so whatever goes wrong here is certain: the answer has not left.
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Outbound, OutboundMedia, PlatformContext, SendOutcome } from '../connector.ts'
import { type Answer, ask, isFine, pathId, retryAtOf, wordsOf } from './api.ts'
import { idIn, isObject } from './entities.ts'
import type { Home } from './settings.ts'

const WORKING_MS = 25_000
const FIRST_LOOK_MS = 250
const LOOK_MS = 1000

export type Uploaded =
  | { readonly ok: true; readonly ids: readonly string[] }
  | { readonly ok: false; readonly outcome: SendOutcome }

export async function uploadMedia(outbound: Outbound, home: Home, context: PlatformContext): Promise<Uploaded> {
  const { media } = outbound
  const unfit =
    media.length > home.limits.media ? `The server takes ${home.limits.media} files in one post` : unfitOf(media, home)
  if (unfit !== null) return { ok: false, outcome: { state: 'rejected', reason: unfit } }
  const ids: string[] = []
  const until = context.now().getTime() + WORKING_MS
  for (const [index, one] of media.entries()) {
    const answer = await upload(one, `${outbound.messageId}-${index}`, home, context)
    const id = isFine(answer) && isObject(answer.json) ? idIn(answer.json, 'id') : ''
    if (id === '') return { ok: false, outcome: refusalOf(answer, one.name, context.now()) }
    ids.push(id)
    const failed = answer.ok && answer.status === 202 ? await whenReady(id, one.name, home, context, until) : null
    if (failed !== null) return { ok: false, outcome: failed }
  }
  return { ok: true, ids }
}

function unfitOf(media: readonly OutboundMedia[], { limits }: Home): string | null {
  for (const { name, mediaType, size, alt } of media) {
    const type = mediaType.split(';')[0]!.trim().toLowerCase()
    const most = type.startsWith('image/') ? limits.imageBytes : limits.videoBytes
    if (limits.types.length > 0 && !limits.types.includes(type))
      return `The server does not take files such as ${name} (${type})`
    if (size > most) return `${name} is larger than the ${Math.floor(most / 1024 / 1024)} MB that the server takes`
    if (alt !== null && [...alt].length > limits.description)
      return `What ${name} shows is told in more than the ${limits.description} characters that the server takes`
  }
  return null
}

async function upload(one: OutboundMedia, name: string, home: Home, context: PlatformContext): Promise<Answer> {
  const boundary = `rapport-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`
  const fields = one.alt === null || one.alt.trim() === '' ? [] : [['description', one.alt.trim()] as const]
  const filename = one.name.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(0, 120) || 'file'
  const body = Buffer.concat([
    ...fields.map(([field, value]) =>
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`),
    ),
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n` +
        `Content-Type: ${one.mediaType.replace(/[\r\n]/g, '')}\r\n\r\n`,
    ),
    await one.read(),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return ask(context, home, '/api/v2/media', {
    method: 'POST',
    body,
    type: `multipart/form-data; boundary=${boundary}`,
  })
}

/** Null once the server is through with the file. */
async function whenReady(
  id: string,
  name: string,
  home: Home,
  context: PlatformContext,
  until: number,
): Promise<SendOutcome | null> {
  for (let pause = FIRST_LOOK_MS; ; pause = LOOK_MS) {
    if (context.now().getTime() >= until) return { state: 'retry', reason: `The server is still working on ${name}` }
    try {
      await wait(pause, undefined, { signal: context.signal })
    } catch {
      return { state: 'retry', reason: `Stopped while the server was working on ${name}` }
    }
    const answer = await ask(context, home, `/api/v1/media/${pathId(id)}`)
    if (answer.ok && answer.status === 206) continue
    return isFine(answer) ? null : refusalOf(answer, name, context.now())
  }
}

function refusalOf(answer: Answer, name: string, now: Date): SendOutcome {
  if (!answer.ok) return { state: 'retry', reason: `${name} could not be handed up: ${answer.reason}` }
  if (answer.status === 401 || answer.status === 403)
    return { state: 'reauthorize', reason: `The server does not let this account hand up files: ${wordsOf(answer)}` }
  if (answer.status === 429 || answer.status >= 500 || isFine(answer)) {
    const retryAt = retryAtOf(answer.headers, now)
    return { state: 'retry', reason: `${name} could not be handed up: ${wordsOf(answer)}`, ...(retryAt && { retryAt }) }
  }
  return { state: 'rejected', reason: `The server refused ${name}: ${wordsOf(answer)}` }
}
