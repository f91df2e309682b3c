// Somebody else's server on the loopback, as bad as the real ones: it refuses, hangs, breaks off, answers twice, counts.
// Each request takes the next behaviour of the script; the last one stays.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export type Behaviour = (request: FakeRequest, response: ServerResponse) => void

export interface FakePlatform {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string
  /** All that came whole, in order. */
  readonly requests: readonly FakeRequest[]
  /** Forgets the requests and behaves as told from here on. */
  script(...behaviours: readonly [Behaviour, ...Behaviour[]]): void
  stop(): Promise<void>
}

export async function startFakePlatform(...first: readonly Behaviour[]): Promise<FakePlatform> {
  const requests: FakeRequest[] = []
  let script: readonly Behaviour[] = first.length > 0 ? first : [answer(200, {})]
  const server = createServer((request, response) => {
    response.on('error', () => {})
    void read(request).then(
      (whole) => {
        requests.push(whole)
        const behave = script[0]!
        if (script.length > 1) script = script.slice(1)
        behave(whole, response)
      },
      () => response.destroy(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script(...behaviours) {
      requests.length = 0
      script = behaviours
    },
    stop() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      return closed
    },
  }
}

async function read(request: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: Buffer.concat(chunks),
  }
}

/** @param body text or bytes as they are, anything else as JSON */
export function answer(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): Behaviour {
  const plain = typeof body === 'string' || Buffer.isBuffer(body)
  const type = plain ? 'text/plain; charset=utf-8' : 'application/json'
  return (_request, response) => {
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(plain ? body : JSON.stringify(body))
  }
}

/** Takes the request and says nothing, for ever. */
export function hang(): Behaviour {
  return () => {}
}

/** Takes the request and hangs up without a word. */
export function hangUp(): Behaviour {
  return (_request, response) => void response.destroy()
}

/** Begins to answer and hangs up in the middle. */
export function closeHalfway(status = 200): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"externalId": "', () => response.destroy())
  }
}

/** Waits, then behaves. */
export function slow(milliseconds: number, then: Behaviour): Behaviour {
  return (request, response) => void setTimeout(() => then(request, response), milliseconds).unref()
}

/** Two whole answers to one request. */
export function answerTwice(status: number, body: string): Behaviour {
  const text = `HTTP/1.1 ${status} Told\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  return (_request, response) => void response.socket?.write(text + text)
}

/** A body that goes on for `bytes`, at once announced by nothing. */
export function endless(status: number, bytes: number): Behaviour {
  const chunk = Buffer.alloc(64 * 1024, 0x20)
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    let left = bytes
    const pour = () => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length
        if (!response.write(chunk)) return void response.once('drain', pour)
      }
      response.end()
    }
    pour()
  }
}

/** At most `count` in a second, 429 with Retry-After for the rest. */
export function rateLimit(count: number, then: Behaviour): Behaviour {
  let since = 0
  let taken = 0
  return (request, response) => {
    const now = performance.now()
    if (now - since >= 1000) [since, taken] = [now, 0]
    taken += 1
    if (taken > count) answer(429, { reason: 'Slow down' }, { 'retry-after': '1' })(request, response)
    else then(request, response)
  }
}

export interface Receiver {
  /** How often each id came. */
  readonly arrivals: ReadonlyMap<string, number>
  /** What it took as new, each once: by id, the body of the first. */
  readonly taken: ReadonlyMap<string, Buffer>
  /** Takes the message, then behaves, by default answering 200. */
  take(then?: Behaviour): Behaviour
}

/** A receiver that keeps ids and takes each message once, as a careful one does; its counts tell what was doubled or lost. */
export function receiver(idOf = (request: FakeRequest) => request.headers['webhook-id'] ?? ''): Receiver {
  const arrivals = new Map<string, number>()
  const taken = new Map<string, Buffer>()
  return {
    arrivals,
    taken,
    take(then = answer(200, {})) {
      return (request, response) => {
        const id = idOf(request)
        arrivals.set(id, (arrivals.get(id) ?? 0) + 1)
        if (!taken.has(id)) taken.set(id, request.body)
        then(request, response)
      }
    },
  }
}
