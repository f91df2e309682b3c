import { AlarmClock, Check } from 'lucide-react'
import { useRef, useState, type PointerEvent, type ReactNode } from 'react'
import { cx } from '../../../web/ui/cx.ts'
import { Icon, type IconShape } from '../../../web/ui/icon.tsx'

/** A finger goes so far before it is a swipe, and so far before letting go does something; in pixels. */
const TAKEN = 12
const ENOUGH = 88
const FARTHEST = 160

export type Swipe = { label: string; run: () => void }

type SwipeRowProps = {
  /** Towards the end of the line: done with it. Towards its start: put away. Each has a button elsewhere. */
  onward?: Swipe | undefined
  back?: Swipe | undefined
  children: ReactNode
}

/** A row that a finger can push aside. A mouse and a keyboard never notice. */
export function SwipeRow({ onward, back, children }: SwipeRowProps) {
  const [pushed, setPushed] = useState(0)
  const from = useRef<{ x: number; y: number; taken: boolean } | null>(null)
  const swiped = useRef(false)
  const direction = document.documentElement.dir === 'rtl' ? -1 : 1
  const swipe = pushed * direction > 0 ? onward : back
  const isEnough = Math.abs(pushed) >= ENOUGH

  const onPointerDown = (event: PointerEvent) => {
    swiped.current = false
    if (event.pointerType === 'touch') from.current = { x: event.clientX, y: event.clientY, taken: false }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const start = from.current
    if (!start) return
    const [by, down] = [event.clientX - start.x, event.clientY - start.y]
    if (!start.taken) {
      if (Math.abs(down) > TAKEN) from.current = null
      if (Math.abs(by) < TAKEN || Math.abs(down) > Math.abs(by)) return
      start.taken = true
      swiped.current = true
      event.currentTarget.setPointerCapture(event.pointerId)
    }
    const isOffered = by * direction > 0 ? onward : back
    setPushed(isOffered ? Math.max(-FARTHEST, Math.min(FARTHEST, by)) : 0)
  }
  const end = (act: boolean) => {
    from.current = null
    if (act && isEnough) swipe?.run()
    setPushed(0)
  }
  if (!onward && !back) return children
  return (
    <div
      className="relative touch-pan-y overflow-hidden"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => end(true)}
      onPointerCancel={() => end(false)}
      onClickCapture={(event) => {
        // The finger that pushed the row aside did not mean to open it.
        if (!swiped.current) return
        swiped.current = false
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      {pushed !== 0 && swipe && (
        <Behind icon={swipe === onward ? Check : AlarmClock} words={swipe.label} atEnd={swipe === back} on={isEnough} />
      )}
      <div
        className={cx('relative bg-page', pushed === 0 && 'transition-transform')}
        style={pushed === 0 ? undefined : { transform: `translateX(${pushed}px)` }}
      >
        {children}
      </div>
    </div>
  )
}

/** What letting go will do: in a word, stronger once it is far enough. */
function Behind({ icon, words, atEnd, on }: { icon: IconShape; words: string; atEnd: boolean; on: boolean }) {
  return (
    <div
      className={cx(
        'absolute inset-0 flex items-center gap-2 px-4 font-medium',
        atEnd && 'justify-end',
        on ? 'bg-accent text-on-accent' : 'bg-hover text-muted',
      )}
    >
      <Icon of={icon} size={20} />
      <span className="w-24 text-small">{words}</span>
    </div>
  )
}
