// A browser that follows the stream, loses it, and comes back with the last id that it saw.
import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from './house.ts'

export interface Follower {
  /** Ids (`epoch.xid.seq`) of events in the order in which they came. */
  readonly seen: string[]
  /** How often it was told to fetch everything anew instead of catching up. */
  readonly resets: () => number
  readonly reconnects: () => number
  stop(): Promise<void>
}

/** Follows from now on; resolves once the stream says hello. */
export async function follow(house: House): Promise<Follower> {
  const seen: string[] = []
  let [resets, connects] = [0, 0]
  let last: string | null = null
  const stop = new AbortController()
  let greeted = (): void => {}
  const hello = new Promise<void>((resolve) => (greeted = resolve))

  const take = (frame: string): void => {
    const id = /^id: (.+)$/m.exec(frame)?.[1]
    if (id === undefined) return
    last = id
    if (frame.includes('event: hello')) return greeted()
    if (frame.includes('event: reset')) resets += 1
    else seen.push(id)
  }
  const read = async (): Promise<void> => {
    const response = await fetch(`${house.url()}/api/stream`, {
      headers: { authorization: `Bearer ${house.token}`, ...(last !== null && { 'last-event-id': last }) },
      signal: stop.signal,
    })
    if (!response.ok || !response.body) throw new Error(String(response.status))
    connects += 1
    let rest = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const frames = (rest + chunk).split('\n\n')
      rest = frames.pop()!
      frames.forEach(take)
    }
  }
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await read().catch(() => {})
      await sleep(100)
    }
  })()
  await hello
  return {
    seen,
    resets: () => resets,
    reconnects: () => connects - 1,
    async stop() {
      stop.abort()
      await loop
    },
  }
}
