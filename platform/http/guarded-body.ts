// Reading an answer from outside: capped on the wire and after unpacking, so that neither an endless body nor a bomb of
// zeros fills the memory.
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Dispatcher } from 'undici'

export type GuardedFailure =
  | 'bad_url'
  | 'address_refused'
  | 'redirect_refused'
  | 'type_refused'
  | 'too_large'
  | 'timeout'
  | 'network'

export type GuardedResponse = Dispatcher.ResponseData

interface BodyLimits {
  maxBytes?: number
  types?: readonly string[]
}

const defaultMaxBytes = 5 * 1024 * 1024

/** Why this guard said no; becomes data at the rim. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly reason: GuardedFailure
  constructor(reason: GuardedFailure, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Reads a body whole, unpacked, within the limits. Throws Refusal; ends the connection when it does. */
export async function readBody(
  response: GuardedResponse,
  limits: BodyLimits,
  signal: AbortSignal,
  method: string,
): Promise<Buffer> {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes
  try {
    checkType(response, limits.types)
    if (Number(response.headers['content-length'] ?? 0) > maxBytes && method !== 'HEAD') throw tooLarge(maxBytes)
    return await collect(decoded(response, method, maxBytes), maxBytes, signal)
  } catch (error) {
    response.body.on('error', () => {}).destroy()
    throw error
  }
}

function checkType(response: GuardedResponse, types: readonly string[] | undefined): void {
  if (!types) return
  const type = String(response.headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase()
  if (!types.some((wanted) => (wanted.endsWith('/') ? type.startsWith(wanted) : type === wanted))) {
    throw new Refusal('type_refused', `Content type ${type.slice(0, 100) || 'missing'}`)
  }
}

function decoded(response: GuardedResponse, method: string, maxBytes: number): Readable {
  const encoding = String(response.headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase()
  if (encoding === 'identity' || encoding === '' || method === 'HEAD' || response.statusCode === 204)
    return response.body
  const decoder = decoderFor(encoding)
  if (!decoder) throw new Refusal('network', `Unknown content encoding ${encoding.slice(0, 50)}`)
  // What comes over the wire is capped too: a compressed body may be long and expand to nothing.
  pipeline(response.body, capped(maxBytes), decoder, () => {})
  return decoder
}

function decoderFor(encoding: string) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  if (encoding === 'br') return createBrotliDecompress()
  return null
}

function capped(maxBytes: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let size = 0
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      yield chunk
    }
  }
}

async function collect(stream: Readable, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const abort = () => stream.destroy(new Error('aborted'))
  signal.addEventListener('abort', abort, { once: true })
  try {
    for await (const chunk of stream) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
  } finally {
    signal.removeEventListener('abort', abort)
  }
  return Buffer.concat(chunks, size)
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal('too_large', `More than ${maxBytes} bytes`)
}
