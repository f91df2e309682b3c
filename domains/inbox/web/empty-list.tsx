import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Filter, PartyPopper, Plug } from 'lucide-react'
import { useMay } from '../../../platform/browser/session.tsx'
import { buttonClass } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { connectionsQuery, countsQuery } from './queries.ts'
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
  if (connections && !connections.some(({ state }) => state !== 'removed')) {
    return (
      <EmptyState
        icon={Plug}
        title={t`No place is connected yet`}
        action={
          may('connections.manage') && (
            <a href="/connections" className={buttonClass('primary')}>
              <Trans>Connect the first place</Trans>
            </a>
          )
        }
      >
        <Trans>What customers write there will come in here. Web chat works at once.</Trans>
      </EmptyState>
    )
  }
  if (isWhole || elsewhere === 0) {
    return (
      <EmptyState icon={PartyPopper} title={isWhole ? t`Everything is answered` : t`Nothing in ${title}`}>
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
