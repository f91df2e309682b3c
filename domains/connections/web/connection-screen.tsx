import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { buttonClass } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { notify } from '../../../web/ui/notice-store.ts'
import { Panel } from '../../../web/ui/panel.tsx'
import { Page, QueryPart, useDeed, useMay } from '../../workspaces/web/index.ts'
import type { Connection } from '../contract.ts'
import { connections } from './calls.ts'
import { AdvicePanel } from './advice-panel.tsx'
import { BackfillPanel } from './backfill-panel.tsx'
import { ConnectionForm, type ConnectionInput } from './connection-form.tsx'
import { ConnectionHealth } from './connection-health.tsx'
import { Install } from './install.tsx'
import { LeavePanel } from './leave-panel.tsx'
import { channelsQuery, connectionQuery } from './queries.ts'
import { RemoveConnection, RenewSecrets } from './remove-connection.tsx'

const route = getRouteApi('/inside/connections/$id')

export function ConnectionScreen() {
  const { id } = route.useParams()
  const query = useQuery({ ...connectionQuery(id), refetchInterval: 30_000 })
  return <QueryPart query={query}>{(connection) => <Shown connection={connection} />}</QueryPart>
}

function Shown({ connection }: { connection: Connection }) {
  const { t } = useLingui()
  const canManage = useMay()('connections.manage')
  const { data: channels = [] } = useQuery(channelsQuery)
  const channel = channels.find(({ id }) => id === connection.channel)
  const { id, name } = connection
  const change = useDeed((body: ConnectionInput) => connections.changeConnection({ params: { id }, body }), {
    stale: [['connections'], ['connection', id]],
    onDone: () => notify(t`Saved. ${name} works by the new settings from now on.`),
  })
  return (
    <Page
      title={name}
      lead={channel?.summary}
      actions={
        <Link to="/connections" className={buttonClass()}>
          <Icon of={ArrowLeft} className="-ms-1" directional />
          <Trans>All connections</Trans>
        </Link>
      }
    >
      <div className="grid items-start gap-5 laptop:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <ConnectionHealth connection={connection} canManage={canManage} />
          {channel && channel.capabilities['install'] !== 'none' && (
            <Panel title={t`How to install it`}>
              <Install connection={connection} />
            </Panel>
          )}
          {canManage && connection.byLeave && <LeavePanel connection={connection} />}
          {canManage && channel?.offers.includes('advice') && <AdvicePanel connectionId={id} />}
          {canManage && connection.fetching && channel?.offers.includes('backfill') && (
            <BackfillPanel connection={connection} />
          )}
          {canManage && (
            <Panel title={t`Secrets and removal`}>
              <div className="flex flex-col gap-4">
                {connection.secretFields.length > 0 && <RenewSecrets connection={connection} channel={channel} />}
                <RemoveConnection connection={connection} />
              </div>
            </Panel>
          )}
        </div>
        {canManage && channel && (
          <Panel title={t`Settings`}>
            <ConnectionForm
              channel={channel}
              connection={connection}
              problem={change.problem}
              busy={change.busy}
              submitLabel={t`Save`}
              onSubmit={change.run}
            />
          </Panel>
        )}
      </div>
    </Page>
  )
}
