// One stream for the whole browser. The tab that holds the lock reads it and tells the others; every tab remembers how far
// it has come, so that whoever takes over goes on exactly there. Nothing is missed: a position that the server can't
// continue from ends in `reset`, and then everything shown is fetched anew.
import type { QueryClient } from '@tanstack/react-query'
import type { EventTable } from '../contract/kernel.ts'
import { createInvalidator } from './invalidate.ts'
import { patchesOf } from './patches.ts'
import { createFrameParser, type Frame } from './sse.ts'
import { isUnder, staleKeysOf, type HeardEvent, type StaleKey } from './stale-keys.ts'

export type LineState = 'opening' | 'open' | 'lost'

export interface RealtimeOptions {
  readonly queryClient: QueryClient
  readonly tables: readonly EventTable[]
  /** Workspace and member: other people in the same browser have a stream of their own. */
  readonly owner: string
  /** Whether an event says anything to this member; others' drafts do not. */
  readonly concerns?: (event: HeardEvent) => boolean
  readonly url?: string
}

export interface Realtime {
  /** Resolves once what is fetched from now on can't be overtaken by an event unheard. */
  readonly ready: Promise<void>
  state(): LineState
  onState(listener: () => void): () => void
  onEvent(listener: (event: HeardEvent) => void): () => void
  /** Told and forgotten: who looks, who types. */
  onFleeting(listener: (event: HeardEvent) => void): () => void
  close(): void
}

type Told =
  | { kind: 'frame'; frame: Frame }
  | { kind: 'state'; state: LineState }
  | { kind: 'where' }
  | { kind: 'here'; position: string }

/** The server says at least this often that it is still there. */
const SILENCE_MS = 50_000
const BACK_OFF = { first: 500, most: 20_000 }

export function openRealtime(options: RealtimeOptions): Realtime {
  const { queryClient, tables, owner, concerns = () => true, url = '/api/stream' } = options
  const name = `rapport.stream.${owner}`
  const closing = new AbortController()
  const channel = new BroadcastChannel(name)
  const invalidator = createInvalidator(queryClient)
  const ready = Promise.withResolvers<void>()
  const listeners = {
    state: new Set<() => void>(),
    event: new Set<(e: HeardEvent) => void>(),
    fleeting: new Set<(e: HeardEvent) => void>(),
  }
  let position: string | null = null
  let state: LineState = 'opening'
  let isReady = false
  let leads = false

  const setState = (next: LineState): void => {
    if (state === next) return
    state = next
    for (const listener of listeners.state) listener()
  }
  const begin = (): void => {
    // Whatever was fetched before the line stood may have missed something in between.
    if (isReady) invalidator.everything()
    isReady = true
    ready.resolve()
  }
  const hear = (frame: Frame): void => {
    if (frame.id !== null) position = frame.id
    if (frame.event === 'hello') return begin()
    if (frame.event === 'reset') {
      isReady = true
      return begin()
    }
    const event = JSON.parse(frame.data) as HeardEvent
    if (frame.event === 'fleeting') {
      for (const listener of listeners.fleeting) listener(event)
      return
    }
    if (!concerns(event)) return
    invalidator.stale([...staleKeysOf(tables, event), ...patchKnown(queryClient, tables, event)])
    for (const listener of listeners.event) listener(event)
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel, which has no target to name
  const tell = (told: Told): void => channel.postMessage(told)

  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if (data.kind === 'frame') return hear(data.frame)
    if (data.kind === 'state') return setState(data.state)
    if (data.kind === 'where' && leads && position !== null) {
      tell({ kind: 'here', position })
      tell({ kind: 'state', state })
    }
    if (data.kind === 'here' && !isReady) {
      position ??= data.position
      isReady = true
      ready.resolve()
    }
  })
  tell({ kind: 'where' })

  void navigator.locks
    .request(name, { signal: closing.signal }, async () => {
      leads = true
      await lead({
        url,
        signal: closing.signal,
        position: () => position,
        onFrame(frame) {
          // The others first: should this tab end in between, they know more, never less.
          tell({ kind: 'frame', frame })
          hear(frame)
        },
        onState(next) {
          setState(next)
          tell({ kind: 'state', state: next })
          // A continued line says no hello: that it stands is all there is to know.
          if (next === 'open' && position !== null && !isReady) begin()
        },
      })
    })
    .catch(() => undefined)

  const on = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  return {
    ready: ready.promise,
    state: () => state,
    onState: (listener) => on(listeners.state, listener),
    onEvent: (listener) => on(listeners.event, listener),
    onFleeting: (listener) => on(listeners.fleeting, listener),
    close() {
      closing.abort()
      channel.close()
      invalidator.close()
    },
  }
}

/** Sets known answers right. Answers the keys of those that it can't: what is on its way may have been read before. */
export function patchKnown(client: QueryClient, tables: readonly EventTable[], event: HeardEvent): StaleKey[] {
  const tooEarly: StaleKey[] = []
  for (const { key, apply } of patchesOf(tables, event)) {
    const concerned = client.getQueryCache().findAll({ predicate: (query) => isUnder(query.queryKey, key) })
    for (const { queryKey, state } of concerned) {
      const { data, dataUpdatedAt, fetchStatus, isInvalidated } = state
      if (fetchStatus === 'fetching') tooEarly.push(queryKey as StaleKey)
      // What is known to be stale is fetched before it is shown, and stays marked so.
      if (data !== undefined && !isInvalidated) client.setQueryData(queryKey, apply(data), { updatedAt: dataUpdatedAt })
    }
  }
  return tooEarly
}

interface Lead {
  readonly url: string
  readonly signal: AbortSignal
  readonly position: () => string | null
  readonly onFrame: (frame: Frame) => void
  readonly onState: (state: LineState) => void
}

/** Reads the stream until `signal` ends it, and opens it again whenever it is lost. */
async function lead({ url, signal, position, onFrame, onState }: Lead): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const after = position()
    const ended = await readStream(
      after === null ? url : `${url}?after=${encodeURIComponent(after)}`,
      signal,
      onFrame,
      () => {
        failures = 0
        onState('open')
      },
    ).catch(() => 'lost' as const)
    if (signal.aborted) return
    // The log-in ended: the next call of the screen finds out and leads to the sign-in.
    if (ended === 'refused') failures = Math.max(failures, 4)
    failures += 1
    if (failures > 1) onState('lost')
    await pause(waitFor(failures), signal)
  }
}

/** Milliseconds until the next try: doubling, and apart from what others wait. */
export function waitFor(failures: number, random: () => number = Math.random): number {
  const most = Math.min(BACK_OFF.most, BACK_OFF.first * 2 ** (failures - 1))
  return most / 2 + (most / 2) * random()
}

async function readStream(
  url: string,
  signal: AbortSignal,
  onFrame: (frame: Frame) => void,
  onOpen: () => void,
): Promise<'ended' | 'refused'> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), SILENCE_MS)
  try {
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (response.status === 401 || response.status === 403) return 'refused'
    if (!response.ok || !response.body) throw new Error(`the stream answered ${response.status}`)
    onOpen()
    const parse = createFrameParser(onFrame)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return 'ended'
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MS)
      parse(value)
    }
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Waits, but not longer than until the network is back or somebody looks again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    addEventListener('online', wake)
    document.addEventListener('visibilitychange', wake)
    signal.addEventListener('abort', wake)
  })
}
