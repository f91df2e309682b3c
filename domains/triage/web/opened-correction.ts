// Which message is being put right: opened by a press on its labels, or by a key from anywhere in the conversation.
import { useSyncExternalStore } from 'react'

let opened: string | null = null
const listeners = new Set<() => void>()

export const openedCorrection = {
  set(messageId: string | null) {
    opened = messageId
    for (const listener of listeners) listener()
  },
}

export function useOpenedCorrection(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => opened,
  )
}
