import { createElement, type ReactElement, type ReactNode } from 'react'
import { later } from './later.ts'

export type TooltipSide = 'top' | 'bottom' | 'inline-start' | 'inline-end'

export type TooltipProps = {
  /** Repeats or explains; nothing may be known only from a tooltip, because touch shows none. */
  text: ReactNode
  keys?: string | null | undefined
  side?: TooltipSide | undefined
  children: ReactElement<Record<string, unknown>>
}

const useBubble = later(async () => (await import('./tooltip-bubble.tsx')).TooltipBubble)

export function Tooltip(props: TooltipProps) {
  const bubble = useBubble()
  return bubble ? createElement(bubble, props) : props.children
}
