// Browsers' event streams by the thousand: bare sockets, so that five thousand of them leave this process time to look.
import { connect, type Socket } from 'node:net'

export interface Streams {
  readonly open: number
  /** Frames of that kind so far. */
  readonly frames: number
  /** Streams that the other side ended. */
  readonly lost: number
  close(): void
}

export interface StreamOptions {
  readonly url: string
  /** Path and headers of each stream. */
  readonly requests: readonly { readonly path: string; readonly headers?: Record<string, string> }[]
  /** Called for each frame that has this after its beginning; gets what follows up to the next quote. */
  readonly marker: string
  readonly onFrame: (value: string, stream: number, at: number) => void
  /** How many are being opened at once. */
  readonly atOnce?: number
}

/** Resolves once all are open and have said hello. */
export async function openStreams(options: StreamOptions): Promise<Streams> {
  const { url, requests, marker, onFrame, atOnce = 64 } = options
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  const counted = { frames: 0, lost: 0 }
  let closing = false

  const openOne = (index: number): Promise<void> =>
    new Promise((ready, failed) => {
      const { path, headers = {} } = requests[index]!
      const socket = connect({ host: hostname, port: Number(port) })
      sockets.push(socket)
      let rest = ''
      let greeted = false
      socket.setEncoding('latin1')
      socket.on('connect', () => {
        const lines = Object.entries({ host: hostname, accept: 'text/event-stream', ...headers })
        socket.write(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
      })
      socket.on('data', (chunk: string) => {
        const now = performance.now()
        rest += chunk
        if (!greeted) {
          if (!rest.includes('hello')) return
          if (!rest.startsWith('HTTP/1.1 200'))
            return void failed(new Error(`a stream was refused: ${rest.slice(0, 200)}`))
          greeted = true
          ready()
        }
        for (let at = rest.indexOf(marker); at !== -1; at = rest.indexOf(marker)) {
          const from = at + marker.length
          const to = rest.indexOf('"', from)
          if (to === -1) return
          counted.frames += 1
          onFrame(rest.slice(from, to), index, now)
          rest = rest.slice(to)
        }
        if (rest.length > 4096) rest = rest.slice(-512)
      })
      socket.on('error', failed)
      socket.on('close', () => {
        if (closing) return
        counted.lost += 1
        failed(new Error(`a stream was closed: ${rest.slice(0, 200)}`))
      })
    })

  let next = 0
  const opener = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) await openOne(index)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, requests.length) }, opener))
  return {
    open: sockets.length,
    get frames() {
      return counted.frames
    },
    get lost() {
      return counted.lost
    },
    close() {
      closing = true
      for (const socket of sockets) socket.destroy()
    },
  }
}
