import { cloneElement, useCallback, useState, type FocusEvent, type MouseEvent, type ReactElement } from 'react'

type Handlers = {
  onClick?: (event: MouseEvent<HTMLElement>) => void
  onFocus?: (event: FocusEvent<HTMLElement>) => void
  onBlur?: (event: FocusEvent<HTMLElement>) => void
}

/**
 * A trigger whose popup has not come yet: pressing it is remembered, so that the popup opens as soon as it is there, and the
 * focus goes over to the element that takes its place.
 */
export function usePressedEarly(trigger: ReactElement<Record<string, unknown>>): {
  trigger: ReactElement
  pressed: boolean
  takeFocus: (element: HTMLElement | null) => void
} {
  const [pressed, setPressed] = useState(false)
  const [focused, setFocused] = useState(false)
  const own = trigger.props as Handlers
  const takeFocus = useCallback((element: HTMLElement | null) => void (focused && element?.focus()), [focused])
  return {
    pressed,
    takeFocus,
    trigger: cloneElement(trigger, {
      'aria-haspopup': 'true',
      'aria-expanded': false,
      onClick: (event: MouseEvent<HTMLElement>) => {
        own.onClick?.(event)
        setPressed(true)
      },
      onFocus: (event: FocusEvent<HTMLElement>) => {
        own.onFocus?.(event)
        setFocused(true)
      },
      onBlur: (event: FocusEvent<HTMLElement>) => {
        own.onBlur?.(event)
        setFocused(false)
      },
    }),
  }
}
