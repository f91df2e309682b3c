import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { conversationQuery, conversationsQuery, messagesQuery } from './queries.ts'
import { viewQueryOf, type InboxSearch } from './views.ts'

export type ConversationList = ReturnType<typeof useConversationList>

/** The rows of a view, as far as they were scrolled to. */
export function useConversationList(search: InboxSearch) {
  const { view, team, label, group, sort } = search
  const options = useMemo(
    () =>
      conversationsQuery(
        viewQueryOf({
          ...(view && { view }),
          ...(team && { team }),
          ...(label && { label }),
          ...(group && { group }),
          ...(sort && { sort }),
        }),
      ),
    [view, team, label, group, sort],
  )
  // Another order of the same rows may stand there until the new one comes; another view may not.
  const query = useInfiniteQuery({ ...options, placeholderData: keepPreviousData })
  const { fetchNextPage, isFetchingNextPage } = query
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return { rows, query, more }
}

/** Fetches what opening a conversation will ask for, before it is opened. */
export function usePrefetch(): (id: string) => void {
  const client = useQueryClient()
  return useCallback(
    (id) => {
      void client.prefetchQuery(conversationQuery(id))
      void client.prefetchInfiniteQuery(messagesQuery(id))
    },
    [client],
  )
}
