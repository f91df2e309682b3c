import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { MessageAssessment } from '../contract.ts'
import { assessmentsQuery } from './queries.ts'

interface Found {
  /** Null where nothing was said of it. */
  readonly said: MessageAssessment | null
  /** Whether that is known by now. */
  readonly known: boolean
}

/** What is said of one message. Messages of a conversation share one query; earlier pages come as earlier messages are shown. */
export function useAssessment({ id, conversationId }: { id: string; conversationId: string }): Found {
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    ...assessmentsQuery(conversationId),
    staleTime: 60_000,
  })
  const said = data?.pages.flatMap(({ items }) => items).find(({ messageId }) => messageId === id) ?? null
  const further = said === null && hasNextPage && !isFetching && error === null
  useEffect(() => {
    if (further) void fetchNextPage({ cancelRefetch: false })
  }, [further, fetchNextPage])
  return { said, known: said !== null || error !== null || (data !== undefined && !hasNextPage) }
}
