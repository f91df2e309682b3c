import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Cable, Plus } from 'lucide-react'
import { cx } from '../../../web/ui/cx.ts'
import { buttonClass } from '../../../web/ui/button.tsx'
import { EmptyState } from '../../../web/ui/empty-state.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { RelativeTime } from '../../../web/ui/relative-time.tsx'
import { Table } from '../../../web/ui/table.tsx'
import { Page, QueryPart, useMay } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { channelIcon } from './channel-icon.ts'
import { ConnectionState, useDuration } from './connection-state.tsx'
import { ConnectionsNav } from './connections-nav.tsx'
import { channelsQuery, connectionsQuery } from './queries.ts'

/** Where customers are heard, and how each of these places fares. */
export function ConnectionsScreen() {
  const { t } = useLingui()
  const canManage = useMay()('connections.manage')
  const query = useQuery({ ...connectionsQuery, refetchInterval: 30_000 })
  const connect = (
    <Link to="/connections/new" className={buttonClass('primary')}>
      <Icon of={Plus} className="-ms-1" />
      <Trans>Connect a channel</Trans>
    </Link>
  )
  return (
    <Page title={t`Connections`} nav={<ConnectionsNav />} actions={canManage && connect}>
      <Panel flush>
        <QueryPart query={query}>
          {(connections) =>
            connections.length === 0 ? (
              <EmptyState icon={Cable} title={t`Nothing is connected yet`} action={canManage && connect}>
                <Trans>
                  Messages arrive through connections. A web chat takes one press; any other system speaks through the
                  API channel.
                </Trans>
              </EmptyState>
            ) : (
              <ConnectionTable connections={connections} />
            )
          }
        </QueryPart>
      </Panel>
    </Page>
  )
}

function ConnectionTable({ connections }: { connections: Connection[] }) {
  const { t, i18n } = useLingui()
  const canManage = useMay()('connections.manage')
  const duration = useDuration()
  const { data: channels = [] } = useQuery(channelsQuery)
  const number = (value: number) => (value === 0 ? <Nothing /> : value.toLocaleString(i18n.locale))
  return (
    <Table
      caption={t`Connections`}
      rows={connections}
      rowKey={({ id }) => id}
      columns={[
        {
          key: 'name',
          title: t`Name`,
          cell: ({ id, name, channel, healthReason, health }) => (
            <div className="flex items-start gap-3 py-1">
              <Icon of={channelIcon(channel)} size={20} className="mt-0.5 text-muted" />
              <div className="min-w-0">
                <Link
                  to="/connections/$id"
                  params={{ id }}
                  className="inline-flex min-h-6 items-center rounded-mark font-medium hover:underline"
                >
                  {name}
                </Link>
                <p className="text-small text-muted">
                  {channels.find((one) => one.id === channel)?.name ?? channel}
                  {healthReason && health !== 'ok' && (
                    <span className={cx('block', health === 'broken' ? 'text-overdue' : 'text-waiting')}>
                      {healthReason}
                    </span>
                  )}
                </p>
              </div>
            </div>
          ),
        },
        { key: 'state', title: t`State`, cell: (connection) => <ConnectionState connection={connection} /> },
        {
          key: 'heard',
          title: t`Last heard`,
          wideOnly: true,
          cell: ({ lastDeliveryAt }) =>
            lastDeliveryAt ? <RelativeTime at={lastDeliveryAt} className="whitespace-nowrap" /> : <Nothing />,
        },
        {
          key: 'waiting',
          title: t`Waiting`,
          align: 'end',
          wideOnly: true,
          cell: ({ waiting, lagSeconds }) =>
            waiting === 0 ? <Nothing /> : `${waiting.toLocaleString(i18n.locale)} · ${duration(lagSeconds)}`,
        },
        {
          key: 'quarantined',
          title: t`Not understood`,
          align: 'end',
          wideOnly: true,
          cell: ({ id, quarantined }) =>
            quarantined === 0 || !canManage ? (
              number(quarantined)
            ) : (
              <Link
                to="/connections/quarantine"
                search={{ connection: id }}
                className="inline-flex min-h-6 items-center font-medium text-waiting hover:underline"
              >
                {quarantined.toLocaleString(i18n.locale)}
              </Link>
            ),
        },
        {
          key: 'refused',
          title: t`Refused today`,
          align: 'end',
          wideOnly: true,
          cell: ({ refusedToday }) => number(refusedToday),
        },
      ]}
    />
  )
}

function Nothing() {
  const { t } = useLingui()
  return (
    <span className="text-muted">
      <span aria-hidden>–</span>
      <span className="sr-only">{t`none`}</span>
    </span>
  )
}
