// Everything the widget knows and does, without a pixel: who the visitor is, the thread, the outbox, the stream.
import type { Visit, VisitFile, VisitFrames, WidgetConfig, WidgetHours } from '#webchat/contract'
import { calls, isPassing, Refused, type Calls } from './calls.ts'
import { backOff, readFrames, type Frame } from './frames.ts'
import { dropItem, loadOutbox, nextToSend, put, saveItem, unseen, type OutItem } from './outbox.ts'
import { stored } from './stored.ts'
import { applyChanges, applySnapshot, emptyThread, unreadOf, type Thread } from './thread.ts'
import { randomId } from './random-id.ts'

export interface Contact {
  name?: string
  email?: string
}

export interface Identity extends Contact {
  userId: string
  hmac: string
}

export interface State {
  readonly config: WidgetConfig | null
  readonly hours: WidgetHours | null
  readonly open: boolean
  readonly visit: Visit | null
  readonly thread: Thread
  readonly outbox: readonly OutItem[]
  readonly unread: number
  readonly deskTypes: boolean
  /** The stream is up, or there is none to be had yet. */
  readonly connected: boolean
  /** Code of the last refusal that the visitor has to know of. */
  readonly notice: string | null
}

export interface Session {
  readonly calls: Calls
  readonly state: () => State
  readonly subscribe: (listener: () => void) => () => void
  begin(): Promise<void>
  setOpen(open: boolean): void
  send(text: string, files: readonly VisitFile[]): void
  retry(clientId: string): void
  /** Makes sure that this browser is somebody; needed before a file can go up. */
  ensureVisit(): Promise<void>
  types(typing: boolean): void
  /** Does one of the rarer things, fetched when it is first asked for; shows what went wrong and rejects. */
  act(work: (acts: typeof import('./acts.ts'), core: Core) => Promise<unknown>): Promise<void>
}

/** What the rarer things may touch. */
export interface Core {
  readonly call: Calls
  readonly state: () => State
  readonly set: (change: Partial<State>) => void
  readonly token: () => Token | null
  /** Remembers what the visitor said of themselves, for the visit to come. */
  readonly known: (contact: Contact) => void
  readonly identity: (identity: Identity) => void
  readonly startVisit: () => Promise<void>
  readonly forget: () => void
  readonly drop: (gone: (item: OutItem) => boolean) => void
  /** Comes back to the stream with nothing known. */
  readonly restart: () => void
  readonly end: () => void
}

interface Token {
  readonly token: string
  readonly visitorId: string
  readonly userId: string | null
}

const HIDDEN_MS = 60_000
const TYPING_MS = 4000

