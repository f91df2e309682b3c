// Who else looks at a conversation, and who writes. Told now and forgotten soon: nothing of it is stored.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useFleeting } from '../../../platform/browser/session.tsx'
import type { HeardEvent } from '../../../platform/browser/stale-keys.ts'
import { conversationsApi } from './api.ts'

export type Doing = 'viewing' | 'typing'
/** `memberId` null is the customer. */
export interface Other {
  readonly memberId: string | null
  readonly doing: Doing
}

const REPEAT_MS = 20_000
/** Whoever says nothing for this long is gone. */
const FORGET_MS: Record<Doing, number> = { viewing: 50_000, typing: 8000 }

/** Tells the others what the caller does, again and again, and hears what they do. */
export function usePresence(conversationId: string, doing: Doing): Other[] {
  const [others, setOthers] = useState<ReadonlyMap<string, Other & { at: number }>>(new Map())
  const mine = useRef(doing)
  const say = useCallback(
    (what: Doing | 'left') => {
      conversationsApi.showPresence({ params: { id: conversationId }, body: { doing: what } }).catch(() => undefined)
    },
    [conversationId],
  )
  useEffect(() => {
    mine.current = doing
    const tell = () => document.visibilityState === 'visible' && say(doing)
    tell()
    const timer = setInterval(tell, doing === 'typing' ? FORGET_MS.typing / 2 : REPEAT_MS)
    return () => clearInterval(timer)
  }, [doing, say])
  useEffect(() => {
    const onVisible = () => say(document.visibilityState === 'visible' ? mine.current : 'left')
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
      say('left')
      setOthers(new Map())
    }
  }, [say])

  useFleeting(
    useCallback(
      ({ type, data }: HeardEvent) => {
        if (type !== 'inbox.presence' || data['conversationId'] !== conversationId) return
        const memberId = data['memberId'] as string | null
        const what = data['doing'] as Doing | 'left'
        setOthers((before) => {
          // Somebody new can't know that we are here.
          if (memberId !== null && what !== 'left' && !before.has(memberId)) queueMicrotask(() => say(mine.current))
          const after = new Map(before)
          if (what === 'left') after.delete(memberId ?? '')
          else after.set(memberId ?? '', { memberId, doing: what, at: Date.now() })
          return after
        })
      },
      [conversationId, say],
    ),
  )
  useEffect(() => {
    if (others.size === 0) return
    const timer = setInterval(
      () =>
        setOthers((before) => new Map([...before].filter(([, { doing, at }]) => Date.now() - at < FORGET_MS[doing]))),
      2000,
    )
    return () => clearInterval(timer)
  }, [others.size])
  return [...others.values()]
}
