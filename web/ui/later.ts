// Parts that a screen can do without until it stands: tooltips, menus, sheets. Their code comes when the browser has nothing
// better to do, or with the reader's first move, so that the first screen never waits for it.
import { useSyncExternalStore } from 'react'

let start: () => void = () => {}
const quiet = new Promise<void>((resolve) => (start = resolve))
const signsOfLife = ['pointerdown', 'pointermove', 'keydown', 'focusin'] as const

/** Called once, by the program: everything put off may come once `settled` says so, or as soon as somebody moves. */
export function bringLaterParts(settled: Promise<void>): void {
  const begin = () => {
    for (const sign of signsOfLife) removeEventListener(sign, begin, true)
    start()
  }
  for (const sign of signsOfLife) addEventListener(sign, begin, { capture: true, passive: true })
  void settled.then(begin)
}

/** Runs once there is time: for code that is needed at the next step, and may be asked for before. */
export function whenQuiet(run: () => void): void {
  void quiet.then(run)
}

const RETRY_MS = 3000

/** Makes a hook that answers the part once its code is there, and null before. */
export function later<T>(load: () => Promise<T>): () => T | null {
  let part: T | null = null
  const listeners = new Set<() => void>()
  const fetch = (): void =>
    void load().then(
      (loaded) => {
        part = loaded
        for (const tell of listeners) tell()
      },
      // The line was away, or a new version took the place of this one: then reloading is for the reader to decide.
      () => setTimeout(fetch, RETRY_MS),
    )
  void quiet.then(fetch)
  const subscribe = (tell: () => void) => {
    listeners.add(tell)
    return () => void listeners.delete(tell)
  }
  return () => useSyncExternalStore(subscribe, () => part)
}
