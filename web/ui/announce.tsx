import { useSyncExternalStore } from 'react'

// One polite live region for the whole page: two of them talk over each other.
let spoken = { text: '', turn: 0 }
const listeners = new Set<() => void>()
let clearing: ReturnType<typeof setTimeout> | undefined

/** Has a screen reader say the text once it is done with what it says now. The same text twice is said twice. */
export function announce(text: string): void {
  speak(text)
  clearTimeout(clearing)
  clearing = setTimeout(() => speak(''), 5000)
}

function speak(text: string): void {
  spoken = { text, turn: spoken.turn + 1 }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Stands once in the page, always, so that it exists before it has something to say. */
export function LiveRegion() {
  const { text, turn } = useSyncExternalStore(subscribe, () => spoken)
  return (
    <div role="status" aria-live="polite" className="sr-only">
      <span key={turn}>{text}</span>
    </div>
  )
}
