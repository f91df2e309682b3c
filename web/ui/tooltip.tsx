import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { Kbd } from './kbd.tsx'

export type TooltipSide = 'top' | 'bottom' | 'inline-start' | 'inline-end'

type TooltipProps = {
  /** Repeats or explains; nothing may be known only from a tooltip, because touch shows none. */
  text: ReactNode
  keys?: string | null | undefined
  side?: TooltipSide | undefined
  children: ReactElement<Record<string, unknown>>
}

export function Tooltip({ text, keys, side = 'top', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="flex max-w-side items-center gap-2 rounded-control bg-inverse px-2 py-1 text-small text-on-inverse shadow-menu ease-in-popup">
            {text}
            {keys && <Kbd keys={keys} onInverse />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
