import type { QueryClient } from '@tanstack/react-query'
import type { newRouter } from './routes.tsx'

const LOOK_MS = 50
/** Whoever waits this long for a first answer gets the rest of the program meanwhile. */
const MOST_MS = 10_000

/** Resolves when the first screen and what it asked the server for stand, and the browser has time. */
export function firstScreen(router: ReturnType<typeof newRouter>, queryClient: QueryClient): Promise<void> {
  const since = performance.now()
  let quiet = 0
  return new Promise((resolve) => {
    const idle = () => ('requestIdleCallback' in globalThis ? requestIdleCallback(() => resolve()) : resolve())
    const look = (): void => {
      const stands = router.state.status === 'idle' && queryClient.isFetching() === 0
      // Twice in a row: between a screen's code and its first question lies a moment of silence.
      quiet = stands ? quiet + 1 : 0
      if (quiet >= 2 || performance.now() - since > MOST_MS) idle()
      else setTimeout(look, LOOK_MS)
    }
    setTimeout(look, LOOK_MS)
  })
}
