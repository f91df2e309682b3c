// What every list of pages shares around its rows: before the first page, when none could be fetched, and the way to the next.
import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { problemOf } from '../../../platform/browser/api.ts'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'

interface ListQuery {
  readonly isPending: boolean
  readonly error: Error | null
  readonly refetch: () => unknown
}

type PagedListProps = {
  query: ListQuery
  count: number
  /** Says what could not be fetched. */
  failed: string
  /** Rows of the skeleton. */
  rows: number
  /** What stands there when everything was fetched and there is nothing. */
  empty: ReactNode
  children: ReactNode
}

/** What was shown stays shown while it is asked anew, also when that fails. */
export function PagedList({ query, count, failed, rows, empty, children }: PagedListProps) {
  if (query.isPending) return <SkeletonRows rows={rows} />
  if (count > 0) return children
  if (!query.error) return empty
  return (
    <EmptyState
      title={failed}
      action={
        <Button onClick={() => void query.refetch()}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {problemOf(query.error).message}
    </EmptyState>
  )
}

type MoreProps = {
  query: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => unknown
  }
}

export function MoreButton({ query: { hasNextPage, isFetchingNextPage, fetchNextPage } }: MoreProps) {
  if (!hasNextPage) return null
  return (
    <Button className="self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      <Trans>More</Trans>
    </Button>
  )
}
