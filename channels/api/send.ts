// Our answer to their callback address, signed, under one id however often it is tried. The receiver keeps that id and
// takes each answer once; therefore a 5xx may be tried again, and only a broken line leaves a doubt.
import type {
  LookUpOutcome,
  Outbound,
  OutboundMedia,
  PlatformContext,
  PlatformResponse,
  SendOutcome,
  TestOutcome,
} from '../connector.ts'
import type { AnswerBody } from './payload.ts'
import { keysOf, signatureHeaders } from './verify.ts'

export const MOST_TEXT = 100_000
export const MOST_MEDIA = 10
/** Of one file. */
export const MOST_MEDIA_BYTES = 1024 * 1024
const MOST_BYTES_TOGETHER = 5 * 1024 * 1024
const MOST_WAIT_MS = 24 * 3600 * 1000
const ANSWER_BYTES = 64 * 1024
const NO_ADDRESS = 'This connection has no address to send answers to'
const NO_SECRET = 'The secret that signs answers is missing or not a whsec_ secret'

/** What settings say, read once; what is missing or odd is null. */
function targetOf({ settings, credentials }: PlatformContext) {
  const address = (name: string) => {
    const value = settings[name]
    const url = typeof value === 'string' ? URL.parse(value) : null
    return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
  }
  return {
    callback: address('callbackUrl'),
    lookUp: address('lookUpUrl'),
    textLimit: typeof settings['textLimit'] === 'number' ? Math.min(settings['textLimit'], MOST_TEXT) : MOST_TEXT,
    keys: keysOf(credentials['callbackSecret']),
  }
}

export async function send(outbound: Outbound, context: PlatformContext): Promise<SendOutcome> {
  const { callback, keys, textLimit } = targetOf(context)
  if (callback === null) return { state: 'reauthorize', reason: NO_ADDRESS }
  if (keys.length === 0) return { state: 'reauthorize', reason: NO_SECRET }
  const refused = tooMuch(outbound, textLimit)
  if (refused !== null) return { state: 'rejected', reason: refused }

  const media = await readMedia(outbound.media)
  if (typeof media === 'string') return { state: 'rejected', reason: media }
  if (media === null) return { state: 'retry', reason: 'A file of this answer could not be read' }
  if (context.signal.aborted) return { state: 'retry', reason: 'Stopped before it was sent' }

  const body = Buffer.from(JSON.stringify(answerOf(outbound, media)))
  const response = await context.fetch(callback.href, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signatureHeaders(keys, outbound.platformIdentity, context.now(), body),
    },
    body,
    maxBytes: ANSWER_BYTES,
  })
  return outcomeOf(response, outbound.platformIdentity, context.now())
}

function tooMuch({ text, media }: Outbound, textLimit: number): string | null {
  if (text.length > textLimit) return `The text has ${text.length} characters; this connection takes ${textLimit}`
  if (media.length > MOST_MEDIA) return `${media.length} files are more than the ${MOST_MEDIA} that fit one answer`
  return tooHeavy(media.map(({ name, size }) => ({ name, size })))
}

function tooHeavy(files: readonly { readonly name: string; readonly size: number }[]): string | null {
  const heavy = files.find(({ size }) => size > MOST_MEDIA_BYTES)
  if (heavy) return `${heavy.name} is larger than 1 MB, the most that this channel carries`
  const total = files.reduce((sum, { size }) => sum + size, 0)
  return total > MOST_BYTES_TOGETHER
    ? 'The files together are larger than 5 MB, the most that one answer carries'
    : null
}

/** The files with their bytes; a sentence when they are too large after all; null when one could not be read. */
async function readMedia(media: readonly OutboundMedia[]): Promise<AnswerBody['media'] | string | null> {
  try {
    const read = []
    for (const file of media) read.push({ file, bytes: await file.read() })
    const heavy = tooHeavy(read.map(({ file, bytes }) => ({ name: file.name, size: bytes.length })))
    if (heavy !== null) return heavy
    return read.map(({ file: { name, mediaType, alt }, bytes }) => ({
      name,
      mediaType,
      size: bytes.length,
      alt,
      content: bytes.toString('base64'),
    }))
  } catch {
    return null
  }
}

function answerOf(outbound: Outbound, media: AnswerBody['media']): AnswerBody {
  const { recipient } = outbound
  return {
    version: 1,
    type: 'answer',
    messageId: outbound.messageId,
    thread: { key: outbound.threadKey, visibility: outbound.visibility, facts: outbound.threadFacts },
    inReplyTo: outbound.parentExternalId,
    recipient: recipient && { id: recipient.externalId, handle: recipient.handle, scope: recipient.scope },
    author: { name: outbound.authorName },
    text: outbound.text,
    subject: outbound.subject,
    media,
    at: outbound.at.toISOString(),
  }
}

