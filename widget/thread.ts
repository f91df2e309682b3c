// The thread as this browser knows it, put together from pages and from the stream in whatever order they come.
import type { VisitFrames, VisitLine, VisitMessage } from '#webchat/contract'

export interface Thread {
  /** Oldest first, each once. */
  readonly messages: readonly VisitMessage[]
  /** Cursor of the page before the oldest, null when there is none. */
  readonly next: string | null
  readonly line: VisitLine
}

export const emptyThread: Thread = { messages: [], next: null, line: { state: 'none', deskReadSeq: 0 } }

/** Adds or replaces; what came later stands for what came before. */
function upsert(known: readonly VisitMessage[], given: readonly VisitMessage[]): VisitMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]))
  for (const message of given) byId.set(message.id, message)
  return [...byId.values()].sort((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1))
}

export function applySnapshot(frame: VisitFrames['snapshot']): Thread {
  return { messages: upsert([], frame.messages), next: frame.next, line: frame.line }
}

export function applyChanges(thread: Thread, { messages, line }: VisitFrames['changes']): Thread {
  return { ...thread, messages: upsert(thread.messages, messages), line }
}

/** A page of older messages; what is known already is newer than the page and stays. */
export function applyPage(
  thread: Thread,
  page: { readonly items: readonly VisitMessage[]; readonly next: string | null },
): Thread {
  return { ...thread, messages: upsert(page.items, thread.messages), next: page.next }
}

/** Answers that the visitor has not looked at. */
export function unreadOf({ messages }: Thread, looked: ReadonlySet<string>): VisitMessage[] {
  return messages.filter(
    ({ id, from, state, deleted }) => from === 'desk' && state !== 'read' && !deleted && !looked.has(id),
  )
}
