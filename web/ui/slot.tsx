// A place in a screen that its own part of the product leaves free for parts above it, which it may not know. Who owns the screen
// makes the slot and draws it with `Filled`; `web/shell/placements.ts` says what goes into it.
import { createElement, type ComponentType, type ReactNode } from 'react'
import { later } from './later.ts'

export interface Slot<Props extends object> {
  /** What fills it; null while nothing does, or while its code is on the way. */
  usePart: () => ComponentType<Props> | null
}

export function slot<Props extends object>(): Slot<Props> {
  return { usePart: () => null }
}

/** Once, before the program is drawn. The code comes when the first screen stands. */
export function fillSlot<Props extends object>(place: Slot<Props>, load: () => Promise<ComponentType<Props>>): void {
  place.usePart = later(load)
}

/** What fills the slot, given `props`; until it is there, `fallback`. */
export function Filled<Props extends object>({
  slot: place,
  props,
  fallback = null,
}: {
  slot: Slot<Props>
  props: Props
  fallback?: ReactNode
}): ReactNode {
  const part = place.usePart()
  return part ? createElement(part, props) : fallback
}
