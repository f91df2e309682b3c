import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { SkeletonRows } from '../../../web/ui/skeleton.tsx'
import { useProblemOf } from './deed.ts'

/** What a query found; before that a skeleton, and why not if it failed. What was shown stays while it is asked anew. */
export function QueryPart<T>({
  query,
  rows = 4,
  children,
}: {
  query: { data: T | undefined; error: Error | null; refetch: () => unknown }
  rows?: number
  children: (data: T) => ReactNode
}) {
  const problemOf = useProblemOf()
  if (query.data !== undefined) return children(query.data)
  if (!query.error) return <SkeletonRows rows={rows} />
  return (
    <div role="alert" className="flex flex-col items-start gap-3 p-4">
      <p>{problemOf(query.error).message}</p>
      <Button onClick={() => query.refetch()}>
        <Trans>Try again</Trans>
      </Button>
    </div>
  )
}