export function openSession(base: string, key: string, locale: () => string): Session {
  const store = stored(key)
  const read = (): Token | null => store.get<Token>('visit')
  let token = read()
  let state: State = {
    config: null,
    hours: null,
    open: false,
    visit: null,
    thread: emptyThread,
    outbox: loadOutbox(store),
    unread: 0,
    deskTypes: false,
    connected: true,
    notice: null,
  }
  const listeners = new Set<() => void>()
  const call = calls(base, key, () => token?.token ?? null)
  let known: Contact = {}
  let identity: Identity | null = null
  let over = false
  let pumping = false
  let streaming: AbortController | null = null
  let place: string | null = null
  const wakers = new Set<() => void>()
  let starting: Promise<void> | null = null
  let typedAt = 0
  let typingEnds: ReturnType<typeof setTimeout> | undefined
  const delivered = new Set<string>()
  const looked = new Set<string>()

  const set = (change: Partial<State>): void => {
    const before = state
    state = { ...state, ...change }
    if (state.thread !== before.thread || state.outbox !== before.outbox) {
      const left = unseen(state.outbox, state.thread.messages)
      if (left.length < state.outbox.length) {
        for (const { clientId } of state.outbox)
          if (!left.some((item) => item.clientId === clientId)) dropItem(store, clientId)
        state = { ...state, outbox: left }
      }
    }
    state = { ...state, unread: unreadOf(state.thread, looked).length }
    listeners.forEach((listener) => listener())
  }
  const keep = (item: OutItem): void => {
    saveItem(store, item)
    set({ outbox: put(state.outbox, item) })
  }
  const isSeen = (): boolean => document.visibilityState === 'visible'
  const wake = (): void => wakers.forEach((resolve) => resolve())
  /** Waits; less when the network or the visitor comes back. Without a time, until then. */
  const rest = (ms?: number): Promise<void> =>
    new Promise((done) => {
      const resolve = (): void => {
        wakers.delete(resolve)
        done()
      }
      wakers.add(resolve)
      if (ms !== undefined) setTimeout(resolve, ms)
    })

  const adopt = (given: Token | null): void => {
    token = given
    if (given) store.set('visit', given)
    else store.remove('visit')
  }
  const forget = (): void => {
    adopt(null)
    streaming?.abort()
    place = null
    delivered.clear()
    looked.clear()
    set({ visit: null, thread: emptyThread, deskTypes: false })
  }

  const startVisit = async (): Promise<void> => {
    const former = token?.userId === null ? token.token : undefined
    const { token: fresh, visit } = await call('startVisit', {
      body: {
        locale: locale(),
        pageUrl: location.origin + location.pathname,
        ...(identity ? { identity } : known.name || known.email ? { contact: known } : {}),
        ...(identity && former ? { formerToken: former } : {}),
      },
    })
    if (over) return
    streaming?.abort()
    place = null
    adopt({ token: fresh, visitorId: visit.visitorId, userId: identity?.userId ?? null })
    set({ visit })
    void stream()
  }
  const ensureVisit = async (): Promise<void> => {
    // Another window of this page may have become somebody meanwhile.
    token ??= read()
    if (token) return
    starting ??= startVisit().finally(() => (starting = null))
    return starting
  }

  const pump = async (): Promise<void> => {
    if (pumping) return
    pumping = true
    let attempt = 0
    for (let item = nextToSend(state.outbox); item && !over; item = nextToSend(state.outbox)) {
      try {
        await ensureVisit()
        const { clientId, text, files } = item
        await call('postMessage', {
          body: {
            clientId,
            text,
            attachmentIds: files.map(({ id }) => id),
            pageUrl: location.origin + location.pathname,
          },
        })
        keep({ ...item, state: 'accepted' })
        set({ notice: null })
        attempt = 0
        void stream()
      } catch (error) {
        if (error instanceof Refused && error.status === 401 && attempt === 0) forget()
        else if (isPassing(error))
          await rest(Math.max(backOff(attempt), error instanceof Refused ? error.seconds * 1000 : 0))
        else keep({ ...item, state: 'failed', reason: (error as Refused).code })
        attempt += 1
      }
    }
    pumping = false
  }

  const hear = ({ event, id, data }: Frame): void => {
    if (id) place = id
    const frame: unknown = JSON.parse(data)
    if (event === 'snapshot') set({ thread: applySnapshot(frame as VisitFrames['snapshot']), deskTypes: false })
    if (event === 'changes') {
      const changes = frame as VisitFrames['changes']
      const answered = changes.messages.some(({ from }) => from === 'desk')
      set({ thread: applyChanges(state.thread, changes), ...(answered && { deskTypes: false }) })
    }
    if (event === 'hours') set({ hours: frame as WidgetHours })
    if (event === 'typing') {
      set({ deskTypes: (frame as VisitFrames['typing']).typing })
      clearTimeout(typingEnds)
      typingEnds = setTimeout(() => set({ deskTypes: false }), 3 * TYPING_MS)
    }
    confirm()
  }

  /** Tells the desk what arrived here and what was looked at; what could not be told is told with the next frame. */
  const confirm = (): void => {
    const tell = (state: 'delivered' | 'read', ids: string[], told: Set<string>): void => {
      if (ids.length === 0) return
      ids.forEach((id) => told.add(id))
      call('confirmMessages', { body: { messageIds: ids.slice(0, 100), state } }).catch(() =>
        ids.forEach((id) => told.delete(id)),
      )
    }
    if (state.open && isSeen()) {
      const ids = unreadOf(state.thread, looked).map(({ id }) => id)
      tell('read', ids, looked)
      if (ids.length > 0) set({})
    }
    const arrived = state.thread.messages.filter(
      ({ id, from, state }) => from === 'desk' && state === 'sent' && !looked.has(id) && !delivered.has(id),
    )
    tell(
      'delivered',
      arrived.map(({ id }) => id),
      delivered,
    )
  }

  /** Follows the thread until the widget ends: connects, reads, and comes back with what it knows. */
  const stream = async (): Promise<void> => {
    if (streaming || over) return
    const abort = new AbortController()
    streaming = abort
    let attempt = 0
    let replaced = false
    while (token && !over && !abort.signal.aborted) {
      const round = new AbortController()
      abort.signal.addEventListener('abort', () => round.abort(), { once: true })
      try {
        const response = await call.raw('/stream', place ? { after: place } : {}, { signal: round.signal })
        await readFrames(
          response,
          (frame) => {
            if (abort.signal.aborted) return
            if (frame.event === 'replaced') replaced = true
            else hear(frame)
            attempt = 0
            if (!state.connected) set({ connected: true })
          },
          round,
        )
      } catch (error) {
        if (error instanceof Refused && error.status === 401 && !abort.signal.aborted) {
          streaming = null
          return forget()
        }
      }
      if (abort.signal.aborted) break
      // A hidden page, or one whose place another window took, is quiet until somebody looks at it again.
      if (replaced || hiddenLong) await rest()
      else {
        if (attempt > 0) set({ connected: false })
        await rest(attempt === 0 ? 300 : backOff(attempt))
      }
      replaced = false
      attempt += 1
    }
    if (streaming === abort) streaming = null
  }
  let hiddenLong = false
  let hiding: ReturnType<typeof setTimeout> | undefined
  const looks = (): void => {
    clearTimeout(hiding)
    if (isSeen()) {
      hiddenLong = false
      wake()
      confirm()
    } else hiding = setTimeout(() => (hiddenLong = true), HIDDEN_MS)
  }

  const begin = async (): Promise<void> => {
    addEventListener('online', wake)
    document.addEventListener('visibilitychange', looks)
    addEventListener('focus', looks)
    addEventListener('storage', ({ key: name }) => {
      if (name !== `rapport:${key}:visit` || token) return
      token = read()
      void stream()
    })
    for (let attempt = 0; !over && !state.config; attempt++) {
      try {
        const config = await call('getWidgetConfig')
        set({ config, hours: config.hours })
      } catch (error) {
        // A key or page that is not allowed will not be in a moment either.
        if (!isPassing(error)) return
        await rest(backOff(attempt))
      }
    }
    if (token) {
      void stream()
      call('resumeVisit')
        .then((visit) => set({ visit }))
        .catch(() => {}) // the stream finds out the same
    }
    void pump()
  }

  const core: Core = {
    call,
    state: () => state,
    set,
    token: () => token,
    known: (given) => (known = given),
    identity: (given) => (identity = given),
    startVisit,
    forget,
    drop(gone) {
      for (const item of state.outbox) if (gone(item)) dropItem(store, item.clientId)
      set({ outbox: state.outbox.filter((item) => !gone(item)) })
    },
    restart() {
      place = null
      wake()
    },
    end() {
      over = true
      wake()
    },
  }

  return {
    calls: call,
    state: () => state,
    subscribe: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
    begin,
    ensureVisit,
    setOpen(open) {
      set({ open })
      confirm()
    },
    send(text, files) {
      keep({ clientId: randomId(), text, files, at: Date.now(), state: 'queued' })
      typedAt = 0
      void pump()
    },
    retry(clientId) {
      const item = state.outbox.find((one) => one.clientId === clientId)
      if (item) keep({ clientId, text: item.text, files: item.files, at: item.at, state: 'queued' })
      void pump()
    },
    types(typing) {
      if (
        state.thread.line.state === 'none' ||
        (typing && Date.now() - typedAt < TYPING_MS) ||
        (!typing && typedAt === 0)
      )
        return
      typedAt = typing ? Date.now() : 0
      call('setTyping', { body: { typing } }).catch(() => {})
    },
    async act(work) {
      try {
        set({ notice: null })
        await work(await import('./acts.ts'), core)
      } catch (error) {
        set({ notice: error instanceof Refused ? error.code : 'unreachable' })
        throw error
      }
    },
  }
}
