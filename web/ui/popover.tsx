import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { popupClass } from './popup.ts'

type PopoverProps = {
  trigger: ReactElement<Record<string, unknown>>
  /** Names what opens; drawn unless hidden. */
  title: string
  hideTitle?: boolean | undefined
  side?: 'top' | 'bottom' | 'inline-start' | 'inline-end' | undefined
  align?: 'start' | 'center' | 'end' | undefined
  open?: boolean | undefined
  onOpenChange?: ((open: boolean) => void) | undefined
  children: ReactNode
}

export function Popover({
  trigger,
  title,
  hideTitle,
  side = 'bottom',
  align = 'start',
  open,
  onOpenChange,
  children,
}: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-40">
          <Base.Popup className={cx(popupClass, 'flex max-w-side flex-col gap-2 p-4')}>
            <Base.Title className={cx('font-medium', hideTitle && 'sr-only')}>{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
