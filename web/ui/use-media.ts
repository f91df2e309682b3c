import { useCallback, useSyncExternalStore } from 'react'

/** Where the frame folds; the same widths as in tokens.css, where custom media can't read variables. */
export const screens = {
  phone: '(width <= 40rem)',
  narrow: '(width < 68.75rem)',
} as const

export function useMedia(screen: keyof typeof screens): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const query = matchMedia(screens[screen])
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    [screen],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(screens[screen]).matches)
}
