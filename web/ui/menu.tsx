import { createElement, type ReactElement } from 'react'
import type { IconShape } from './icon.tsx'
import { later } from './later.ts'
import { usePressedEarly } from './pressed-early.ts'

export type MenuItem = {
  label: string
  icon?: IconShape | undefined
  keys?: string | null | undefined
  hint?: string | undefined
  disabled?: boolean | undefined
  /** Red, and last in its group: takes something away for good. */
  danger?: boolean | undefined
  /** With a value the item is a choice that is on or off; the menu stays open. */
  checked?: boolean | undefined
  onSelect: () => void
}
export type MenuGroup = { label?: string; items: MenuItem[] }

export type MenuProps = {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>
  groups: MenuGroup[]
  align?: 'start' | 'center' | 'end' | undefined
}

const usePopup = later(async () => (await import('./menu-popup.tsx')).MenuPopup)

export function Menu(props: MenuProps) {
  const popup = usePopup()
  const early = usePressedEarly(props.trigger)
  if (popup === null) return early.trigger
  return createElement(popup, { ...props, defaultOpen: early.pressed, triggerRef: early.takeFocus })
}
