import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Filter, PartyPopper, Plug } from 'lucide-react'
import { useMay } from '../../../platform/browser/session.tsx'
import { buttonClass } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { conversationsApi } from './api.ts'
import { connectionsQuery, countsQuery, keys } from './queries.ts'
import { useViewTitle } from './views-bar.tsx'
import type { InboxSearch } from './views.ts'

/** Three different reasons for an empty list, told apart: nothing is connected, all is done, or this view holds none. */
export function EmptyList({ search }: { search: InboxSearch }) {
  const { t } = useLingui()
  const may = useMay()
  const { data: counts } = useQuery(countsQuery)
  const { data: connections } = useQuery({ ...connectionsQuery, enabled: may('connections.read') })
  const title = useViewTitle(search)
  const elsewhere = counts?.open ?? 0
  const isWhole = !search.team && !search.label && !search.group && search.view === undefined
  const isQuiet = isWhole && counts !== undefined && Object.values({ ...counts, cap: 0 }).every((count) => count === 0)
  const { data: resolved } = useQuery({
    queryKey: [...keys.conversations, 'any-resolved'],
    queryFn: ({ signal }) => conversationsApi.listConversations({ query: { state: 'resolved', limit: 1 } }, { signal }),
    enabled: isQuiet && may('sample.manage'),
  })
  const isNew = isQuiet && resolved?.items.length === 0
  const sample = may('sample.manage') && (
    <Link to="/settings/sample" className={buttonClass('quiet')}>
      <Trans>Look around with sample data</Trans>
    </Link>
  )
  if (connections && !connections.some(({ state }) => state !== 'removed')) {
    return (
      <EmptyState
        icon={Plug}
        title={t`No place is connected yet`}
        action={
          <div className="flex flex-wrap justify-center gap-2">
            {may('connections.manage') && (
              <Link to="/connections/new" search={{}} className={buttonClass('primary')}>
                <Trans>Connect the first place</Trans>
              </Link>
            )}
            {sample}
          </div>
        }
      >
        <Trans>What customers write there will come in here. Web chat works at once.</Trans>
      </EmptyState>
    )
  }
  if (isWhole || elsewhere === 0) {
    return (
      <EmptyState
        icon={PartyPopper}
        title={isWhole ? t`Everything is answered` : t`Nothing in ${title}`}
        // Nothing was ever in here: then there is something to try it out with.
        action={isNew && sample}
      >
        <Trans>New messages come in here by themselves.</Trans>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={Filter}
      title={t`Nothing in ${title}`}
      action={
        <Link
          to="/inbox/{-$conversationId}"
          params={{ conversationId: undefined }}
          search={{}}
          className={buttonClass('quiet')}
        >
          <Trans>Show all open ones</Trans>
        </Link>
      }
    >
      <Trans>Other open conversations are not in this view.</Trans>
    </EmptyState>
  )
}
