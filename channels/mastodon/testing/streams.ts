// The live side of the local server: server-sent events, with heartbeats, that can be dropped, held, doubled and put out of order.
import type { ServerResponse } from 'node:http'
import type { Account } from './access.ts'
import type { LocalRequest } from './server.ts'
import type { Announcement, World } from './world.ts'

export interface Streams {
  open(request: LocalRequest, account: Account | null, response: ServerResponse): void
  /** How many stand open. */
  count(): number
  /** Hangs up on everybody. */
  drop(): void
  /** New ones are refused so, or let in again (null). */
  refuse(status: number | null): void
  /** Keeps what happens from now on; `release` tells it in the order that is made of it. */
  hold(): void
  release(order?: (held: readonly Announcement[]) => readonly Announcement[]): void
  /** Says something of its own. */
  say(text: string): void
}

const HEARTBEAT_MS = 15_000

export function openStreams(world: World): Streams {
  const open = new Map<ServerResponse, readonly Announcement['stream'][]>()
  let held: Announcement[] | null = null
  let refusal: number | null = null
  const tell = ({ stream, event, payload }: Announcement) => {
    for (const [response, streams] of open)
      if (streams.includes(stream)) response.write(`event: ${event}\ndata: ${payload}\n\n`)
  }
  world.listen((announcement) => (held === null ? tell(announcement) : void held.push(announcement)))

  return {
    open({ path }, account, response) {
      const streams = streamsOf[path.slice('/api/v1/streaming/'.length)]
      const status = refusal ?? (account === null ? 401 : streams === undefined ? 404 : null)
      if (status !== null)
        return void response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"No"}')
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'private, no-store' })
      response.write(':)\n')
      open.set(response, streams!)
      const beating = setInterval(() => response.write(':thump\n'), HEARTBEAT_MS).unref()
      response.on('close', () => {
        clearInterval(beating)
        open.delete(response)
      })
    },
    count: () => open.size,
    drop: () => {
      for (const response of open.keys()) response.destroy()
      open.clear()
    },
    refuse: (status) => void (refusal = status),
    hold: () => void (held ??= []),
    release(order = (all) => all) {
      const all = held ?? []
      held = null
      for (const announcement of order(all)) tell(announcement)
    },
    say: (text) => {
      for (const response of open.keys()) response.write(text)
    },
  }
}

const streamsOf: Readonly<Record<string, readonly Announcement['stream'][]>> = {
  user: ['home', 'notification'],
  'user/notification': ['notification'],
  direct: ['direct'],
}