function outcomeOf(response: PlatformResponse, identity: string, now: Date): SendOutcome {
  if (!response.ok) {
    const { reason } = response
    return response.sent === 'no' ? { state: 'retry', reason } : { state: 'unknown', reason }
  }
  const { status } = response
  const said = jsonOf(response.body)
  const externalId = idIn(said) ?? identity
  if (status === 202) return { state: 'pending', externalId }
  // 409: it was there already, from a try whose answer got lost.
  if ((status >= 200 && status < 300) || status === 409) return { state: 'sent', externalId }
  const reason = `${status}: ${wordsIn(said, response.body)}`
  if (status === 401 || status === 403) return { state: 'reauthorize', reason }
  // 3xx is somebody's old address: following it would sign for a stranger, so a person sets the new one.
  if (status >= 300 && status < 400) return { state: 'reauthorize', reason: `${reason} (redirects are not followed)` }
  if (status >= 500 || status === 429 || status === 408 || status === 425) {
    const retryAt = retryAfter(response.headers['retry-after'], now)
    return { state: 'retry', reason, ...(retryAt && { retryAt }) }
  }
  return { state: 'rejected', reason }
}

/** Seconds or an HTTP date, at most a day ahead; null for anything else, and the product chooses the time. */
export function retryAfter(header: string | undefined, now: Date): Date | null {
  if (header === undefined) return null
  const isDate = /^[A-Za-z]{3}.{10,40} GMT\s*$/.test(header)
  const seconds = isDate ? (Date.parse(header) - now.getTime()) / 1000 : Number(header.trim() || 'none')
  if (Number.isNaN(seconds) || (!isDate && seconds < 0)) return null
  return new Date(now.getTime() + Math.min(Math.max(seconds, 0) * 1000, MOST_WAIT_MS))
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

function field(said: unknown, name: string): unknown {
  return typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : undefined
}

function idIn(said: unknown): string | null {
  const id = field(said, 'externalId')
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id)
  // Control characters: what can't come back in a receipt is no name.
  return typeof id === 'string' && /^\P{Cc}{1,512}$/u.test(id) ? id.toWellFormed() : null
}

/** The receiver's own words on why not, one line of at most 300 characters. */
function wordsIn(said: unknown, body: Buffer): string {
  const told = ['reason', 'error', 'message', 'detail'].map((name) => field(said, name))
  const words = told.find((one) => typeof one === 'string' && one.trim() !== '') ?? body.toString('utf8')
  const line = String(words)
    .slice(0, 2000)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return line === '' ? 'no reason given' : line.slice(0, 300).toWellFormed()
}

/** Asks whether an answer arrived: GET on the look-up address with the id, signed over an empty body. */
export async function lookUp(outbound: Outbound, context: PlatformContext): Promise<LookUpOutcome> {
  const { lookUp: url, keys } = targetOf(context)
  if (url === null) return { state: 'unknown', reason: 'This connection has no address to ask at' }
  if (keys.length === 0) return { state: 'unknown', reason: NO_SECRET }
  url.searchParams.set('id', outbound.platformIdentity)
  const response = await context.fetch(url.href, {
    headers: signatureHeaders(keys, outbound.platformIdentity, context.now(), ''),
    maxBytes: ANSWER_BYTES,
  })
  if (!response.ok) return { state: 'unknown', reason: response.reason }
  if (response.status === 404) return { state: 'absent' }
  const said = jsonOf(response.body)
  const externalId = idIn(said)
  // A page that answers 200 to everything must not pass for a yes.
  if (response.status === 200 && externalId !== null) return { state: 'found', externalId }
  return { state: 'unknown', reason: `${response.status}: ${wordsIn(said, response.body)}` }
}

/** A signed `{ "type": "test" }` to the callback address. */
export async function test(context: PlatformContext): Promise<TestOutcome> {
  const { callback, keys } = targetOf(context)
  if (callback === null) {
    return typeof context.settings['callbackUrl'] === 'string' && context.settings['callbackUrl'] !== ''
      ? { ok: false, reason: 'This is not a web address', field: 'callbackUrl' }
      : { ok: true, note: 'Messages can come in. Without an address for answers nothing can be sent.' }
  }
  if (keys.length === 0) return { ok: false, reason: NO_SECRET, field: 'callbackSecret' }
  const now = context.now()
  const body = Buffer.from(JSON.stringify({ version: 1, type: 'test', at: now.toISOString() }))
  const response = await context.fetch(callback.href, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signatureHeaders(keys, `test_${context.connectionId}_${now.getTime()}`, now, body),
    },
    body,
    maxBytes: ANSWER_BYTES,
  })
  if (!response.ok) return { ok: false, reason: response.reason, field: 'callbackUrl' }
  if (response.status >= 200 && response.status < 300) return { ok: true, note: `It answered ${response.status}.` }
  const words = wordsIn(jsonOf(response.body), response.body)
  return { ok: false, reason: `It answered ${response.status}: ${words}`, field: 'callbackUrl' }
}
