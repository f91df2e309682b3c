import { Tooltip as Base } from '@base-ui/react/tooltip'
import { Kbd } from './kbd.tsx'
import type { TooltipProps } from './tooltip.tsx'

export function TooltipBubble({ text, keys, side = 'top', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger delay={400} closeDelay={0} render={children} />
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
