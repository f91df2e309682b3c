import { Trans, useLingui } from '@lingui/react/macro'
import { plural } from '@lingui/core/macro'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Select } from '../../../web/ui/select.tsx'
import { NotForYou, Page, QueryPart, useDeed, useMay } from '../../workspaces/web/index.ts'
import type { QuarantinedDelivery } from '../contract.ts'
import { connections } from './calls.ts'
import { ConnectionsNav } from './connections-nav.tsx'
import { DismissDelivery } from './dismiss-delivery.tsx'
import { connectionsQuery, quarantineQuery } from './queries.ts'

const route = getRouteApi('/inside/connections/quarantine')
const ALL = 'all'
const stale = [['quarantine'], ['connections'], ['connection']] as const

/** What arrived, is safe, and could not be understood: each with its reason, to be tried again or let rest. */
export function QuarantineScreen() {
  const { t } = useLingui()
  const canManage = useMay()('connections.manage')
  const navigate = useNavigate()
  const { connection } = route.useSearch()
  const query = useInfiniteQuery({ ...quarantineQuery(connection), enabled: canManage })
  const { data: all = [] } = useQuery(connectionsQuery)
  const retry = useRetry()
  const deliveries = query.data?.pages.flatMap(({ items }) => items)
  const choices = [
    { value: ALL, label: t`All connections` },
    ...all.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <Page
      title={t`Not understood`}
      lead={
        <Trans>
          Nothing that arrives is lost. What could not be read waits here, until the cause is mended or somebody lets it
          rest.
        </Trans>
      }
      nav={<ConnectionsNav />}
      actions={
        canManage &&
        (deliveries?.length ?? 0) > 0 && (
          <Button look="primary" busy={retry.busy} onClick={() => retry.run({ body: {} })}>
            <Trans>Try all again</Trans>
          </Button>
        )
      }
    >
      {canManage && all.length > 1 && (
        <Select
          label={t`Connection`}
          hideLabel
          className="max-w-side"
          choices={choices}
          value={connection ?? ALL}
          onValueChange={(value) =>
            void navigate({ to: '/connections/quarantine', search: value === ALL ? {} : { connection: value } })
          }
        />
      )}
      {!canManage && <NotForYou />}
      {canManage && (
        <Panel flush>
          <QueryPart query={{ data: deliveries, error: query.error, refetch: query.refetch }}>
            {(items) =>
              items.length === 0 ? (
                <EmptyState
                  icon={CircleCheck}
                  title={connection ? t`Everything from there was understood` : t`Everything was understood`}
                >
                  <Trans>
                    Deliveries that can’t be read would stand here with the reason and a way to try them again.
                  </Trans>
                </EmptyState>
              ) : (
                <ul>
                  {items.map((delivery) => (
                    <Delivery key={delivery.id} delivery={delivery} />
                  ))}
                </ul>
              )
            }
          </QueryPart>
        </Panel>
      )}
      {query.hasNextPage && (
        <Button className="self-center" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Page>
  )
}

function useRetry() {
  const { t } = useLingui()
  return useDeed(connections.retryQuarantine, {
    stale,
    loud: true,
    onDone: ({ count }) =>
      notify(t`${plural(count, { one: '# delivery is', other: '# deliveries are' })} tried again.`),
  })
}

function Delivery({ delivery }: { delivery: QuarantinedDelivery }) {
  const { t, i18n } = useLingui()
  const retry = useRetry()
  const [asking, setAsking] = useState(false)
  const { id, connectionName, receivedAt, attempts, reason, size, excerpt } = delivery
  const bytes = size.toLocaleString(i18n.locale)
  return (
    <li className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-48 flex-1">
          <p className="font-medium">{reason.replace(/^NotUnderstood: /, '')}</p>
          <p className="text-small text-muted">
            {connectionName} · <RelativeTime at={receivedAt} /> · <Trans>{bytes} bytes</Trans>
            {attempts > 0 && <> · {t`${plural(attempts, { one: 'tried once', other: 'tried # times' })}`}</>}
          </p>
        </div>
        <div className="flex gap-2">
          <Button size="small" busy={retry.busy} onClick={() => retry.run({ body: { ids: [id] } })}>
            <Trans>Try again</Trans>
          </Button>
          <Button size="small" look="plain" onClick={() => setAsking(true)}>
            <Trans>Let rest</Trans>
          </Button>
        </div>
      </div>
      <pre
        tabIndex={0}
        aria-label={t`Beginning of the delivery`}
        className="max-h-textarea overflow-auto rounded-control border border-line bg-sunken px-3 py-2 font-mono text-small break-all whitespace-pre-wrap"
      >
        {excerpt || t`(empty)`}
      </pre>
      {asking && <DismissDelivery id={id} onClose={() => setAsking(false)} />}
    </li>
  )
}
