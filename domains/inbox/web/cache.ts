// Changes what is shown before the server has answered. The event that follows fetches the truth.
import type { QueryClient } from '@tanstack/react-query'
import type { Conversation, ConversationSummary, Message } from '../contract.ts'
import { keys, type Pages } from './queries.ts'
import { fitsView, type ViewQuery } from './views.ts'

type RowPatch = Partial<ConversationSummary>

/** Changes a conversation wherever it is shown; rows that belong into a list no more leave it. */
export function patchConversation(client: QueryClient, memberId: string, id: string, patch: RowPatch): void {
  client.setQueryData<Conversation>(keys.conversation(id), (known) => known && { ...known, ...patch })
  const lists = client.getQueryCache().findAll({ queryKey: keys.conversations })
  for (const { queryKey } of lists) {
    if (typeof queryKey[1] !== 'object') continue
    const view = queryKey[1] as ViewQuery
    client.setQueryData<Pages<ConversationSummary>>(queryKey, (known) =>
      known?.pages.some(({ items }) => items.some((row) => row.id === id))
        ? {
            ...known,
            pages: known.pages.map((page) => ({
              ...page,
              items: page.items.flatMap((row) => {
                if (row.id !== id) return [row]
                const next = { ...row, ...patch }
                return fitsView(next, view, memberId) ? [next] : []
              }),
            })),
          }
        : known,
    )
  }
}

/** Puts a message at the end of its thread, or in place of the one with its id. */
export function putMessage(client: QueryClient, message: Message): void {
  client.setQueryData<Pages<Message>>(keys.messages(message.conversationId), (known) => {
    if (!known) return known
    const there = known.pages.some(({ items }) => items.some(({ id }) => id === message.id))
    const pages = known.pages.map((page, at) => ({
      ...page,
      items: there
        ? page.items.map((other) => (other.id === message.id ? message : other))
        : at === 0
          ? [message, ...page.items]
          : page.items,
    }))
    return { ...known, pages }
  })
}

export function dropMessage(client: QueryClient, conversationId: string, messageId: string): void {
  client.setQueryData<Pages<Message>>(
    keys.messages(conversationId),
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({ ...page, items: page.items.filter(({ id }) => id !== messageId) })),
      },
  )
}
