// Answers that go on for ever, read line by line: under the same guard as every other fetch, each line of bounded length, and
// over when nothing comes for a while. Apart from the other fetches, so that lines that stand for hours take no places there.
import { Agent, request } from 'undici'
import type { GuardedFailure, GuardedResponse } from './guarded-body.ts'
import {
  describe,
  failureOf,
  flat,
  type GuardedFetchSettings,
  guardedConnector,
  inTime,
  ownHeaders,
  parseUrl,
} from './guarded-connection.ts'

export interface GuardedStreamRequest {
  headers?: Readonly<Record<string, string>>
  /** Until the answer begins: name, connection, headers. Default 20 s. */
  timeoutMs?: number
  /** The longest silence between two pieces. Default 90 s. */
  idleMs?: number
  /** Default 1 MiB. */
  maxLineBytes?: number
  /** Ends it, at whatever point. */
  signal?: AbortSignal
}

export type GuardedStreamOutcome =
  | {
      ok: true
      status: number
      headers: Record<string, string>
      /**
       * One by one as they come, without their ends, nothing read ahead of whoever asks. Ends where the other side ends it;
       * throws StreamBroken. Whoever wants no more of it calls `return`, also before the first line.
       */
      lines: AsyncGenerator<string, void, undefined>
    }
  | { ok: false; reason: GuardedFailure; detail: string }

/** Owns connections: `close` it. */
export interface GuardedStreams {
  /** Never throws: what the network or the guard refused is data. Redirects are answers like others. */
  open(url: string, options?: GuardedStreamRequest): Promise<GuardedStreamOutcome>
  close(): Promise<void>
}

/** A stream that ended otherwise than by its own end; the message is a sentence. */
export class StreamBroken extends Error {
  override name = 'StreamBroken'
}

const LF = 0x0a
const CR = 0x0d

export function openGuardedStreams(settings: GuardedFetchSettings = {}): GuardedStreams {
  const agent = new Agent({
    connect: guardedConnector(settings),
    allowH2: false,
    // A connection for each: nothing waits behind a line that never ends.
    pipelining: 0,
    maxHeaderSize: 32 * 1024,
    bodyTimeout: 0,
    keepAliveTimeout: 1,
  })
  return {
    async open(url, options = {}) {
      const timeoutMs = options.timeoutMs ?? 20_000
      const stop = new AbortController()
      const inTimeLimit = AbortSignal.timeout(timeoutMs)
      const opening = AbortSignal.any([inTimeLimit, ...(options.signal ? [options.signal] : [])])
      const headers = { accept: 'text/event-stream', ...ownHeaders(options.headers), 'accept-encoding': 'identity' }
      try {
        const asked = request(parseUrl(url), { dispatcher: agent, method: 'GET', headers, signal: stop.signal })
        const response = await inTime(asked, opening).catch((error: unknown) => {
          stop.abort()
          throw error
        })
        response.body.on('error', () => {})
        const encoding = flat(response.headers)['content-encoding'] ?? 'identity'
        if (encoding !== 'identity' && encoding !== '') {
          stop.abort()
          return { ok: false, reason: 'network', detail: `Content encoding ${encoding.slice(0, 50)} in a stream` }
        }
        const { lines, free } = linesOf(response, options, stop)
        options.signal?.addEventListener('abort', free, { once: true, signal: stop.signal })
        // A generator that nobody began has nothing to clean up by itself.
        const finish = lines.return.bind(lines)
        lines.return = (value) => {
          free()
          return finish(value)
        }
        return { ok: true, status: response.statusCode, headers: flat(response.headers), lines }
      } catch (error) {
        return failureOf(error, options.signal, inTimeLimit, `No answer within ${timeoutMs} ms`)
      }
    },
    close: () => agent.destroy(),
  }
}

function linesOf(
  { body }: GuardedResponse,
  { idleMs = 90_000, maxLineBytes = 1024 * 1024 }: GuardedStreamRequest,
  stop: AbortController,
): { readonly lines: AsyncGenerator<string, void, undefined>; readonly free: () => void } {
  let broken: StreamBroken | null = null
  const end = (words: string): void => {
    broken ??= new StreamBroken(words)
    stop.abort()
    body.destroy()
  }
  let timer: NodeJS.Timeout | undefined
  const watch = (): void => {
    timer = setTimeout(() => end(`Nothing came for ${Math.round(idleMs / 1000)} seconds.`), idleMs)
  }

  async function* read(): AsyncGenerator<string, void, undefined> {
    let begun: Buffer[] = []
    let size = 0
    try {
      watch()
      for await (const chunk of body as AsyncIterable<Buffer>) {
        clearTimeout(timer)
        let from = 0
        for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
          size += at - from
          if (size > maxLineBytes) break
          yield textOf([...begun, chunk.subarray(from, at)])
          ;[begun, size, from] = [[], 0, at + 1]
        }
        size += chunk.length - from
        if (size > maxLineBytes) throw new StreamBroken(`A line has more than ${maxLineBytes} bytes.`)
        if (from < chunk.length) begun.push(chunk.subarray(from))
        watch()
      }
      if (broken) throw broken as StreamBroken
      if (size > 0) yield textOf(begun)
    } catch (error) {
      throw broken ?? (error instanceof StreamBroken ? error : new StreamBroken(`The line broke: ${describe(error)}`))
    } finally {
      clearTimeout(timer)
      stop.abort()
      body.destroy()
    }
  }
  return { lines: read(), free: () => end('It was broken off.') }
}

function textOf(parts: readonly Buffer[]): string {
  const line = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  return line.subarray(0, line.at(-1) === CR ? -1 : undefined).toString('utf8')
}
