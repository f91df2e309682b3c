import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight, TriangleAlert } from 'lucide-react'
import { Icon } from '../../../web/ui/icon.tsx'
import { unsettledQuery } from './queries.ts'

/** The way to answers that did not arrive, above every view of the inbox; nothing while there are none. */
export function UnsettledEntry() {
  const { t } = useLingui()
  const { data } = useInfiniteQuery(unsettledQuery)
  const count = data?.pages.flatMap(({ items }) => items).length ?? 0
  if (count === 0) return null
  const isMore = data?.pages.at(-1)?.next !== null
  const words = isMore
    ? t`More than ${count} answers failed or are in doubt`
    : t`${plural(count, { one: '# answer failed or is in doubt', other: '# answers failed or are in doubt' })}`
  return (
    <Link
      to="/inbox/unsettled"
      className="flex min-h-9 shrink-0 items-center gap-2 border-b border-line bg-note px-3 py-1.5 ring-inside hover:bg-hover"
    >
      <Icon of={TriangleAlert} className="text-waiting" />
      <span className="min-w-0 flex-1 font-medium">{words}</span>
      <Icon of={ChevronRight} directional className="text-muted" />
    </Link>
  )
}
