import { createElement, type ReactElement, type ReactNode } from 'react'
import { later } from './later.ts'
import { usePressedEarly } from './pressed-early.ts'

export type PopoverProps = {
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

const usePopup = later(async () => (await import('./popover-popup.tsx')).PopoverPopup)

export function Popover(props: PopoverProps) {
  const popup = usePopup()
  const early = usePressedEarly(props.trigger)
  if (popup === null) return early.trigger
  const defaultOpen = early.pressed && props.open === undefined
  return createElement(popup, { ...props, defaultOpen, triggerRef: early.takeFocus })
}
