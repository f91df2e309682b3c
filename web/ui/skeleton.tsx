import { Trans } from '@lingui/react/macro'
import { cx } from './cx.ts'

/** A quiet bar where something will stand. Invisible for the first 200 ms. */
export function Skeleton({ round, className }: { round?: boolean; className?: string | undefined }) {
  return (
    <span
      aria-hidden
      className={cx('block bg-hover appear-late', round ? 'rounded-full' : 'rounded-mark', className ?? 'h-4 w-full')}
    />
  )
}

/** The shape of a list that is coming: rows with a face and two lines. Says so to a screen reader once. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  const widths = ['w-40', 'w-56', 'w-32', 'w-48']
  return (
    <div>
      <span className="sr-only">
        <Trans>Loading</Trans>
      </span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="flex items-center gap-3 px-4 py-3">
          <Skeleton round className="size-8 shrink-0" />
          <div className="flex min-w-0 flex-1 flex-col gap-2">
            <Skeleton className={cx('h-3 max-w-full', widths[at % 4])} />
            <Skeleton className={cx('h-3 max-w-full', widths[(at + 1) % 4])} />
          </div>
        </div>
      ))}
    </div>
  )
}
