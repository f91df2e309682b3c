import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from '../../../web/ui/button.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import { Panel } from '../../../web/ui/panel.tsx'
import { NotForYou, Page, QueryPart, useMay, usePresent } from '../../workspaces/web/index.ts'
import type { Channel, Connection } from '../contract.ts'
import { useCapabilityWords } from './capability-words.ts'
import { channelIcon } from './channel-icon.ts'
import { AdvicePanel } from './advice-panel.tsx'
import { BackfillPanel } from './backfill-panel.tsx'
import { ConnectWizard } from './connect-wizard.tsx'
import { ConnectionForm } from './connection-form.tsx'
import { Install } from './install.tsx'
import { channelsQuery, connectionQuery } from './queries.ts'
import { useConnect } from './use-connect.ts'
import { isScriptTag } from './use-install.ts'
import { SecretsOnce } from './secrets-once.tsx'

const route = getRouteApi('/inside/connections/new')

/** From the list of channels, over the form of one, to what is needed to make it speak. */
export function ConnectScreen() {
  const { t } = useLingui()
  const { channel: chosen } = route.useSearch()
  const canManage = useMay()('connections.manage')
  const query = useQuery(channelsQuery)
  const [made, setMade] = useState<{ connection: Connection; secrets: Record<string, string> } | null>(null)
  const channel = query.data?.find(({ id }) => id === chosen)
  if (!canManage)
    return (
      <Page title={t`Connect a channel`}>
        <NotForYou />
      </Page>
    )
  if (made) return <Connected {...made} channel={channel} />
  if (channel) return <Details channel={channel} onMade={setMade} />
  return (
    <Page title={t`Connect a channel`} lead={<Trans>Where do customers speak to you?</Trans>}>
      <QueryPart query={query}>{(channels) => <ChannelList channels={channels} />}</QueryPart>
    </Page>
  )
}

function ChannelList({ channels }: { channels: Channel[] }) {
  const words = useCapabilityWords()
  const first = (channel: Channel) => (isScriptTag(channel) ? 0 : 1)
  return (
    <ul className="grid gap-4 tablet:grid-cols-2">
      {channels
        .toSorted((a, b) => first(a) - first(b) || a.name.localeCompare(b.name))
        .map(({ id, name, summary, capabilities }) => (
          <li key={id} className="flex flex-col gap-3 rounded-panel border border-line bg-raised p-4">
            <div className="flex items-center gap-3">
              <Icon of={channelIcon(id)} size={20} className="text-accent" />
              <h2 className="text-large">{name}</h2>
            </div>
            <p>{summary}</p>
            <ul className="flex flex-1 flex-col gap-1 text-small text-muted">
              {words(capabilities).map((word) => (
                <li key={word} className="flex items-start gap-2">
                  <Icon of={Check} className="size-3.5 text-resolved" />
                  {word}
                </li>
              ))}
            </ul>
            <div>
              <Link to="/connections/new" search={{ channel: id }} className={buttonClass()}>
                <Trans>Connect {name}</Trans>
              </Link>
            </div>
          </li>
        ))}
    </ul>
  )
}

type DetailsProps = {
  channel: Channel
  onMade: (made: { connection: Connection; secrets: Record<string, string> }) => void
}

function Details({ channel, onMade }: DetailsProps) {
  const { t } = useLingui()
  const { name: workspaceName } = usePresent()
  const connect = useConnect(channel, onMade)
  const { name } = channel
  if (channel.offers.includes('discover'))
    return (
      <Page title={t`Connect ${name}`} lead={channel.summary}>
        <ConnectWizard channel={channel} onMade={onMade} />
      </Page>
    )
  return (
    <Page title={t`Connect ${name}`} lead={channel.summary}>
      <Panel className="max-w-measure">
        <ConnectionForm
          channel={channel}
          startName={isScriptTag(channel) ? workspaceName : ''}
          problem={connect.problem}
          busy={connect.busy}
          submitLabel={t`Connect`}
          onSubmit={connect.run}
          actions={
            <Link to="/connections/new" search={{}} className={buttonClass()}>
              <Trans>Another channel</Trans>
            </Link>
          }
        />
      </Panel>
    </Page>
  )
}

type ConnectedProps = { connection: Connection; secrets: Record<string, string>; channel: Channel | undefined }

function Connected({ connection, secrets, channel }: ConnectedProps) {
  const { t } = useLingui()
  const { id, name } = connection
  // What was typed is tried at once: a wrong password must not read as done.
  const { data: now = connection } = useQuery(connectionQuery(id))
  const isBroken = now.health === 'broken'
  const needsNothing = channel?.capabilities['install'] === 'none'
  return (
    <Page
      title={isBroken ? t`${name} does not work yet` : t`${name} is connected`}
      lead={
        isBroken ? (
          <span className="text-overdue">{now.healthReason}</span>
        ) : needsNothing ? (
          <Trans>Messages come in from now on. What stands below makes it better, and can wait.</Trans>
        ) : (
          <Trans>One thing is left: what stands below, on your side.</Trans>
        )
      }
      actions={
        <Link to="/connections/$id" params={{ id }} className={buttonClass('primary')}>
          {isBroken ? <Trans>To its settings</Trans> : <Trans>Done</Trans>}
        </Link>
      }
    >
      <div className="flex max-w-measure flex-col gap-5">
        {!needsNothing && (
          <Panel title={t`How to install it`}>
            <Install connection={connection} />
          </Panel>
        )}
        {channel?.offers.includes('advice') && <AdvicePanel connectionId={id} />}
        {connection.fetching && channel?.offers.includes('backfill') && <BackfillPanel connection={connection} />}
        {!needsNothing && Object.keys(secrets).length > 0 && (
          <Panel title={t`Secrets`}>
            <SecretsOnce secrets={secrets} channel={channel} />
          </Panel>
        )}
      </div>
    </Page>
  )
}
