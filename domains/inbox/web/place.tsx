import { useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../../platform/browser/session.tsx'
import { Icon } from '../../../web/ui/icon.tsx'
import type { ConversationSummary } from '../contract.ts'
import { glyphOf, useChannels } from './names.tsx'
import { connectionsQuery } from './queries.ts'

type Placed = Pick<ConversationSummary, 'connectionId' | 'channel' | 'visibility'> & { connectionName?: string }

/** The name of the connection that a conversation came by; before it is known, the channel's. */
export function usePlaceName({ connectionId, channel, connectionName }: Placed): string {
  const may = useMay()
  const { data } = useQuery({ ...connectionsQuery, enabled: may('connections.read'), staleTime: Infinity })
  const known = useChannels().get(channel)?.name
  return connectionName ?? data?.find(({ id }) => id === connectionId)?.name ?? known ?? channel
}

/** Where a conversation takes place: the glyph of the channel, the connection by its own name, and who can read along. */
export function Place({ conversation }: { conversation: Placed }) {
  const { t } = useLingui()
  const name = usePlaceName(conversation)
  const channel = useChannels().get(conversation.channel)
  return (
    <>
      <Icon
        of={glyphOf(channel?.capabilities['handle'], conversation.visibility)}
        label={channel?.name ?? conversation.channel}
        className="size-3.5 shrink-0"
      />
      <bdi className="truncate">{name}</bdi>
      <span aria-hidden>·</span>
      <span className="shrink-0">{conversation.visibility === 'public' ? t`public` : t`private`}</span>
    </>
  )
}
