import { announce } from './announce.tsx'

export type Notice = {
  id: number
  text: string
  tone: 'plain' | 'danger'
  /** One thing to do about it; doing it takes the notice away. */
  action?: { label: string; run: () => void } | undefined
  /** With an undo there is a countdown; the text is out of date once it ends. */
  undo?: { seconds: number; endsAt: number; run: () => void } | undefined
}

let notices: Notice[] = []
let lastId = 0
const listeners = new Set<() => void>()

export const noticeStore = {
  get: () => notices,
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}

function change(next: Notice[]): void {
  notices = next
  for (const listener of listeners) listener()
}

export function dismissNotice(id: number): void {
  change(notices.filter((notice) => notice.id !== id))
}

function show(notice: Omit<Notice, 'id'>, spoken: string): () => void {
  const id = ++lastId
  // Three at most: what is older has been seen or was not worth it. An undo that still runs is never pushed out.
  const overflow = notices.filter((n) => !n.undo).slice(0, Math.max(0, notices.length - 2))
  change([...notices.filter((n) => !overflow.includes(n)), { ...notice, id }])
  announce(spoken)
  return () => dismissNotice(id)
}

/**
 * Says in one sentence what happened. Plain ones leave after some seconds, `danger` stays until it is closed.
 * Returns a function that takes it away.
 */
export function notify(text: string, options: { tone?: Notice['tone']; action?: Notice['action'] } = {}): () => void {
  return show({ text, tone: options.tone ?? 'plain', action: options.action }, text)
}

/**
 * The bar after something that is held back: a countdown and Undo (also under `z`). The change itself is made, or its
 * hold kept, by the caller; `onEnd` runs when the time is over without Undo.
 * @param spoken what a screen reader says, once; the ticking is not read.
 */
export function offerUndo(offer: {
  text: string
  spoken?: string
  seconds?: number
  onUndo: () => void
  onEnd?: () => void
}): () => void {
  const seconds = offer.seconds ?? 10
  let open = true
  const close = show(
    {
      text: offer.text,
      tone: 'plain',
      undo: {
        seconds,
        endsAt: Date.now() + seconds * 1000,
        run() {
          if (!open) return
          finish()
          offer.onUndo()
        },
      },
    },
    offer.spoken ?? offer.text,
  )
  const timer = setTimeout(() => {
    finish()
    offer.onEnd?.()
  }, seconds * 1000)
  const finish = () => {
    open = false
    clearTimeout(timer)
    close()
  }
  return finish
}
