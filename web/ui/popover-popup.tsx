import { Popover as Base } from '@base-ui/react/popover'
import type { Ref } from 'react'
import { cx } from './cx.ts'
import type { PopoverProps } from './popover.tsx'
import { popupClass } from './popup.ts'

type PopoverPopupProps = PopoverProps & { defaultOpen: boolean; triggerRef: Ref<HTMLButtonElement> }

export function PopoverPopup({
  trigger,
  title,
  hideTitle,
  side = 'bottom',
  align = 'start',
  open,
  onOpenChange,
  children,
  defaultOpen,
  triggerRef,
}: PopoverPopupProps) {
  return (
    <Base.Root open={open} defaultOpen={defaultOpen} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger ref={triggerRef} render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-40">
          <Base.Popup
            className={cx(popupClass, 'flex max-h-(--available-height) max-w-side flex-col gap-2 overflow-y-auto p-4')}
          >
            <Base.Title className={cx('font-medium', hideTitle && 'sr-only')}>{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
