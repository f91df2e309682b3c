import { Tooltip as Base } from '@base-ui/react/tooltip'
import { useEffect, useState } from 'react'
import { Kbd } from './kbd.tsx'
import type { TooltipSide } from './tooltip.tsx'

const WAIT_MS = 400
/** Whoever goes from one button to the next need not wait again. */
const STILL_MS = 300

/** Draws the one tooltip that is open: of what the pointer rests on, or what the keyboard has come to. */
export function TooltipLayer() {
  const anchor = useTipped()
  if (anchor === null) return null
  const { tip, tipKeys, tipSide } = anchor.dataset
  return (
    <Base.Root open>
      <Base.Portal>
        <Base.Positioner anchor={anchor} side={(tipSide ?? 'top') as TooltipSide} sideOffset={6} className="z-50">
          <Base.Popup className="pointer-events-none flex max-w-side items-center gap-2 rounded-control bg-inverse px-2 py-1 text-small text-on-inverse shadow-menu ease-in-popup">
            {tip}
            {tipKeys && <Kbd keys={tipKeys} onInverse />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const tippedAt = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null

function useTipped(): HTMLElement | null {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let shown: HTMLElement | null = null
    let hiddenAt = -Infinity
    const show = (element: HTMLElement | null) => {
      clearTimeout(timer)
      if (shown !== null && element === null) hiddenAt = performance.now()
      shown = element
      setAnchor(element)
    }
    const onOver = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return
      const element = tippedAt(event.target)
      if (element === shown) return
      const quick = shown !== null || performance.now() - hiddenAt < STILL_MS
      show(null)
      if (element) timer = setTimeout(() => element.isConnected && show(element), quick ? 0 : WAIT_MS)
    }
    const onFocus = (event: FocusEvent) => {
      const element = tippedAt(event.target)
      show(element === event.target && element?.matches(':focus-visible') ? element : null)
    }
    const hide = () => show(null)
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && hide()
    // What it stands at may be gone before the pointer is.
    const watch = setInterval(() => shown && !shown.isConnected && hide(), 1000)
    const stop = new AbortController()
    const options = { capture: true, passive: true, signal: stop.signal }
    addEventListener('pointerover', onOver, options)
    addEventListener('focusin', onFocus, options)
    addEventListener('focusout', hide, options)
    addEventListener('pointerdown', hide, options)
    addEventListener('scroll', hide, options)
    addEventListener('keydown', onKey, options)
    return () => {
      stop.abort()
      clearTimeout(timer)
      clearInterval(watch)
    }
  }, [])
  return anchor
}
