import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Block } from './arrange.ts'

/** Pages that are fetched at most to reach a message: more than anybody scrolls. */
const MOST_PAGES = 40

interface Loading {
  readonly blocks: readonly Block[]
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

/**
 * The message that the address leads to (`#message-ID`, from a search or a list): earlier pages are fetched until it is there,
 * then it is scrolled to, once. Answers its id, or null.
 */
export function useSought({ blocks, hasNextPage, isFetchingNextPage, fetchNextPage }: Loading): string | null {
  const sought = /^message-([0-9a-f-]{36})$/.exec(useLocation({ select: ({ hash }) => hash }))?.[1] ?? null
  const reached = useRef<string | null>(null)
  const pages = useRef(0)
  const isThere = sought !== null && blocks.some((block) => 'message' in block && block.message.id === sought)
  useEffect(() => {
    if (sought === null || reached.current === sought) return
    if (isThere) {
      reached.current = sought
      document.querySelector(`#message-${sought}`)?.scrollIntoView({ block: 'center' })
    } else if (hasNextPage && !isFetchingNextPage && pages.current < MOST_PAGES) {
      pages.current += 1
      void fetchNextPage()
    }
  }, [sought, isThere, hasNextPage, isFetchingNextPage, fetchNextPage, blocks])
  return sought
}
