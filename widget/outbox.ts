// What the visitor wrote and the thread does not show yet. Each item is stored under its own name, so that two windows of one
// page never overwrite each other's, and keeps its clientId through every try, so that a second one changes nothing.
import type { VisitFile, VisitMessage } from '#webchat/contract'
import type { Stored } from './stored.ts'

export interface OutItem {
  readonly clientId: string
  readonly text: string
  readonly files: readonly VisitFile[]
  /** When it was written, by this browser's clock: orders the outbox, nothing else. */
  readonly at: number
  /** `accepted`: the server has it safe; it leaves once the thread shows it. `failed`: trying again would not help by itself. */
  readonly state: 'queued' | 'accepted' | 'failed'
  readonly reason?: string
}

const PREFIX = 'out:'

export function loadOutbox(store: Stored): OutItem[] {
  return inOrder(store.names(PREFIX).flatMap((name) => store.get<OutItem>(name) ?? []))
}

export function saveItem(store: Stored, item: OutItem): void {
  store.set(PREFIX + item.clientId, item)
}

export function dropItem(store: Stored, clientId: string): void {
  store.remove(PREFIX + clientId)
}

const inOrder = (items: readonly OutItem[]): OutItem[] =>
  [...items].sort((a, b) => a.at - b.at || (a.clientId < b.clientId ? -1 : 1))

/** The outbox with `item` in it, in place of its earlier self. */
export function put(outbox: readonly OutItem[], item: OutItem): OutItem[] {
  return inOrder([...outbox.filter(({ clientId }) => clientId !== item.clientId), item])
}

/** Those items that the thread does not show yet. */
export function unseen(outbox: readonly OutItem[], messages: readonly VisitMessage[]): OutItem[] {
  const shown = new Set(messages.map(({ clientId }) => clientId))
  return outbox.filter(({ clientId }) => !shown.has(clientId))
}

/** The next one to send: the oldest that waits, and none past it, so that order holds. */
export function nextToSend(outbox: readonly OutItem[]): OutItem | null {
  return outbox.find(({ state }) => state === 'queued') ?? null
}
