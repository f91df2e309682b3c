import { cloneElement, type ReactElement } from 'react'

export type TooltipSide = 'top' | 'bottom' | 'inline-start' | 'inline-end'

type TooltipProps = {
  /** Repeats or explains; nothing may be known only from a tooltip, because touch shows none. */
  text: string
  keys?: string | null | undefined
  side?: TooltipSide | undefined
  children: ReactElement<Record<string, unknown>>
}

/** Only writes down what to show: hundreds stand on a screen and one at most is open, drawn by `TooltipLayer`. */
export function Tooltip({ text, keys, side = 'top', children }: TooltipProps) {
  return cloneElement(children, { 'data-tip': text, 'data-tip-side': side, ...(keys && { 'data-tip-keys': keys }) })
}
